"""Two numbers whose sides are named in front of both: "mine/expected: 0.3 / 0.5", "got vs wanted 0.3, 0.5"."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from whygrad.read.post.headings import OPPOSITE

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.tokens import Token
    from whygrad.read.post.tree import Value

MOST_WORDS = 8
_PARTING = frozenset(("/", ">", "vs", "versus"))
_BESIDE = frozenset((",", ";", ":", "(", ")", "and"))
_DETERMINING = frozenset(("my", "your", "have"))
"""In front of "expected" these name no side."""


def paired(values: list[Value], named: list[tuple[Side, int]], tokens: list[Token], start: int) -> list[Value]:
    """The values behind the label in front of ``tokens[start]``; two of them in the order in which the words before both name the sides.

    ``named`` are the sides that stand before the first value, and where. One that is named beside a slash tells the other: "is/should be".
    """
    if [bool(value.role) for value in values] != [True, False]:
        return values
    match named:
        case [(side, at)]:
            words = takewhile(lambda place: tokens[place].kind not in {"number", "end"}, range(start, start + MOST_WORDS))
            parting = next((place for place in words if _parts(tokens, place)), None)
            if parting is None:
                return values
            sides = (side, OPPOSITE[side]) if at < parting else (OPPOSITE[side], side)
        case [(first, at), (second, last)] if _are_heads(tokens[at:last]):
            sides = (first, second)
        case _:
            return values
    return [value._replace(role=side) for value, side in zip(values, sides, strict=True)]


def _parts(tokens: list[Token], place: int) -> bool:
    """Whether a slash, an arrow or "vs" stands here between two words."""
    return _text(tokens[place]) in _PARTING and tokens[place - 1].kind == tokens[place + 1].kind == "word"


def _are_heads(tokens: list[Token]) -> bool:
    """Whether the first word and the one behind ``tokens`` are the heads of two columns, and not parts of a sentence."""
    between = {_text(token) for token in tokens[1:]}
    return bool(between & {*_PARTING, "|"}) or (between <= _BESIDE and _text(tokens[0]) not in _DETERMINING)


def _text(token: Token) -> str:
    return token.text.strip().lower()
