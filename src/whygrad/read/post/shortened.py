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
    from collections.abc import Callable, Mapping

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
    most = {count: max(map(count, alone)) for count in (decimals_of, significant_of)}
    alike = {count: digits for count, digits in most.items() if all(count(one.text) <= digits for one in finite)}
    return replace(block, numbers=tuple(_wider(number, alike) for number in block.numbers))


def _wider(number: Number, digits: Mapping[Callable[[str], int], int]) -> Number:
    """With every value that is written so where it had any of these numbers of digits, of which zeros at the end were trimmed."""
    if not math.isfinite(number.low):
        return number
    text = number.text
    lasts = [-decimals_of(text) - (most - count(text)) for count, most in digits.items()]
    intervals = [(number.low, number.high), *(shortened_to(text, last) for last in lasts)]
    return replace(number, low=min(low for low, _ in intervals), high=max(high for _, high in intervals))
