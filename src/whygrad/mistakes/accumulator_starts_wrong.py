"""The sum over the steps for a parameter's gradient does not start from zero.

The array was made with ones, or is the parameter itself, so what it held before the first step is still in the sum at the end. The
gradient is off by just that much; no other number is touched.

To check, let the loop run over no step at all and print what is returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Ones for zeros, and the parameter that the gradient belongs to."""
    if site.role == "backward" and site.assignment.vocabulary.at_parameter(site.target) and site.right.startswith("np.zeros("):
        for right, detail in (
            (site.right.replace("np.zeros(", "np.ones("), "an array of ones"),
            (f"caches[0][-1]['{site.target[1:]}']", "the parameter itself"),
        ):
            yield site.edit(f"{site.target} = {right}", "accumulator-starts-wrong", detail=detail, slip=detail)


OPERATOR = Operator(
    id="accumulator-starts-wrong",
    title="A sum over the steps does not start from zero",
    about=__doc__ or "",
    where="Look at what is in {quantity} before the loop of {function}.",
    says="the sum over the steps for {quantity} starts from {detail}, not from zero.",
    hint=(
        "What is in {quantity} before the loop is still there afterwards, and makes the difference; nothing else is touched. Print "
        "{quantity} before the first turn of the loop. What is the sum of no gradients at all?"
    ),
    examples=(
        Example("lstm_backward", "dbf = np.zeros((n_a, 1), dtype)", "dbf = np.ones((n_a, 1), dtype)"),
        Example("rnn_backward", "dWaa = np.zeros((n_a, n_a), dtype)", "dWaa = caches[0][-1]['Waa']"),
    ),
    edits=edits,
)
