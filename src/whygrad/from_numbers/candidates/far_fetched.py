"""Explanations that fit and are none: several rare mistakes put together give what one mistake gives that is not known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.grouped import count_of, grouped
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import ROUNDING

if TYPE_CHECKING:
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.tables.tables import CheckTables, Tables
    from whygrad.mistakes import Edits

FEW = 2
"""More mistakes than these may be far-fetched. Two that make up for each other are one thing in two places, as what is cached otherwise."""
RARE = 8.0
"""What it costs to believe in such, in powers of ten."""


def far_fetched(tables: Tables, family: Family, found: tuple[Edits, list[Bools], float]) -> bool:
    """Whether of several mistakes one mends what another spoils, or all are rare together and no wrong output is wholly explained."""
    edits, hits, cost = found
    if count_of(edits) <= FEW:
        return False
    if any(own.all() and not right.all() for own, right in zip(hits, family.right, strict=True)):
        return any(_mends(tables.of(target.block.check), edits) for target in family.targets)
    return cost > RARE


def _mends(check: CheckTables, edits: Edits) -> bool:
    """Whether a wrong equation of the backward cell gives the right value in its first call, but not without the other mistakes."""
    equations = {edit.lines[0][2].strip().partition(" = ")[0]: edit for edit in edits if edit.function == check.cell and edit.formula}
    for group in grouped(tuple(equations.values())):
        names = [name for name, edit in equations.items() if edit in group]
        if _gives(check, edits, names) and not _gives(check, tuple(group), names):
            return True
    return False


def _gives(check: CheckTables, edits: Edits, names: list[str]) -> bool:
    """Whether the program with these edits gives these quantities rightly in the cell's first call."""
    record = check.record(edits)
    if record is None or not record.calls:
        return False
    pairs = [(record.calls[0].get(name), check.right.calls[0].get(name)) for name in names]
    return all(
        is_array(one) and is_array(other) and one.shape == other.shape and np.allclose(one, other, ROUNDING, ROUNDING)
        for one, other in pairs
    )
