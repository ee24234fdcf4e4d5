"""Arrows from one number to another behind labels: from the learner's to the expected one, or from what was to what is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import SCALAR_DIGITS
from whygrad.read.post.labels import agreeing
from whygrad.read.post.said import NOW, PAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Labels
    from whygrad.records import Number

ROW_DIGITS = 10
"""A number in a row of NumPy's 8 decimals seldom has more."""
_OF_TIME = re.compile(rf"\b(?:{'|'.join(sorted(NOW | PAST))}|chang\w+|fix\w*|updat\w+)\b", re.IGNORECASE)
_SOLVED = re.compile(r"\b(?:re)?solved\b", re.IGNORECASE)
"""Then what is wrong was so in the past."""


def sides_of_arrows(led: Sequence[Sequence[tuple[Number, ...]]], labels: Labels, text: str) -> tuple[Side, ...]:
    """Whose the numbers, or rows, are that an arrow parts behind each label of ``text``; empty where nothing tells it of all alike.

    Those at one end must be a key's. From a key they lead to the learner's only where its numbers are not all in rows, which look alike
    wherever they are printed.
    """
    pairs = [both for both in led if all(both)]
    if not pairs or _SOLVED.search(text) or any(len(both) != 2 for both in pairs):  # noqa: PLR2004 - from one number to the other
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
    return of_key and _most_digits(some) < SCALAR_DIGITS and (_most_digits(others) >= SCALAR_DIGITS or not _OF_TIME.search(text))


def _most_digits(some: Sequence[tuple[Number, ...]]) -> int:
    return max(sum(map(str.isdigit, number.text)) for numbers in some for number in numbers)
