"""Lines of a loop that are wrong since two things in its head stand in each other's place: told once, there, and not at these lines."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import Found
from whygrad.from_code.observe.roles import put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Substitute


def in_the_loops_head(search: Search, found: list[Found]) -> list[Found]:
    """The findings, with one at the head of a loop in the place of all of its lines, or of one of them, if it mends as much."""
    turns = [one for one in found if one.how == "value" and len(one.substitutes) > 1 and one.record.place.loops]
    for loop in dict.fromkeys(one.record.place.loops[-1] for one in turns) if len(found) > 1 else ():
        inside = [one for one in found if one.how == "value" and one.record.place.loops[-1:] == (loop,)]
        for dropped in [inside, *([one] for one in inside if len(inside) > 1)]:
            others = [one for one in found if one not in dropped]
            mended = tuple(sub for one in others for sub in one.substitutes)
            for one, other in _pairs(search, loop, mended):
                puts = tuple(put([(one, other.value), (other, one.value)]))
                if search.results_right(search.subject.run((*mended, *puts))):
                    cured = frozenset[str]().union(*(one.cured for one in dropped))
                    names, visits = (one.place.text, other.place.text), ((one.value, other.value), (other.value, one.value))
                    return [*others, Found(one, "swapped", other.value, None, puts, cured, inputs=True, names=names, visits=visits)]
    return found


def _pairs(search: Search, loop: int, mended: tuple[Substitute, ...]) -> Iterator[tuple[Record, Record]]:
    """Two arrays of one shape that are written out in the head of a loop."""
    head = search.subject.places[loop].statement
    written = [r for r in search.subject.traced(mended)[1] if r.place.kind == "value" and r.place.statement == head and not r.visit]
    for one, other in combinations(written, 2):
        mine, theirs = array_of(one.value), array_of(other.value)
        if mine is not None and theirs is not None and mine.ndim > 1 and mine.shape == theirs.shape and not same(mine, theirs):
            yield one, other
