"""What a program with slips gives, beside the reference: each function run alone between right ones.

A function that is right with the program's own cell, which may leave something in its arguments, has no slip that anybody could see.
"""

from __future__ import annotations

import io
import signal
import warnings
from contextlib import contextmanager, redirect_stdout
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from styles import FUNCTIONS, REFERENCE, RETURNED, arguments, called, loaded

from whygrad.assignments.assignment import own_random_numpy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Runs: TypeAlias = dict[str, dict[str, Any] | None]
"""What each function of a program gives, by its name: arrays by theirs, None where it raises."""
SIZES: Mapping[str, int] = {"n_x": 3, "n_a": 4, "n_y": 2, "m": 5, "T_x": 4, "T": 3}
"""All different, so that an array of a wrong shape raises."""
LONGEST = 1.0
"""Seconds that a program with a slip may take; a loop may have lost its end."""


def run(text: str) -> Runs | None:
    """What each function of the program gives, run alone between right ones; None where the program does not load or does not end."""
    try:
        with time_limit(LONGEST), warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO()):
            space = loaded(text)
            space["np"] = _noisy_numpy()
            own = {name: space[name] for name in FUNCTIONS if name in space}
            return {function: _run(function, space, own) for function in own}
    except Exception:  # noqa: BLE001 - a program with a slip may raise anything, or take too long
        return None


def wrong(runs: Runs) -> frozenset[str]:
    """The functions that return something else than they should."""
    return frozenset(name for name, arrays in runs.items() if arrays is not None and not same(arrays, _right(name)))


def raising(runs: Runs) -> frozenset[str]:
    """The functions that raise."""
    return frozenset(name for name, arrays in runs.items() if arrays is None)


def same(mine: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether all arrays agree to 1e-3 of their size, far above float32's rounding."""
    return mine.keys() >= other.keys() and all(_close(mine[name], array) for name, array in other.items())


def _close(one: Any, other: Any) -> bool:  # noqa: ANN401 - somebody's results
    if not all(isinstance(value, np.ndarray) and value.dtype.kind in "fiub" for value in (one, other)) or one.shape != other.shape:
        return isinstance(one, (int, float)) and isinstance(other, (int, float)) and one == other  # a start value that nothing was added to
    both_nan = np.isnan(one) & np.isnan(other)
    return bool(np.all(both_nan | (np.abs(one - other) <= 1e-3 * np.max(np.abs(other), initial=0.0))))


def _run(function: str, space: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any] | None:
    alone, cell = _with(function, {function}, space, own), function.replace("_", "_cell_", 1)
    if cell not in own or (alone is not None and same(alone, _right(function))):
        return alone
    together = _with(function, {function, cell}, space, own)
    return together if together is not None and same(together, _right(function)) else alone


def _with(function: str, chosen: set[str], space: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any] | None:
    space.update({name: own[name] if name in chosen else REFERENCE[name] for name in own})
    try:
        return _observed(function, called(own[function], arguments(function, 1, SIZES)))
    except TimeoutError:
        raise
    except Exception:  # noqa: BLE001 - a program with a slip may raise anything
        return None


@cache
def _right(function: str) -> dict[str, Any]:
    return _observed(function, called(REFERENCE[function], arguments(function, 1, SIZES)))


def _observed(function: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - what somebody's function returned
    """The gradients; of a forward function the outputs, and what a right backward pass makes of its caches."""
    if function.endswith("backward"):
        return dict(value)
    backward = function.replace("forward", "backward")
    *upstream, _ = arguments(backward, 2, SIZES)
    outputs = dict(zip(RETURNED[function], value, strict=False))
    return outputs | called(REFERENCE[backward], (*upstream, value[-1]))


def _noisy_numpy() -> Any:  # noqa: ANN401 - a namespace like NumPy's
    """NumPy, where an empty array holds NaN: what happens to be in memory may be the right result of an earlier run."""
    numpy = own_random_numpy()
    numpy.empty = lambda shape, dtype=float: np.full(shape, np.nan, dtype)
    return numpy


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises ``TimeoutError`` in the main thread after so long."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
