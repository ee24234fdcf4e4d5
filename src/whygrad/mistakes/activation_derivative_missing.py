"""No derivative of the activation.

The gradient at a gate is not yet the gradient at its pre-activation: the sigmoid or tanh in between gives a factor of its own. Without it
every gate looks too large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def own_derivative(piece: str, site: Site) -> bool:
    """Whether ``piece`` is a part of the derivative of the activation that this equation goes through."""
    gate = site.assignment.vocabulary.of_kind(site.target, "gate") or "a_next"
    return piece in {gate, f"1 - {gate}", f"1 - {gate} ** 2"} and (site.target.startswith("d") and site.target not in {"dc", "dc_prev"})


OPERATOR = Operator(
    id="activation-derivative-missing",
    title="The activation's derivative is missing",
    about=__doc__ or "",
    says="{quantity} is the gradient behind the activation, not before it: the activation's own derivative is missing.",
    hint=(
        "{quantity} stands for the gradient at the pre-activation. What is there now is the gradient at the gate itself; one function "
        "still lies in between. What does not go through this gate is right."
    ),
    examples=(
        Example("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev"),
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it"),
        Example("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = da_next"),
    ),
    rewrites=rewrites,
)
