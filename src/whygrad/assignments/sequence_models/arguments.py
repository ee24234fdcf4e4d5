"""Checks the arguments of the public functions, so that a wrong one is named in the course's own terms before anything is computed.

A size (``n_a``, ``m``, ...) is learned from the first array that has it; every later array must agree, and a message says where
the size came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ShapeError, StructureError

Array = NDArray[Any]
Shape = tuple[str, ...]

RNN_PARAMETERS: dict[str, Shape] = {
    "Wax": ("n_a", "n_x"),
    "Waa": ("n_a", "n_a"),
    "Wya": ("n_y", "n_a"),
    "ba": ("n_a", "1"),
    "by": ("n_y", "1"),
}
LSTM_PARAMETERS: dict[str, Shape] = {
    "Wf": ("n_a", "n_a + n_x"),
    "bf": ("n_a", "1"),
    "Wi": ("n_a", "n_a + n_x"),
    "bi": ("n_a", "1"),
    "Wc": ("n_a", "n_a + n_x"),
    "bc": ("n_a", "1"),
    "Wo": ("n_a", "n_a + n_x"),
    "bo": ("n_a", "1"),
    "Wy": ("n_y", "n_a"),
    "by": ("n_y", "1"),
}
_HIDDEN = ("n_a", "m")
RNN_CACHE: dict[str, Shape] = {"a_next": _HIDDEN, "a_prev": _HIDDEN, "xt": ("n_x", "m")}
LSTM_CACHE: dict[str, Shape] = {
    **dict.fromkeys(("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot"), _HIDDEN),
    "xt": ("n_x", "m"),
}


class Arguments:
    """The arguments of one call of ``function``; each method checks one of them and returns it ready for the reference program."""

    def __init__(self, function: str) -> None:
        """No size is known yet; ``function`` is named in every message."""
        self._function = function
        self._sizes: dict[str, tuple[int, str]] = {}  # a size's name -> its value, and the array that it was learned from

    def array(self, name: str, value: object, shape: Shape) -> Array:
        """``value`` as an array of floating or complex numbers of this shape; integers and booleans become float64, others are not copied.

        Raises:
            ContentError: It is no NumPy array, has a mask, holds no numbers, or holds NaN or an infinity.
            ShapeError: Its shape does not agree with the sizes known so far, or one of its sizes is 0.
        """
        if not isinstance(value, np.ndarray):
            raise ContentError(f"{self._function}: {name} is {_kind(value)}, expected a NumPy array of shape {_written(shape)}")
        if isinstance(value, np.ma.MaskedArray):
            raise ContentError(f"{self._function}: {name} has a mask, which would be lost; expected an array all of whose numbers count")
        array = np.asarray(cast("Array", value))
        if array.dtype.kind in "biu":
            array = array.astype(np.float64)
        if array.dtype.kind not in "fc":
            raise ContentError(f"{self._function}: {name} has dtype {array.dtype}, expected numbers such as float64")
        self._agree(name, array.shape, shape)
        self._finite(name, array)
        return array

    def parameters(self, value: object, shapes: Mapping[str, Shape], where: str = "") -> dict[str, Array]:
        """A new dictionary of the named parameters, checked; entries of other names are left out. ``where`` tells the cache they are in.

        Raises:
            StructureError: It is no dictionary, or parameters are missing.
            ContentError, ShapeError: As for ``array``.
        """
        if not isinstance(value, Mapping):
            raise StructureError(f"{self._function}: parameters{where} is {_kind(value)}, expected a dictionary with {', '.join(shapes)}")
        given = cast("Mapping[str, object]", value)
        missing = [key for key in shapes if key not in given]
        if missing:
            raise StructureError(f"{self._function}: parameters{where} has no {', '.join(missing)}; expected {', '.join(shapes)}")
        return {key: self.array(f'parameters["{key}"]{where}', given[key], shape) for key, shape in shapes.items()}

    def cache(self, value: object, entries: Mapping[str, Shape], parameters: Mapping[str, Shape], name: str = "cache") -> tuple[Any, ...]:
        """One step's cache, checked: the arrays of ``entries`` in this order, then the parameters.

        Raises:
            StructureError: It is no tuple of that length, or its last entry lacks parameters.
            ContentError, ShapeError: As for ``array``.
        """
        parts = self._parts(name, value, (*entries, "parameters"))
        arrays = [self.array(f"{entry} in {name}", part, shape) for (entry, shape), part in zip(entries.items(), parts, strict=False)]
        return (*arrays, self.parameters(parts[-1], parameters, f" in {name}"))

    def caches(self, value: object, entries: Mapping[str, Shape], parameters: Mapping[str, Shape]) -> tuple[list[tuple[Any, ...]], Array]:
        """The caches of a whole sequence, checked: (list of one cache a step, x).

        Raises:
            StructureError: It is no such pair, the list is empty, or it has not as many steps as x; or as for ``cache``.
            ContentError, ShapeError: As for ``array``.
        """
        steps, x = self._parts("caches", value, ("the list of one cache a step", "x"))
        if not _is_sequence(steps):
            raise StructureError(f"{self._function}: caches[0] is {_kind(steps)}, expected the list of one cache a step")
        steps = cast("Sequence[object]", steps)
        if not steps:
            raise StructureError(f"{self._function}: caches[0] is empty, expected one cache for each step")
        checked = [self.cache(step, entries, parameters, f"caches[0][{t}]") for t, step in enumerate(steps)]
        x = self.array("x in caches", x, ("n_x", "m", "T_x"))
        if x.shape[-1] != len(steps):
            raise StructureError(f"{self._function}: caches[0] holds {len(steps)} steps, but x in caches has T_x = {x.shape[-1]}")
        return checked, x

    def upstream(self, name: str, value: object, steps: int) -> Array:
        """The upstream gradient of a sequence, (n_a, m, T) with T at most ``steps``.

        Raises:
            ContentError, ShapeError: As for ``array``; ShapeError too where T is greater than ``steps``.
        """
        array = self.array(name, value, ("n_a", "m", "T"))
        if array.shape[-1] > steps:
            raise ShapeError(f"{self._function}: {name} has shape {array.shape}, but caches holds {steps} steps: T is at most {steps}")
        return array

    def _parts(self, name: str, value: object, expected: Sequence[str]) -> Sequence[object]:
        listed = f"({', '.join(expected)})"
        if not _is_sequence(value):
            raise StructureError(f"{self._function}: {name} is {_kind(value)}, expected the tuple {listed}")
        parts = cast("Sequence[object]", value)
        if len(parts) != len(expected):
            raise StructureError(f"{self._function}: {name} has {len(parts)} entries, expected {len(expected)}: {listed}")
        return parts

    def _agree(self, name: str, came: tuple[int, ...], shape: Shape) -> None:
        known = {size: value for size, (value, _) in self._sizes.items()}
        expected = [_size(dimension, known) for dimension in shape]
        if len(came) != len(shape) or any(size not in (None, got) for size, got in zip(expected, came, strict=True)):
            raise ShapeError(f"{self._function}: {name} has shape {came}, expected {_written(shape)}{self._known(shape, expected)}")
        if 0 in came:
            empty = shape[came.index(0)]
            raise ShapeError(f"{self._function}: {name} has shape {came}, expected {_written(shape)} with {empty} at least 1")
        for dimension, size, got in zip(shape, expected, came, strict=True):
            if size is None:
                self._sizes[dimension] = (got, name)

    def _known(self, shape: Shape, expected: Sequence[int | None]) -> str:
        """The expected shape in numbers as far as it is known, and which arrays these sizes are from."""
        origins: dict[str, list[str]] = {}
        for size in dict.fromkeys(size for dimension in shape for size in dimension.split(" + ") if size in self._sizes):
            value, origin = self._sizes[size]
            origins.setdefault(origin, []).append(f"{size} is {value}")
        if not origins:
            return ""
        numbers = _written([dimension if size is None else str(size) for dimension, size in zip(shape, expected, strict=True)])
        return f" = {numbers}: " + ", ".join(f"{' and '.join(sizes)} in {origin}" for origin, sizes in origins.items())

    def _finite(self, name: str, array: Array) -> None:
        bad = ~np.isfinite(array)
        if not bad.any():
            return
        index = tuple(np.argwhere(bad)[0])
        others = int(np.count_nonzero(bad)) - 1
        more = f", and {others} more of its entries are not finite" if others else ""
        entry = "".join(f"[{i}]" for i in index)
        raise ContentError(f"{self._function}: the entry {entry} of {name} is {array[index]}{more}; expected finite numbers only")


def _size(dimension: str, known: Mapping[str, int]) -> int | None:
    """The value of ``"1"``, ``"n_a"`` or ``"n_a + n_x"``; None where a size in it is not known yet."""
    sizes = [int(part) if part.isdigit() else known.get(part) for part in dimension.split(" + ")]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _written(dimensions: Sequence[str]) -> str:
    return f"({', '.join(dimensions)})"


def _is_sequence(value: object) -> bool:
    return isinstance(value, tuple | list)


def _kind(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"
