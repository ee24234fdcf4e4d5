"""Whether a number of a block, or a few, were typed wrongly: a program prints all others, and these but for a slip of the pen.

No further mistake changes one number so little, so that none is looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers.slip_of_the_pen import SIGN, slip_of_the_pen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.candidates.found import Found
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit

LEAST_BESIDE = 4
"""Beside so many numbers and fewer, one that is near another program's may be so by chance."""
MOST_SLIPS = 4
ROUNDED = 1e-5
"""By so much of itself a number in single precision may be off."""


def mistyped(tables: CheckTables, target: Target, found: Iterable[Found]) -> bool:
    """Whether one of these programs prints all but one of the numbers, or a few, and these differ by a slip of the pen."""
    missed = ((one.edits, np.flatnonzero(~one.hits).tolist()) for one in found if not one.full)
    return any(
        len(target) >= LEAST_BESIDE + len(places) <= LEAST_BESIDE + MOST_SLIPS
        and all(by_a_slip(tables, target, edits, place, several=len(places) > 1) for place in places)
        for edits, places in missed
    )


def by_a_slip(tables: CheckTables, target: Target, edits: tuple[Edit, ...], place: int, *, several: bool = False) -> bool:
    """Whether the number at a place differs by a digit, or by two exchanged, from what the program with these edits prints there.

    Its sign alone another mistake may have turned, and ``several`` in their last digits alone are no slips.
    """
    gradients = tables.run(edits)
    if gradients is None:
        return False
    text, value = target.block.numbers[place].text, float(target.values(gradients)[place])
    return slip_of_the_pen(text, value) not in {"", SIGN} and not (several and rounded(text, value))


def rounded(text: str, value: float) -> bool:
    """Whether a number is off in its last digits alone, as where a program computes in single precision."""
    return bool(np.isclose(float(text), value, ROUNDED))
