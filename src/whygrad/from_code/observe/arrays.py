"""Values as arrays of numbers: what is one, what it is like, and when two are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.requests import Value

Array = np.ndarray[Any, Any]
Observations = dict[str, Array]

EXACT = 1e-8
"""Relative to the largest entry: two ways to compute the same in float64 agree to this."""
SINGLE = 2e-4
"""The same where float32 takes part."""
HALF = 5e-3
"""The same where float16 does."""


def same(one: Value, other: Value, tolerance: float = EXACT) -> bool:
    """Whether two values agree, entry by entry, relative to the largest entry of ``other``."""
    if type(one) is np.ndarray and type(other) is np.ndarray and one.dtype is _DOUBLE and other.dtype is _DOUBLE and one.size:
        if one.shape != other.shape:
            return False
        known = _scales.get(id(other))
        scale = _scale(other) if known is None else known[1]
        if scale < _TAME:  # nothing overflows, so nothing warns
            limit = tolerance * max(scale, 1e-300)
            return abs(one.item(0) - other.item(0)) <= limit and bool(_largest(np.abs(one - other), None) <= limit)
    return _same(one, other, tolerance)


def _same(one: Value, other: Value, tolerance: float) -> bool:
    if isinstance(other, (tuple, list)):
        items = cast("Sequence[Any]", other)
        if not isinstance(one, (tuple, list)) or len(cast("Any", one)) != len(items):
            return False
        return all(same(a, b, tolerance) for a, b in zip(cast("Sequence[Any]", one), items, strict=True))
    if isinstance(other, dict):
        named = cast("dict[str, Any]", other)
        return isinstance(one, dict) and all(key in one and same(one[key], item, tolerance) for key, item in named.items())
    mine, theirs = array_of(one), array_of(other)
    if mine is None or theirs is None or mine.shape != theirs.shape:
        return mine is theirs
    if not mine.size:
        return True
    with np.errstate(all="ignore"):
        return bool(np.abs(mine - theirs).max() <= tolerance * max(float(np.abs(theirs).max()), 1e-300))


def _scale(array: Array) -> float:
    """The largest size of an entry. That of a small array of its own memory is kept: the right values are compared with again and again."""
    scale = float(_largest(np.abs(array), None))
    if array.base is None and array.size <= _SMALL:
        if len(_scales) >= _MOST_SCALES:
            _scales.clear()
        _scales[id(array)] = array, scale
    return scale


_DOUBLE, _TAME = np.dtype(np.float64), 1e150
_SMALL, _MOST_SCALES = 500, 1_000
_largest = np.maximum.reduce
_scales: dict[int, tuple[Array, float]] = {}
"""By ``id``, arrays, which are held here, and their scales."""


def array_of(value: Value) -> Array | None:
    """The value as an array of numbers, which truth values are too; None where it is none."""
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype.kind == "b" else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - of any kind; a cast costs as much as the rest
    if isinstance(value, (int, float, complex)):
        number = np.asarray(value)
        return number if number.dtype.kind in "biufc" else None  # an integer can be too large
    return None


def arrays_of(value: Value) -> list[Array]:
    """An array by itself, or those of a list of nothing but arrays; none for anything else."""
    items = cast("Sequence[Any]", value) if isinstance(value, (tuple, list)) else [value]
    arrays = [array for item in items if (array := array_of(item)) is not None]
    return arrays if len(arrays) == len(items) else []


def shape_of(value: Value) -> tuple[int, ...] | None:
    """The shape of an array or number; None for anything else."""
    array = array_of(value)
    return None if array is None else array.shape
