"""Three edited equations of the cell: where a wrong number first appears their effects add up, so triples are found by their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.cellpairs import EFFECT_DECIMALS, NO_EFFECT, first_wrong
from whygrad.from_numbers.numbers import SIDE_BY_SIDE

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers import Floats
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_EFFECTS = 1000
"""So many different effects, those of the likeliest mistakes, are added up."""
MOST_TRIPLES = 200
"""So many of the sums that are right are followed, likeliest first."""
WHAT = "three mistakes in the cell"


def cell_triples(trajectories: Trajectories) -> list[Edits]:
    """The programs with three mistakes in the cell, all of which bear on the first wrong number, that print the same dx."""
    wrong, trail = first_wrong(trajectories), trajectories.trail
    if wrong is None:
        return []
    useful = np.flatnonzero(np.isfinite(wrong.effects) & (np.abs(wrong.effects) > NO_EFFECT))
    _, first = np.unique(wrong.effects[useful].round(EFFECT_DECIMALS), return_index=True)
    likely: list[int] = list(trail.likeliest(useful[np.sort(first)].tolist(), MOST_EFFECTS, f"{WHAT}: effects"))
    cells = [wrong.cells[at] for at in likely]
    trail.tried += len(cells) ** 3 // 6
    found = [[cells[at] for at in numbers] for numbers in sums_of_three(wrong.effects[likely], wrong.low, wrong.high)]
    apart = [own for own in found if len({number for texts, _ in own for number, _ in texts}) == sum(len(texts) for texts, _ in own)]
    merged = [(tuple(text for texts, _ in own for text in texts), tuple(edit for _, edits in own for edit in edits)) for own in apart]
    merged.sort(key=lambda cell: trajectories.tables.variants.set_cost(cell[1]))
    chosen = list(trail.likeliest(merged, MOST_TRIPLES, WHAT))
    return trajectories.with_cells(trajectories.own_context, chosen, trajectories.hypotheses.right_only, WHAT)


def sums_of_three(effects: Floats, low: float, high: float) -> list[tuple[int, int, int]]:
    """Which three different effects have a sum between ``low`` and ``high``, each three once."""
    one, other = np.triu_indices(len(effects), 1)
    pairs = effects[one] + effects[other]
    order = np.argsort(pairs)
    slack = 3 * SIDE_BY_SIDE
    start = np.searchsorted(pairs[order], low - slack - effects, "left")
    end = np.searchsorted(pairs[order], high + slack - effects, "right")
    return [
        (int(one[at]), int(other[at]), int(third))
        for third in np.flatnonzero(end > start)
        for at in order[start[third] : end[third]]
        if other[at] < third
    ]
