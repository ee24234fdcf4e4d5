"""Trajectories with two or three mistakes in the forward pass: with the loops, or with an edited cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.beginnings import beginnings
from whygrad.from_numbers.contexts import Contexts
from whygrad.from_numbers.halving import limit_for
from whygrad.from_numbers.hypotheses import RIGHT_CELL
from whygrad.from_numbers.timewalk import States

if TYPE_CHECKING:
    from whygrad.from_numbers.forwardsets import Chunk
    from whygrad.from_numbers.hypotheses import Cells
    from whygrad.from_numbers.looptree import Ints, Tree
    from whygrad.from_numbers.numbers import Floats
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_RUN = 200
"""So many passes that give the first number are run for real, likeliest first."""
WITH_CELLS = 30_000_000
"""So many passes with so many edited cells, the likeliest, are computed for the first number."""
RANKS = (1_000, 4_000, 10_000, 20_000, 40_000)
"""Passes between these ranks of likelihood meet the same edited cells; those after the last meet the right one alone."""


def forward_sets(trajectories: Trajectories) -> list[Edits]:
    """The programs with two or three mistakes in the forward pass, and one in the cell or the loop or none, that print the same dx."""
    hypotheses, trail = trajectories.hypotheses, trajectories.trail
    if trajectories.cell is None or not hypotheses.right:
        return []
    sets = hypotheses.forward_sets
    if sets.cut:
        trail.cut("mistakes in the forward pass together: only the likeliest were tried")
    order = np.argsort(sets.costs, kind="stable")
    found: list[Edits] = []
    parts = [part for part in np.split(order, RANKS) if len(part)]
    shares = _shares(trajectories, [sets.costs[part] for part in parts[: len(RANKS)]])
    for part, count in zip(parts, [*shares, *[0] * (len(parts) - len(shares))], strict=True):
        cells = trajectories.cells[:count]
        alone: list[tuple[float, Edits]] = []
        both: list[tuple[float, Edits, int]] = []
        if count < len(trajectories.cells):
            trail.cut("mistakes in the forward pass together, with one in the cell: only the likeliest were tried")
        for chunk in sets.chunks(part):
            if trail.clock.up:
                trail.cut("mistakes in the forward pass together: only the likeliest were tried")
                break
            contexts = _contexts(chunk)
            walk = trajectories.through(trajectories.cell, contexts)
            for _, places in beginnings(walk, hypotheses.single, hypotheses.openings):
                alone += [(float(chunk.costs[at]), chunk.edits[at]) for at in _numbers(places)]
            trail.tried += walk.tried
            if not count:
                continue
            states = _opened(trajectories, contexts, hypotheses.right_only, 1, cells)
            both += [
                (float(chunk.costs[at]), chunk.edits[at], cell)
                for at, cell in zip(_numbers(states.contexts), _numbers(states.cells), strict=True)
            ]
        found += _with_loops(trajectories, alone) + _with_cells(trajectories, both)
    return found


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


def _opened(trajectories: Trajectories, contexts: Contexts, tree: Tree, node: int, cells: Cells) -> States:
    """The passes that give the first number with one of these cells, where the loop begins with this node."""
    if trajectories.cell is None:
        return States(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), [])
    walk = trajectories.through(trajectories.cell, contexts)
    count = len(contexts)
    states = walk.opened(np.arange(count), np.full(count, node), [texts for texts, _ in cells], tree)
    trajectories.trail.tried += walk.tried
    return states


def _with_loops(trajectories: Trajectories, found: list[tuple[float, Edits]]) -> list[Edits]:
    """The passes that give the first number with the right cell: with the loops, and with cells whose mistakes show only later."""
    hypotheses = trajectories.hypotheses
    likely = trajectories.trail.likeliest(
        [edits for _, edits in sorted(found, key=lambda one: one[0])], MOST_RUN, "mistakes in the forward pass together"
    )
    if not likely:
        return []
    passes = trajectories.tables.run_passes(likely)
    programs = trajectories.with_forward(RIGHT_CELL, hypotheses.single, "mistakes in the forward pass and one in the loop", passes=passes)
    programs += trajectories.with_forward(RIGHT_CELL, hypotheses.double, "mistakes in the forward pass and two in the loop", passes=passes)
    return programs + trajectories.with_forward(
        trajectories.cells, hypotheses.from_right, "mistakes in the forward pass and one in the cell", passes=passes
    )


def _with_cells(trajectories: Trajectories, found: list[tuple[float, Edits, int]]) -> list[Edits]:
    """The passes that give the first number with an edited cell, with a loop that begins right."""
    if not found:
        return []
    found = sorted(found, key=lambda one: one[0])
    likely = list(
        trajectories.trail.likeliest(
            list(dict.fromkeys(edits for _, edits, _ in found)), MOST_RUN, "mistakes in the forward pass, with one in the cell"
        )
    )
    passes = trajectories.tables.run_passes(likely)
    number = {passes.rows[place]: place for place in range(len(passes.rows))}
    kept = [(number[edits], trajectories.cells[cell]) for _, edits, cell in found if edits in number]
    return trajectories.followed(
        passes, [at for at, _ in kept], [cell for _, cell in kept], "mistakes in the forward pass and one in the cell"
    )
