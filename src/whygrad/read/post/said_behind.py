"""Whose a number is by the words behind it: "0.38 expected, 0.41 found", "0.38 is what is expected, 0.41 is what I get"."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.said import COMPARING, DENYING, role_of

if TYPE_CHECKING:
    from whygrad.read.post.headings import Role, Side
    from whygrad.read.post.tokens import Token

_PARTING = frozenset((",", ";", ".", "and", "\n"))
_AGAINST = frozenset(("vs", "versus", "but", "than", "instead", "rather"))
"""Such words set the next number against this one: "0.41 vs expected, 0.38"."""
_IS = frozenset(("is", "was"))
_MOST_WORDS = 8


def clause_behind(tokens: list[Token], place: int) -> tuple[int, set[Role]]:
    """The last word of the clause that begins with "is what" at ``tokens[place]``, and the sides that it names; none of any other."""
    end = place
    while tokens[end + 1].kind == "word" and tokens[end + 1].text.lower() not in _AGAINST and end - place < _MOST_WORDS:
        end += 1
    words = [token.text.lower() for token in tokens[place : end + 1]]
    if words[0] not in _IS or words[1:2] != ["what"] or not DENYING.difference(("should",)).isdisjoint(words):
        return end, set()
    return end, {role for before, word in pairwise(words) if (role := role_of(word, before))}


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
