"""Derivatives of any scalar function of named arrays, from its values alone: the judge of every hand-written gradient.

``complex_step`` is exact to rounding but needs a function through which complex numbers pass. A function that writes into a buffer
from ``np.zeros`` drops the imaginary part, and the result would be a wrong derivative without a word. ``central_differences`` needs
nothing but values and has about 10 digits. ``differentiate`` takes the first where it can be trusted and else the second, and says which.

A function is called as ``function(**arrays)``, with fresh copies each time, so it may change them in place.
"""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ImaginaryPartLostError, ShapeError, WhygradError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Arrays = Mapping[str, NDArray[Any]]
Gradients = dict[str, NDArray[np.float64]]

_COMPLEX_STEP = 1e-20  # its square is lost beside 1, so the derivative has no truncation error
_EPS = float(np.finfo(np.float64).eps)
_REAL_STEP = _EPS**0.2  # balances the truncation h**4 of the extrapolation with the rounding eps / h
_SHORTER = 1.9  # how many times a step is shorter than the one before: not 2, or a fast wave could look the same at several of them
_STEPS = 43  # down to the rounding of the point itself
_CLOSEST = _REAL_STEP / _SHORTER**_STEPS
_EXACT = 1e-10  # what central differences are expected to reach, of the derivative's size
_LEVEL = 0.9  # of the difference over the step before: with more, the function is level but for a rise between
_AGREEMENT = 1e-6  # the most that they may be off
_SAFETY = 100
_CLOSE, _STEADY = 1e-3, 3  # how many slopes in a row that are how close cannot be so by accident
_LITTLE = 5e-3  # how much shorter a step is, than the one that gave the slope, that is to show almost no difference
_LEFT = 0.1  # the most that may be left there of the difference, or the slope be apart from the one before
_NOISE = 2e-5  # or of the value: where it is rounded, or computed in float32, few digits are right
_FAR = 0.3  # how far away a function that is level at the point is looked at
_RISES = 1.5  # how much larger than its first step a stair is there: a threshold is one step alone


@dataclass(frozen=True, slots=True)
class Derivative:
    """The gradient at each array, how it was computed, and why not by complex step (empty where it was)."""

    gradients: Gradients
    method: Literal["complex step", "central differences"]
    reason: str = ""


def differentiate(function: Callable[..., Any], arrays: Arrays) -> Derivative:
    """The derivative by complex step, if it can be trusted, else by central differences.

    It is trusted where no imaginary part was seen to be lost, and where for each array the derivative along one random direction
    (seed 0) agrees with central differences: that also finds ``np.abs``, ``conj``, a comparison or a silenced warning on the way,
    if more than about 1e-9 of that derivative is lost by it, and more than the rounding of the function's value hides.

    Args:
        function: Called as ``function(**arrays)``; returns one number, the same one each time for the same arrays.
        arrays: The point, by name: arrays of any shape, float, integer or boolean; passed on as float64, or complex128.

    Raises:
        ContentError: The arrays are no dictionary of arrays by name, or one is not of real finite numbers; or the function cannot be
            called, or returns NaN, an infinity, or two different values for the same arrays, or has no value on one side of the point,
            or jumps there or changes too fast for differences, or is a stair, as what is rounded or computed in float16 is.
        ShapeError: The function returns more than one number.
    """
    point = _point(function, arrays)
    value = _value(function, point)
    if _value(function, point) != value:
        raise ContentError("the function gave two different values for the same arrays; does it draw random numbers or keep a state?")
    try:
        gradients = complex_step(function, point)
    except WhygradError as error:
        return Derivative(central_differences(function, point), "central differences", str(error))
    except Exception as error:  # noqa: BLE001 - the function has just run on real numbers, so whatever it raises here is about complex ones
        reason = f"the function raises {type(error).__name__} when it is given complex numbers"
        return Derivative(central_differences(function, point), "central differences", reason)
    for name, gradient in gradients.items():
        if not _agrees_along_a_direction(function, point, name, gradient):
            reason = (
                f"complex step and central differences disagree in {name}: an imaginary part is lost on the way, there is a kink, "
                "or something is computed in less than float64"
            )
            return Derivative(central_differences(function, point), "central differences", reason)
    return Derivative(gradients, "complex step")


def complex_step(function: Callable[..., Any], arrays: Arrays) -> Gradients:
    """The gradient Im f(x + ih) / h at each array, h = 1e-20, exact to rounding for an analytic function.

    The function must let complex numbers pass; it has to call nothing like ``np.abs``, ``conj`` or a comparison of values. Those can't
    be seen from here, and give a wrong result: ``differentiate`` checks for them. Cost: one call for each entry.

    Args:
        function: Called as ``function(**arrays)``; returns one number.
        arrays: The point, by name; passed on as complex128.

    Returns:
        The gradients by name, float64, each of its array's shape.

    Raises:
        ImaginaryPartLostError: NumPy cast complex values to real ones, as happens when they are put into a buffer from ``np.zeros``.
        ContentError: An array is not of real finite numbers, or the function returns NaN or an infinity.
        ShapeError: The function returns more than one number.
    """
    point: dict[str, NDArray[Any]] = {name: array.astype(np.complex128) for name, array in _point(function, arrays).items()}

    def slope(name: str, index: tuple[int, ...]) -> float:
        moved = point[name].copy()
        moved[index] += 1j * _COMPLEX_STEP
        return _value(function, {**point, name: moved}).imag / _COMPLEX_STEP

    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            return _every_entry(slope, point)
        except np.exceptions.ComplexWarning as warning:
            raise ImaginaryPartLostError(
                "the function puts complex values into a real array, such as one from np.zeros, so a complex step loses its way in it"
            ) from warning


