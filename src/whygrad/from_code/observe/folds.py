"""What loops over entries, or over examples, compute one by one, seen as the arrays that it makes together.

A line such as ``z[i, j] = u[i, j] * v[i, j]`` is visited once for each entry. Its values, put side by side, are an array that can be
compared with what the reference has, and mended as a whole: a substitute for the array is one for each entry.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.reference.inputs import COURSE_SIZES, SIZES
from whygrad.sandbox.requests import Seen, Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_NAME = re.compile(r"[^\W\d]\w*")
_OF_RANGES = frozenset(("range", "reversed", "np", "numpy", "arange", "list", "tuple", "enumerate"))
_DROPPED = frozenset(("index", "while", "condition", "loop"))
"""Kinds of places of which nothing is kept within such loops."""
_UPDATES = frozenset(("before", "right", "after"))
_MATRIX = 2


@dataclass(frozen=True, slots=True)
class Fold:
    """Which visits make an array.

    ``visits`` are their numbers, one axis for each loop; ``shape`` is that of a value, ``axes`` the order into which the axes of the loops
    and of the value are brought, ``whole`` the shape of the array. ``others`` are visits at which zero is added if all is added at one.
    """

    visits: Array
    shape: tuple[int, ...]
    axes: tuple[int, ...]
    whole: tuple[int, ...]
    others: tuple[int, ...] = ()

    def parts(self, one: Substitute) -> Iterator[Substitute]:
        """A substitute for each visit; none where the array has another shape."""
        value = _array_of(one.value)
        if value is None or value.shape != self.whole:
            return
        sizes = (*self.visits.shape, *_large(self.shape))
        stacked: Array = value.reshape([sizes[axis] for axis in self.axes]).transpose(np.argsort(self.axes))
        for where, visit in np.ndenumerate(self.visits):
            part: Array = np.asarray(stacked[where]).reshape(self.shape)
            yield Substitute(one.place, int(visit), part.copy() if self.shape else part.item())
        for visit in self.others:
            yield Substitute(one.place, visit, np.zeros(self.shape) if self.shape else 0.0)


def ranks_of(function: str, arguments: Sequence[Value]) -> dict[int, int]:
    """The lengths that axes have in a case, and which of them comes first in an array: outputs, units, inputs, examples."""
    array = _array_of(arguments[0])
    shape = () if array is None else array.shape[:2]
    for n_x, n_a, m, n_y, *_ in (*SIZES, COURSE_SIZES):
        if shape == (n_a if function.endswith("backward") else n_x, m):
            return {n_y: 0, n_a: 1, n_x: 2, n_a + n_x: 2, m: 3}
    return {}


def folded(seen: Sequence[Seen], places: Sequence[Place], ranks: Mapping[int, int]) -> tuple[list[Seen], dict[int, list[Fold]]]:
    """What was seen, with the visits of each place within such loops put together, and how that was done."""
    return _Folding(seen, places, ranks).done()


class _Folding:
    """One run's values, by place."""

    def __init__(self, seen: Sequence[Seen], places: Sequence[Place], ranks: Mapping[int, int]) -> None:
        self._seen, self._places, self._ranks = seen, places, ranks
        self._at: dict[int, list[int]] = defaultdict(list)
        for position, one in enumerate(seen):
            self._at[one.place].append(position)
        self._over_entries = {id_: self._is_over_entries(id_) for id_ in self._at if places[id_].kind == "loop"}
        self._begun: dict[tuple[str, str], list[tuple[int, ...]]] = defaultdict(list)
        for place in places:
            if place.kind == "assign" and place.target.isidentifier():
                self._begun[place.function, place.target].append(place.loops)

    def done(self) -> tuple[list[Seen], dict[int, list[Fold]]]:
        left: dict[int, Seen] = dict(enumerate(self._seen))
        folds: dict[int, list[Fold]] = {}
        for id_, positions in self._at.items():
            place = self._places[id_]
            around = self._around(place)
            made = self._together(place, around, positions) if around else None
            for position in () if made is None else positions[place.kind == "loop" :]:
                del left[position]
            for number, (position, fold, array) in enumerate(made or ()):
                left[position] = Seen(id_, number, array)
                folds.setdefault(id_, []).append(fold)
        return [left[position] for position in sorted(left)], folds

    def _is_over_entries(self, id_: int) -> bool:
        """Whether a loop goes over all entries of an axis, and its line says so by a name."""
        names = set(_NAME.findall(self._places[id_].text)) - _OF_RANGES
        return bool(names) and all(
            len(steps := _steps(self._seen[position].value)) in self._ranks and sorted(steps) == list(range(len(steps)))
            for position in self._at[id_]
        )

    def _around(self, place: Place) -> list[int]:
        """The innermost loops around a place, as far out as they go over entries."""
        around: list[int] = []
        for loop in reversed(place.loops):
            if not self._over_entries.get(loop):
                break
            around.insert(0, loop)
        return around

    def _together(self, place: Place, around: list[int], positions: list[int]) -> list[tuple[int, Fold, Array]] | None:
        """The arrays that the visits make, one for each time that the loops begin; None where each visit is to be kept as it is."""
        outside = place.loops[: len(place.loops) - len(around)]
        if place.kind in _DROPPED or any(self._over_entries.get(loop) for loop in outside):  # or a part of what several loops make
            return []
        starts = self._at[around[0]]
        made: list[tuple[int, Fold, Array]] = []
        for start, end in zip(starts, [*starts[1:], len(self._seen)], strict=True):
            block = positions[bisect_left(positions, start) : bisect_left(positions, end)]
            one = self._block(place, around, start, block) if block else None
            if one is not None:
                made.append((block[-1], *one))
            elif block:
                value = self._seen[block[0]].value
                return [] if isinstance(value, str) or (isinstance(value, (int, float)) and len(around) > _MATRIX) else None
        return made

    def _block(self, place: Place, around: list[int], start: int, block: list[int]) -> tuple[Fold, Array] | None:
        """The array that these visits make, the loops having begun at ``start``; None where they make none, or one of too many axes."""
        loops = [_steps(self._seen[self._at[loop][bisect_left(self._at[loop], start)]].value) for loop in around]
        values: list[Any] = [self._seen[position].value for position in block]
        shapes = {None if (array := _array_of(value)) is None else array.shape for value in values}
        shape, over = shapes.pop(), self._over(place, around)
        inner = _large(shape or ())
        if shape is None or shapes or len(block) != math.prod(map(len, loops)) or (len(inner) > 1 and over):
            return None
        stacked = np.array(values).reshape(*map(len, loops), *inner)
        visits = np.array([self._seen[position].visit for position in block]).reshape([len(steps) for steps in loops])
        for axis, steps in enumerate(loops):
            stacked, visits = stacked.take(np.argsort(steps), axis), visits.take(np.argsort(steps), axis)
        if len(over) + len(inner) > _MATRIX and place.kind not in {*_UPDATES, "assign"}:
            over = self._named(place.text, around)
            if not self._constant(stacked, around, over):
                return None
        stacked, visits, others = self._at_last(place.kind, stacked, visits, [axis for axis, loop in enumerate(around) if loop not in over])
        if stacked.ndim > _MATRIX:
            return None
        axes = tuple(sorted(range(stacked.ndim), key=lambda axis: self._ranks.get(stacked.shape[axis], 1)))
        array = stacked.transpose(axes)
        if array.ndim == 1:  # a row of examples, or a column
            array = array.reshape((1, -1) if self._ranks.get(array.size) == max(self._ranks.values()) else (-1, 1))
        return Fold(visits, shape, axes, array.shape, others), array

    def _at_last(self, kind: str, stacked: Array, visits: Array, axes: list[int]) -> tuple[Array, Array, tuple[int, ...]]:
        """Without the loops (``axes``) that change the same again and again: what was there first, what it was last, all that came."""
        every = set(map(int, visits.flat))
        for axis in reversed(axes):
            end = 0 if kind == "before" else -1
            stacked = stacked.sum(axis) if kind == "right" else stacked.take(end, axis)
            visits = visits.take(end, axis)
        return stacked, visits, tuple(sorted(every.difference(map(int, visits.flat)))) if kind == "right" else ()

    def _over(self, place: Place, around: list[int]) -> list[int]:
        """The loops that make the array; of those within which a value is changed again and again the last turn counts."""
        if place.kind not in {*_UPDATES, "assign"}:
            return around
        name = place.target.partition("[")[0]
        index = place.target[len(name) :]
        if not index and place.kind == "assign":
            return around
        begun = [loops for loops in self._begun[place.function, name] if loops == place.loops[: len(loops)]]
        named = (*self._named(index, around), *max(begun, key=len, default=()))
        return [loop for loop in around if loop in named]

    def _named(self, text: str, around: list[int]) -> list[int]:
        """The loops whose variable stands in a text."""
        names = set(_NAME.findall(text))
        return [loop for loop in around if names & set(_NAME.findall(self._places[loop].target))]

    def _constant(self, stacked: Array, around: list[int], over: list[int]) -> bool:
        """Whether the values are the same at each turn of the other loops."""
        return all(
            loop in over or np.array_equal(stacked, np.broadcast_to(stacked.take([0], axis), stacked.shape), equal_nan=True)
            for axis, loop in enumerate(around)
        )


def _array_of(value: Value) -> Array | None:
    """An array, or a number as one; None for anything else."""
    if isinstance(value, np.ndarray):
        return cast("Array", value)
    return np.asarray(value) if isinstance(value, (int, float)) else None


def _large(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size > 1)


def _steps(value: Value) -> list[int]:
    """The numbers that a loop goes by; none where it goes by more than rows with a number each: names of gates, or their matrices."""
    turns = cast("list[Any]", value) if isinstance(value, list) else []
    if any(isinstance(turn, tuple) and any(map(_no_row, cast("tuple[Any, ...]", turn))) for turn in turns):
        return []
    steps: list[Any] = [cast("tuple[Any, ...]", turn)[0] if isinstance(turn, tuple) and turn else turn for turn in turns]
    return steps if all(type(step) is int for step in steps) else []


def _no_row(part: object) -> bool:
    return isinstance(part, str) or (isinstance(part, np.ndarray) and part.ndim >= _MATRIX)
