"""Numbers in single precision, where the text says so or may mean it: as wide as the rounding errors of such a computation."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.labels import Labels
    from whygrad.records import Block, Number

RELATIVE = 5e-6
ABSOLUTE = 2e-6
"""The right program, run wholly in float32, is off by 6e-7 at most in what the checks print, and by 2e-6 in the entries of size 17."""

NOTE = "The text says float32, so the numbers were compared to about six digits."
NOTE_SEEN = "The numbers have the digits of float32, so they were compared to about six digits."
NOTE_SOME = "Some numbers have the digits of float32 beside others with more, so these were compared to about six digits."
NOTE_PARTLY = "The numbers agree with the right ones to six digits or a few more and no further, as where a part is computed in float32."
LEAST_TELLING, TELLING_DIGITS = 3, 7
"""So many numbers with so many digits say that all are printed as a float32 is."""
MOST_DIGITS, FULL_DIGITS = 9, 15
"""A single number of float32 is printed with up to nine digits, one of double precision hardly ever with less than fifteen."""
_SAID = re.compile(r"\bfloat32\s?\(|\bdtype\s?=\s?[\"']?(?:np\.|numpy\.|torch\.|jnp\.)?(?:float32\b|<f4)")


def in_single(text: str) -> bool:
    """Whether some number of the text as it was pasted is printed as a float32."""
    return bool(_SAID.search(text))


def may_be_single(blocks: Sequence[Block]) -> bool:
    """Whether every number has just the digits that a float32 is printed with, or is one with more digits than it has."""
    texts = [number.text for block in blocks for number in block.numbers if math.isfinite(number.low)]
    try:
        values = [Decimal(text) for text in texts]
    except InvalidOperation:
        return False
    telling = sum(_digits(value) >= TELLING_DIGITS for value in values)
    return telling >= LEAST_TELLING and all(map(_is_single, values))


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _is_single(value: Decimal) -> bool:
    with np.errstate(over="ignore"):
        near = np.float32(str(value))
    return Decimal(str(near)) == value or float(near) == float(value)


def some_in_single(blocks: Sequence[Block], labels: Labels) -> tuple[Block, ...]:
    """The blocks with those numbers widened that a buffer of float32 gives among others of double precision; none where nothing says so.

    Every scalar has more digits than it can have, or is one, and there are both.
    """
    numbers = [number for block in blocks for number in block.numbers if math.isfinite(number.low)]
    try:
        scalars = [Decimal(number.text) for number in numbers if labels.alone(number)]
        single = {number.text for number in numbers if _is_single(Decimal(number.text)) and _digits(Decimal(number.text)) <= MOST_DIGITS}
    except InvalidOperation:
        return ()
    few = [value for value in scalars if _digits(value) < FULL_DIGITS]
    telling = any(TELLING_DIGITS <= _digits(value) <= MOST_DIGITS for value in few)
    if len(few) == len(scalars) or not telling or not all(map(_is_single, few)):
        return ()
    return tuple(
        replace(block, numbers=tuple(_wider(number) if number.text in single else number for number in block.numbers)) for block in blocks
    )


def widened(block: Block) -> Block:
    """The block with the interval of each printed number as wide as single precision asks for."""
    return replace(block, numbers=tuple(map(_wider, block.numbers)))


def _wider(number: Number) -> Number:
    if not math.isfinite(number.low):
        return number
    slack = ABSOLUTE + RELATIVE * max(abs(number.low), abs(number.high))
    return replace(number, low=number.low - slack, high=number.high + slack)
