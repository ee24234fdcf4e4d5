"""Two edited equations of the cell of which one reads the other: that of dx, and one that it is made of.

Their effects do not add up. So each pair is computed, in the call that the right loop makes first: all edits of the others side by side,
and on top of them every edit of dx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.cellpairs import both

if TYPE_CHECKING:
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_PAIRS = 3000
"""So many pairs that give the first number are followed, likeliest first."""
WHAT = "a mistake in the equation of dx and one in what it is made of"


def pairs_within(trajectories: Trajectories) -> list[Edits]:
    """The programs with two such mistakes, with the right loop, that print the same dx."""
    hypotheses, trail, cell, cells = trajectories.hypotheses, trajectories.trail, trajectories.cell, trajectories.cells
    if cell is None or not hypotheses.right or trail.left <= 0:
        return []
    last = next(number for number, target, _ in cell.lines if target == "dxt")
    own = [at for at, (texts, _) in enumerate(cells) if {number for number, _ in texts} == {last}]
    others = [at for at, (texts, _) in enumerate(cells) if all(number != last for number, _ in texts)]
    low, high = trajectories.limits(hypotheses.first_step)
    walk = trajectories.through(cell, trajectories.own_context)
    values = walk.openings_after([cells[at][0] for at in others], [cells[at][0] for at in own], hypotheses.right_only)
    pairs = [
        (at, others[number])
        for at, given in zip(own, values, strict=True)
        for number in np.flatnonzero((given >= low) & (given <= high)).tolist()
    ]
    trail.tried += walk.tried
    found = sorted(both(cells, pairs), key=lambda one: trajectories.tables.variants.set_cost(one[1]))
    return trajectories.with_cells(trajectories.own_context, list(trail.likeliest(found, MOST_PAIRS, WHAT)), hypotheses.right_only, WHAT)
