"""Programs that hold what belongs to all steps in one array: their quantities are the reference's, side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from whygrad.from_code.observe.arrays import shape_of
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.moved import changes, nudge
from whygrad.from_code.observe.quantities import Derived, matrices
from whygrad.from_code.observe.subject import Record, by_place
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.quantities import Quantities, Table
    from whygrad.from_code.observe.subject import Subject

_AXES = (-1, 0)
"""Those along which steps are put side by side."""


class OverTime(Derived):
    """The values of a table that each step has, those of all steps in one array, step 0 first."""

    def __init__(self, table: Table, steps: int, axis: int, *, backward: bool) -> None:
        """Nothing is run."""
        self._axis, self._order = axis, slice(None, None, -1 if backward else 1)
        each = by_place(record for record, _ in matrices(table))
        whole = [
            replace(visits[0], value=np.stack([visit.value for visit in visits[self._order]], axis=axis), phase=0)
            for visits in each.values()
            if len(visits) == steps and len({visit.value.shape for visit in visits}) == 1
        ]
        super().__init__(table, whole, {record.place.id: 1 for record in whole})

    def response(self, record: Record) -> Observations:
        """How the results respond to a quantity that is moved at all steps."""
        moved = np.moveaxis(record.value + nudge(record.value.shape), self._axis, 0)[self._order]
        near = [Substitute(record.place.id, visit, value) for visit, value in enumerate(moved)]
        return changes(self.subject.run(near), self.observations)


def side_by_side(subject: Subject, right: Quantities) -> Quantities:
    """The right values; for a sequence function that computes the cell by itself also those within the cell.

    If it puts those of all steps side by side, those too; where it calls the cell, in an array of another shape than all results have.
    """
    steps, whole = len(right.calls), subject.cell != subject.function
    alone = whole and not subject.calling and steps > 1
    handed_out = {np.shape(result) for result in right.results.values()} if whole else set[tuple[int, ...]]()
    for record in subject.traced()[1] if whole and steps > 1 else ():
        shape = shape_of(record.value) or ()
        of_all_steps = len(shape) == 3 and steps in {shape[0], shape[-1]}  # noqa: PLR2004 - a matrix a step
        computed = shape not in handed_out or (alone and np.any(cast("float", record.value)))
        if of_all_steps and computed and record.place.kind in GIVES:
            return _with_stacks(right.with_its_cell if alone else right, steps)
    return right.with_its_cell if alone else right


@lru_cache(maxsize=16)
def _with_stacks(right: Quantities, steps: int) -> Quantities:
    backward = right.function.endswith("backward")
    return right.beside([OverTime(table, steps, axis, backward=backward) for table in right.tables for axis in _AXES])
