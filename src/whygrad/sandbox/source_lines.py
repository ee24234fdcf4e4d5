"""The lines of a program that is in no file here, for code that reads its own source (``inspect.getsource``)."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.sandbox.requests import Piece


def keep_lines(pieces: Iterable[Piece]) -> None:
    """Keep the lines of all pieces where Python looks for them, each one where it stood; lines between them are empty."""
    sources: dict[str, dict[int, str]] = {}
    for piece in pieces:
        found = sources.setdefault(piece.source, {})
        found.update(enumerate(piece.text.split("\n"), piece.line))
    for source, numbered in sources.items():
        lines = [numbered.get(number, "") + "\n" for number in range(1, max(numbered) + 1)]
        linecache.cache[source] = len("".join(lines)), None, lines, source
