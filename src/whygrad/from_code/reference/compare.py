"""Is an array that somebody's code gave the right one? Within which tolerance, and if not, where does it differ?

Tolerances are relative to the largest entry of the right array: another order of summation, or another way to write an equation, costs a
few units in the last of 16 digits; a constant such as 1e-8 added against a division by zero costs eight; float32 leaves seven.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from whygrad.from_code.words import which_step
from whygrad.mistakes.words import listed
from whygrad.sandbox.values import class_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whygrad.sandbox.requests import Value

EXACT = 1e-9
"""The same in float64, whatever the order of summation."""
NEARLY = 1e-6
"""Right, but for a small constant; no mistake is that small on our inputs."""
SINGLE = 1e-4
"""Right, where float32 or less took part."""
HALF = 5e-3
"""As far off as float16 leaves it, of which the digits are three."""

Level = Literal["exact", "nearly", "wrong"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one array differs: ``level`` "nearly" is right; ``says`` completes "dWf ...".

    ``empty``: None, ``...``, NaN or zeros; ``whole``: an array of integers; ``near``: no farther off than half precision leaves it.
    """

    name: str
    level: Level
    says: str = ""
    empty: bool = False
    whole: bool = False
    near: bool = False


_largest = np.maximum.reduce
_SINGLE, _HALF, _NUMBERS = "efF", "e", "biufc"
"""Of dtypes: the letters of float16, float32 and complex64, that of float16, and the kinds that are numbers."""


def difference(name: str, value: Value, expected: NDArray[Any], *, single: bool) -> Difference:
    """Hold one value against the right array; ``single`` where numbers of less than float64 took part."""
    got = _array(value)
    if got is None:
        kind = "None" if value is None else f"of type {getattr(value, 'type', type(value).__name__)}"
        says = f"is {kind}, expected an array of shape {expected.shape}"
        return Difference(name, "wrong", says, empty=to_be_written(value))
    if got.shape != expected.shape:
        return Difference(name, "wrong", f"has shape {got.shape}, expected {expected.shape}")
    size = float(_largest(np.abs(expected), None, initial=0.0)) or 1.0
    with np.errstate(all="ignore"):
        apart = np.abs(got - expected)
    most = _largest(apart, None, initial=0.0)  # NaN where one is
    if most <= EXACT * size:
        return Difference(name, "exact")
    if most <= (SINGLE if single else NEARLY) * size:
        return Difference(name, "nearly")
    bad = ~(apart <= (SINGLE if single else NEARLY) * size)
    empty, whole = not np.isfinite(got).all() or not got.any(), got.dtype.kind in "iu"
    return Difference(name, "wrong", _says(bad, got), empty=empty, whole=whole, near=bool(most <= HALF * size))


def to_be_written(value: Value) -> bool:
    """Whether it stands for what is still to be written: None, or an ellipsis."""
    return value is None or getattr(value, "type", type(value).__name__) == type(...).__name__


def _says(bad: NDArray[np.bool_], got: NDArray[Any]) -> str:
    number = int(np.count_nonzero(bad))
    if not np.isfinite(got).all():
        return f"holds {np.count_nonzero(~np.isfinite(got))} entries that are not finite, of {got.size}"
    if not np.any(got):
        return "is all zeros"
    steps = "" if bad.ndim != 3 else _steps(np.flatnonzero(bad.any(axis=(0, 1))).tolist(), bad.shape[2])  # noqa: PLR2004 - (features, examples, steps)
    return f"is wrong: all {number} entries differ" if number == bad.size else f"is wrong: {number} of {bad.size} entries differ{steps}"


def _steps(wrong: list[int], steps: int) -> str:
    if len(wrong) == steps:
        return ", at every step"
    if len(wrong) == 1:
        return f", at {which_step(wrong[0], steps)} only"
    if wrong == list(range(wrong[0], steps)):
        return f", from {which_step(wrong[0], steps)} on"
    if wrong == list(range(wrong[-1] + 1)):
        return f", up to {which_step(wrong[-1], steps)}"
    return f", at {listed(which_step(step, steps) for step in wrong)}"


def single(value: Value) -> bool:
    """Whether an array of less than float64 is anywhere in a value."""
    return _holds(value, _SINGLE)


def half(value: Value) -> bool:
    """Whether an array of float16 is anywhere in a value."""
    return _holds(value, _HALF)


def _holds(value: Value, letters: str) -> bool:
    kind = class_of(value)
    if issubclass(kind, (np.ndarray, np.generic)):
        return value.dtype.char in letters
    if issubclass(kind, dict):
        return any(_holds(item, letters) for item in value.values())
    return issubclass(kind, (tuple, list)) and any(_holds(item, letters) for item in value)


def _array(value: Value) -> NDArray[Any] | None:
    """A value as an array of numbers, None where it is none."""
    if type(value) is np.ndarray:
        return value if value.dtype.kind in _NUMBERS else None
    if value is None or isinstance(value, str | dict):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return got if got.dtype.kind in _NUMBERS else None
