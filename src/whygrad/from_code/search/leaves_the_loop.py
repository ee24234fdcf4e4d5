"""A ``break``, or a ``continue``, that leaves steps undone: without it all results come right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.wording import in_general
from whygrad.from_code.observe.edited import edited, place_of
from whygrad.from_code.search.mended import Option
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.requests import Piece

_THE_LOOP = (
    "Print t at the start of each turn. What ends the whole loop leaves out all turns to come: how many are made, for how many steps?"
)
_THE_TURN = "Print t just above this line, and at the end of each turn: at which steps is what stands below not done?"


def leave_the_loop(pieces: Sequence[Piece], function: str) -> list[Option]:
    """Each such line within a ``for`` loop of a function, and the program without it; a ``while`` loop may need it to end."""
    found: list[Option] = []
    for piece in pieces:
        for around in (one for one in parsed(piece.text).body if isinstance(one, ast.FunctionDef) and one.name == function):
            loops = [one for one in walk(around) if isinstance(one, ast.For)]
            endless = any(isinstance(one, ast.While) for one in walk(around))
            inner = dict.fromkeys(line for loop in loops if not endless for line in walk(loop))
            lines = [line for line in inner if isinstance(line, ast.Break | ast.Continue)]
            found += [Option(_finding(function, piece, line), edited(pieces, piece, line, "pass").pieces) for line in lines]
    return found


def _finding(function: str, piece: Piece, line: ast.stmt) -> Finding:
    number, column, text = place_of(piece, line)
    ends, what = ("loop", _THE_LOOP) if isinstance(line, ast.Break) else ("turn", _THE_TURN)
    says = f"this line ends the {ends} while something is still to be done"
    hints = f"Look at line {number} of {function}.", what, f"What the mathematics asks for: {in_general(function)}."
    return Finding(
        function=function, within=function, source=piece.source, line=number, column=column, text=text, id="loop-wrong", quantity=function,
        step=None, says=says, hints=hints, proof="proved", facts=(),
    )  # fmt: skip
