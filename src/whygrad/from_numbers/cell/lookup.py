"""Look a cell's printed numbers up in the table of single mistakes: where nothing else is wrong, nothing need be computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit


class Lookup:
    """``hits[row, place]``: which rows of the table agree with which printed numbers; ``known`` marks the numbers that the table holds."""

    def __init__(self, tables: CheckTables, target: Target) -> None:
        singles = tables.singles
        self.rows = singles.rows
        named = {own: at for at, own in enumerate(singles.entries)}
        columns = [
            next((named[name, index] for index in (number.index, (*number.index, 0), number.index[:-1]) if (name, index) in named), -1)
            for name, number in zip(target.names, target.block.numbers, strict=True)
        ]
        self.known: Bools = np.array(columns) >= 0
        self.hits: Bools = target.hit(singles.numbers[:, columns]) & self.known
        alone = (singles.rows.array[:, 1:, 0] < 0).all(axis=1)
        inside = singles.rows.array[:, 0, 0] == singles.rows.functions.index(tables.cell)
        self._line = np.where(alone & inside, singles.rows.array[:, 0, 1], -1)

    def edits(self, lines: Sequence[int], any_of: Sequence[Sequence[int]]) -> list[Edit]:
        """The edits of these lines of the backward cell that give all numbers at one of these lists of places."""
        giving = np.zeros(len(self.hits), bool)
        for places in any_of:
            giving |= self.hits[:, places].all(axis=1)
        return [self.rows[row][0] for row in np.flatnonzero(giving & np.isin(self._line, lines))]
