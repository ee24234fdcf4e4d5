"""One arithmetic sign is typed for another.

A plus for a times, a power for a product, a matrix product where entries should be multiplied one by one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_NAMES: dict[type[ast.operator], str] = {ast.Mult: "*", ast.Add: "+", ast.Sub: "-"}
_OTHERS = {"*": ("+", "-", "**", "/"), "+": ("*",), "-": ("*",)}
_WORDS = {
    "+": "a sum stands where a product belongs",
    "-": "a difference stands where a product belongs",
    "**": "a power stands where a product belongs",
    "/": "a quotient stands where a product belongs",
    "*": "a product stands where a sum or difference belongs",
}


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each arithmetic operator replaced by another; each power changed."""
    del site
    for node in expression.nodes:
        if not isinstance(node, ast.BinOp):
            continue
        if isinstance(node.op, ast.Pow):
            left = expression.of(node.left)
            yield Rewrite(expression.put(node, left), "the square is missing", "no square")
            for power in (3, 4):
                yield Rewrite(expression.put(node, f"{left} ** {power}"), f"the power is {power}", f"power {power}")
            yield Rewrite(expression.put(node, f"{left} * 2"), "a doubling stands where a square belongs", "doubled")
            continue
        start, end = node.left.end_col_offset or 0, node.right.col_offset
        between = expression.text[start:end]
        sign = _NAMES.get(type(node.op), "")
        for other in _OTHERS.get(sign, ()):
            yield Rewrite(expression.text[:start] + between.replace(sign, other, 1) + expression.text[end:], _WORDS[other])


OPERATOR = Operator(
    id="operator-replaced",
    title="A wrong arithmetic operator",
    about=__doc__ or "",
    says="in {quantity}, {detail}.",
    hint="Look at the operators in {quantity}: {detail}.",
    examples=(
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc + ft"),
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - cct ** 3)"),
    ),
    rewrites=rewrites,
)
