"""Numbers that are exactly what is printed: 1.0, or an array of 0 and -2, among numbers of all their digits are no shortened ones."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import by_hand, few_digits, in_full

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels
    from whygrad.records import Block, Number

LEAST_FULL = 3
"""So many numbers with so many digits as a printer gives them say that the others are printed so too."""
_WHOLE = re.compile(r"[-+]?\d+")


def exact(block: Block, labels: Labels) -> Block:
    """The block where a number of one or two digits, printed alone among others in full, is that number: a bound, or a count.

    Others are so where there are some, or where all others that are printed alone are.

    So are the entries of an array of which none has a point: NumPy prints whole numbers so, and no others.
    """
    numbers = block.numbers
    finite = [number.text for number in numbers if math.isfinite(number.low)]
    full = sum(map(in_full, finite))
    others = [one.text for one in numbers if labels.alone(one) and math.isfinite(one.low) and not _whole_number(one.text)]
    if full >= LEAST_FULL or (full and all(map(in_full, others))):
        numbers = tuple(_exactly(one) if _whole_number(one.text) else one for one in numbers)
    if sum(not by_hand(text) for text in finite) >= LEAST_FULL:
        whole = {one.quantity for one in numbers if _of_whole_numbers([other.text for other in numbers if other.quantity == one.quantity])}
        numbers = tuple(_exactly(one) if one.quantity in whole else one for one in numbers)
    return replace(block, numbers=numbers)


def _exactly(number: Number) -> Number:
    return replace(number, low=float(number.text), high=float(number.text))


def _whole_number(text: str) -> bool:
    return text.endswith(".0") and few_digits(text)


def _of_whole_numbers(texts: list[str]) -> bool:
    return len(texts) > 1 and all(map(_WHOLE.fullmatch, texts))
