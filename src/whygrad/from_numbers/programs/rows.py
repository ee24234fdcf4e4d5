"""Edits as numbers, so that a table of mistakes can be kept as an array.

An edit is the k-th that its operator makes at its line, a mistake a short row of such places.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.mistakes import OPERATORS, Edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.programs.variants import Variants

Places = NDArray[np.int16]
"""Rows of (function, line, operator, k) for each edit, filled up with -1."""


class Rows:
    """Rows of edits, kept as places and made into edits when asked for."""

    def __init__(self, variants: Variants, array: Places) -> None:
        self.variants = variants
        self.array = array
        self.functions = list(variants.assignment.functions)
        self.operators = list(OPERATORS)
        self._made: dict[int, Edits] = {}

    @classmethod
    def of(cls, variants: Variants, rows: Sequence[Edits]) -> Rows:
        """The rows of these edits."""
        functions = {name: number for number, name in enumerate(variants.assignment.functions)}
        operators = {name: number for number, name in enumerate(OPERATORS)}
        width = max((len(edits) for edits in rows), default=1)
        array = np.full((len(rows), width, 4), -1, np.int16)
        counts = np.array([len(edits) for edits in rows], int)
        row = np.repeat(np.arange(len(rows)), counts)
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        found = (variants.places[id(edit)] for edits in rows for edit in edits)
        numbers = ((functions[function], line, operators[operator], k) for function, line, operator, k in found)
        array[row, place] = np.fromiter(chain.from_iterable(numbers), np.int16, 4 * len(row)).reshape(-1, 4)
        places = cls(variants, array)
        places._made = dict(enumerate(rows))
        return places

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, row: int | np.integer[Any]) -> Edits:
        """The edits of a row."""
        row = int(row)
        if row not in self._made:
            places: list[tuple[int, int, int, int]] = self.array[row].tolist()
            self._made[row] = tuple(
                self.variants.of_operator(self.functions[function], line, self.operators[operator])[k]
                for function, line, operator, k in places
                if function >= 0
            )
        return self._made[row]

    def within(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows have all their edits in these functions."""
        wanted = [self.functions.index(name) for name in names] + [-1]
        return np.asarray(np.isin(self.array[:, :, 0], wanted).all(axis=1), bool)
