"""Evaluate a cell's expressions for many programs at once: arrays have a first axis that counts the programs, hidden from the formulas."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.linewise import Environment, expression_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats

MATRIX = 3
"""The axes of a stack of matrices."""


class Stack(np.ndarray[Any, np.dtype[np.float64]]):
    """The same array of many programs, shaped (programs, ...); in formulas it is indexed and transposed as one program's array is."""

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """Each program's matrix transposed."""
        return self.swapaxes(-1, -2) if self.ndim == MATRIX else self

    def __getitem__(self, key: Any) -> Any:
        """The same part of each program's array."""
        inner: Any = (*key,) if isinstance(key, tuple) else (key,)
        return super().__getitem__((slice(None), *inner))

    @property
    def shape(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - read by formulas, never set
        """The shape of each program's array."""
        return np.asarray(self).shape[1:]


def stack_of(values: Any, count: int) -> Floats:
    """A value as an array with an axis of ``count`` programs in front, ready to be written to."""
    plain = np.asarray(values)
    if isinstance(values, Stack):
        return np.array(plain, float)
    return np.array(np.broadcast_to(plain, (count, *plain.shape)), float)


def inner_shape(value: Any) -> tuple[int, ...]:
    """The shape of each program's matrix."""
    plain: Any = np.asarray(value)
    return tuple(plain.shape[-2:])


def some_of(value: Any, which: Any) -> Any:
    """The value for some of the programs."""
    return np.asarray(value)[which].view(Stack) if isinstance(value, Stack) else value


def evaluated(text: str, space: Environment, values: Environment) -> Any:
    """An expression over stacked values: a stack, or a value that is the same for all programs; None where that can't be done."""
    try:
        value = eval(expression_code(text), space, values)  # noqa: S307 - an edit of our own program
    except Exception:  # noqa: BLE001 - an edited expression may raise anything, and then has no value
        return None
    return value if is_array(value) or isinstance(value, (int, float)) else None


def entry_of(value: Any, index: tuple[int, ...]) -> Any:
    """One entry of every program's array, shaped (programs,), or one number for all; NaN where there is no such entry."""
    array = np.asarray(value)
    ndim = array.ndim - 1 if isinstance(value, Stack) else array.ndim
    index = (*index, *[0] * (ndim - len(index)))
    while len(index) > ndim and index[-1] == 0:
        index = index[:-1]
    if len(index) != ndim or any(at >= size for at, size in zip(index, array.shape[array.ndim - ndim :], strict=True)):
        return np.nan
    return array[(..., *index)]


def stacked_space(space: Environment) -> Environment:
    """The names of a program's space with NumPy's functions that know of the first axis."""
    return {**space, "np": _NUMPY, "softmax": _softmax}


def _inner(axis: int) -> int:
    return axis - 2 if axis >= 0 else axis


def _concatenate(arrays: Sequence[Any], axis: int = 0) -> Any:
    stacks = [array for array in arrays if isinstance(array, Stack)]
    if not stacks:
        return np.concatenate(tuple(arrays), axis=axis)
    count = len(stacks[0])
    parts = [np.asarray(array) for array in arrays]
    whole = [
        part if isinstance(array, Stack) else np.broadcast_to(part, (count, *part.shape)) for part, array in zip(parts, arrays, strict=True)
    ]
    return np.concatenate(whole, axis=_inner(axis)).view(Stack)


def _over(function: Any) -> Any:
    def over(array: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
        if not isinstance(array, Stack):
            return function(array, axis=axis, keepdims=keepdims)
        return function(np.asarray(array), axis=(-2, -1) if axis is None else _inner(axis), keepdims=keepdims).view(Stack)

    return over


def _softmax(values: Any) -> Any:
    powers = np.exp(np.asarray(values) - np.asarray(values).max(axis=(-2, -1), keepdims=True))
    whole = powers / powers.sum(axis=-2, keepdims=True)
    return whole.view(Stack) if isinstance(values, Stack) else whole


_NUMPY = SimpleNamespace(
    dot=np.matmul,
    matmul=np.matmul,
    multiply=np.multiply,
    concatenate=_concatenate,
    sum=_over(np.sum),
    mean=_over(np.mean),
    maximum=np.maximum,
    minimum=np.minimum,
    abs=np.abs,
    sign=np.sign,
    where=np.where,
    ones_like=np.ones_like,
    zeros_like=np.zeros_like,
    tanh=np.tanh,
    sqrt=np.sqrt,
    log=np.log,
    exp=np.exp,
    square=np.square,
    power=np.power,
)
