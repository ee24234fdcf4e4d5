"""A gradient is a product of what lies on the path, and something that does not lie there is multiplied in.

Each gate meets a partner, an activation's derivative and the gradient of the cell state, and it is easy to put the factor of one line
into the next. The numbers become smaller, seldom strange, because gates lie between 0 and 1. What is computed from this line is wrong,
everything else is right.

To check, say for each factor of the line which function of the forward pass it is the derivative of. One of them has no answer.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import named, states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


_AGAIN = "the derivative of its own activation"
_NUMBERS = {"2": "the number two", "0.5": "one half"}


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Multiply the whole, a term of a sum of products or a gate's gradient by a number, a name in scope, one minus it, or a derivative."""
    whole = expression.factor(expression.tree)
    places = [(expression.tree, whole)]
    places += [
        (node, expression.factor(node))
        for _, terms in expression.sums()
        for _, node in terms
        if len(terms) == 2 and not expression.of(node).isnumeric()  # noqa: PLR2004 - one term beside another
    ]
    if site.target == "da_prev":
        yield Rewrite(f"({whole}) * (1 - a_prev ** 2)", "one minus the square of the previous hidden state")
    gate = site.assignment.vocabulary.kind(site.target) == "gate gradient"
    again = site.assignment.vocabulary.of_kind(site.target, "derivative") if gate else ""
    gates = [name for name in site.scope if site.assignment.vocabulary.kind(name) == "gate"]
    for node, text in places:
        for number, detail in _NUMBERS.items():
            yield Rewrite(expression.put(node, f"{number} * {text}"), detail)
        if isinstance(node, ast.Call) and "dot" in text:
            alike = states(site) + [name for name in ("xt", "da_next") if name in site.scope]
            for name in alike if node is expression.tree and site.target in {"da_prev", "dxt"} else ():
                yield Rewrite(expression.put(node, f"{text} * {name}"), named(name, site))
            continue
        for name in site.scope:
            yield Rewrite(expression.put(node, f"{text} * {name}"), named(name, site))
        for name in gates:
            yield Rewrite(expression.put(node, f"{text} * (1 - {name})"), f"one minus {named(name, site)}")
            factor, detail = f"{name} * (1 - {name})", f"{named(name, site)} times one minus it"
            yield Rewrite(expression.put(node, f"{text} * {factor}"), detail, _AGAIN if factor == again else "")
        for name in (*gates, *states(site)):
            factor, detail = f"(1 - {name} ** 2)", f"one minus the square of {named(name, site)}"
            yield Rewrite(expression.put(node, f"{text} * {factor}"), detail, _AGAIN if factor == again else "")
        for name in states(site):
            detail = f"one minus the square of the tanh of {named(name, site)}"
            yield Rewrite(expression.put(node, f"{text} * (1 - np.tanh({name}) ** 2)"), detail)
    yield from _of_a_name(expression, site, gates)


def _of_a_name(expression: Expression, site: Site, gates: list[str]) -> Iterator[Rewrite]:
    """The gradient of a gate, where it is read; that of the RNN's hidden state, which meets its weight only behind the tanh."""
    for read in expression.names:
        if read.id == "da_next" and site.target == "dtanh":
            yield Rewrite(expression.put(read, "np.dot(Waa.T, da_next)"), f"{named('Waa', site)}, in a matrix product")
        if site.assignment.vocabulary.kind(read.id) == "gate gradient":
            for name in gates:
                yield Rewrite(expression.put(read, f"({read.id} * {name})"), named(name, site))
                yield Rewrite(expression.put(read, f"({read.id} * (1 - {name}))"), f"one minus {named(name, site)}")


OPERATOR = Operator(
    id="factor-added",
    title="A foreign factor is multiplied in",
    about=__doc__ or "",
    says="a factor does not belong in {quantity}: {detail}.",
    hint=(
        "A gradient is multiplied only by what lies on the path to it, and this factor lies on another one. This spoils {quantity} and"
        " whatever is computed from there; no other number is touched. Say for each factor of the line which step of the forward pass "
        "gives it; the one without an answer is too many."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = dc_next * ft + da_next * ot * (1 - np.tanh(c_next) ** 2)",
        ),
        Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = ft * c_prev + (it * cct) * ft"),
    ),
    rewrites=rewrites,
)
