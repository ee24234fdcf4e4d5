"""Numbers in single precision, where the text says so: they are as wide as the rounding errors of such a computation."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.records import Block, Number

RELATIVE = 5e-6
ABSOLUTE = 2e-6
"""The right program, run wholly in float32, is off by 6e-7 at most in what the checks print, and by 2e-6 in the entries of size 17."""

NOTE = "The text says float32, so the numbers were compared to about six digits."
_SAID = re.compile(r"\bfloat32\s?\(|\bdtype\s?=\s?[\"']?(?:np\.|numpy\.|torch\.|jnp\.)?(?:float32\b|<f4)")


def in_single(text: str) -> bool:
    """Whether some number of the text as it was pasted is printed as a float32."""
    return bool(_SAID.search(text))


def widened(block: Block) -> Block:
    """The block with the interval of each printed number as wide as single precision asks for."""
    return replace(block, numbers=tuple(map(_wider, block.numbers)))


def _wider(number: Number) -> Number:
    if not math.isfinite(number.low):
        return number
    slack = ABSOLUTE + RELATIVE * max(abs(number.low), abs(number.high))
    return replace(number, low=number.low - slack, high=number.high + slack)
