"""The sum over the steps is kept in an array that is wider than the gradient of a bias.

NumPy repeats the column of each step to fit, so nothing raises, and every column of the sum holds the right numbers. But the shape is
wrong, and what is printed of one row are many equal numbers where one belongs.

To check, print the shape of each gradient beside the shape of its parameter: they are the same, always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WIDTHS = {"m": "a column for each example", "n_a": "a column for each hidden unit"}


def edits(site: Site) -> Iterator[Edit]:
    """The sum of a bias' gradient with more columns; of this bias, and at the first one also of all."""
    own = "np.zeros((n_a, 1), dtype)"
    if site.role != "backward" or not site.assignment.vocabulary.at_parameter(site.target) or site.right != own:
        return
    others = [(number, line.strip()) for number, line in enumerate(site.lines) if line.strip().endswith(f" = {own}")]
    for width, detail in _WIDTHS.items():
        wide = f"np.zeros((n_a, {width}), dtype)"
        one = site.edit(f"{site.target} = {wide}", "accumulator-too-wide", detail=detail, slip=detail)
        yield one
        if len(others) > 1 and others[0][0] == site.number:
            yield site.also(one, *((number, text.replace(own, wide)) for number, text in others[1:]))


OPERATOR = Operator(
    id="accumulator-too-wide",
    title="The sum of a bias' gradient has too many columns",
    about=__doc__ or "",
    where="Look at the shape of {quantity} before the loop of {function}.",
    says="the sum over the steps for {quantity} has {detail}, not one column.",
    hint=(
        "Each step's gradient is repeated to fill {quantity}: its numbers are right, its shape is not, and nothing else is touched. Print "
        "its shape beside that of the parameter. How many numbers does a bias have for each unit?"
    ),
    examples=(
        Example("lstm_backward", "dbf = np.zeros((n_a, 1), dtype)", "dbf = np.zeros((n_a, m), dtype)"),
        Example("rnn_backward", "dba = np.zeros((n_a, 1), dtype)", "dba = np.zeros((n_a, n_a), dtype)"),
    ),
    edits=edits,
)
