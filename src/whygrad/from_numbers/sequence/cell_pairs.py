"""Two edited equations of the cell: where a wrong number first appears their effects add up, so pairs are found by their sums."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.side_by_side.columns import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.programs.passes import Passes
    from whygrad.from_numbers.side_by_side.columns import Cell
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

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
MOST_ENTRIES = 2
"""For so many entries of dx the numbers of all edited cells are kept."""
MOST_FIRST = 16
"""So many mistakes that give the first wrong number by themselves are tried with one that shows only later."""
MOST_IDLE = 1400
"""So many of those that show only later, the likeliest first."""
FIRST_AFTER = 4
IDLE_AFTER = 1000
"""The same two after each of many wrong forward passes."""
AT_ONCE = 125
"""So many wrong forward passes are opened side by side."""
MOST_FOLLOWED = 50_000
"""So many pairs in all wrong forward passes are followed."""
MOST_STARTS = 6
"""So many forward passes that give the first number by themselves are tried with two mistakes in the cell, the likeliest first."""
WHAT = "two mistakes in the cell and one in the loop"


class FirstWrong(NamedTuple):
    """The first printed number that the right cell does not give: by how much each cell that leaves alone those before changes it.

    ``low`` and ``high`` are the bounds of the change that is needed.
    """

    cells: Cells
    effects: Floats
    low: float
    high: float


def first_wrong(trajectories: Trajectories) -> FirstWrong | None:
    """The first number of dx that is wrong in the right loop; None where all are right, or one that is not printed comes first."""
    cells, target = trajectories.cells, trajectories.target
    printed = {
        number.index[2]: place for place, number in enumerate(target.block.numbers) if number.quantity == "dx" and target.finite[place]
    }
    if trajectories.cell is None or trajectories.record is None:
        return None
    alone = _alone(trajectories, trajectories.cell, cells)
    row, column = trajectories.entry
    kept = np.arange(len(cells))
    calls = trajectories.record.calls
    for call, step in enumerate(reversed(range(len(calls)))):
        if step not in printed:
            return None
        place = printed[step]
        own = calls[call]["dxt"][row, column]
        effects = alone.at(call)[kept] - own
        if not target.low[place] <= own <= target.high[place]:
            return FirstWrong([cells[at] for at in kept], effects, float(target.low[place] - own), float(target.high[place] - own))
        kept = kept[np.abs(effects) <= DX_DECIMALS]
    return None


def cell_pairs(trajectories: Trajectories) -> list[Edits]:
    """The programs with two mistakes in the cell, with the right loop or one mistake in it, that print the same dx."""
    wrong, trail = first_wrong(trajectories), trajectories.trail
    if wrong is None:
        return []
    reached, later, sums = sought(trajectories, wrong.effects, wrong.low, wrong.high)
    trail.tried += len(showing(wrong.effects)) ** 2 // 2
    reached = trail.likeliest(reached, MOST_FIRST, "mistakes in the cell that give the first wrong number")
    later = trail.likeliest(later, MOST_IDLE, "mistakes in the cell that show only later")
    found = trajectories.with_cells(trajectories.own_context, both(wrong.cells, sums), trajectories.hypotheses.from_right, WHAT)
    pairs = [(one, other) for one in reached for other in later]
    return found + trajectories.with_cells(trajectories.own_context, both(wrong.cells, pairs), trajectories.hypotheses.right_only, WHAT)


def pairs_otherwise_begun(trajectories: Trajectories) -> list[Edits]:
    """The programs with two mistakes in the cell, whose loop begins otherwise than the right one does, that print the same dx."""
    cells, hypotheses = trajectories.cells, trajectories.hypotheses
    if trajectories.cell is None or not hypotheses.right:
        return []
    tree = hypotheses.single
    nodes = np.array([node for node in hypotheses.openings if node != tree.first.get(hypotheses.right[0])], int)
    if not len(nodes):
        return []
    walk = trajectories.through(trajectories.cell, trajectories.own_context)
    texts = [(), *(texts for texts, _ in cells)]
    values = np.concatenate(list(walk.openings(np.zeros(len(nodes), int), nodes, texts, tree)))[:, 0]
    lows, highs = walk.first_limits(tree, nodes)
    found: list[Edits] = []
    for place, node in enumerate(nodes.tolist()):
        own = values[0, place]
        if np.isfinite([own, lows[place], highs[place]]).all() and not lows[place] <= own <= highs[place]:
            effects = values[1:, place] - own
            reached, later, sums = sought(trajectories, effects, float(lows[place] - own), float(highs[place] - own))
            trajectories.trail.tried += len(showing(effects)) ** 2 // 2
            pairs = [(one, other) for one in reached[:FIRST_AFTER] for other in later[:IDLE_AFTER]]
            found += trajectories.begun(tree, node, both(cells, [*sums, *pairs]), WHAT)
    return found


class Alone:
    """The printed entry of dx in the calls of the right loop with each of the edited cells alone: a call is computed when asked for.

    Where somebody interrupts that, in a notebook that goes on, the walk has ended and is begun anew.
    """

    def __init__(self, cell: Cell, cells: Cells, row: int, column: int) -> None:
        self._walk = partial(walk, cell, [texts for texts, _ in cells], [column])
        self._calls = self._walk()
        self._row = row
        self._known: list[Floats] = []

    def at(self, call: int) -> Floats:
        """The entry in one call, for each cell."""
        while len(self._known) <= call:
            values = next(self._calls, None)
            if values is None:
                self._calls = islice(self._walk(), len(self._known), None)
                values = next(self._calls)
            self._known.append(values["dxt"][:, self._row, 0].copy())
        return self._known[call]


def _alone(trajectories: Trajectories, cell: Cell, cells: Cells) -> Alone:
    """Kept for later blocks where nothing else is wrong."""
    row, column = trajectories.entry
    if trajectories.base:
        return Alone(cell, cells, row, column)
    known = trajectories.tables.beside("numbers of edited cells", lambda: Last[Alone](MOST_ENTRIES))
    return known.get((row, column), lambda: Alone(cell, cells, row, column))


def showing(effects: Floats) -> Ints:
    """Which effects are any."""
    return np.flatnonzero(np.isfinite(effects) & (np.abs(effects) > NO_EFFECT))


def sought(trajectories: Trajectories, effects: Floats, low: float, high: float) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Of the effects on one number: which are right alone, which do not show (none if none is right), which pairs have the right sum."""
    trail = trajectories.trail
    reached: list[int] = np.flatnonzero((effects >= low - SIDE_BY_SIDE) & (effects <= high + SIDE_BY_SIDE)).tolist()
    idle: list[int] = np.flatnonzero(np.abs(effects) <= NO_EFFECT).tolist() if reached else []
    useful = showing(effects)
    values, kind = np.unique(effects[useful].round(EFFECT_DECIMALS), return_inverse=True)
    found = sums(values, low - 2 * SIDE_BY_SIDE, high + 2 * SIDE_BY_SIDE)
    members: dict[int, list[int]] = {}
    for number in {number for pair in found for number in pair}:
        members[number] = list(
            trail.likeliest(useful[np.flatnonzero(kind == number)].tolist(), MOST_ALIKE, "mistakes in the cell of one effect")
        )
    pairs = trail.likeliest(found, MOST_PAIRS, "pairs of effects in the cell")
    return reached, idle, [(one, other) for first, second in pairs for one in members[first] for other in members[second]]


