"""A factor too many: a quantity is multiplied in that does not lie on the path.

A gate, a state or an activation's derivative that belongs to another equation stands in this one as well.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Multiply the whole, or one term of a sum of products, by a name in scope, or by one minus it, or by a tanh derivative."""
    whole = expression.factor(expression.tree)
    places = [(expression.tree, whole)]
    places += [
        (node, expression.factor(node))
        for _, terms in expression.sums()
        for _, node in terms
        if len(terms) == 2 and not expression.of(node).isnumeric()  # noqa: PLR2004 - one term beside another
    ]
    for node, text in places:
        if isinstance(node, ast.Call) and "dot" in text:
            continue
        for name in site.scope:
            for new, detail in (
                (name, called(name, site)),
                (f"(1 - {name})", f"one minus {called(name, site)}"),
                (f"(1 - {name} ** 2)", f"one minus the square of {called(name, site)}"),
            ):
                yield Rewrite(expression.put(node, f"{text} * {new}"), detail)


OPERATOR = Operator(
    id="factor-added",
    title="A foreign factor is multiplied in",
    about=__doc__ or "",
    says="{quantity} has a factor that does not belong there: {detail}.",
    hint="Not everything in the cell lies on the path to {quantity}: {detail} does not, yet it is multiplied in.",
    examples=(Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - cct ** 2) * cct"),),
    rewrites=rewrites,
)
