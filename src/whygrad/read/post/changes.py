"""What the tokens around the numbers behind one label say of a change from one number to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import few_digits
from whygrad.read.post.labels import agreeing
from whygrad.read.post.said import NOW, PAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.tokens import Token
    from whygrad.records import Number

FULL_DIGITS = 15
"""A number that is printed whole seldom has fewer."""
ROW_DIGITS = 10
"""A number in a row of NumPy's 8 decimals seldom has more."""
_OF_TIME = re.compile(rf"\b(?:{'|'.join(sorted(NOW | PAST))}|chang\w+|fix\w*|updat\w+)\b", re.IGNORECASE)
_SOLVED = re.compile(r"\b(?:re)?solved\b", re.IGNORECASE)
"""Then what is wrong was so in the past."""


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


def sides_of_arrows(led: Sequence[Sequence[tuple[Number, ...]]], labels: Labels, text: str) -> tuple[Side, ...]:
    """Whose the numbers, or rows, are that an arrow parts behind each label of ``text``; empty where nothing tells it of all alike.

    Those at one end must be a key's. From a key they lead to the learner's only where its numbers are not all in rows, which look alike
    wherever they are printed.
    """
    pairs = [both for both in led if all(both)]
    if not pairs or _SOLVED.search(text) or any(len(both) != len(("mine", "expected")) for both in pairs):
        return ()
    first, second = ([both[at] for both in pairs] for at in (0, 1))
    if _of_the_table(second, first, labels, text):
        return "mine", "expected"
    return ("expected", "mine") if _most_digits(first) > ROW_DIGITS and _of_the_table(first, second, labels, text) else ()


def _of_the_table(some: Sequence[tuple[Number, ...]], others: Sequence[tuple[Number, ...]], labels: Labels, text: str) -> bool:
    """Whether ``some`` are a key's as the course prints it, and none of the ``others`` is from before a change.

    Where those have all their digits, and the key's have not, they are the learner's, whatever words of time stand in the text.
    """
    keys = [key for versions in labels.keys.values() for key in versions.values()]
    of_key = all(any(agreeing(numbers, key)[0] == len(numbers) for key in keys) for numbers in some)
    return of_key and _most_digits(some) < FULL_DIGITS and (_most_digits(others) >= FULL_DIGITS or not _OF_TIME.search(text))


def _most_digits(some: Sequence[tuple[Number, ...]]) -> int:
    return max(sum(map(str.isdigit, number.text)) for numbers in some for number in numbers)


def _end_of_line(tokens: list[Token], place: int) -> int:
    """Where the line of the token ``place`` ends, or the next label begins."""
    while tokens[place].kind not in {"newline", "label", "end"}:
        place += 1
    return place
