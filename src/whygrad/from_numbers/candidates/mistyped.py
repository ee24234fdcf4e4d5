"""Whether one number of a block was typed wrongly: a program prints all others, and that one but for a slip of the pen.

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


def mistyped(tables: CheckTables, target: Target, found: Iterable[Found]) -> bool:
    """Whether one of these programs prints all but one of the numbers, and that one differs by a slip of the pen."""
    if len(target) <= LEAST_BESIDE:
        return False
    missed = ((one.edits, np.flatnonzero(~one.hits).tolist()) for one in found)
    return any(by_a_slip(tables, target, edits, places[0]) for edits, places in missed if len(places) == 1)


def by_a_slip(tables: CheckTables, target: Target, edits: tuple[Edit, ...], place: int) -> bool:
    """Whether the number at a place differs by a digit, or by two exchanged, from what the program with these edits prints there.

    Its sign alone another mistake may have turned.
    """
    gradients = tables.run(edits)
    slip = "" if gradients is None else slip_of_the_pen(target.block.numbers[place].text, target.values(gradients)[place])
    return slip not in {"", SIGN}
