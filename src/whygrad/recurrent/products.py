"""The product of one step, in the way that is fastest.

OpenBLAS copies both factors of a product into the order that its kernels like. With the weights on the left and few columns on the right
that takes a fifth of the time, and more the fewer columns there are. Its kernels for AVX-512 read a product of up to a million
multiplications where it lies. So a larger one is cut into pieces of rows: one call of ``numpy.matmul`` with the pieces as a stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent import openblas

Array = NDArray[Any]

Product: TypeAlias = Callable[[Array, Array], object]
"""Puts the product of a matrix that is known with the first argument into the second, both contiguous."""

_CORES = {"SkylakeX", "Cooperlake"}  # whose kernels can do it
_MOST = 100**3  # multiplications of a piece
_FEWEST, _LINE, _MANY = 8, 16, 64  # rows of a piece: enough to be worth a call; whole cache lines of a transposed matrix; more gain nothing
_PAGE = 4096  # bytes between the rows of a transposed matrix from which on they push each other out of the cache


def product(left: Array, columns: int) -> Product:
    """What multiplies ``left`` with so many columns. It refers to ``left``, whose numbers may change."""
    if left.size * columns <= _MOST or columns == 1 or not _reads_in_place(left.dtype):
        return left.dot
    rows, inner = left.shape
    whole = left.flags.c_contiguous
    fewest = _FEWEST if whole else _LINE
    tallest = min(_MANY, _MOST // (inner * columns))
    height = next((n for n in range(tallest, fewest - 1, -1) if rows % n == 0), 0)
    if not height or (not whole and left.strides[1] >= _PAGE):
        return left.dot
    pieces, matmul = left.reshape(-1, height, inner), np.matmul
    return lambda right, target: matmul(pieces, right, target.reshape(-1, height, columns))


def _reads_in_place(dtype: np.dtype[Any]) -> bool:
    """Whether OpenBLAS can, and would not share the product between threads, which is more."""
    return dtype.kind == "f" and openblas.threads() == 1 and openblas.core() in _CORES
