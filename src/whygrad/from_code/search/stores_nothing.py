"""Lines that store nothing since they have a sign too much: ``x == y`` alone in a line."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.search.slips_tried import Slip
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.sandbox.requests import Piece

_COMPARES = "What does this line change? Print {name} just before it and just behind it."


def store_nothing(_: Piece, around: ast.FunctionDef) -> Iterator[Slip]:
    """Each such line of a function."""
    for line in walk(around):
        match line:
            case ast.Expr(ast.Compare(ast.Name() | ast.Subscript() as left, [ast.Eq()], [right]) as node):
                name = ast.unparse(left)
                says = f"this line compares {name} with something, and stores nothing: it has == where one = belongs"
                yield Slip(line, node, f"{name} = {ast.unparse(right)}", "operator-replaced", says, _COMPARES.format(name=name), name)
            case _:
                pass
