"""Memory that is needed for a moment, and kept, so that the next pass does not make it again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.aligned import aligned

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Array = NDArray[Any]

SHORT = "used up at once"  # the name of memory that nothing is left in: of products that are added, and of factors
_STRIP = 512  # rows of a product that is added: enough for the product's full speed


class Spare:
    """Memory by name, made when it is first asked for."""

    def __init__(self) -> None:
        self._memory: dict[str, Array] = {}

    def take(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        """An array of this shape under this name, always of the same dtype; what was there before is lost."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or memory.size < size:
            self._memory[name] = memory = aligned((size,), dtype)
        return memory[:size].reshape(shape)


class Sums:
    """Adds the matrix products of a backward pass up, block by block.

    Attributes:
        fresh: Whether the totals are still empty: what is first added to one is put there.
    """

    def __init__(self, spare: Spare) -> None:
        self.fresh = True
        self._spare = spare

    def add(self, total: Array, left: Array, right: Array) -> None:
        """Adds left @ right to the total; what is added is made in strips of rows, so that it takes little memory."""
        for start in range(0, len(total), _STRIP):
            part, rows = total[start : start + _STRIP], left[start : start + _STRIP]
            if self.fresh:
                np.matmul(rows, right, out=part)
            else:
                product = self._spare.take(SHORT, part.shape, part.dtype)
                np.matmul(rows, right, out=product)
                np.add(part, product, out=part)
