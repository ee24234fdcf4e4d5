"""Memory that begins at a cache line, so that no vector of numbers lies across two: NumPy's own does a quarter of a line later."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Array = NDArray[Any]

LINE = 64  # bytes


def aligned(shape: tuple[int, ...], dtype: DTypeLike, order: Literal["C", "F"] = "C") -> Array:
    """An array like ``numpy.empty``'s, whose first number begins a cache line."""
    kind = np.dtype(dtype)
    size = math.prod(shape)
    memory = np.empty(size * kind.itemsize + LINE, np.uint8)
    start = -memory.__array_interface__["data"][0] % LINE
    return memory[start : start + size * kind.itemsize].view(kind).reshape(shape, order=order)
