"""How a matrix lies in a line, in words: transposed, not transposed, or the wrong way round where a call turns it by axes or letters."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.from_code.observe.expression import Expression

TURNS = frozenset(("transpose", "swapaxes", "moveaxis", "einsum"))
"""What turns a matrix by axes or letters."""


def lying(node: ast.expr, line: Expression) -> str:
    """What is said of a part that should lie the other way."""
    own = line.named(node)
    around = line.around(node)
    if any(isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in TURNS for one in (node, around)):
        return f"{own} the wrong way round, rows for columns"
    return f"{own[:-2]} transposed" if own.endswith(".T") else f"{own} not transposed"
