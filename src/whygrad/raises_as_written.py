"""Functions in a text that raise as their writer has them, and not because lines were cut out of the text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.text.unknown_names import unknown_name

if TYPE_CHECKING:
    from whygrad.read.source import Source
    from whygrad.records import Result

SHORTEST = 4
"""Of shorter names one with a letter more is another name."""
_GAP = re.compile(
    r"\.{3}|…|#.*\b(?:removed|taken|hidden|hid|cut|omitted|snip(?:ped)?|deleted|censored|left out|not shown|your code)\b", re.IGNORECASE
)
"""What people write where they cut."""


def raising_as_written(code: Result, written: Source, *, tells_an_error: bool) -> set[str]:
    """The functions without a gap that raise, if the text ``tells_an_error`` too, or what is lacking is a name with a slip of the pen.

    A name that is like no other has lost its line.
    """
    raising = {one.function for one in code.functions if one.verdict == "raises"}
    own = SEQUENCE_MODELS.vocabulary
    there = {*own.roles, *own.words, *(name for piece in written.pieces for name in piece.names)}
    pieces = [piece for piece in written.pieces if raising & {*piece.names} and not _GAP.search(piece.text)]
    return raising & {name for piece in pieces if tells_an_error or _has_a_slip(piece.text, there) for name in piece.names}


def _has_a_slip(text: str, there: set[str]) -> bool:
    """Whether the first name that nothing gives is another of the text but for case, an exchange, or a letter behind the first."""
    unknown = unknown_name(text, there)
    if unknown is None:
        return False
    names = {
        node.arg if isinstance(node, ast.arg) else node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name | ast.arg)
    }
    return any(_alike(unknown, name) for name in names - {unknown})


def _alike(one: str, other: str) -> bool:
    """Whether two names differ by a slip of the pen: ``dft`` is none of ``ft``."""
    shorter, longer = sorted((one.lower(), other.lower()), key=len)
    if len(shorter) < SHORTEST:
        return False
    if len(shorter) == len(longer):
        exchanged = (f"{shorter[:at]}{shorter[at + 1]}{shorter[at]}{shorter[at + 2 :]}" for at in range(len(shorter) - 1))
        return longer in {shorter, *exchanged}
    return shorter in (f"{longer[:at]}{longer[at + 1 :]}" for at in range(1, len(longer)))
