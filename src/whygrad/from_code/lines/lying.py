"""How a matrix lies in a line, in words: transposed, not transposed, or the wrong way round where a call turns it by axes or letters."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.from_code.observe.expression import Expression

_TURNS = frozenset(("transpose", "swapaxes", "moveaxis", "einsum"))


def lying(node: ast.expr, line: Expression) -> str:
    """What is said of a part that should lie the other way."""
    own = line.named(node)
    around = line.around(node)
    if any(isinstance(one, ast.Call) and called(one) in _TURNS for one in (node, around)):
        return f"{own} the wrong way round, rows for columns"
    return f"{own[:-2]} transposed" if own.endswith(".T") else f"{own} not transposed"


def called(call: ast.Call) -> str:
    """The last name of the function that is called."""
    return ast.unparse(call.func).rpartition(".")[2]
