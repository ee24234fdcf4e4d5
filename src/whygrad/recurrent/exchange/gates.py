"""The order of gates: every library stacks them in another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ShapeError
from whygrad.recurrent.checks import finite

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[Any]


def reordered(array: Array, now: Sequence[str], wanted: Sequence[str], hidden: int) -> Array:
    """The rows of ``array``, H for each gate in the order ``now``, in the order ``wanted``; zeros for a gate that it has not."""
    rows = array.reshape(len(now), hidden, *array.shape[1:])
    zero = np.zeros_like(rows[0])
    return np.concatenate([rows[list(now).index(gate)] if gate in now else zero for gate in wanted])


def taken(name: str, array: object, shape: tuple[int, ...], dtype: str) -> Array:
    """The array if it is one of this shape and finite, as a copy of the configuration's dtype."""
    try:
        given = np.asarray(array)
    except (TypeError, ValueError, RuntimeError) as error:  # lists of unequal length, tensors of other libraries that do not give in
        raise ContentError(f"{name} is of type {type(array).__name__}, expected an array: {error}") from error
    if given.dtype.kind not in "fc" or (given.dtype.kind == "c" and dtype != "complex128"):
        raise ContentError(f"{name} has dtype {given.dtype}, expected floating-point numbers")
    if given.shape != shape:
        raise ShapeError(f"{name} has shape {given.shape}, expected {shape}")
    with np.errstate(over="ignore"):
        copy = given.astype(dtype)
    finite(name, copy)
    return copy
