"""Trajectories with two or three mistakes in the forward pass: with the loops, or with an edited cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.cost_limit import limit_for
from whygrad.from_numbers.programs.contexts import Contexts
from whygrad.from_numbers.walks.beginnings import Sent, agreeing, sent
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.forward.sets import Chunk
    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.side_by_side.columns import LineTexts
    from whygrad.from_numbers.walks.time_walk import States, TimeWalk
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_RUN = 200
"""So many passes that give the first number are run for real, likeliest first."""
WHAT = "mistakes in the forward pass together"
WITH_CELLS = 30_000_000
"""So many passes with so many edited cells, the likeliest, are computed for the first number."""
RANKS = (1_000, 4_000, 10_000, 20_000, 40_000)
"""Passes between these ranks of likelihood meet the same edited cells; those after the last meet none."""


def forward_sets(trajectories: Trajectories) -> list[Edits]:
    """The programs with two or three mistakes in the forward pass, and one in the loop or none, that print the same dx."""
    hypotheses, trail = trajectories.hypotheses, trajectories.trail
    if trajectories.cell is None or not hypotheses.right:
        return []
    numbers = trajectories.kept_numbers("forward-sets", lambda: _first_numbers(trajectories), hypotheses.steps)
    walk = trajectories.through(trajectories.cell, trajectories.own_context)
    trail.tried += sum(map(len, numbers.values()))
    trail.cut(f"{WHAT}: only the likeliest were tried")
    found: list[int] = []
    for _, places in agreeing(walk, hypotheses.single, hypotheses.usual_openings, numbers):
        found += _numbers(places)
    return _with_loops(trajectories, found)


def _first_numbers(trajectories: Trajectories) -> Sent:
    """What the right cell gives for the printed entry of dx in each of the passes, by what comes in."""
    hypotheses, sets = trajectories.hypotheses, trajectories.hypotheses.forward_sets
    made: Sent = {}
    for chunk in sets.chunks(np.arange(len(sets.costs))):
        walk = trajectories.through(hypotheses.right_cell, _contexts(chunk))
        for name, values in sent(walk, hypotheses.single, hypotheses.usual_openings).items():
            made.setdefault(name, np.empty(len(sets.costs)))[chunk.passes] = values
    return made


def forward_sets_and_a_cell(trajectories: Trajectories) -> list[Edits]:
    """The programs with two or three mistakes in the forward pass and one in the cell, of which the likelier, that print the same dx."""
    if trajectories.cell is None or not trajectories.hypotheses.right:
        return []
    sets = trajectories.hypotheses.forward_sets
    order = np.argsort(sets.costs, kind="stable")[: RANKS[-1]]
    parts = [part for part in np.split(order, RANKS[:-1]) if len(part)]
    found: list[Edits] = []
    for part, count in zip(parts, _shares(trajectories, [sets.costs[part] for part in parts]), strict=True):
        cells = [texts for texts, _ in trajectories.cells[:count]]
        if count < len(trajectories.cells):
            trajectories.trail.cut(f"{WHAT}, with one in the cell: only the likeliest were tried")
        agreeing: list[tuple[int, int]] = []
        for chunk in _computed(trajectories, part) if count else ():
            states = _opened(trajectories, trajectories.through(trajectories.cell, _contexts(chunk)), cells)
            agreeing += zip(_numbers(chunk.passes[states.contexts]), _numbers(states.cells), strict=True)
        found += _with_cells(trajectories, agreeing)
    return found


def _computed(trajectories: Trajectories, passes: Ints) -> Iterator[Chunk]:
    """Some of the passes, as long as there is time."""
    for chunk in trajectories.hypotheses.forward_sets.chunks(passes):
        if trajectories.trail.clock.up:
            trajectories.trail.cut(f"{WHAT}: only the likeliest were tried")
            break
        yield chunk


def _shares(trajectories: Trajectories, costs: list[Floats]) -> list[int]:
    """How many cells, the likeliest, each part of the passes meets: those that together with the part's likeliest are likely enough."""
    own = np.sort([trajectories.tables.variants.set_cost(edits) for _, edits in trajectories.cells])

    def counts(most: float) -> list[int]:
        return [int(np.searchsorted(own, most - float(part[0]), "right")) for part in costs]

    def work(most: float) -> int:
        return sum(count * len(part) for count, part in zip(counts(most), costs, strict=True))

    return counts(limit_for(WITH_CELLS, work, float(own[-1] + max(float(part.max()) for part in costs)) + 1.0))


def _numbers(places: Ints) -> list[int]:
    found: list[int] = places.tolist()
    return found


def _contexts(chunk: Chunk) -> Contexts:
    """What the passes hand to a loop, as if every cache were the one that is known."""
    da = np.ascontiguousarray(chunk.da.transpose(2, 0, 1)[..., None])
    return Contexts(da, {name: np.ascontiguousarray(values)[:, :, None, None] for name, values in chunk.arrays.items()})


def _opened(trajectories: Trajectories, walk: TimeWalk, cells: Sequence[LineTexts]) -> States:
    """The passes that give the first number with one of these cells, in a loop that begins right."""
    count = len(walk.contexts)
    states = walk.opened(np.arange(count), np.ones(count, int), cells, trajectories.hypotheses.right_only)
    trajectories.trail.tried += walk.tried
    return states


def _with_loops(trajectories: Trajectories, found: list[int]) -> list[Edits]:
    """The passes that give the first number with the right cell: with the loops, and with cells whose mistakes show only later."""
    hypotheses, sets = trajectories.hypotheses, trajectories.hypotheses.forward_sets
    likeliest = sorted(found, key=lambda number: float(sets.costs[number]))
    likely = trajectories.trail.likeliest([sets.edits(number) for number in likeliest], MOST_RUN, WHAT)
    if not likely:
        return []
    passes = trajectories.tables.run_passes(likely)
    programs = trajectories.with_forward(RIGHT_CELL, hypotheses.single, "mistakes in the forward pass and one in the loop", passes=passes)
    programs += trajectories.with_forward(
        RIGHT_CELL, hypotheses.early_double, "mistakes in the forward pass and two in the loop", passes=passes
    )
    return programs + trajectories.with_forward(
        trajectories.cells, hypotheses.from_right, "mistakes in the forward pass and one in the cell", passes=passes
    )


def _with_cells(trajectories: Trajectories, found: list[tuple[int, int]]) -> list[Edits]:
    """The passes that give the first number with an edited cell, with a loop that begins right."""
    if not found:
        return []
    sets = trajectories.hypotheses.forward_sets
    found = sorted(found, key=lambda one: float(sets.costs[one[0]]))
    numbers = list(dict.fromkeys(number for number, _ in found))
    likely = trajectories.trail.likeliest([sets.edits(number) for number in numbers], MOST_RUN, f"{WHAT}, with one in the cell")
    passes = trajectories.tables.run_passes(likely)
    place = {passes.rows[row]: row for row in range(len(passes.rows))}
    kept = [(place[edits], trajectories.cells[cell]) for number, cell in found if (edits := sets.edits(number)) in place]
    return trajectories.followed(
        passes, [at for at, _ in kept], [cell for _, cell in kept], "mistakes in the forward pass and one in the cell"
    )
