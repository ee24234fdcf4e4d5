"""What the loop's first call gives for the printed entry of dx, for millions of states, sorted: those that agree are looked up.

None of it depends on a printed number, so it is kept between runs and only mapped into memory: a lookup reads a few pages of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.tables.store import forget_pages
from whygrad.from_numbers.walks.effects import COLUMNS_AT_ONCE
from whygrad.from_numbers.walks.time_walk import States

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.numbers.arrays import Ints
    from whygrad.from_numbers.side_by_side.columns import LineTexts
    from whygrad.from_numbers.walks.time_walk import TimeWalk

TOGETHER = 1 << 17
"""So many numbers are sorted together, so that sorting takes little memory."""


class FirstCalls:
    """The numbers of all edited cells in all forward passes, for each call with which a loop can begin.

    ``numbers`` is shaped (2, beginnings, cells times passes): the values, sorted in stretches, as the bits of a float32, which keeps their
    order (what agrees has to be computed again); and whose each is, the place among the cells times the passes plus that among these.
    """

    def __init__(self, walk: TimeWalk, passes: Ints, cells: Sequence[LineTexts], tree: Tree) -> None:
        self.walk = walk
        self.passes = passes
        self.cells = cells
        self.tree = tree
        self.nodes = tree.below(np.zeros(1, int))[1]

    @property
    def shape(self) -> tuple[int, int, int]:
        """That of the numbers."""
        return 2, len(self.nodes), len(self.cells) * len(self.passes)

    def computed(self) -> NDArray[np.uint32]:
        """The numbers."""
        passes, count = self.passes, len(self.passes)
        numbers = np.empty(self.shape, np.uint32)
        values, whose = numbers[0].view(np.float32), numbers[1]
        at_once = max(1, COLUMNS_AT_ONCE // count)
        for start in range(0, len(self.nodes), at_once):
            some = self.nodes[start : start + at_once]
            place = 0
            for block in self.walk.openings(np.tile(passes, len(some)), np.repeat(some, count), self.cells, self.tree):
                own = block.reshape(len(block), len(some), count).transpose(1, 0, 2).reshape(len(some), -1)
                values[start : start + len(some), place : place + own.shape[1]] = own
                place += own.shape[1]
        for start in range(0, values.shape[1], TOGETHER):
            part = values[:, start : start + TOGETHER]
            by_size = part.argsort(axis=1)
            whose[:, start : start + TOGETHER] = by_size + start
            part[:] = np.take_along_axis(part, by_size, axis=1)
        return numbers

    def agreeing(self, numbers: NDArray[np.uint32]) -> States:
        """The states whose first call gives what is printed of it, or nearly; where numbers were overwritten, others too."""
        self.walk.tried = numbers[0].size
        ends = np.stack(self.walk.first_limits(self.tree, self.nodes), axis=1).astype(np.float32)
        found, nodes = [np.zeros(0, int)], [np.zeros(0, int)]
        for node, (low, high), values, whose in zip(self.nodes, ends, numbers[0].view(np.float32), numbers[1], strict=True):
            for start in range(0, len(values), TOGETHER):
                part = values[start : start + TOGETHER]
                first, end = part.searchsorted(low), part.searchsorted(high, "right")
                found.append(whose[start + first : start + end].astype(int))
                nodes.append(np.full(end - first, node))
                forget_pages(numbers)
        which, node = np.concatenate(found), np.concatenate(nodes)
        in_order = np.lexsort((node, which))
        in_order = in_order[which[in_order] < numbers.shape[2]]
        cell, place = np.divmod(which[in_order], len(self.passes))
        return States(self.passes[place], cell, node[in_order], [])
