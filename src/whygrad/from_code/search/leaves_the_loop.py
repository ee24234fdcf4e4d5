"""A ``break``, or a ``continue``, that leaves steps undone: without it all results come right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.search.slips_tried import Slip
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.sandbox.requests import Piece

_THE_LOOP = (
    "Print t at the start of each turn. What ends the whole loop leaves out all turns to come: how many are made, for how many steps?"
)
_THE_TURN = "Print t just above this line, and at the end of each turn: at which steps is what stands below not done?"


def leave_the_loop(_: Piece, around: ast.FunctionDef) -> Iterator[Slip]:
    """Each such line within a ``for`` loop of a function; a ``while`` loop may need it to end."""
    loops = [one for one in walk(around) if isinstance(one, ast.For)]
    endless = any(isinstance(one, ast.While) for one in walk(around))
    for line in dict.fromkeys(line for loop in loops if not endless for line in walk(loop)):
        if isinstance(line, ast.Break | ast.Continue):
            ends, what = ("loop", _THE_LOOP) if isinstance(line, ast.Break) else ("turn", _THE_TURN)
            yield Slip(line, line, "pass", "loop-wrong", f"this line ends the {ends} while something is still to be done", what)
