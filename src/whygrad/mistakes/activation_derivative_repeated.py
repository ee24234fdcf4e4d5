"""The derivative of a gate's activation is in its gradient already, and is multiplied in once more where that is read.

Half of the published formulas have the derivative in the gradient of the gate, the others have it in the gradients of the weights and the
biases. Who takes each from another page has it twice, or in some lines twice. The lines that read the gradient as it is are right.

To check, count the derivatives on the way from the gate's value to each result: there is one activation, so there is one derivative.
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
    """The derivative of the activation of a gate, or of all gates, multiplied in where the gradient is read."""
    yield from reread(expression, site, lambda name, _, derivative: f"({name} * {derivative})")


OPERATOR = Operator(
    id="activation-derivative-repeated",
    title="An activation's derivative stands twice",
    about=__doc__ or "",
    says="the derivative of a gate's activation is multiplied in once more for {quantity} ({detail}).",
    hint=(
        "The derivative of this activation is in {detail} already. This spoils {quantity} and whatever is computed from there; no other "
        "number is touched. Follow the way from the gate's value to the result: how often does it go through the activation?"
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dbf = np.sum(dft, axis=1, keepdims=True)",
            "dbf = np.sum((dft * ft * (1 - ft)), axis=1, keepdims=True)",
        ),
        Example(
            "lstm_cell_backward",
            "dWc = np.dot(dcct, np.concatenate((a_prev, xt), axis=0).T)",
            "dWc = np.dot((dcct * (1 - cct ** 2)), np.concatenate((a_prev, xt), axis=0).T)",
        ),
    ),
    rewrites=rewrites,
)
