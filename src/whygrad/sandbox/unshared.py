"""A copy of a value that nothing which is done afterwards changes: no array, dictionary, list, object or name in it is anybody else's."""

from __future__ import annotations

from types import CellType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.values import DEPTH, class_of, copied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.requests import Value


def unshared(value: Any, above: tuple[int, ...] = ()) -> Value:  # noqa: ANN401 - any object
    """The copy, in which no two arrays share memory, be they one object in the value or not; ``above`` is what it stands in."""
    within = (*above, id(value))
    if len(above) >= DEPTH or id(value) in above:
        return value
    if isinstance(value, tuple):
        items = [unshared(item, within) for item in cast("Sequence[Any]", value)]
        kind: Any = class_of(cast("Any", value))
        return cast("Any", tuple).__new__(kind, items)  # a named tuple stays one
    if isinstance(value, list):
        return [unshared(item, within) for item in cast("Sequence[Any]", value)]
    if isinstance(value, dict):
        return {key: unshared(item, within) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, np.ndarray):
        return copied(cast("Any", value))
    return _function(value, within) if isinstance(value, FunctionType) else _object(value, within)


def _function(value: FunctionType, within: tuple[int, ...]) -> FunctionType:
    """A function that reads the names of the function around it as they are now, and not as they are when it is called."""
    if not value.__closure__:
        return value
    try:
        cells = tuple(CellType(unshared(cell.cell_contents, within)) for cell in value.__closure__)
    except ValueError:  # a name that has no value yet
        return value
    new = FunctionType(value.__code__, value.__globals__, value.__name__, value.__defaults__, cells)
    new.__kwdefaults__ = value.__kwdefaults__
    return new


def _object(value: Any, within: tuple[int, ...]) -> Any:  # noqa: ANN401 - any object
    """An object of a class of somebody's, with copies of its attributes; whatever else it is stays what it is."""
    kind = class_of(value)
    if issubclass(kind, (type, ModuleType)) or class_of(getattr(value, "__dict__", None)) is not dict:
        return value
    try:
        new: Any = object.__new__(kind)
    except TypeError:  # of a kind that is made otherwise
        return value
    new.__dict__.update({name: unshared(item, within) for name, item in cast("dict[str, Any]", vars(value)).items()})
    return new
