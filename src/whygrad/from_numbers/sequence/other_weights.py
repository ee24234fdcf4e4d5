"""Walks where the cell works with other weights than it should, alone and with two more mistakes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.sequence.cell_pairs import cell_pairs
from whygrad.from_numbers.walks.effects import COLUMNS_AT_ONCE
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL
from whygrad.from_numbers.walks.time_walk import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.programs.passes import Passes
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_WEIGHTS = 12
"""So many other weights of a cell are walked, likeliest first."""
FEW_WEIGHTS = 10
"""So many of them with two more mistakes."""
CELLS_WITH_WEIGHTS = 8_000
"""Where a cell has few mistakes so many of them meet other weights, whatever the number of these."""
WITH_ALL_LOOPS = 600
"""So many mistakes of the cell, the likeliest, meet loops that do not begin right, and forward passes with these."""
WITH_TWO_CELLS = 2
"""So many of them with two in the cell."""
WEIGHT_DECIMALS = 11
"""Other weights that print the same to so many decimals are one."""


class OtherWeights:
    """The walks of ``right`` with each of the likeliest other weights in the cell."""

    def __init__(self, right: Trajectories) -> None:
        self.right = right
        self.tables = right.tables
        self.hypotheses = right.hypotheses
        self.trail = right.trail

    @cached_property
    def walks(self) -> list[Trajectories]:
        """Those that print different numbers, likeliest first."""
        singles = self.tables.singles
        names = singles.rows.functions
        first = singles.rows.array[:, 0]
        rows = np.flatnonzero(
            (first[:, 0] == names.index(self.tables.cell))
            & ~np.isin(first[:, 1], list(self.tables.equations))
            & (first[:, 1] < len(self.tables.assignment.functions[self.tables.cell]) - 2)
        )
        _, unique = np.unique(np.nan_to_num(singles.numbers[rows]).round(WEIGHT_DECIMALS), axis=0, return_index=True)
        rows = rows[np.sort(unique)]
        ordered: list[int] = rows[np.argsort(singles.costs[rows], kind="stable")].tolist()
        most = max(MOST_WEIGHTS, CELLS_WITH_WEIGHTS // max(1, len(self.right.cells)))
        likely = self.trail.likeliest(ordered, most, "other weights of the cell")
        return [other for row in likely if (other := self.right.after(singles.rows[row])).record is not None]

    def and_one(self) -> list[Edits]:
        """Each with another mistake in the cell, and one in a loop that begins right."""
        return self._together(
            self.walks, self.right.cells, self.hypotheses.from_right, "other weights, a mistake in the cell and one in the loop"
        )

    def and_two(self) -> list[Edits]:
        """Each with two more mistakes."""
        hypotheses, cells = self.hypotheses, self.right.cells
        few = max(FEW_WEIGHTS, CELLS_WITH_WEIGHTS // max(1, len(cells)))
        what = "other weights, a mistake in the cell and one in any loop"
        found = self._together(self.walks, cells[:WITH_ALL_LOOPS], hypotheses.early_single, what)
        for other in self.walks[: few - FEW_WEIGHTS + WITH_TWO_CELLS]:
            found += cell_pairs(other)
        for other in self.walks[:few]:
            found += other.with_forward(RIGHT_CELL, hypotheses.early_single, "other weights, a forward pass and one in the loop")
            found += other.with_forward(
                RIGHT_CELL, hypotheses.right_only, "other weights and two forward passes", passes=self.tables.double_passes
            )
        what = "other weights, a forward pass and one in the cell"
        found += self._together(self.walks[:few], cells, hypotheses.from_right, what, self.tables.passes)
        if len(self.walks) > few:
            self.trail.cut(f"other weights, with two more mistakes: only the likeliest {few} were tried")
        return found

    def _together(self, others: Sequence[Trajectories], cells: Cells, tree: Tree, what: str, passes: Passes | None = None) -> list[Edits]:
        """Each of these with each edited cell and each loop, in its own forward pass or in every wrong one of ``passes``."""
        right = self.right
        walked = [(other, other.cell) for other in others if other.cell is not None]
        if right.cell is None or not walked or right.spent(what):
            return []
        rows = [passes.rows[row] for row in range(len(passes.rows))] if passes else [()]
        numbers = np.arange(1, len(rows)) if passes else np.zeros(1, int)
        walk = right.through(right.cell, passes.contexts if passes else right.own_context)
        texts = [texts for texts, _ in cells]
        found: list[Edits] = []
        for context, node in beginning(numbers, tree, COLUMNS_AT_ONCE):
            if self.trail.clock.up:
                self.trail.cut(what)
                break
            opened = walk.opened_with([cell for _, cell in walked], context, node, texts, tree)
            for (other, cell), states in zip(walked, opened, strict=True):
                own = other.through(cell, walk.contexts)
                at_cells: list[int] = states.cells.tolist()
                free = np.flatnonzero([other.is_free(*cells[at]) for at in at_cells])
                followed = own.followed(states.taken(free, states.nodes[free]), texts, tree)
                other.count(own, what)
                found += [(*other.base, *rows[number], *cells[at][1], *loop) for number, at, loop in followed]
        right.count(walk, what)
        return found
