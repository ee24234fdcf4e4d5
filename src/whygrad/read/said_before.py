"""Numbers that stand before their label: "I get 0.41 for dWi[1][2] instead of 0.38"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.headings import FILLERS, ROLE_WORDS, SHOULD, TO_GET
from whygrad.read.values import Tree, Value

if TYPE_CHECKING:
    from whygrad.read.headings import Role
    from whygrad.read.tokens import Token

MOST_WORDS = 4
MOST_TOKENS = 40


def value_before(tokens: list[Token], place: int, start: int, again: Role | None) -> Value | None:
    """The value in front of "for" and the label ``tokens[place]``, if the words before it say whose it is.

    It begins at ``start`` of the text or behind it. Where only "and" or a comma stands before it, it is whose the last was: ``again``.
    """
    end = place - 1
    if end < 1 or tokens[end].text.lower() != "for":
        return None
    first = _start_of_value(tokens, end - 1)
    if first is None or tokens[first].start < start:
        return None
    texts: list[Tree] = [token.text for token in tokens[first:end] if token.kind == "number"]
    tree: Tree = texts if tokens[first].kind == "open" else texts[0]
    role = _said_of(tokens, first - 1, again)
    return Value(tree, role) if role else None


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


def _said_of(tokens: list[Token], last: int, again: Role | None) -> Role | None:
    """Whose number follows, by the nearest word that says it."""
    if last < 0 or tokens[last].text.lower() in {"and", ","}:
        return again
    for at in range(last, max(last - MOST_WORDS, -1), -1):
        word = tokens[at].text.lower()
        if word in TO_GET and at and tokens[at - 1].text.lower() in SHOULD:
            return "expected"
        if word in ROLE_WORDS:
            return ROLE_WORDS[word]
        if tokens[at].kind not in {"sign", "word"} or (tokens[at].kind == "word" and word not in FILLERS):
            return None
    return None
