"""Numbers that are exactly what is printed: 1.0 among numbers of all their digits is no shortened one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.intervals import SCALAR_DIGITS, few_digits

if TYPE_CHECKING:
    from whygrad.records import Block, Number

LEAST_FULL = 3
"""So many numbers with so many digits as give them back say that the others are printed so too."""


def exact(block: Block) -> Block:
    """The block where a number of one or two digits, printed alone among others in full, is that number: a bound, or a count."""
    alone = [number for number in block.numbers if "." in number.text and math.isfinite(number.low)]
    if sum(len(number.text.strip("-0.").replace(".", "")) >= SCALAR_DIGITS for number in alone) < LEAST_FULL:
        return block
    return replace(block, numbers=tuple(_exactly(number) for number in block.numbers))


def _exactly(number: Number) -> Number:
    whole = number.text.endswith(".0") and few_digits(number.text)
    return replace(number, low=float(number.text), high=float(number.text)) if whole else number
