"""Trajectories under a check that draws its inputs otherwise, so that all that it draws afterwards is other too, the weights included.

Nothing that is kept of the right check helps there. But the cell, the loops and the mistakes in the forward pass are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.programs.contexts import Contexts
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.passes import Passes, same_weights
from whygrad.from_numbers.sequence.cell_pairs import cell_pairs
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL
from whygrad.mistakes import Edits, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edit

WHAT = "a check that draws its inputs otherwise, and one mistake more"
WHAT_TWO = "a check that draws its inputs otherwise, and two mistakes more"


def drawn_anew(walks: Trajectories) -> list[Edits]:
    """The programs with such a check and another mistake, in the loop, in the cell or in the forward pass, that print the same dx."""
    found: list[Edits] = []
    for after, passes in _worlds(walks):
        found += after.with_cells(after.own_context, after.cells, walks.hypotheses.from_right, WHAT)
        found += after.loops_alone(walks.hypotheses.single, WHAT)
        found += after.with_forward(RIGHT_CELL, walks.hypotheses.from_right, WHAT, passes=passes)
    return found


def drawn_anew_and_two(walks: Trajectories) -> list[Edits]:
    """The same with two others, of which no more than one is in the forward pass."""
    hypotheses = walks.hypotheses
    found: list[Edits] = []
    for after, passes in _worlds(walks):
        found += after.with_cells(after.own_context, after.cells, hypotheses.early_single, WHAT_TWO)
        found += after.loops_alone(hypotheses.early_double, WHAT_TWO)
        found += cell_pairs(after)
        found += after.with_forward(RIGHT_CELL, hypotheses.single, WHAT_TWO, passes=passes)
        found += after.with_forward(after.cells, hypotheses.from_right, WHAT_TWO, passes=passes)
    return found


def _worlds(walks: Trajectories) -> Iterator[tuple[Trajectories, Passes]]:
    """The walks with each such check, and the forward passes with a mistake of their own under it."""
    tables = walks.tables
    for edit in _draws(tables):
        lines = edited_lines(tables.assignment, (edit,))
        after = walks.after((edit,))
        if lines is not None and after.record is not None:
            changed = tables.tables.changed(tables.check, lines[edit.function], edit.slip)
            yield after, _padded(changed.of(tables.check).passes, tables.forms.caches)


def _padded(passes: Passes, caches: int) -> Passes:
    """With NaN for the caches that they lack: loops may ask for them."""
    arrays = passes.contexts.arrays
    missing = caches - max(array.shape[2] for array in arrays.values())
    more = ((0, 0), (0, 0), (0, max(0, missing)), (0, 0))
    padded = {name: np.pad(array, more, constant_values=np.nan) if array.shape[2] > 1 else array for name, array in arrays.items()}
    return Passes(passes.rows, Contexts(passes.contexts.da, padded))


def _draws(tables: CheckTables) -> Iterator[Edit]:
    """The edits of the check alone with which the backward function works with other weights; of those that do the same the first."""
    first_half = FirstHalf(tables.assignment, tables.check)
    known = [tables.right]
    for edit in tables.variants.of_function(f"{tables.check}_check"):
        record = first_half.run((edit,)) if len(edit.lines) == 1 and not stands_alone((edit,)) else None
        if record is not None and _fits(record, tables.right) and not any(same_weights(_weights(record), _weights(one)) for one in known):
            known.append(record)
            yield edit


def _weights(record: Record) -> dict[str, object]:
    return record.arguments[1][0][0][-1]


def _fits(record: Record, right: Record) -> bool:
    """Whether the backward function is called with as many arguments, and an upstream gradient of the right shape."""
    return len(record.arguments) == len(right.arguments) and record.arguments[0].shape == right.arguments[0].shape
