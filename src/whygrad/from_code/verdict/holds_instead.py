"""A name of the assignment that holds something else than a function once the code has run: what, and since which line."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.from_code.stops.no_function import BY_TYPE
from whygrad.records import Location
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from whygrad.from_code.text.written import Definitions
    from whygrad.sandbox.requests import Piece, Reply

NOT_DEFINED = "is not defined once the code has run"
HINT = (
    "A name holds what it was given last. Go through all the lines that give {function} something, a def is one of them: which of them "
    "comes last, and what does it give?"
)


def holds_instead(function: str, reply: Reply, definitions: Definitions) -> tuple[str, Location] | None:
    """What the name is, and the line that gave it that; None where it is a function, or nothing is known."""
    piece = next((piece for piece in reversed(definitions.pieces) if function in piece.names), None)
    held = None if piece is None or not _assigns(piece) else _held(reply)
    if piece is None or held is None:
        return None
    text = piece.lines[0].strip()
    return f"is {held} once the code has run, and no function", Location(piece.source, piece.line, 1, text)


def _assigns(piece: Piece) -> bool:
    try:
        return any(isinstance(node, ast.Assign | ast.AnnAssign) for node in parsed(piece.text).body)
    except SyntaxError:
        return False


def _held(reply: Reply) -> str | None:
    """What sort of thing a line gave the name; where anything was raised before it could be called, it may have been given nothing."""
    raised = reply.raised
    if reply.status == "refused":
        return "None" if raised is None else None
    called = None if raised is None or raised.line is not None else re.fullmatch(r"'([\w.]+)' object is not callable", raised.text)
    return None if called is None else BY_TYPE.get(called[1], "something else")
