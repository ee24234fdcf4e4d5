"""Numbers that are exactly what is printed: 1.0, or an array of 0 and -2, among numbers of all their digits are no shortened ones."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import by_hand, few_digits, in_full

if TYPE_CHECKING:
    from whygrad.records import Block, Number

LEAST_FULL = 3
"""So many numbers with so many digits as a printer gives them say that the others are printed so too."""
_WHOLE = re.compile(r"[-+]?\d+")


def exact(block: Block) -> Block:
    """The block where a number of one or two digits, printed alone among others in full, is that number: a bound, or a count.

    So are the entries of an array of which none has a point: NumPy prints whole numbers so, and no others.
    """
    numbers = block.numbers
    finite = [number.text for number in numbers if math.isfinite(number.low)]
    if sum(not by_hand(text) for text in finite) < LEAST_FULL:
        return block
    alone = sum(map(in_full, finite)) >= LEAST_FULL
    whole = {number.quantity for number in numbers if _of_whole_numbers([one.text for one in numbers if one.quantity == number.quantity])}
    return replace(
        block,
        numbers=tuple(_exactly(one) if one.quantity in whole or (alone and _whole_number(one.text)) else one for one in numbers),
    )


def _exactly(number: Number) -> Number:
    return replace(number, low=float(number.text), high=float(number.text))


def _whole_number(text: str) -> bool:
    return text.endswith(".0") and few_digits(text)


def _of_whole_numbers(texts: list[str]) -> bool:
    return len(texts) > 1 and all(map(_WHOLE.fullmatch, texts))
