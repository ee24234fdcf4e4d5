"""A gradient is the sum of what arrives on all paths, and something is added that arrives on none of them.

Mostly one more of the gradients that lie at hand: what comes in at the other state, or what has been added a line before already. The
numbers have a believable size. What is computed from this line is wrong, everything else is right.

To check, draw the cell, mark every arrow that arrives at this quantity, and say for each term of the line which arrow it is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Another array added to the whole, or another gradient to one that is a factor."""
    whole = expression.of(expression.tree)
    for name in site.scope:
        yield Rewrite(f"{whole} + {name}", named(name, site))
    for call in expression.calls("np.tanh", "sigmoid") if site.role == "cell forward" else ():
        inside = expression.of(call.args[0])
        if isinstance(call.args[0], ast.BinOp):
            yield Rewrite(expression.put(call.args[0], f"{inside} + 1"), "a one before the activation")
    vocabulary = site.assignment.vocabulary
    gradients = [name for name in site.scope if name.startswith("d") and vocabulary.kind(name) is None]
    factors = {id(factor) for _, factors in expression.products() for factor in factors}
    for node in expression.names:
        if id(node) in factors and node.id in gradients:
            for name in gradients:
                if name != node.id:
                    yield Rewrite(expression.put(node, f"({node.id} + {name})"), named(name, site))


OPERATOR = Operator(
    id="term-added",
    title="A foreign term is added",
    about=__doc__ or "",
    says="a term does not belong in the sum for {quantity}: {detail}.",
    hint=(
        "Every path that arrives at {quantity} gives one term, and this one arrives on none. This spoils {quantity} and whatever is "
        "computed from there; no other number is touched. Draw the cell, mark every arrow that arrives at this place, and say for each "
        "term of the line which arrow it is."
    ),
    examples=(
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * ft + dc_next"),
        Example(
            "lstm_cell_backward",
            "dot = da_next * np.tanh(c_next) * ot * (1 - ot)",
            "dot = (da_next + dc_next) * np.tanh(c_next) * ot * (1 - ot)",
        ),
    ),
    rewrites=rewrites,
)
