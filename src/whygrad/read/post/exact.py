"""Numbers that are exactly what is printed: 1.0 among numbers of all their digits is no shortened one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import few_digits, in_full

if TYPE_CHECKING:
    from whygrad.records import Block, Number

LEAST_FULL = 3
"""So many numbers with so many digits as give them back say that the others are printed so too."""


def exact(block: Block) -> Block:
    """The block where a number of one or two digits, printed alone among others in full, is that number: a bound, or a count."""
    if sum(in_full(number.text) for number in block.numbers) < LEAST_FULL:
        return block
    return replace(block, numbers=tuple(_exactly(number) for number in block.numbers))


def _exactly(number: Number) -> Number:
    whole = number.text.endswith(".0") and few_digits(number.text)
    return replace(number, low=float(number.text), high=float(number.text)) if whole else number
