"""The path from a gate to its pre-activation goes through a sigmoid or a tanh, and the derivative of that function was left out.

The gradient at the gate looks like the end of the work, but the weights stand before the activation, not behind it. What is left is the
gradient at the gate itself: each entry is too large, because the derivative of a sigmoid is at most a quarter and that of a tanh at most
one. The gradients of this gate's weight and bias, and what goes back to the previous state and the input, are wrong; the other gates'
weights and biases are right.

To check, move one pre-activation by 0.0001, and compare the change of the loss with the entry that you computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.gategradients import own_derivative
from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Drop the factors that are the derivative of this equation's own activation."""
    for root, factors in expression.products():
        rest = [node for node in factors if not own_derivative(expression.of(node), site)]
        if rest and len(rest) < len(factors):
            yield Rewrite(expression.put(root, expression.product(rest)), slip="no derivative")


OPERATOR = Operator(
    id="activation-derivative-missing",
    title="The activation's derivative is missing",
    about=__doc__ or "",
    says="the derivative of the activation itself is missing from {quantity}.",
    hint=(
        "{quantity} should be taken at the pre-activation, so the slope of the activation belongs into it. This spoils {quantity} and "
        "whatever is computed from there; no other number is touched. For one entry, move the pre-activation by 0.0001 and "
        "see by how much the value behind it moves."
    ),
    examples=(
        Example("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev"),
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it"),
        Example("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = da_next"),
    ),
    rewrites=rewrites,
)