def central_differences(function: Callable[..., Any], arrays: Arrays) -> Gradients:
    """The gradient (f(x + h) - f(x - h)) / 2h at each array, extrapolated from two steps to error h⁴.

    h is about 4e-4 times the size of the entry, at least 4e-4, so about 10 digits of a smooth function's derivative are right. It is
    made shorter where the function changes fast or has no value so far away, as a logarithm near 0. Where the function is known to
    1e-5 only, the slope is within a few percent. At a kink the result is the mean of the slopes on both sides. Cost: six calls for each
    entry, two more for each shorter step.

    Args:
        function: Called as ``function(**arrays)``; returns one number, computed in float64 throughout.
        arrays: The point, by name; passed on as float64.

    Returns:
        The gradients by name, float64, each of its array's shape.

    Raises:
        ContentError: An array is not of real finite numbers, or the function returns NaN or an infinity, has no value on one side, or
            jumps, changes or is rounded so much that no two steps show the same slope, or none but 0 between two stairs.
        ShapeError: The function returns more than one number.
    """
    point = _point(function, arrays)
    _value(function, point)

    def slope(name: str, index: tuple[int, ...]) -> float:
        direction = np.zeros_like(point[name])
        direction[index] = max(1.0, abs(float(point[name][index])))
        return _slope_along(function, point, name, direction)[0] / float(direction[index])

    return _every_entry(slope, point)


