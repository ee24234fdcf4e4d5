"""Trajectories with two mistakes in the forward pass: with the loops, or with an edited cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.forwards import Forwards
from whygrad.from_numbers.hypotheses import RIGHT_CELL
from whygrad.from_numbers.numbers import is_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.forwards import Pairs
    from whygrad.from_numbers.hypotheses import Cells
    from whygrad.from_numbers.trajectories import Trajectories
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_RUN = 200
"""So many pairs that give the first number are run for real, likeliest first."""
WITH_CELLS = 3000
"""So many pairs, the likeliest, meet every edited cell."""


def pairs_of(trajectories: Trajectories) -> Pairs:
    """The likeliest pairs of mistakes in the forward pass."""
    hypotheses = trajectories.hypotheses
    trajectories.trail.cut("pairs of mistakes in the forward pass: only the likeliest were tried")
    return Forwards(trajectories.tables, hypotheses.right[0].cache, hypotheses.first_step).pairs()


def pairs_and_loops(trajectories: Trajectories, pairs: Pairs) -> list[Edits]:
    """The programs with two mistakes in the forward pass, and the right loop or one mistake in it, that print the same dx."""
    tables, hypotheses, trail = trajectories.tables, trajectories.hypotheses, trajectories.trail
    hits = next(_opened(trajectories, pairs, len(pairs.edits), RIGHT_CELL), list[int]())
    chosen = trail.likeliest(hits, MOST_RUN, "pairs of mistakes in the forward pass")
    passes = tables.run_passes([pairs.edits[at] for at in chosen])
    return trajectories.with_forward(RIGHT_CELL, hypotheses.single, "two mistakes in the forward pass and one in the loop", passes=passes)


def pairs_and_cells(trajectories: Trajectories, pairs: Pairs) -> list[Edits]:
    """The programs with two mistakes in the forward pass and one in the cell that print the same dx, with a loop that begins right."""
    tables, trail = trajectories.tables, trajectories.trail
    both: list[tuple[int, int]] = [
        (at, cell) for cell, hits in enumerate(_opened(trajectories, pairs, WITH_CELLS, trajectories.cells)) for at in hits
    ]
    likely = list(trail.likeliest(sorted({at for at, _ in both}), MOST_RUN, "pairs of mistakes in the forward pass, with one in the cell"))
    passes = tables.run_passes([pairs.edits[at] for at in likely])
    number = {passes.rows[place]: place for place in range(len(passes.rows))}
    kept = [(number[pairs.edits[at]], trajectories.cells[cell]) for at, cell in both if at in set(likely) and pairs.edits[at] in number]
    return trajectories.followed(
        passes, [at for at, _ in kept], [cell for _, cell in kept], "two mistakes in the forward pass and one in the cell"
    )


def _opened(trajectories: Trajectories, pairs: Pairs, most: int, cells: Cells) -> Iterator[list[int]]:
    """For each of these cells: which of the likeliest ``most`` pairs print in their first call what they should."""
    if trajectories.cell is None or not pairs.edits:
        return
    arguments = trajectories.tables.forms.arguments
    da = pairs.da[:, :most]
    given: dict[str, Any] = {name: np.zeros_like(da) for name in arguments} | {arguments[0]: da}
    env = trajectories.cell.run({name: values[:, :most] for name, values in pairs.arrays.items()} | given, ())
    low, high = trajectories.limits(trajectories.hypotheses.first_step)
    row, _ = trajectories.entry
    trajectories.trail.tried += len(cells) * da.shape[1]
    for texts, _ in cells:
        value = trajectories.cell.again(env, texts, "dxt") if texts else env["dxt"]
        fits = is_array(value) and value.shape == env["dxt"].shape
        yield np.flatnonzero((value[row] >= low) & (value[row] <= high)).tolist() if fits else []
