"""A ``break``, or a ``continue``, that leaves steps undone: without it all results come right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.search.mended import Slip
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.sandbox.requests import Piece

_WHAT = "Print t just above this line, and at the end of each turn: at which steps is what stands below not done?"


def leave_the_loop(_: Piece, around: ast.FunctionDef) -> Iterator[Slip]:
    """Each such line within a ``for`` loop of a function; a ``while`` loop may need it to end."""
    loops = [one for one in walk(around) if isinstance(one, ast.For)]
    endless = any(isinstance(one, ast.While) for one in walk(around))
    for line in dict.fromkeys(line for loop in loops if not endless for line in walk(loop)):
        if isinstance(line, ast.Break | ast.Continue):
            what = "ends the loop" if isinstance(line, ast.Break) else "ends the turn"
            yield Slip(line, line, "pass", "loop-wrong", f"this line {what} while something is still to be done", _WHAT)