def both(cells: Cells, pairs: list[tuple[int, int]]) -> Cells:
    """The cells with two of the mistakes, in different equations."""
    found: Cells = []
    for one, other in pairs:
        (texts, edits), (more, others) = cells[one], cells[other]
        if not {number for number, _ in texts} & {number for number, _ in more}:
            found.append(((*texts, *more), (*edits, *others)))
    return found


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


def pairs_after(trajectories: Trajectories, passes: Passes) -> list[Edits]:
    """The programs with a wrong forward pass and two mistakes in the cell that print the same dx."""
    cells = trajectories.cells
    trail = trajectories.trail
    chosen: Cells = []
    numbers: list[int] = []
    begun: list[int] = []
    what = "after wrong forward passes, pairs of mistakes in the cell: only those after the likeliest passes were followed"
    low, high = trajectories.limits(trajectories.hypotheses.first_step)
    for number, own, alone in _openings(trajectories, passes):
        if trail.spent:
            trail.cut(what)
            break
        if low <= own <= high:
            begun.append(number)
        elif len(chosen) > MOST_FOLLOWED:
            trail.cut(what)
        elif np.isfinite(own) and _may_give(alone - own, low - own, high - own):
            reached, later, found = sought(trajectories, alone - own, low - own, high - own)
            trail.tried += len(showing(alone - own)) ** 2 // 2
            reached = trail.likeliest(reached, FIRST_AFTER, "after a wrong forward pass, mistakes in the cell that give the first number")
            later = trail.likeliest(later, IDLE_AFTER, "after a wrong forward pass, mistakes in the cell that show only later")
            pairs = both(cells, [*found, *((one, other) for one in reached for other in later)])
            chosen += pairs
            numbers += [number] * len(pairs)
    programs = trajectories.followed(passes, numbers, chosen, "a wrong forward pass and two mistakes in the cell")
    for number in trail.likeliest(begun, MOST_STARTS, "forward passes that give the first number, with two mistakes in the cell"):
        if not trail.spent:
            programs += cell_pairs(trajectories.after(passes.rows[number]))
    return programs


def _may_give(effects: Floats, low: float, high: float) -> bool:
    """Whether one of these effects, or the sum of two, lies between ``low`` and ``high``: whether `sought` finds any."""
    slack = 2 * SIDE_BY_SIDE + 10.0**-EFFECT_DECIMALS
    ordered = np.sort(effects[showing(effects)])
    ordered = ordered[np.diff(ordered, prepend=-np.inf) > 0]
    wanted = (high + low) / 2 - ordered[: np.searchsorted(ordered, high / 2 + slack, "right")]  # the smaller of the two
    if not len(wanted):
        return False
    place = np.minimum(np.searchsorted(ordered, wanted - (high - low) / 2 - slack), len(ordered) - 1)
    near = np.abs(ordered[place] - wanted) <= (high - low) / 2 + slack
    return bool(near.any() or ((ordered >= low - slack) & (ordered <= high + slack)).any())


def _openings(trajectories: Trajectories, passes: Passes) -> Iterator[tuple[int, float, Floats]]:
    """Each wrong forward pass: its number, and what the right cell and each edited one give first.

    Some hundred passes are computed side by side; all would fill some hundred megabytes.
    """
    for numbers, right, alone in trajectories.opened(passes, AT_ONCE):
        yield from zip(numbers.tolist(), right.tolist(), np.ascontiguousarray(alone.T), strict=True)
