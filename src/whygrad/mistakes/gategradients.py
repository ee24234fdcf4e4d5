"""What an equation reads of the gradients of gates, and the derivative of the activation that each of them has in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.expression import Expression
from whygrad.mistakes.operator import Rewrite, Site
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def reread(expression: Expression, site: Site, written: Callable[[str, str, str], str]) -> Iterator[Rewrite]:
    """The gradient of one gate that is read, and of all, written otherwise.

    ``written`` makes the new text of the gradient's name, what its equation has without the derivative, and the derivative.
    """
    kind = site.assignment.vocabulary.kind
    read = list(dict.fromkeys(node.id for node in expression.names if kind(node.id) == "gate gradient"))
    new = {name: written(name, *_parts(name, site)) for name in read if name != site.target}
    choices = [[name] for name in new] + ([list(new)] if len(new) > 1 else [])
    for names in choices:
        text = expression.put_each([(node, new[node.id]) for node in expression.names if node.id in names])
        own = kind(site.target) or ""  # each parameter's gradient reads its own gate, but others may read one of several wrongly
        yield Rewrite(text, listed(names), own if len(new) == 1 and own else f"{own}: {listed(names)}")


def before_activation(name: str, site: Site) -> str:
    """What the equation of a gate's gradient has without the derivative of its activation: the gradient at the gate itself."""
    return _parts(name, site)[0]


def own_derivative(piece: str, site: Site) -> bool:
    """Whether ``piece`` is a part of the derivative of the activation that this equation goes through."""
    gate = site.assignment.vocabulary.of_kind(site.target, "gate") or "a_next"
    return piece in {gate, f"1 - {gate}", f"1 - {gate} ** 2"} and (site.target.startswith("d") and site.target not in {"dc", "dc_prev"})


def _parts(name: str, site: Site) -> tuple[str, str]:
    """What the equation of a gate's gradient has without the derivative of its activation, and that derivative."""
    number = site.number_of(f"{name} = ")
    own = Site(site.assignment, site.function, number, site.lines[number])
    expression = Expression(own.right)
    _, factors = next(expression.products())
    derivative = [node for node in factors if own_derivative(expression.of(node), own)]
    return expression.product([node for node in factors if node not in derivative]), expression.product(derivative)
