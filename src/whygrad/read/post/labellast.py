"""Labels that stand behind both of their numbers, like ``Expected: 0.3, actual: 0.5 (da0[2][3])``: put in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.said import role_of
from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.tokens import Token

LONGEST = 20_000
"""A longer text is no post with numbers in front of their labels."""
MOST_WORDS = 3
_A_PAIR = 2
_INSIDE = frozenset(("number", "sign", "newline"))


class _Value(NamedTuple):
    """A number or a bracket of numbers behind a word at ``start`` that says whose it is."""

    start: int
    side: Side


def with_labels_before(text: str, labels: Labels) -> str:
    """``text`` with each label in front of its numbers, if all labels stand behind a number of each side, and nothing behind the last."""
    if len(text) > LONGEST:
        return text
    tokens = list(tokenize(text, labels))
    pairs: list[tuple[int, Token]] = []
    waiting: list[_Value] = []
    at = 0
    while tokens[at].kind != "end":
        token = tokens[at]
        end = _end_of_value(tokens, at)
        if end is not None:
            value = _said(tokens, at)
            if value is None:
                return text
            waiting.append(value)
            at = end
        elif token.kind == "label":
            if len(waiting) != _A_PAIR or waiting[0].side == waiting[1].side or tokens[at - 1].text == "for":
                return text
            pairs.append((waiting[0].start, token))
            waiting = []
        at += 1
    return text if waiting else _turned_round(text, pairs)


def _end_of_value(tokens: list[Token], at: int) -> int | None:
    """The last token of the number or bracket that begins with ``tokens[at]``; an integer is of something else."""
    if tokens[at].kind == "number":
        return at if set(tokens[at].text) & set(".n") else None
    if tokens[at].kind != "open":
        return None
    last = at + 1
    while tokens[last].kind in _INSIDE:
        last += 1
    return last if tokens[last].kind == "close" and any("." in token.text for token in tokens[at:last]) else None


def _said(tokens: list[Token], at: int) -> _Value | None:
    """The value at ``tokens[at]`` if a word close before it, in its line, says whose it is."""
    place, words = at - 1, 0
    while place >= 0 and words < MOST_WORDS and tokens[place].kind in {"sign", "word"}:
        side = role_of(tokens[place].text.lower())
        if side in {"mine", "expected"}:
            return _Value(tokens[place].start, side)
        words += tokens[place].kind == "word"
        place -= 1
    return None


def _turned_round(text: str, pairs: list[tuple[int, Token]]) -> str:
    parts: list[str] = []
    end = 0
    for start, label in pairs:
        parts += [text[end:start], label.text, "\n", text[start : label.start]]
        end = label.end
    return "".join([*parts, text[end:]])
