"""One sign of arithmetic is typed for another: a plus for a times, a power for a product, a wrong power.

The keys lie side by side, and `**` is one stroke more than `*`. The shapes agree whatever the sign. A power with a negative base gives
NaN, which is a strong sign of this slip; other signs give numbers of a believable size. What is computed from this line is wrong,
everything else is right.

To check, lay the line beside your own notes and compare only the signs, from left to right.
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
    "+": "a plus where a product belongs",
    "-": "a minus where a product belongs",
    "**": "a power where a product belongs",
    "/": "a division where a product belongs",
    "*": "a product where a plus or minus belongs",
}


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each arithmetic operator replaced by another, or all of a long sum; each power changed."""
    del site
    for node in expression.nodes:
        if not isinstance(node, ast.BinOp):
            continue
        if isinstance(node.op, ast.Pow):
            left = expression.of(node.left)
            yield Rewrite(expression.put(node, left), "a square is missing", "no square")
            for power in (3, 4):
                yield Rewrite(expression.put(node, f"{left} ** {power}"), f"a power of {power} where a square belongs", f"power {power}")
            yield Rewrite(expression.put(node, f"{left} * 2"), "a doubling where a square belongs", "doubled")
            continue
        start, end = node.left.end_col_offset or 0, node.right.col_offset
        between = expression.text[start:end]
        sign = _NAMES.get(type(node.op), "")
        for other in _OTHERS.get(sign, ()):
            yield Rewrite(expression.text[:start] + between.replace(sign, other, 1) + expression.text[end:], _WORDS[other])
    for root, terms in expression.sums():
        if len(terms) > 2:  # noqa: PLR2004 - between two terms stands one sign, which was replaced above
            yield Rewrite(
                expression.put(root, expression.product([node for _, node in terms])), "products where pluses belong", "all products"
            )


OPERATOR = Operator(
    id="operator-replaced",
    title="A wrong arithmetic operator",
    about=__doc__ or "",
    says="a wrong sign of arithmetic stands in {quantity}: {detail}.",
    hint=(
        "The names are right and the shapes agree, whatever sign stands between them. This spoils {quantity} and whatever is computed "
        "from there; no other number is touched. Lay the line beside your own notes and compare only the signs, from left to right."
    ),
    examples=(
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc + ft"),
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - cct ** 3)"),
    ),
    rewrites=rewrites,
)