def _every_entry(slope: Callable[[str, tuple[int, ...]], float], point: Arrays) -> Gradients:
    return {
        name: np.array([slope(name, index) for index in np.ndindex(array.shape)], np.float64).reshape(array.shape)
        for name, array in point.items()
    }


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step to both sides shows: its length, the difference across, the size of the values, the slope, and that before."""

    length: float
    across: float = math.nan
    size: float = math.nan
    slope: float = math.nan
    coarser: float = math.nan

    @property
    def spread(self) -> float:
        return abs(self.slope - self.coarser)

    @property
    def rounding(self) -> float:
        return _EPS * self.size / self.length

    @property
    def error(self) -> float:
        return self.spread + self.rounding

    def is_close(self, slope: float) -> bool:
        return abs(self.slope - slope) <= _CLOSE * abs(self.slope)


def _steps(value: Callable[[float], float]) -> Iterator[_Step]:
    step, plain, slope = _REAL_STEP, math.nan, math.nan
    for _ in range(_STEPS):
        ahead, behind = value(step), value(-step)
        before, plain = plain, (ahead - behind) / (2 * step)
        coarser, slope = slope, plain + (plain - before) / (_SHORTER**2 - 1)
        yield _Step(step, ahead - behind, max(abs(ahead), abs(behind)), slope, coarser)
        step /= _SHORTER


def _slope_along(function: Callable[..., Any], point: Arrays, name: str, direction: NDArray[Any]) -> tuple[float, float, float]:
    """The slope; by how much it differs from that of the step before; and what rounding does to it."""

    def value(step: float) -> float:
        try:
            with np.errstate(all="ignore"):
                return _value(function, {**point, name: point[name] + step * direction}).real
        except (ArithmeticError, ValueError):  # it has a value at the point, so this is outside of where it has one
            return math.nan

    best, sure = _best(_steps(value))
    if math.isnan(best.slope):
        raise ContentError(f"the function has a value at the point, but not on both sides of it in {name}, not even {_CLOSEST:.0e} away")
    if not sure:
        raise ContentError(f"the function jumps at the point or changes too fast in {name}: no two steps show the same slope")
    if not best.across and (away := _nearest_jump(value, best.length)):
        raise ContentError(
            f"the function is level at the point in {name} and jumps {away:.0e} away, so no slope can be seen: "
            "let it return what is not rounded, and compute all of it in float64, not in float16 or float32"
        )
    return best.slope, best.spread, best.rounding


def _nearest_jump(value: Callable[[float], float], level: float) -> float:
    """How far away the difference between both sides is no longer 0, if it jumps there, and the slope from afar is none; else 0.

    What is rounded is such a stair, whose slope is that from one stair to the next: it goes on to rise. At a kink nothing jumps.
    """

    def across(step: float) -> float:
        return abs(value(step) - value(-step)) / step

    moved, noise = _FAR, _NOISE * 2 * max(abs(value(_FAR)), abs(value(-_FAR)))
    if not across(_FAR) > noise:
        return 0.0
    for _ in range(_STEPS):
        middle = (level + moved) / 2
        level, moved = (level, middle) if across(middle) else (middle, moved)
    rises = across(_FAR) * _FAR > _RISES * across(moved) * moved
    return moved if rises and across(moved) > noise else 0.0


def _best(steps: Iterator[_Step]) -> tuple[_Step, bool]:
    """The step whose slope is nearest to that of the step before, and whether the shorter ones bear it out.

    The first steps are better than the shorter ones where the function is known to a few digits only, and say nothing if it is a fast
    wave: where several in a row agree on another slope, it is that.
    """
    best, least = _Step(_REAL_STEP), math.inf
    across, jumps, worse, steady, left = math.nan, True, False, 0, 0.0
    for step in steps:
        if jumps and (abs(step.across) < _LEVEL * abs(across) or not step.across):  # what was measured across a whole rise says nothing
            jumps, least = False, math.inf
        across = step.across
        if steady < _STEADY:
            steady = steady + 1 if across and step.is_close(step.coarser) else 0
            if worse and steady == _STEADY and not step.is_close(best.slope):  # what was nearer before was so by accident
                worse, least = False, math.inf
        worse |= not jumps and step.error > 4 * least
        if worse and steady == _STEADY:  # only rounding is added
            return best, True
        if step.error < least and not worse:
            best, least, left = step, step.error, 2 * step.length * step.spread
        elif step.length < _LITTLE * best.length:
            left = max(left, abs(across))
        if not (jumps or worse) and least <= _EXACT * abs(best.slope) + 2 * step.rounding:  # no better
            return best, True
    return best, not jumps and left <= max(_LEFT * abs(best.across), _NOISE * max(1.0, best.size))


def _agrees_along_a_direction(function: Callable[..., Any], point: Arrays, name: str, gradient: NDArray[np.float64]) -> bool:
    """Central differences along one direction, entries between 0.5 and 1.5, see every entry."""
    direction = np.random.default_rng(0).uniform(0.5, 1.5, gradient.shape) * np.maximum(1.0, np.abs(point[name]))
    direction /= np.sqrt(max(1, gradient.size))
    measured, spread, rounding = _slope_along(function, point, name, direction)
    claimed, size = float(np.sum(gradient * direction)), float(np.sum(np.abs(gradient * direction))) + abs(measured)
    return abs(claimed - measured) <= min(_AGREEMENT * size, _EXACT * size + _SAFETY * spread) + _SAFETY * rounding


def _value(function: Callable[..., Any], point: Arrays) -> complex:
    """The function's value, computed on copies: one finite number, complex only where the point is."""
    returned = function(**{name: array.copy() for name, array in point.items()})
    if isinstance(returned, tuple):
        raise ShapeError("the function returned a tuple, expected one number: let it return the loss alone")
    value = _array("what the function returned", returned)
    if value.size != 1:
        raise ShapeError(f"the function returned an array of shape {value.shape}, expected one number")
    kinds = "biufc" if any(np.iscomplexobj(array) for array in point.values()) else "biuf"
    if value.dtype.kind not in kinds or not np.isfinite(value).all():
        raise ContentError(f"the function returned {value.item()!r}, expected a real, finite number")
    return complex(value.item())


def _array(name: str, given: object) -> NDArray[Any]:
    if isinstance(given, np.ma.MaskedArray):
        raise ContentError(f"{name} has a mask, which would be lost; expected an array all of whose numbers count")
    try:
        return np.asarray(given)
    except ValueError as error:
        raise ContentError(f"{name} is no array: its rows are of different lengths") from error


def _point(function: Callable[..., Any], arrays: Arrays) -> dict[str, NDArray[np.float64]]:
    """The arrays as float64, if the function can be called with them."""
    if not callable(function):
        raise ContentError(f"the function is of type {type(function).__name__}, expected one that can be called as function(**arrays)")
    if not isinstance(arrays, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ContentError(f'the arrays are given as {type(arrays).__name__}, expected a dictionary by name: {{"x": x}}')
    real: dict[str, NDArray[np.float64]] = {}
    for name, array in arrays.items():
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ContentError(f'{name!r} is no name of an argument, expected a dictionary by name: {{"x": x}}')
        if isinstance(array, Mapping):
            raise ContentError(
                f"{name} is a dictionary of arrays; give each of them under a name of its own, as an argument of the function"
            )
        given = _array(name, array)
        if given.dtype.kind not in "biuf":
            raise ContentError(f"{name} has dtype {given.dtype}, expected an array of real, finite numbers")
        if not np.isfinite(given).all():
            raise ContentError(f"{name} holds {given[~np.isfinite(given)][0]}, expected an array of real, finite numbers")
        real[name] = given.astype(np.float64)
    try:
        inspect.signature(function).bind(**real)
    except TypeError as error:
        raise ContentError(f"the function cannot be called with the names of the arrays, {', '.join(real)}: {error}") from None
    except ValueError:  # one of NumPy's own, which does not tell
        pass
    return real
