"""The arguments of ``forward`` and ``backward``: which one is wrong, and what was expected."""

from __future__ import annotations

import cmath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ShapeError, StructureError
from whygrad.recurrent.layouts import AXES, STATE_AXES, as_steps
from whygrad.recurrent.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]

_SEQUENCE_AXES = 3
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


def parameters(expected: Sequence[Mapping[str, tuple[int, ...]]], dtype: str, network: object) -> None:
    """Checks the parameters of all layers and directions against the shapes expected of each."""
    if not isinstance(network, tuple) or len(network) != len(expected) or not all(isinstance(one, Parameters) for one in network):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        raise StructureError(f"parameters: expected a tuple of {len(expected)} Parameters records, one for each layer and direction")
    for k, (block, shapes) in enumerate(zip(network, expected, strict=True)):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        for name in Parameters.__slots__:
            array, shape = getattr(block, name), shapes.get(name)
            if (array is None) != (shape is None):
                says = "is missing" if array is None else "is given, but the configuration has none"
                raise StructureError(f"parameters[{k}].{name} {says}")
            if shape is not None:
                finite(f"parameters[{k}].{name}", _shaped(f"parameters[{k}].{name}", array, shape, dtype))


def states(configuration: Configuration, batch: int, given: Mapping[str, object]) -> None:
    """Checks a pair of hidden and cell states, either of them None."""
    lstm = configuration.cell == "lstm"
    for (name, state), features in zip(given.items(), (configuration.features, configuration.hidden), strict=True):
        if state is None:
            continue
        if features == configuration.hidden and not lstm and name == list(given)[1]:
            raise StructureError(f"{name} is given, but only an LSTM has a cell state: expected None")
        sizes = {"k": configuration.layers * configuration.directions, "n": features, "B": batch}
        finite(name, _shaped(name, state, tuple(sizes[axis] for axis in STATE_AXES[configuration.layout]), configuration.dtype))


def lengths(given: object, steps: int, batch: int) -> None:
    """Checks the lengths of the sequences."""
    if given is None:
        return
    if not isinstance(given, np.ndarray) or given.dtype.kind not in "iu":
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise ContentError(f"lengths: expected an array of integers, not {kind}")
    if given.shape != (batch,):
        raise ShapeError(f"lengths has shape {given.shape}, expected ({batch},), one for each example")
    if given.min() < 0 or given.max() > steps:
        raise ContentError(f"lengths goes from {given.min()} to {given.max()}, expected 0 to {steps}, the steps of x")


def kind(name: str, given: object, expected: type, *, optional: bool = True) -> None:
    """Checks that an argument is of a type, or None."""
    if not isinstance(given, expected) and not (optional and given is None):
        says = f"{expected.__name__} or None" if optional else expected.__name__
        raise ContentError(f"{name} is of type {type(given).__name__}, expected {says}")


def upstream(configuration: Configuration, d_outputs: object, steps: int, batch: int) -> None:
    """Checks the gradient at the outputs but for its values."""
    if d_outputs is not None:
        sizes = {"T": steps, "B": batch, "n": configuration.outputs}
        _shaped("d_outputs", d_outputs, tuple(sizes[axis] for axis in AXES[configuration.layout]), configuration.dtype)


def current(run: int, last: int) -> None:
    """Checks that a tape's buffers still hold what it needs."""
    if run != last:
        raise StructureError(
            f"tape is of pass {run} with its workspace, which has been used for pass {last} since: expected the tape of the last forward pass"
        )


def finite(name: str, array: Array) -> None:
    """Checks that there is no NaN and no infinity; the sum of squares shows that at once, and each number decides where that overflows."""
    if not cmath.isfinite(np.vdot(array, array)) and not np.isfinite(array).all():
        raise ContentError(f"{name} holds NaN or an infinity, expected finite numbers")


def _array(name: str, value: object, dtype: str) -> Array:
    if not isinstance(value, np.ndarray):
        raise ContentError(f"{name} is of type {type(value).__name__}, expected a NumPy array")
    if value.dtype != _DTYPES[dtype]:
        raise ContentError(f"{name} has dtype {value.dtype}, expected {dtype}, as the configuration says")
    return value


def _shaped(name: str, value: object, shape: tuple[int, ...], dtype: str) -> Array:
    array = _array(name, value, dtype)
    if array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}, expected {shape}")
    return array
