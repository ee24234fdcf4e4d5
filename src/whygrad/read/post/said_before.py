"""Numbers that stand before their label: "I get 0.41 for dWi[1][2] instead of 0.38"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.headings import OPPOSITE
from whygrad.read.post.said import role_of, says_nothing
from whygrad.read.post.tree import Value

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.tokens import Token

MOST_WORDS = 4
MOST_TOKENS = 40
_IS = frozenset(("is", "was"))
_AGAINST = frozenset(("instead", "rather", "not"))
_WORDS = frozenset(("sign", "word", "check"))
_STOPS = frozenset((".", "?", "!"))


def values_before(tokens: list[Token], place: int, start: int, again: Side | None) -> list[Value]:
    """The value in front of "for" and the label ``tokens[place]``, if the words before it, or a clause behind it, say whose it is.

    In front of it may stand the other side's: "instead of 0.38 I get 0.41 for dWi[1][2]", "got 0.41 (expected 0.38) for dWi[1][2]".
    All begin at ``start`` of the text or behind it.
    Where only "and" or a comma stands before the value, it is whose the last was: ``again``.
    """
    end = place - 1
    if end < 1 or tokens[end].text != "for":
        return []
    clause = _start_of_clause(tokens, end)
    enclosed = tokens[clause - 1].kind == "right"
    first = _start_of_value(tokens, clause - 1 - enclosed)
    if first is None or tokens[first].start < start:
        return []
    role = _said_of(tokens, first - 1, again) if clause == end else _said_of(tokens, end - 1, None)
    earlier = _start_of_earlier(tokens, first - 1)
    if earlier is None or tokens[earlier].start < start:
        return [_value(tokens, first, role)] if (role := role or _set_against(tokens, place + 1)) else []
    other = _said_of(tokens, earlier - 1, None)
    if not _AGAINST.isdisjoint(token.text.lower() for token in tokens[max(earlier - 2, 0) : first]):
        role, other = role or (OPPOSITE[other] if other else None), other or (OPPOSITE[role] if role else None)
    elif enclosed and role:
        other = other or OPPOSITE[role]
    role = role or _set_against(tokens, place + 1)
    if not role:
        return []
    return [*([_value(tokens, earlier, other)] if other and other != role else []), _value(tokens, first, role)]


def _set_against(tokens: list[Token], behind: int) -> Side | None:
    """Whose the number before a label is by the word right ``behind`` that: "0.41 for dWi[1][2] instead of 0.38"."""
    behind += tokens[behind].text == ","
    return "mine" if tokens[behind].text.lower() in _AGAINST else None


def other_side(before: list[Value], behind: list[Value], tokens: list[Token]) -> list[Value]:
    """The values ``behind`` a label, with ``tokens``: "should be 0.38 for dWi[1][2] and not 0.41" has the learner's there."""
    against = not _AGAINST.isdisjoint(token.text.lower() for token in tokens)
    if against and [value.role for value in (*before, *behind)] == ["expected"] * 2 and len(behind) == 1:
        return [behind[0]._replace(role="mine")]
    return behind


def _start_of_clause(tokens: list[Token], end: int) -> int:
    """Where the words begin that say what a number is: "0.41 is what I get for dWi[1][2]"; ``end`` where there are none."""
    first = end
    while first > 0 and end - first <= MOST_WORDS and tokens[first - 1].kind == "word":
        first -= 1
    return first if end - first > 1 and tokens[first].text in _IS and tokens[first + 1].text == "what" else end


def _value(tokens: list[Token], first: int, role: Side) -> Value:
    """The number or bracket that begins with ``tokens[first]``."""
    if tokens[first].kind == "number":
        return Value(tokens[first].text, role)
    end = next(at for at in range(first, len(tokens)) if tokens[at].kind == "close")
    return Value([token.text for token in tokens[first:end] if token.kind == "number"], role)


def _start_of_value(tokens: list[Token], last: int) -> int | None:
    """Where a number or a plain bracket of numbers begins that ends with ``tokens[last]``."""
    if tokens[last].kind == "number":
        return last
    at = last - 1
    if tokens[last].kind == "close":
        while at >= 0 and last - at <= MOST_TOKENS and tokens[at].kind in {"number", "sign"}:
            at -= 1
        if at >= 0 and tokens[at].kind == "open" and any(token.kind == "number" for token in tokens[at:last]):
            return at
    return None


def _said_of(tokens: list[Token], last: int, again: Side | None) -> Side | None:
    """Whose number follows, by the nearest word that says it."""
    if last < 0 or tokens[last].text.lower() in {"and", ","}:
        return again
    for at in range(last, max(last - MOST_WORDS, -1), -1):
        word = tokens[at].text.lower()
        role = role_of(word, tokens[at - 1].text.lower() if at else "")
        if role:
            return role
        if tokens[at].kind not in _WORDS or word in _STOPS or (tokens[at].kind == "word" and not says_nothing(word)):
            return None
    return None


def _start_of_earlier(tokens: list[Token], last: int) -> int | None:
    """Where the number or bracket begins from which only words and signs lead up to ``tokens[last]``."""
    at = last
    while at > 0 and last - at <= 2 * MOST_WORDS and (tokens[at].kind in _WORDS or tokens[at].kind == "left"):
        at -= 1
    return _start_of_value(tokens, at) if at >= 0 else None
