"""What ``from __future__ import`` asks of a program that is run piece by piece: a compiler hears it of one piece only."""

from __future__ import annotations
import __future__

import ast
import re
from typing import TYPE_CHECKING

from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.requests import Piece

_ASKS = re.compile(r"from[ \t]+__future__[ \t]")
_FUNCTION = re.compile(r"^(?:async[ \t]+)?def\b", re.MULTILINE)
_CELL = re.compile(r", cell \d+$")


def flags_of(pieces: Sequence[Piece]) -> list[int]:
    """The compiler's flags for each piece: what was asked for above it in its file, or in an earlier cell of its notebook.

    A function's annotations are not evaluated in any case: what they name may not be there, and the function does without it.
    """
    asked: dict[str, int] = {}
    found: list[int] = []
    for piece in pieces:
        file = _CELL.sub("", piece.source)
        if _ASKS.match(piece.text):
            asked[file] = asked.get(file, 0) | _flags(piece.text)
        found.append(asked.get(file, 0) | (__future__.annotations.compiler_flag if _FUNCTION.search(piece.text) else 0))
    return found


def _flags(text: str) -> int:
    """The flags of all that an import asks of the compiler."""
    flags = 0
    for node in parsed(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for name in node.names:
                flags |= getattr(getattr(__future__, name.name, None), "compiler_flag", 0)
    return flags
