"""A mean over the batch where the sum belongs.

The loss of this exercise is the sum over the examples; dividing by their number belongs to another exercise.
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


OPERATOR = Operator(
    id="mean-for-sum",
    title="A mean over the batch where the sum belongs",
    about=__doc__ or "",
    says="{quantity} is divided by {detail}.",
    hint=(
        "Nothing in this exercise averages over the examples; the upstream gradient already carries any such factor. {quantity} is "
        "divided by {detail}."
    ),
    examples=(
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.mean(dtanh, axis=1, keepdims=True)"),
        Example(
            "lstm_cell_backward",
            "dWf = np.dot(dft, np.concatenate((a_prev, xt), axis=0).T)",
            ("dWf = np.dot(dft, np.concatenate((a_prev, xt), axis=0).T) / a_next.shape[1]"),
        ),
    ),
    rewrites=rewrites,
)
