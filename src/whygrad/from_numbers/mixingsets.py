"""Trajectories with three mistakes of which one is in the cell and mixes examples: the gradient of a weight for the weight, say.

Their programs are computed with the whole batch. So the likeliest are tried, and only where a cell has few such mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.cellpairs import first_wrong
from whygrad.from_numbers.celltriples import giving_the_first, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.hypotheses import Cells
    from whygrad.from_numbers.passes import Passes
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_MIXING = 16
"""So many of these edited cells, the likeliest."""
MOST_PAIRS = 500
"""So many of them with another mistake in the cell."""
MOST_BESIDE = 3000
"""So many cells in which what mixes examples shows only later."""
WITH_TWO_LOOPS = 4
"""So many cells with two mistakes in the loop."""
PAIRS_AFTER = 100
"""So many of these after wrong forward passes."""
MOST_PASSES = 400
"""So many forward passes with several mistakes."""
WHAT = "a mistake in the cell that mixes examples and two more"


def mixing_sets(trajectories: Trajectories, others: Sequence[Trajectories]) -> list[Edits]:
    """The programs with such a mistake and two more that print the same dx; ``others`` work with other weights."""
    hypotheses, trail, tables = trajectories.hypotheses, trajectories.trail, trajectories.tables
    cost = tables.variants.set_cost
    mixing = list(trail.likeliest(sorted(hypotheses.cells.mixing, key=lambda cell: cost(cell[1])), MOST_MIXING, WHAT))
    if not mixing or not hypotheses.right:
        return []
    pairs = with_another(trajectories, mixing)
    found = _beside_the_first(trajectories)
    found += trajectories.with_cells(trajectories.whole_context, pairs, hypotheses.early_single, WHAT)
    found += trajectories.with_cells(trajectories.whole_context, mixing[:WITH_TWO_LOOPS], hypotheses.early_double, WHAT)
    found += trajectories.with_forward(mixing, hypotheses.early_single, WHAT, passes=tables.whole_passes)
    found += trajectories.with_forward(pairs[:PAIRS_AFTER], hypotheses.from_right, WHAT, passes=tables.whole_passes)
    found += trajectories.with_forward(mixing, hypotheses.from_right, WHAT, passes=_passes(trajectories))
    for other in others:
        found += other.with_cells(other.whole_context, mixing, hypotheses.early_single, WHAT)
        found += other.with_forward(mixing, hypotheses.from_right, WHAT, passes=tables.whole_passes)
    return found


def _beside_the_first(trajectories: Trajectories) -> list[Edits]:
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
    cost = trajectories.tables.variants.set_cost
    alone = trajectories.cells
    sums = np.array([cost(edits) for _, edits in mixing])[:, None] + np.array([cost(edits) for _, edits in alone])[None]
    places: list[int] = np.argsort(sums, axis=None, kind="stable").tolist()
    found: Cells = []
    for place in places:
        (texts, edits), (more, others) = mixing[place // len(alone)], alone[place % len(alone)]
        if not {number for number, _ in texts} & {number for number, _ in more}:
            found.append(((*texts, *more), (*edits, *others)))
            if len(found) == MOST_PAIRS:
                trajectories.trail.cut(WHAT)
                break
    return found


def _passes(trajectories: Trajectories) -> Passes:
    """The likeliest forward passes with several mistakes, in all columns."""
    sets = trajectories.hypotheses.forward_sets
    likely = [sets.edits(number) for number in np.argsort(sets.costs, kind="stable")[:MOST_PASSES].tolist()]
    return trajectories.tables.run_whole(likely)
