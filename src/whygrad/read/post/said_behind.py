"""Whose a number is by the words behind it: "0.38 expected, 0.41 found", "0.38 is what is expected, 0.41 is what I get"."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.said import COMPARING, DENYING, role_of, says_nothing

if TYPE_CHECKING:
    from whygrad.read.post.headings import Role, Side
    from whygrad.read.post.tokens import Token

_PARTING = frozenset((",", ";", ".", "and", "\n"))
_AGAINST = frozenset(("vs", "versus", "but", "than", "instead", "rather"))
"""Such words set the next number against this one: "0.41 vs expected, 0.38"."""
_NEXT_CLAUSE = _AGAINST.union(("and", "while", "whereas"))
_IS = frozenset(("is", "was"))
_MOST_WORDS = 8


def clause_behind(tokens: list[Token], place: int) -> tuple[int, set[Role]]:
    """The last word of the clause that begins with "is what" at ``tokens[place]``, and the sides that it names; none of any other.

    "0.41 is what I should mend" speaks of no expected number, and "0.41 is what should be 0.38" of the next one.
    """
    end = place
    while tokens[end + 1].kind == "word" and tokens[end + 1].text.lower() not in _NEXT_CLAUSE and end - place < _MOST_WORDS:
        end += 1
    words = [token.text.lower() for token in tokens[place : end + 1]]
    denied = not DENYING.difference(("should",)).isdisjoint(words)
    if words[0] not in _IS or words[1:2] != ["what"] or denied or tokens[end + 1].kind in {"number", "open"}:
        return end, set()
    pairs = list(pairwise(words[1:]))
    sides: set[Role] = {role for before, word in pairs if (role := role_of(word, before))}
    understood = all(role_of(word, before) or says_nothing(word) for before, word in pairs)
    if not understood and "mine" not in sides:
        return end, set()
    return end, sides


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
