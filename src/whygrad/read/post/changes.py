"""What the tokens around the numbers behind one label say of a change from one number to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.intervals import few_digits
from whygrad.read.post.said import NOW, PAST

if TYPE_CHECKING:
    from whygrad.read.post.tokens import Token


def tells_of_a_change(tokens: list[Token], start: int, place: int) -> bool:
    """Whether words of time stand in the line from ``start`` on, and behind the token ``place``, which can't be read, a printed number."""
    end = _end_of_line(tokens, place)
    said = any(token.text.lower() in NOW | PAST for token in tokens[start:end] if token.kind == "word")
    return said and any("." in token.text and not few_digits(token.text) for token in tokens[place:end] if token.kind == "number")


def leads_to_a_count(tokens: list[Token], place: int) -> bool:
    """Whether the next number in the line is one of steps or the like: "after 4 steps"."""
    numbers = [token.text for token in tokens[place : _end_of_line(tokens, place)] if token.kind == "number"]
    return bool(numbers) and numbers[0].isdigit() and float(numbers[0]) > 0


def word_before_the_value(tokens: list[Token], start: int, place: int) -> str:
    """The word before the number or bracket that ends before the token ``place``, from ``start`` on."""
    at = place - 1
    while at >= start and tokens[at].kind in {"number", "open", "close", "sign"}:
        at -= 1
    return tokens[at].text.lower() if at >= start else ""


def _end_of_line(tokens: list[Token], place: int) -> int:
    """Where the line of the token ``place`` ends, or the next label begins."""
    while tokens[place].kind not in {"newline", "label", "end"}:
        place += 1
    return place
