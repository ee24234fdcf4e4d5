"""Two mistakes within one equation of the cell: what each gives first depends on nothing that was printed, so it is kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

WHAT = "two mistakes in one equation of the cell"


def twice_in_one_equation(trajectories: Trajectories) -> list[Edits]:
    """The programs with two mistakes in an equation that computes entry by entry, with a loop that begins right, that print the same dx."""
    if trajectories.spent(WHAT):
        return []
    low, high = trajectories.limits(trajectories.hypotheses.first_step)
    chosen: Cells = []
    for line, values in _first_numbers(trajectories).items():
        trajectories.trail.tried += len(values)
        places = np.flatnonzero((values >= low) & (values <= high))
        edits = _edits(trajectories.tables, int(line)) if len(places) else ()
        chosen += [(((int(line), edits[place].formula),), (edits[place],)) for place in places.tolist()]
    return trajectories.with_cells(trajectories.own_context, chosen, trajectories.hypotheses.from_right, WHAT)


def _edits(tables: CheckTables, line: int) -> Edits:
    return tables.variants.twice(tables.cell, line)


def _first_numbers(trajectories: Trajectories) -> dict[str, Floats]:
    """What each of these cells gives for the printed entry of dx in the call that the right loop makes first, line by line.

    NaN for those that do not compute entry by entry.
    """
    return trajectories.kept_numbers("twice", lambda: _computed(trajectories))


def _computed(trajectories: Trajectories) -> dict[str, Floats]:
    cell, tree = trajectories.hypotheses.right_cell, trajectories.hypotheses.right_only
    walk = trajectories.through(cell, trajectories.own_context)
    found: dict[str, Floats] = {}
    for line, _, text in cell.lines:
        if cell.entry_by_entry(line, text):
            formulas = [edit.formula for edit in _edits(trajectories.tables, line)]
            fits = np.array([cell.entry_by_entry(line, formula) for formula in formulas], bool)
            texts = [((line, formulas[place]),) for place in np.flatnonzero(fits).tolist()]
            blocks = walk.openings(np.zeros(1, int), np.ones(1, int), texts, tree)
            found[str(line)] = np.full(len(formulas), np.nan)
            found[str(line)][fits] = np.concatenate([np.zeros(0), *(block[:, 0, 0] for block in blocks)])
    return found
