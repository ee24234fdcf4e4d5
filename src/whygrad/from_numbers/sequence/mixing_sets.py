"""Trajectories with three mistakes of which one is in the cell and mixes examples: the gradient of a weight for the weight, say.

Their programs are computed with the whole batch. So those are tried that show only later than what gives the first number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.sequence.cell_pairs import first_wrong
from whygrad.from_numbers.sequence.cell_triples import giving_the_first, likeliest_together, together

if TYPE_CHECKING:
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_MIXING = 16
"""So many of these edited cells, the likeliest, are tried with any two mistakes more."""
MOST_PAIRS = 500
"""So many of these edited cells with another mistake in them."""
MOST_IN_CELL = 4000
"""So many with a loop that begins right alone."""
MOST_BESIDE = 3000
"""So many cells in which what mixes examples shows only later."""
WHAT = "a mistake in the cell that mixes examples and two more"


def mixing_sets(trajectories: Trajectories) -> list[Edits]:
    """The programs with such a mistake and two more, one of them in the loop, that print the same dx."""
    hypotheses, tables = trajectories.hypotheses, trajectories.tables
    mixing = _likeliest(trajectories)
    if not mixing:
        return []
    pairs = [*with_another(trajectories, mixing), *_beside_what_is_shared(trajectories)]
    found = trajectories.with_cells(trajectories.whole_context, pairs, hypotheses.early_single, WHAT)
    return found + trajectories.with_forward(mixing, hypotheses.early_single, WHAT, passes=tables.whole_passes)


def mixing_and_another(trajectories: Trajectories) -> list[Edits]:
    """The programs with such a mistake and another one in the cell, with a loop that begins right, that print the same dx."""
    mixing = _likeliest(trajectories)
    what = "a mistake in the cell that mixes examples and another one"
    pairs = likeliest_together(trajectories, mixing, trajectories.cells, MOST_IN_CELL, what) if mixing else []
    return trajectories.with_cells(trajectories.whole_context, pairs, trajectories.hypotheses.from_right, what)


def _likeliest(trajectories: Trajectories) -> Cells:
    cost = trajectories.tables.variants.set_cost
    return list(
        trajectories.trail.likeliest(sorted(trajectories.hypotheses.cells.mixing, key=lambda cell: cost(cell[1])), MOST_MIXING, WHAT)
    )


def mixing_beside_the_first(trajectories: Trajectories) -> list[Edits]:
    """The programs in which one mistake or two of the cell give the first wrong number, and one that mixes shows only later."""
    wrong, cell = first_wrong(trajectories), trajectories.cell
    if wrong is None or cell is None:
        return []
    hypotheses, trail = trajectories.hypotheses, trajectories.trail
    bearing = {number for number, *_ in cell.leading_to("dxt")}
    mixing = [one for one in hypotheses.cells.mixing if bearing.isdisjoint(number for number, _ in one[0])]
    mixing.sort(key=lambda one: trajectories.tables.variants.set_cost(one[1]))
    found: list[Edits] = []
    for begun, tree in zip(giving_the_first(trajectories, wrong), (hypotheses.from_right, hypotheses.right_only), strict=True):
        cells = together(begun, trail.likeliest(mixing, MOST_BESIDE // max(1, len(begun)), WHAT)) if begun else []
        found += trajectories.with_cells(trajectories.whole_context, cells, tree, WHAT)
    return found


def with_another(trajectories: Trajectories, mixing: Cells) -> Cells:
    """The likeliest of these cells with another equation edited."""
    return likeliest_together(trajectories, mixing, trajectories.cells, MOST_PAIRS, WHAT)


def _beside_what_is_shared(trajectories: Trajectories) -> Cells:
    """The likeliest that write out what they share with others, each with a mistake in that: it does not reach them as a whole."""
    cell, hypotheses = trajectories.cell, trajectories.hypotheses
    if cell is None:
        return []
    mixing = trajectories.trail.likeliest(trajectories.free(hypotheses.cells.mixing_written_out), MOST_MIXING, WHAT)
    shared = [one for one in trajectories.cells if any(number in cell.shared for number, _ in one[0])]
    return likeliest_together(trajectories, list(mixing), shared, MOST_PAIRS, WHAT) if mixing and shared else []
