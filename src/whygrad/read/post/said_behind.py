"""Whose a number is by the words between it and a comma or the end of the line: "0.38 expected, 0.41 found"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.said import COMPARING, DENYING, role_of

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.tokens import Token

_PARTING = frozenset((",", ";", ".", "and", "\n"))
_AGAINST = frozenset(("vs", "versus", "but", "than", "instead", "rather"))
"""Such words set the next number against this one: "0.41 vs expected, 0.38"."""


def said_behind(tokens: list[Token], place: int) -> Side | None:
    """The side that the word in front of ``tokens[place]`` names, if that parts a number with words from the next number."""
    if tokens[place].text.lower() not in _PARTING or tokens[place + 1].kind not in {"number", "open"}:
        return None
    first = place
    while tokens[first - 1].kind == "word":
        first -= 1
    words = [token.text.lower() for token in tokens[first:place]]
    if not words or tokens[first - 1].kind not in {"number", "close"} or DENYING.union(COMPARING, _AGAINST).intersection(words):
        return None
    return role_of(words[-1])
