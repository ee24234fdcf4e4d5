"""A name holds the gradient at a gate, another one the gradient before its activation, and the wrong one of the two is read.

The gradient at the gate's value is only half of the way: the weights and the bias, the previous state and the input lie before the
activation, so its derivative belongs in their gradients, too. Where both halves have a name, the first is easily taken for the second.
Every other gradient that reads the right one is right.

To check, give the two names that cannot be confused, and look which one each line below reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.gategradients import reread
from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The gradient at the value of a gate, or of all gates, read for the one before the activation."""
    yield from reread(expression, site, lambda _, rest, __: f"({rest})")


OPERATOR = Operator(
    id="activation-derivative-skipped",
    title="An activation's derivative is skipped",
    about=__doc__ or "",
    says="for {quantity} the gradient at a gate's value is read where the one before its activation belongs ({detail}).",
    hint=(
        "What is read lacks the derivative of the gate's activation, though other lines that read {detail} have it. This spoils {quantity} "
        "and whatever is computed from there; no other number is touched. Say of each name that holds a gradient whether it is that before "
        "the activation or behind it."
    ),
    examples=(
        Example("lstm_cell_backward", "dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum((dc * c_prev), axis=1, keepdims=True)"),
        Example(
            "lstm_cell_backward",
            "dWo = np.dot(dot, np.concatenate((a_prev, xt), axis=0).T)",
            "dWo = np.dot((da_next * np.tanh(c_next)), np.concatenate((a_prev, xt), axis=0).T)",
        ),
    ),
    rewrites=rewrites,
)
