"""What the tokens around the numbers behind one label say of a change from one number to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import few_digits
from whygrad.read.post.labels import agreeing
from whygrad.read.post.said import NOW, PAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.labels import Labels
    from whygrad.read.post.tokens import Token
    from whygrad.records import Number

FULL_DIGITS = 15
"""A number that is printed whole seldom has fewer."""
_OF_TIME = re.compile(rf"\b(?:{'|'.join(sorted(NOW | PAST))}|chang\w+|fix\w*|updat\w+)\b", re.IGNORECASE)


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


def leads_to_the_expected(numbers: Sequence[tuple[Number, ...]], labels: Labels, text: str) -> bool:
    """Whether the second of two numbers, or rows, is a key's, and neither of them from before a change: so it is the expected one.

    A first one with all its digits before one with those of the course's table is the learner's, whatever words of time stand in the text.
    """
    if len(numbers) != len(("mine", "expected")) or not all(numbers):
        return False
    mine, expected = numbers
    of_key = any(agreeing(expected, key)[0] == len(expected) for keys in labels.keys.values() for key in keys.values())
    digits = [max(sum(map(str.isdigit, number.text)) for number in some) for some in (mine, expected)]
    return of_key and (digits[1] < FULL_DIGITS <= digits[0] or (max(digits) < FULL_DIGITS and not _OF_TIME.search(text)))


def _end_of_line(tokens: list[Token], place: int) -> int:
    """Where the line of the token ``place`` ends, or the next label begins."""
    while tokens[place].kind not in {"newline", "label", "end"}:
        place += 1
    return place
