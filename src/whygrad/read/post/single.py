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

    from whygrad.records import Block, Number

RELATIVE = 5e-6
ABSOLUTE = 2e-6
"""The right program, run wholly in float32, is off by 6e-7 at most in what the checks print, and by 2e-6 in the entries of size 17."""

NOTE = "The text says float32, so the numbers were compared to about six digits."
NOTE_SEEN = "The numbers have the digits of float32, so they were compared to about six digits."
NOTE_PARTLY = "The numbers agree with the right ones to about six digits and no further, as where a part is computed in float32."
LEAST_TELLING, TELLING_DIGITS = 3, 7
"""So many numbers with so many digits say that all are printed as a float32 is."""
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
    telling = sum(len(value.normalize().as_tuple().digits) >= TELLING_DIGITS for value in values)
    with np.errstate(over="ignore"):
        nearest = [np.float32(str(value)) for value in values]
    single = (Decimal(str(near)) == value or float(near) == float(value) for near, value in zip(nearest, values, strict=True))
    return telling >= LEAST_TELLING and all(single)


def widened(block: Block) -> Block:
    """The block with the interval of each printed number as wide as single precision asks for."""
    return replace(block, numbers=tuple(map(_wider, block.numbers)))


def _wider(number: Number) -> Number:
    if not math.isfinite(number.low):
        return number
    slack = ABSOLUTE + RELATIVE * max(abs(number.low), abs(number.high))
    return replace(number, low=number.low - slack, high=number.high + slack)
