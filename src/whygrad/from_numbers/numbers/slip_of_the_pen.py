"""By what a typed number differs from the one that was printed: a sign, one or two digits, two exchanged, one digit too many or too few."""

from __future__ import annotations

import re

import numpy as np

from whygrad.from_numbers.numbers.printed import ROUNDING

SIGN = "its sign"
LEAST_DIGITS = 7
"""A number with fewer is near many others."""
LEAST_BEHIND_A_SIGN = 5
"""So many are enough where all of them agree."""
MOST_DECIMALS = 14
"""Behind these two right programs differ."""
NEAR = 1e-6
"""By so much of itself a tenth may be off, as it is printed."""
LEAST_FOR_TWO = 8
"""A number that differs by two digits has to have one more."""


def slip_of_the_pen(text: str, value: float) -> str:
    """By what a typed number differs from one that is printed with as many decimals; empty where by more than one slip."""
    decimals = len(text.partition(".")[2])
    digits = len(re.sub(r"\D", "", text).lstrip("0"))
    if not re.fullmatch(r"-?\d+\.\d+", text) or not np.isfinite(value):
        return ""
    if digits >= LEAST_BEHIND_A_SIGN and np.isclose(float(text), -value, ROUNDING, 10.0**-decimals):
        return SIGN
    if digits < LEAST_DIGITS:
        return ""
    if np.isclose(10 * float(text), value, NEAR):  # as a mean over ten examples is
        return ""
    end = -max(0, decimals - MOST_DECIMALS) or None
    text, printed, longer, shorter = (one[:end] for one in (text, *(f"{value:.{max(0, decimals + more)}f}" for more in (0, 1, -1))))
    differing = [at for at, (one, other) in enumerate(zip(text, printed, strict=False)) if one != other]
    two = len(differing) == 2 and all(text[at].isdigit() for at in differing)  # noqa: PLR2004 - as its name says
    as_long = len(text) == len(printed)
    ways = {
        "one digit": as_long and len(differing) == 1,
        "a digit that is missing": text in _each_without_one(longer),
        "a digit too many": shorter in _each_without_one(text),
        "two digits that have changed places": as_long and any(text == _exchanged(printed, at) for at in differing[:1]),
        "two digits": as_long and two and digits >= LEAST_FOR_TWO,
    }
    return next((slip for slip, found in ways.items() if found), "")


def _exchanged(text: str, at: int) -> str:
    """With a character and the next one at each other's place."""
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _each_without_one(text: str) -> set[str]:
    return {text[:at] + text[at + 1 :] for at in range(len(text)) if text[at].isdigit()}
