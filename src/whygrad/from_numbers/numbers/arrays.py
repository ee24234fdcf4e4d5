"""Arrays that edited programs compute: what they are called here, whether one fits, and what stands at a place of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]
Arrays = dict[str, NDArray[Any]]


def is_array(value: Any) -> TypeGuard[NDArray[Any]]:
    """Whether what an edited program computed is an array."""
    return isinstance(value, np.ndarray)


def lock(array: Floats) -> Floats:
    """The array itself, without leave to write into it."""
    array.flags.writeable = False
    return array


def fits(value: Any, right: Any) -> bool:
    """Whether NumPy takes an array where this one belongs: of its shape, or of one row or column to be repeated."""
    own, wanted = np.shape(value), np.shape(right)
    return len(own) <= len(wanted) and all(size in {1, full} for size, full in zip(own[::-1], wanted[::-1], strict=False))


def entry(gradients: Mapping[str, Any], name: str, index: tuple[int, ...]) -> float:
    """One entry of a gradient, -inf where there is none.

    A column of one number also answers to the shorter index, and the other way round.
    """
    if name not in gradients:
        return -np.inf
    array = np.asarray(gradients[name])
    if array.dtype.kind not in "fiub":
        return -np.inf
    if len(index) != array.ndim:
        while len(index) < array.ndim and array.shape[len(index)] == 1:
            index = (*index, 0)
        while len(index) > array.ndim and index[-1] == 0:
            index = index[:-1]
        if len(index) != array.ndim:
            return -np.inf
    try:
        return float(array[index])
    except IndexError:
        return -np.inf
