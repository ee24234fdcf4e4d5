"""Numbers that are exactly what is printed: 1.0, or an array of 0 and -2, among numbers of all their digits are no shortened ones."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import ARRAY_DECIMALS, by_hand, decimals_of, few_digits, in_full, rounded_to

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels
    from whygrad.records import Block, Number

LEAST_FULL = 3
"""So many numbers with so many digits as a printer gives them say that the others are printed so too."""
MOST_TRIMMED = 3
"""More zeros hardly stand at a number's end by chance: then it was rounded, by hand or by another printer."""
_WHOLE = re.compile(r"[-+]?\d+")


def exact(block: Block, labels: Labels) -> Block:
    """The block where a number of one or two digits, printed alone among others in full, is that number: a bound, or a count.

    Others are in full where there are some, or where all others that are printed alone are. So exact are the entries of an array too of
    which none has a point: NumPy prints whole numbers so, and no others. An array of one entry, beside others of NumPy's 8 decimals, has
    as many though a few zeros at its end were trimmed; without its brackets it was written by hand.
    """
    numbers = block.numbers
    names = [number.quantity for number in numbers]
    finite = [number.text for number in numbers if math.isfinite(number.low)]
    full = sum(map(in_full, finite))
    others = [one.text for one in numbers if labels.alone(one) and math.isfinite(one.low) and not _whole_number(one.text)]
    if full >= LEAST_FULL or (full and all(map(in_full, others))):
        numbers = tuple(_exactly(one) if _whole_number(one.text) else one for one in numbers)
    if sum(not by_hand(text) for text in finite) >= LEAST_FULL:
        whole = {one.quantity for one in numbers if _of_whole_numbers([other.text for other in numbers if other.quantity == one.quantity])}
        numbers = tuple(_exactly(one) if one.quantity in whole else one for one in numbers)
        arrays = [one for one in numbers if math.isfinite(one.low) and (one.quantity, one.index) not in labels.forms]
        if sum(decimals_of(one.text) == ARRAY_DECIMALS for one in arrays) >= LEAST_FULL:
            numbers = tuple(_trimmed(one) if one in arrays and names.count(one.quantity) == 1 else one for one in numbers)
    return replace(block, numbers=numbers)


def _trimmed(number: Number) -> Number:
    if (
        "e" in number.text.lower()
        or number.text.endswith("0")
        or not ARRAY_DECIMALS - MOST_TRIMMED <= decimals_of(number.text) < ARRAY_DECIMALS
    ):
        return number
    low, high = rounded_to(number.text, -ARRAY_DECIMALS)
    return replace(number, low=low, high=high)


def _exactly(number: Number) -> Number:
    return replace(number, low=float(number.text), high=float(number.text))


def _whole_number(text: str) -> bool:
    return text.endswith(".0") and few_digits(text)


def _of_whole_numbers(texts: list[str]) -> bool:
    return len(texts) > 1 and all(map(_WHOLE.fullmatch, texts))
