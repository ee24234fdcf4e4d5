"""Several steps as one matrix, so that what does not depend on the recurrence is one large matrix product.

A block of n steps with B examples is n B columns. A ``Columns`` holds it so that both are cheap: the matrix of all columns for the
product, and each step's (rows, B) as a view. With many examples a row of the matrix is contiguous, with few of them a column is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.aligned import aligned

if TYPE_CHECKING:
    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]

_FEW = 8
_ENOUGH = 512  # columns for the full speed of the products, and for few sums of what they give
_TINY = 64  # units up to which a block of twice as many columns stays in the second-level cache
_SMALL, _MIDDLE = 128, 256  # units up to which a block stays in the second-level cache, and those up to which the gradients of weights do
_GAP = 64  # bytes between the lines: if they were a power of two apart, they would push each other out of the cache
_ALL = slice(None)


def parts(whole: range, length: int) -> list[range]:
    """Steps in parts of this length; the last may be shorter."""
    return [range(start, min(start + length, whole.stop)) for start in range(whole.start, whole.stop, length)]


def steps_in_a_block(configuration: Configuration, steps: int, batch: int) -> int:
    """So many steps that the products are large, and the block small beside the tape; blocks are about equal.

    Twice ``_ENOUGH`` where that is little, which saves sums and calls. Half of it where that would leave the cache and sums are cheap, and
    where the tape is small: of few examples, or of a GRU.
    """
    hidden = configuration.hidden
    half = batch < _FEW or _SMALL < hidden <= _MIDDLE or (configuration.cell == "gru" and hidden > _MIDDLE)
    columns = _ENOUGH // 2 if half else _ENOUGH if hidden > _TINY else 2 * _ENOUGH
    blocks = -(-steps * batch // columns)
    return -(-steps // blocks)


class Columns:
    """``rows`` values for each example and step of a block of up to ``steps`` steps."""

    def __init__(self, rows: int, steps: int, batch: int, dtype: str) -> None:
        self._rows, self._batch = rows, batch
        self._few = batch < _FEW
        self._gap = _GAP // np.dtype(dtype).itemsize
        columns = steps * batch
        self._row = np.dtype((np.void, batch * np.dtype(dtype).itemsize))
        self._memory: Array = aligned((columns * (rows + self._gap) if self._few else rows * (columns + self._gap),), dtype)
        self._shaped: dict[int, tuple[Array, Array, Array]] = {}

    def block(self, count: int) -> Array:
        """A block of ``count`` steps, (count, rows, B)."""
        return self._views(count)[0]

    def matrix(self, count: int, rows: slice = _ALL) -> Array:
        """The same as (rows, count B), or some of the rows."""
        return self._views(count)[1][rows]

    def items(self, steps: Array) -> Array:
        """Steps, (count, rows, B), as they are copied to a block's and from there: (count, rows), each row of B numbers one item.

        NumPy copies items faster than short rows of numbers. With few examples rows are not in one piece, and the numbers stay.
        """
        return steps if self._few else steps.view(self._row)[:, :, 0]

    def block_items(self, count: int) -> Array:
        """The ``items`` of a block of ``count`` steps."""
        return self._views(count)[2]

    def product(self, left: Array, right: Array, count: int) -> None:
        """The first rows become left @ right, right with the columns of ``count`` steps."""
        target = self.matrix(count, slice(0, len(left)))
        if self._few:
            np.matmul(right.T, left.T, out=target.T)
        else:
            np.matmul(left, right, out=target)

    def _views(self, count: int) -> tuple[Array, Array, Array]:
        if count not in self._shaped:
            columns = count * self._batch
            lines, length = (columns, self._rows) if self._few else (self._rows, columns)
            matrix = self._memory[: lines * (length + self._gap)].reshape(lines, -1)[:, :length]
            if self._few:
                block, matrix = matrix.reshape(count, self._batch, length).transpose(0, 2, 1), matrix.T
            else:
                block = matrix.reshape(lines, count, self._batch).transpose(1, 0, 2)
            self._shaped[count] = block, matrix, self.items(block)
        return self._shaped[count]


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
