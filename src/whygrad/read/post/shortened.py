"""Numbers that somebody shortened by hand: an array among them is not printed as NumPy prints one.

``[0.3124474]`` by itself is NumPy's, which has trimmed a zero of its 8 decimals. Below ``0.3866959`` it was shortened like that: to as
many decimals, or to as many significant digits, and cut off or rounded. Intervals are made wider here and never narrower.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import by_hand, decimals_of, shortened_to, significant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.read.post.labels import Labels
    from whygrad.records import Block, Number

LEAST_ALONE = 2
"""So many numbers that were printed alone say how the others were shortened."""


def shortened(block: Block, labels: Labels) -> Block:
    """The block where its arrays were shortened as the numbers are that stand alone in it."""
    finite = [number for number in block.numbers if math.isfinite(number.low) and float(number.text)]
    alone = [number.text for number in finite if labels.alone(number)]
    if len(alone) < LEAST_ALONE or not all(map(by_hand, alone)):
        return block
    counts = [count for count in (decimals_of, significant_of) if all(count(one.text) <= max(map(count, alone)) for one in finite)]
    lasts = [[_last(count, number.text, alone) for count in counts] for number in block.numbers]
    return replace(block, numbers=tuple(_wider(number, last) for number, last in zip(block.numbers, lasts, strict=True)))


def _last(count: Callable[[str], int], text: str, alone: Sequence[str]) -> int:
    """The place of the last digit before the zeros at the end were trimmed: as many as the numbers that stand alone have at most."""
    most = max(map(count, alone))
    if count is decimals_of:
        return -most
    return -decimals_of(text) - (most - significant_of(text))


def _wider(number: Number, lasts: Sequence[int]) -> Number:
    """With every value that is written so where the last digit is any of these."""
    if not math.isfinite(number.low):
        return number
    intervals = [(number.low, number.high), *(shortened_to(number.text, last) for last in lasts)]
    return replace(number, low=min(low for low, _ in intervals), high=max(high for _, high in intervals))
