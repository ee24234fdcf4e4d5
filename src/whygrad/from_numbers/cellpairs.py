"""Two edited equations of the cell: where a wrong number first appears their effects add up, so pairs are found by their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers import SIDE_BY_SIDE
from whygrad.from_numbers.singles import line_texts

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers import Floats
    from whygrad.from_numbers.timewalk import Tree
    from whygrad.from_numbers.hypotheses import Cells
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
DX_DECIMALS = 1e-7
"""An effect below this does not show in the printed decimals of dx."""
NO_EFFECT = 1e-12
"""An effect that is only rounding."""
EFFECT_DECIMALS = 11
"""Effects that agree to so many decimals are one in the sums."""
MOST_PAIRS = 4000
"""So many pairs of effects with the right sum are followed."""
MOST_ALIKE = 24
"""So many mistakes of one effect, the likeliest first."""
MOST_FIRST = 16
"""So many mistakes that give the first wrong number by themselves are tried with one that shows only later."""
MOST_IDLE = 1200
"""So many of those that show only later, the likeliest first."""


def cell_pairs(trajectories: Trajectories) -> list[Edits]:
    """The programs with two mistakes in the cell, with the right loop or one mistake in it, that print the same dx."""
    tables, target = trajectories.tables, trajectories.target
    singles = tables.singles
    named = {entry: at for at, entry in enumerate(singles.entries)}
    printed = {
        number.index[2]: place
        for place, number in enumerate(target.block.numbers)
        if number.quantity == "dx" and target.finite[place] and ("dx", number.index) in named
    }
    cells = np.flatnonzero(singles.rows.within([tables.cell]))
    cells = cells[np.argsort(singles.costs[cells], kind="stable")]
    right = target.values(tables.right.gradients)
    for step in sorted(printed, reverse=True):
        place = printed[step]
        column = singles.numbers[cells, named["dx", target.block.numbers[place].index]]
        if target.low[place] <= right[place] <= target.high[place]:
            cells = cells[np.abs(column - right[place]) <= DX_DECIMALS]
            continue
        effects = column - right[place]
        trail = trajectories.trail
        hit = np.flatnonzero((column >= target.low[place] - SIDE_BY_SIDE) & (column <= target.high[place] + SIDE_BY_SIDE))
        later = np.flatnonzero(np.abs(effects) <= NO_EFFECT)
        reached: list[int] = list(trail.likeliest(cells[hit].tolist(), MOST_FIRST, "mistakes in the cell that give the first wrong number"))
        idle: list[int] = (
            list(trail.likeliest(cells[later].tolist(), MOST_IDLE, "mistakes in the cell that show only later")) if reached else []
        )
        useful = np.flatnonzero(np.isfinite(effects) & (np.abs(effects) > NO_EFFECT))
        values, kind = np.unique(effects[useful].round(EFFECT_DECIMALS), return_inverse=True)
        members: list[list[int]] = [useful[np.flatnonzero(kind == number)].tolist() for number in range(len(values))]
        low, high = target.low[place] - right[place], target.high[place] - right[place]
        pairs = trail.likeliest(sums(values, low - 2 * SIDE_BY_SIDE, high + 2 * SIDE_BY_SIDE), MOST_PAIRS, "pairs of effects in the cell")
        chosen = [
            (singles.rows[cells[first]], singles.rows[cells[second]])
            for one, other in pairs
            for first in trail.likeliest(members[one], MOST_ALIKE, "mistakes in the cell of one effect")
            for second in trail.likeliest(members[other], MOST_ALIKE, "mistakes in the cell of one effect")
        ]
        found = _walked(trajectories, chosen, trajectories.hypotheses.from_right)
        found += _walked(
            trajectories, [(singles.rows[one], singles.rows[other]) for one in reached for other in idle], trajectories.hypotheses.right_only
        )
        trail.tried += len(useful) ** 2 // 2
        return found
    return []


def _walked(trajectories: Trajectories, chosen: list[tuple[Edits, Edits]], tree: Tree) -> list[Edits]:
    tables = trajectories.tables
    both: Cells = []
    for one, other in chosen:
        if {line[:2] for edit in one for line in edit.lines} & {line[:2] for edit in other for line in edit.lines}:
            continue
        texts = line_texts((*one, *other), tables.cell, tables.equations)
        if texts:
            both.append((texts, (*one, *other)))
    return trajectories.with_cells(trajectories.own_context, both, tree, "two mistakes in the cell and one in the loop")


def sums(effects: Floats, low: float, high: float) -> list[tuple[int, int]]:
    """Pairs of different effects, or of one with itself, whose sum lies between ``low`` and ``high``: their numbers in ``effects``."""
    order = np.argsort(effects)
    ordered = effects[order]
    start = np.searchsorted(ordered, low - effects, "left")
    end = np.searchsorted(ordered, high - effects, "right")
    found: list[tuple[int, int]] = []
    for one in np.flatnonzero(end > start):
        found += [(int(one), int(other)) for other in order[start[one] : end[one]] if one <= other]
        if len(found) > MOST_PAIRS:  # one more than is followed, so that the caller knows of the rest
            break
    return found
