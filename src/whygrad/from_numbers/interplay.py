"""Two edited equations of the cell of which one reads the other: that of dx, and one that it is made of.

Their effects do not add up. So each pair is computed, in the call that the right loop makes first: all edits of the others side by side,
and on top of them every edit of dx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from whygrad.from_numbers.hypotheses import Cells
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_PAIRS = 3000
"""So many pairs that give the first number are followed, likeliest first."""
WHAT = "a mistake in the equation of dx and one in what it is made of"


def pairs_within(trajectories: Trajectories) -> list[Edits]:
    """The programs with two such mistakes, with the right loop or one mistake in it, that print the same dx."""
    hypotheses, trail, cell = trajectories.hypotheses, trajectories.trail, trajectories.cell
    if cell is None or not hypotheses.right or trail.left <= 0:
        return []
    last = next(number for number, target, _ in cell.lines if target == "dxt")
    own = [one for one in trajectories.cells if {number for number, _ in one[0]} == {last}]
    others = [one for one in trajectories.cells if all(number != last for number, _ in one[0])]
    low, high = trajectories.limits(hypotheses.first_step)
    walk = trajectories.through(cell, trajectories.own_context)
    found: Cells = []
    for (texts, edits), values in zip(
        own, walk.openings_after([texts for texts, _ in others], [texts for texts, _ in own], hypotheses.right_only), strict=True
    ):
        found += [((*texts, *others[at][0]), (*edits, *others[at][1])) for at in np.flatnonzero((values >= low) & (values <= high))]
    trail.tried += walk.tried
    found.sort(key=lambda one: trajectories.tables.variants.set_cost(one[1]))
    return trajectories.with_cells(trajectories.own_context, list(trail.likeliest(found, MOST_PAIRS, WHAT)), hypotheses.right_only, WHAT)
