"""The arguments of ``forward`` and ``backward``: which one is wrong, and what was expected."""

from __future__ import annotations

import cmath
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ShapeError, StructureError
from whygrad.recurrent.configuration import Configuration, is_tuple_of
from whygrad.recurrent.kinds import kind, plain
from whygrad.recurrent.layouts import AXES, STATE_AXES, as_steps
from whygrad.recurrent.parameters import Parameters, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.lengths import Lengths

Array = NDArray[Any]

_SEQUENCE_AXES = 3
_NAMES = tuple(field.name for field in fields(Parameters))
_arrays = attrgetter(*_NAMES)
_DTYPES = {name: np.dtype(name) for name in ("float32", "float64", "complex128")}


def inputs(configuration: Configuration, x: object) -> tuple[int, int]:
    """Checks x but for its values; T and B."""
    array = _array("x", x, configuration.dtype)
    if array.ndim == _SEQUENCE_AXES and array.size:
        steps, features, batch = as_steps(array, configuration.layout).shape
        if features == configuration.inputs:
            return steps, batch
    names = ", ".join(str(configuration.inputs) if axis == "n" else axis for axis in AXES[configuration.layout])
    raise ShapeError(f"x has shape {array.shape}, expected ({names}), T steps and B examples, at least one of each")


def parameters(
    expected: Sequence[Mapping[str, tuple[int, ...]]],
    dtype: str,
    given: Any,  # noqa: ANN401 - it is what is checked
    called: str = "parameters",
) -> None:
    """Checks the parameters of all layers and directions, an argument that is called so, against the shapes expected of each."""
    if not is_tuple_of(Parameters, given, [len(expected)]):
        raise StructureError(f"{called}: expected a tuple of {len(expected)} Parameters records, one for each layer and direction")
    for k, (block, sizes) in enumerate(zip(given, expected, strict=True)):
        for name, array in zip(_NAMES, _arrays(block), strict=True):
            shape = sizes.get(name)
            if array is None and shape is None:
                continue
            if array is None or shape is None:
                says = "is missing" if array is None else "is given, but the configuration has none"
                raise StructureError(f"{called}[{k}].{name} {says}")
            if not _fits(array, shape, dtype):
                full = f"{called}[{k}].{name}"
                finite(full, _shaped(full, array, shape, dtype))


def network(configuration: Configuration, given: object) -> None:
    """Checks the parameters of a network that is not run, and the configuration itself."""
    kind("configuration", configuration, Configuration, optional=False)
    expected = [shapes(configuration, layer) for layer in range(configuration.layers) for _ in range(configuration.directions)]
    parameters(expected, configuration.dtype, given, "network")


def states(configuration: Configuration, batch: int, hidden: object, cell: object, names: tuple[str, str]) -> None:
    """Checks hidden and cell states, which are called by these names; either may be None."""
    if hidden is None and cell is None:
        return
    if cell is not None and configuration.cell != "lstm":
        raise StructureError(f"{names[1]} is given, but only an LSTM has a cell state: expected None")
    for name, state, features in zip(names, (hidden, cell), (configuration.features, configuration.hidden), strict=True):
        if state is not None:
            sizes = {"k": configuration.layers * configuration.directions, "n": features, "B": batch}
            shape = tuple(sizes[axis] for axis in STATE_AXES[configuration.layout])
            finite(name, _shaped(name, state, shape, configuration.dtype))


def lengths(given: object, steps: int, batch: int) -> None:
    """Checks the lengths of the sequences."""
    if given is None:
        return
    if not _is_array(given):
        raise ContentError(f"lengths: expected an array of integers, not {type(given).__name__}")
    if given.dtype.kind not in "iu":
        raise ContentError(f"lengths: expected an array of integers, not {given.dtype}")
    if given.shape != (batch,):
        raise ShapeError(f"lengths has shape {given.shape}, expected ({batch},), one for each example")
    if given.min() < 0 or given.max() > steps:
        raise ContentError(f"lengths goes from {given.min()} to {given.max()}, expected 0 to {steps}, the steps of x")


def upstream(d_outputs: object, shape: tuple[int, ...], dtype: str) -> None:
    """Checks the gradient at the outputs, which have this shape, but for its values."""
    if d_outputs is not None:
        _shaped("d_outputs", d_outputs, shape, dtype)


def sequence(name: str, array: Array, layout: str, limits: Lengths) -> None:
    """Checks that there is no NaN and no infinity before the ends of the sequences; behind them there may be anything."""
    if not cmath.isfinite(np.vdot(array, array)):
        for part in limits.parts(as_steps(array, layout)) if limits.differ else (array,):
            finite(name, part)


def apart(name: str, array: Array, results: Array) -> None:
    """Checks that a pass does not overwrite an argument that it still has to read."""
    if np.may_share_memory(array, results):
        raise StructureError(
            f"{name} lies in the results of an earlier pass with this workspace, which this pass overwrites: expected a copy"
        )


def place(name: str, given: object, count: int) -> None:
    """Checks a number that counts from 0."""
    number = plain(given)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < count:
        raise ContentError(f"{name} is {given!r}, expected a whole number from 0 to {count - 1}")


def current(run: int, last: int) -> None:
    """Checks that a tape's buffers still hold what it needs."""
    if run != last:
        raise StructureError(
            f"tape is of pass {run} with its workspace, which has been used for pass {last} since: expected the tape of the last one"
        )


def finite(name: str, array: Array) -> None:
    """Checks that there is no NaN and no infinity; the sum of squares shows that at once, and each number decides where that overflows."""
    if not cmath.isfinite(np.vdot(array, array)) and not np.isfinite(array).all():
        raise ContentError(f"{name} holds NaN or an infinity, expected finite numbers")


def _is_array(value: object) -> TypeGuard[Array]:
    """Whether it is an array all of whose numbers count: not one with a mask."""
    return isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray)


def _array(name: str, value: object, dtype: str) -> Array:
    if not _is_array(value):
        raise ContentError(f"{name} is of type {type(value).__name__}, expected a NumPy array")
    if value.dtype != _DTYPES[dtype]:
        raise ContentError(f"{name} has dtype {value.dtype}, expected {dtype}, as the configuration says")
    return value


def _fits(value: object, shape: tuple[int, ...], dtype: str) -> bool:
    """Whether it is such an array, and finite beyond doubt; if not, ``_shaped`` and ``finite`` look closely and find the words."""
    return _is_array(value) and value.shape == shape and value.dtype == _DTYPES[dtype] and cmath.isfinite(np.vdot(value, value))


def _shaped(name: str, value: object, shape: tuple[int, ...], dtype: str) -> Array:
    array = _array(name, value, dtype)
    if array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}, expected {shape}")
    return array
