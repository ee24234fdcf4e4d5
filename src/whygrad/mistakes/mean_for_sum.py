"""A gradient is divided by the number of examples, or of hidden units, where this exercise asks for the plain sum.

Other exercises average the loss over the batch, and the habit stays. Here the upstream gradient is given, and any such factor would
already be in it. The printed number is right but for a simple ratio: ten examples, a tenth of the expected number. Numbers that are not
computed from this line are right.

To check, divide an expected number by yours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The mean for the sum, or the whole divided by a size."""
    for call in expression.calls("np.sum"):
        yield Rewrite(expression.put(call, expression.of(call).replace("np.sum", "np.mean", 1)), "the number of examples", "by m")
    if site.role == "cell backward":
        states = "a_next"
        whole = expression.factor(expression.tree)
        yield Rewrite(f"{whole} / {states}.shape[1]", "the number of examples", "by m")
        yield Rewrite(f"{whole} / {states}.shape[0]", "the number of hidden units", "by n_a")
        count = next((len(terms) for root, terms in expression.sums() if root is expression.tree), 0)
        if count > 2:  # noqa: PLR2004 - more than one term beside another
            yield Rewrite(f"{whole} / {count}", "the number of its terms", "by their number")


OPERATOR = Operator(
    id="mean-for-sum",
    title="A mean over the batch where the sum belongs",
    about=__doc__ or "",
    says="a division by {detail} does not belong in {quantity}.",
    hint=(
        "Nothing in this exercise averages: if the loss did, the factor would already be in the upstream gradient. This spoils "
        "{quantity} and whatever is computed from there; no other number is touched. Divide an expected number by yours: where this is"
        " the only mistake, the ratio is what was divided by."
    ),
    examples=(
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.mean(dtanh, axis=1, keepdims=True)"),
        Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_prev.T) / a_next.shape[1]"),
    ),
    rewrites=rewrites,
)
