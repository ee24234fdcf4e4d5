"""How far the gradients of one run are from those of a right one, step by step.

A cell returns the same gradients at every step; the loop hands some of them on and adds up the rest. So the step at which an error begins
is seen in what the cell returns, and a mistake in the loop in what the function returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.records import Errors, GradientError, GradientErrors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Literal

    from numpy.typing import NDArray

_AXES = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What a backward function returned, and what each call of its cell returned, in the order of the calls: the last step first."""

    gradients: Mapping[str, Any]
    calls: Sequence[Mapping[str, Any]]


def apart(  # noqa: PLR0917 - whose, of what, against what
    function: str, basis: Literal["code", "mistakes"], mine: Run, right: Run, carries: Collection[str], tolerance: float
) -> Errors:
    """The errors of ``mine``; ``carries`` are the cell's gradients that the loop hands on and does not return."""
    steps = next((array.shape[-1] for array in map(np.asarray, right.gradients.values()) if array.ndim == _AXES), 0)
    named: dict[str, None] = {name: None for name, array in right.gradients.items() if np.ndim(array) == _AXES}
    inside = [name for name in carries if steps and name in right.calls[0]]
    rows: list[GradientErrors] = []
    for name in dict.fromkeys([*named, *inside, *right.gradients]):
        asked = right.gradients.get(name)
        if asked is not None and np.ndim(asked) == _AXES:
            by_step = _slices(mine.gradients.get(name), np.asarray(asked), tolerance)
        elif name in right.calls[0]:
            by_step = _calls(name, mine, right, steps, tolerance)
        else:
            by_step = (None,) * steps
        whole = None if asked is None else error_of(mine.gradients.get(name), np.asarray(asked), _size(asked), tolerance)
        rows.append(GradientErrors(name, by_step, whole))
    return Errors(function, basis, steps, tuple(rows))


def _slices(got: object, asked: NDArray[Any], tolerance: float) -> tuple[GradientError | None, ...]:
    array, size = _array(got), _size(asked)
    if array is None or array.shape != asked.shape:
        return (error_of(got, asked, size, tolerance),) * asked.shape[-1]
    return tuple(error_of(array[..., step], asked[..., step], size, tolerance) for step in range(asked.shape[-1]))


def _calls(name: str, mine: Run, right: Run, steps: int, tolerance: float) -> tuple[GradientError | None, ...]:
    size = max(_size(call[name]) for call in right.calls)
    errors: list[GradientError | None] = [None] * steps
    for number, (got, asked) in enumerate(zip(mine.calls, right.calls, strict=False)):
        if number < steps and name in got:
            errors[steps - 1 - number] = error_of(got[name], np.asarray(asked[name]), size, tolerance)
    return tuple(errors)


def error_of(got: object, asked: NDArray[Any], size: float, tolerance: float) -> GradientError:
    """The error of one value, relative to ``size``; one within ``tolerance`` is none."""
    array = _array(got)
    if array is None or array.shape != asked.shape:
        return GradientError(None, "shape")
    if not np.isfinite(array).all():
        return GradientError(None, "nan")
    error = float(np.max(np.abs(array - asked), initial=0.0)) / (size or 1.0)
    return GradientError(0.0 if error <= tolerance else error)


def _array(value: object) -> NDArray[Any] | None:
    """An array of real numbers, or a number; None for anything else, which may be a list that no array can be made of."""
    array = np.asarray(value) if isinstance(value, (np.ndarray, np.generic, int, float)) else None
    return array if array is not None and array.dtype.kind in "biuf" else None


def _size(asked: object) -> float:
    return float(np.max(np.abs(np.asarray(asked)), initial=0.0))
