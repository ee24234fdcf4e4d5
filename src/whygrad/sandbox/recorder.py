"""What the rewritten code hands its values to: it notes a copy of each, and puts another in its place where that was asked for."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, ValuesView
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from whygrad.sandbox.requests import Seen
from whygrad.sandbox.unshared import unshared
from whygrad.sandbox.values import class_of, copied, plain, plain_array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.sandbox.requests import Substitute
    from whygrad.sandbox.values import Kept

_RECORDS = 20_000
"""Values that are kept in one run."""
_FIRST = 100
"""But so many visits of each place are kept in any case: a long loop leaves room for what stands behind it."""
_BYTES = 64_000_000
"""Bytes of arrays that are kept in one run."""
_NEST = 20_000
"""Bytes that a nest counts for: writing and reading one takes long, and a program of the assignment makes some forty."""
_LOOP = 1_000
"""Steps of a loop that are kept."""
_NAMES = range(2, 9)
"""As many names, such as those of the gates, are kept of what a loop goes over."""


Targets: TypeAlias = "tuple[int | list[int] | Targets, ...]"
"""The places of several names that are assigned together, as these are written: ``(1, (2, [3]))`` is ``a, (b, *c)``."""


class Recorder:
    """The values at the places of one run, in the order in which they came.

    ``wanted`` are the places to note (None: all); ``reads`` those at which only an array or a number is worth a note,
    ``kept`` what the run was handed.
    """

    def __init__(self, substitutes: Sequence[Substitute], wanted: frozenset[int] | None, reads: frozenset[int], kept: Kept) -> None:
        self.seen: list[Seen] = []
        self._kept = kept
        self._substitutes = {(given.place, given.visit): given for given in substitutes}
        self._substituted = {given.place for given in substitutes}
        self._wanted, self._reads = wanted, reads
        self._stops = None if wanted is None else wanted | self._substituted
        self._visits: dict[int, int] = {}
        self._bytes = 0

    def at(self, place: int, value: Any) -> Any:  # noqa: ANN401 - whatever the code computes
        """A value on its way; what is returned goes on."""
        if self._stops is not None and place not in self._stops:
            return value
        given = self._note(place, value)
        return value if given is None else _instead(given, value)

    def lazily(self, place: int, compute: Callable[[], Any]) -> Any:  # noqa: ANN401
        """A value that is computed only if nothing is put in its place."""
        visit = self._visits.get(place, 0)
        given = self._substitutes.get((place, visit)) or self._substitutes.get((place, None))
        if given is None or given.copy:
            return self.at(place, compute())
        self._note(place, given.value)
        return copied(given.value)

    def parts(self, places: Targets, value: Any) -> Any:  # noqa: ANN401
        """Several values that are assigned together; of a generator no more is taken than names and one too many."""
        spread = next((at for at, place in enumerate(places) if isinstance(place, list)), None)
        value = _drawn(value, len(places), any_number=spread is not None)
        old = _one_each(value, len(places), spread)
        if old is None:
            return self._all_put(places) or value
        new = [
            self.parts(place, item) if isinstance(place, tuple) else self.at(_id(place), item)
            for place, item in zip(places, old, strict=True)
        ]
        return value if all(one is other for one, other in zip(new, old, strict=True)) else _side_by_side(places, new)

    def parts_lazily(self, places: Targets, compute: Callable[[], Any]) -> Any:  # noqa: ANN401
        """The same, where they are computed only if nothing is put in the place of all of them."""
        return self._all_put(places) or self.parts(places, compute())

    def _all_put(self, places: Targets) -> tuple[Any, ...]:
        """What is put at all of these places, where something is; else nothing."""
        if not all((place, self._visits.get(place, 0)) in self._substitutes for place in _ids(places)):
            return ()
        return _side_by_side(places, [self._all_put(place) if isinstance(place, tuple) else self.at(_id(place), None) for place in places])

    def starred(self, places: tuple[int, ...], value: Any) -> Any:  # noqa: ANN401
        """What ``*value`` hands to a call, one argument after another."""
        if not isinstance(value, Iterable):
            return value
        items = list(cast("Iterable[Any]", value))
        return [*(self.at(place, item) for place, item in zip(places, items, strict=False)), *items[len(places) :]]

    def named(self, places: tuple[int, ...], names: tuple[str, ...], value: Any) -> Any:  # noqa: ANN401
        """What ``**value`` hands to a call, by the names of its arguments."""
        if not isinstance(value, dict):
            return value
        items = cast("dict[str, Any]", value)
        return items | {name: self.at(place, items[name]) for name, place in zip(names, places, strict=True) if name in items}

    def after(self, place: int, value: Any) -> Any:  # noqa: ANN401
        """A value that was changed in place: what is put there goes into the same array."""
        new = self.at(place, value)
        if new is not value and isinstance(value, np.ndarray) and np.shape(new) == np.shape(cast("Any", value)):
            value[...] = new
            return cast("Any", value)
        return new

    def loop(self, place: int, value: Any) -> Any:  # noqa: ANN401
        """What a loop runs over: steps are noted as a list, names as a tuple."""
        if isinstance(value, (enumerate, _REVERSED)):
            first = list(islice(cast("Iterator[Any]", value), _LOOP))
            value = first if len(first) < _LOOP else chain(first, cast("Iterator[Any]", value))
        if isinstance(value, (range, _RANGE_ITERATOR)):
            return self._steps(place, value)
        if _counts(value):  # np.arange
            return self._steps(place, value)
        if isinstance(value, (list, tuple)) and all(type(_number(step)) is int for step in cast("Sequence[Any]", value)):
            return self._steps(place, cast("Any", value))
        if _are_names(value):
            given = self._note(place, tuple(cast("Any", value)))
            return cast("Any", value) if given is None else given.value
        return cast("Any", value)

    def _steps(self, place: int, value: Any) -> Any:  # noqa: ANN401
        ahead = copy.copy(value)
        steps = [step for step, _ in zip(ahead, range(_LOOP), strict=False)]
        given = self._note(place, [int(step) for step in steps] if _counts(value) else steps)
        return value if given is None else given.value

    def _note(self, place: int, value: Any) -> Substitute | None:  # noqa: ANN401
        visit = self._visits.get(place, 0)
        self._visits[place] = visit + 1
        wanted = self._wanted is None or place in self._wanted
        if wanted and (len(self.seen) < _RECORDS or visit < _FIRST) and self._bytes < _BYTES:
            kind = class_of(value)
            if issubclass(kind, np.integer):
                self.seen.append(Seen(place, visit, int(value)))
            elif issubclass(kind, (np.ndarray, np.generic)):
                self._bytes += value.nbytes
                self.seen.append(Seen(place, visit, plain_array(value, self._kept)))
            elif issubclass(kind, (int, float, complex, str)):
                self.seen.append(Seen(place, visit, value))
            elif place not in self._reads and value is not None:
                self._bytes += _NEST
                self.seen.append(Seen(place, visit, plain(value, kept=self._kept)))
        if place not in self._substituted:
            return None
        return self._substitutes.get((place, visit)) or self._substitutes.get((place, None))


def _drawn(value: Any, count: int, *, any_number: bool) -> Any:  # noqa: ANN401
    """What is taken apart for several names, as a tuple: an iterator, values of a dictionary, or an array with a part for each."""
    if isinstance(value, (tuple, list)):
        return cast("Any", value)
    if isinstance(value, (Iterator, ValuesView)):
        return tuple(islice(cast("Iterator[Any]", value), None if any_number else count + 1))
    shape = np.shape(cast("Any", value)) if isinstance(value, np.ndarray) else ()
    return tuple(cast("Any", value)) if shape and (any_number or shape[0] == count) else cast("Any", value)


def _one_each(value: Any, count: int, spread: int | None) -> Sequence[Any] | None:  # noqa: ANN401
    """A value for each of so many places, a list of them at that of ``*rest``; None where they are too few or too many."""
    if not isinstance(value, (tuple, list)):
        return None
    items = cast("Sequence[Any]", value)
    if spread is not None and len(items) >= count - 1:
        behind = len(items) - (count - 1 - spread)
        items = [*items[:spread], list(items[spread:behind]), *items[behind:]]
    return items if len(items) == count else None


def _side_by_side(places: Targets, values: Sequence[Any]) -> tuple[Any, ...]:
    """The values of all places as one tuple, in which those of ``*rest`` stand by themselves."""
    parts: list[Any] = []
    for place, value in zip(places, values, strict=True):
        parts += value if isinstance(place, list) and isinstance(value, Iterable) else (value,)
    return tuple(parts)


def _ids(places: Targets) -> Iterator[int]:
    for place in places:
        yield from _ids(place) if isinstance(place, tuple) else (_id(place),)


def _id(place: int | list[int]) -> int:
    return place[0] if isinstance(place, list) else place


_REVERSED = type(reversed([0]))
_RANGE_ITERATOR = type(iter(range(0)))


def _instead(given: Substitute, value: Any) -> Any:  # noqa: ANN401
    return unshared(value) if given.copy else copied(given.value)


def _counts(value: Any) -> bool:  # noqa: ANN401
    """Whether it is a row of whole numbers."""
    return isinstance(value, np.ndarray) and np.ndim(cast("Any", value)) == 1 and np.issubdtype(cast("Any", value).dtype, np.integer)


def _are_names(value: Any) -> bool:  # noqa: ANN401
    """Whether it is a few names, or pairs of names and numbers: a short text is a name for each letter."""
    if not isinstance(value, (str, list, tuple)) or len(cast("Any", value)) not in _NAMES:
        return False
    turns = [cast("tuple[Any, ...]", turn) if isinstance(turn, tuple) else (turn,) for turn in cast("Sequence[Any]", value)]
    return all(any(type(part) is str for part in turn) and all(type(part) in {str, int} for part in turn) for turn in turns)


def _number(step: Any) -> Any:  # noqa: ANN401
    """What one turn of a loop goes by: the step itself, or the first of a pair such as ``(t, cache)``."""
    is_pair = isinstance(step, tuple)
    pair: Any = step
    return pair[0] if is_pair and len(pair) > 1 else pair
