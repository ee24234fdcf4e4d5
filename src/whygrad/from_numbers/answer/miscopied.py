"""One number that differs from what the same program prints by a slip of the pen: a sign, two digits exchanged, one digit too many.

Numbers are pasted, but sometimes typed. Where all others are explained, or right, this is likelier than a further mistake that changes one
number so little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.tables.tables import Tables

LEAST_DIGITS = 7
"""A number with fewer is near many others."""


def said_of_a_miscopied_number(tables: Tables, families: Sequence[Family]) -> list[str]:
    """A sentence for each program that prints all numbers but one, if that one may have been typed wrongly."""
    said: list[str] = []
    for family in families:
        edits, hits, _ = family.best
        missed = [(target, place) for target, own in zip(family.targets, hits, strict=True) for place in np.flatnonzero(~own).tolist()]
        if len(missed) != 1 or sum(map(len, family.targets)) == 1:
            continue
        target, place = missed[0]
        number = target.block.numbers[place]
        gradients = tables.of(target.block.check).run(edits)
        slip = "" if gradients is None else slip_of_the_pen(number.text, float(target.values(gradients)[place]))
        if slip:
            program = "the same program" if edits else "a right program"
            said.append(f"{number.label} of {target.block.check} is what {program} prints but for {slip}, as it happens in typing")
    return said


def slip_of_the_pen(text: str, value: float) -> str:
    """By what a typed number differs from one that is printed with as many decimals; empty where by more than one slip."""
    decimals = len(text.partition(".")[2])
    if not re.fullmatch(r"-?\d+\.\d+", text) or not np.isfinite(value) or len(re.sub(r"\D", "", text).lstrip("0")) < LEAST_DIGITS:
        return ""
    printed, longer, shorter = (f"{value:.{max(0, decimals + more)}f}" for more in (0, 1, -1))
    differing = [at for at, (one, other) in enumerate(zip(text, printed, strict=False)) if one != other]
    as_long = len(text) == len(printed)
    ways = {
        "its sign": text.lstrip("-") == printed.lstrip("-"),
        "a digit that is missing": text in _each_without_one(longer),
        "a digit too many": shorter in _each_without_one(text),
        "one digit": as_long and len(differing) == 1,
        "two digits that have changed places": as_long and any(text == _exchanged(printed, at) for at in differing[:1]),
    }
    return next((slip for slip, found in ways.items() if found), "")


def _exchanged(text: str, at: int) -> str:
    """With a character and the next one at each other's place."""
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _each_without_one(text: str) -> set[str]:
    return {text[:at] + text[at + 1 :] for at in range(len(text)) if text[at].isdigit()}
