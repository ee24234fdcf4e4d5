"""Where no kind of mistake fits: what came in right, what came out, entry by entry, and the smallest case that shows it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.wording import short
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.returned_as import returned_as
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.places.used_rightly import made_at
from whygrad.from_code.reference.inputs import OUTPUTS, case
from whygrad.records import Differing, SmallestCase, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array, Observations
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.requests import Piece, Runner, Value

Sizes = tuple[int, int, int, int, int, int]
_START: Sizes = (3, 4, 2, 2, 3, 3)
"""Sizes n_x, n_a, m, n_y, T_x and T at which a failing case is made smaller."""
_SHOWN = 4
"""Arrays that are shown, and values that came in."""
_CLOSE = 1e-6
"""Relative to the largest entry: two numbers are taken for the same."""


def of_found(search: Search, found: Found) -> Stretch:
    """The stretch that ends at a place found by experiment, at which it is known what belongs there."""
    reads = [read for read in found.reads if read.place.kind == "read" and array_of(read.value) is not None]
    made = [source.place.line for read in reads if (source := made_at(search, read)) is not None]
    came_in = tuple(dict.fromkeys(read.place.text for read in reads))[:_SHOWN] if found.inputs else ()
    at = returned_as(search, found.record)
    name = OUTPUTS[search.subject.function][int(at)] if at is not None and at.isdigit() else short(found)
    rows = (differing(name, found.record.value, found.right),)
    earlier = [line for line in made if line < found.record.place.line]
    return Stretch(
        after=max(earlier, default=None),
        line=found.record.place.line,
        came_in=came_in,
        came_out=tuple(row for row in rows if row is not None),
        smallest=search.once(smallest_case),
    )


def results(expected: Observations, observations: Observations) -> tuple[Differing, ...]:
    """The first results that are wrong."""
    found = (differing(name, observations.get(name), right) for name, right in expected.items() if observed.is_result(name))
    return tuple(islice((row for row in found if row is not None), _SHOWN))


def differing(name: str, value: Value, right: Value) -> Differing | None:
    """How many entries of a value are not those of the right one, and which is worst; None where all agree or the shapes differ."""
    mine, theirs = array_of(value), array_of(right)
    if mine is None or theirs is None or mine.shape != theirs.shape or not theirs.size or same(mine, theirs):
        return None
    with np.errstate(all="ignore"):
        apart: Array = np.abs(mine - theirs)
    off: Array = np.where(np.isfinite(apart), apart, np.inf)
    at = np.unravel_index(int(np.argmax(off)), off.shape)
    number = max(1, int(np.sum(off > _CLOSE * np.max(np.abs(theirs)))))
    return Differing(name, number, theirs.size, tuple(map(int, at)), float(mine[at].real), float(theirs[at].real))


def smallest_case(search: Search) -> SmallestCase | None:
    """The smallest case of what a search looks into: asked for once, by ``Search.once``."""
    return smallest(search.subject.runner, search.subject.pieces, search.subject.function)


def smallest(runner: Runner, pieces: Sequence[Piece], function: str) -> SmallestCase | None:
    """The smallest sizes at which a function still gives wrong results, one size after another made smaller as long as it does."""
    found = _START
    if not _fails(runner, pieces, function, found):
        return None
    for smaller in _steps(found):
        tried = smaller(found)
        if tried != found and _fails(runner, pieces, function, tried):
            found = tried
    n_x, n_a, m, _, _, steps = found
    return SmallestCase(n_x, n_a, m, 0 if "cell" in function else steps)


class _Set:
    """Some of the sizes made as small as a number, if they are larger."""

    def __init__(self, places: tuple[int, ...], size: int) -> None:
        self._places, self._size = places, size

    def __call__(self, sizes: Sizes) -> Sizes:
        n_x, n_a, m, n_y, all_steps, steps = (min(self._size, size) if n in self._places else size for n, size in enumerate(sizes))
        return n_x, n_a, m, n_y, all_steps, steps


def _steps(sizes: Sizes) -> Iterator[_Set]:
    """All as small as can be, then one after another: the steps first, then the examples, the inputs, the hidden units."""
    yield _Set(tuple(range(len(sizes))), 1)
    for places in ((4, 5), (2,), (0, 3), (1,)):
        yield from (_Set(places, size) for size in (2, 1))


def _fails(runner: Runner, pieces: Sequence[Piece], function: str, sizes: Sizes) -> bool:
    """Whether the function comes to its end and something that it gives is wrong."""
    what = case(function, sizes, 1)
    right = observed.in_result(function, what.expected)
    found = Subject(runner, pieces, function, what.arguments, frozenset({function})).run()
    ended = any(map(observed.is_result, found))
    return ended and any(
        name not in found or not same(found[name], value, _CLOSE) for name, value in right.items() if observed.is_result(name)
    )
