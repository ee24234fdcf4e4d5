"""Several steps as one matrix, so that what does not depend on the recurrence is one large matrix product.

A block of n steps with B examples is n B columns. A ``Columns`` holds it so that both are cheap: the matrix of all columns for the
product, and each step's (rows, B) as a view. With many examples a row of the matrix is contiguous, with few of them a column is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_FEW = 8
_ENOUGH = 2048
_ALL = slice(None)


def steps_in_a_block(steps: int, batch: int) -> int:
    """So many steps that the products are large, and the block small beside the tape."""
    return max(1, min(steps, _ENOUGH // max(1, batch)))


class Columns:
    """``rows`` values for each example and step of a block.

    Attributes:
        steps: (rows, B) views, one a step.
    """

    def __init__(self, rows: int, steps: int, batch: int, dtype: str) -> None:
        self._few = batch < _FEW
        self._array: Array = np.empty((steps, batch, rows) if self._few else (rows, steps, batch), dtype)
        self._as_steps: Array = self._array.transpose(0, 2, 1) if self._few else self._array.transpose(1, 0, 2)
        self.steps: list[Array] = list(self._as_steps)

    def block(self, count: int) -> Array:
        """The first ``count`` steps, (count, rows, B)."""
        return self._as_steps[:count]

    def matrix(self, count: int, rows: slice = _ALL) -> Array:
        """The first ``count`` steps as (rows, count B), or some of the rows; a view where the block is full."""
        if self._few:
            return self._array[:count].reshape(-1, self._array.shape[2]).T[rows]
        array = self._array[rows, :count]
        return array.reshape(len(array), -1)

    def product(self, left: Array, right: Array, count: int) -> None:
        """The first rows of the first ``count`` steps become left @ right, right with these columns."""
        size = len(left)
        if self._few:
            np.matmul(right.T, left.T, out=self.matrix(count, slice(0, size)).T)
        elif count == self._array.shape[1]:
            np.matmul(left, right, out=self.matrix(count, slice(0, size)))
        else:
            self._array[:size, :count] = (left @ right).reshape(size, count, -1)


class InputColumns:
    """The steps of a (T, n, B) array as columns: a view where each column is contiguous, as with "time-first", else by way of a copy."""

    def __init__(self, rows: int, steps: int, batch: int, dtype: str) -> None:
        self._rows, self._columns = rows, Columns(rows, steps, batch, dtype)

    def load(self, sequence: Array) -> Array:
        """These steps as a matrix, (n, steps B)."""
        by_column = sequence.transpose(0, 2, 1)
        if by_column.flags.c_contiguous:
            return by_column.reshape(-1, self._rows).T
        self._columns.block(len(sequence))[...] = sequence
        return self._columns.matrix(len(sequence))

    def put_product(self, left: Array, right: Array, sequence: Array, *, adds: bool) -> None:
        """These steps become left @ right, or it is added to them."""
        by_column = sequence.transpose(0, 2, 1)
        if by_column.flags.c_contiguous and not adds:
            np.matmul(right.T, left.T, out=by_column.reshape(-1, self._rows))
            return
        count = len(sequence)
        self._columns.product(left, right, count)
        if adds:
            sequence += self._columns.block(count)
        else:
            sequence[...] = self._columns.block(count)
