"""Lines that are wrong since two things in a loop's head, or in a table, stand in each other's place: told once, there, not at these."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import Found
from whygrad.from_code.observe.roles import put
from whygrad.from_code.slips.swapped import called_as_they_hold
from whygrad.from_code.words import rather_called

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Substitute


def in_the_loops_head(search: Search, found: list[Found]) -> list[Found]:
    """The findings, with one at the head of a loop, or at a table, in the place of those that follow from it, if it mends as much."""
    for statement, dropped in _explained(search, found):
        others = [one for one in found if one not in dropped]
        mended = tuple(sub for one in others for sub in one.substitutes)
        for one, other in _pairs(search, statement, mended):
            puts = tuple(put([(one, other.value), (other, one.value)]))
            if search.results_right(search.subject.run((*mended, *puts))):
                cured = frozenset[str]().union(*(one.cured for one in dropped))
                names, visits = (one.place.text, other.place.text), ((one.value, other.value), (other.value, one.value))
                return [*others, Found(one, "swapped", other.value, None, puts, cured, inputs=True, names=names, visits=visits)]
    return found


def _explained(search: Search, found: list[Found]) -> Iterator[tuple[int, list[Found]]]:
    """Statements at which something may be exchanged, and the findings that may follow from that.

    All lines of a loop, or one of them; two lines before it, or what is unpacked in one, whose names stand in it, unless they are called as
    what belongs to them.
    """
    turns = [one for one in found if one.how == "value" and len(one.substitutes) > 1 and one.record.place.loops]
    for loop in dict.fromkeys(one.record.place.loops[-1] for one in turns) if len(found) > 1 else ():
        inside = [one for one in found if one.how == "value" and one.record.place.loops[-1:] == (loop,)]
        for dropped in [inside, *([one] for one in inside if len(inside) > 1)]:
            yield search.subject.places[loop].statement, dropped
    written = [place for place in search.subject.places if place.kind == "value"]
    for names, dropped in _given_each_other(search, found) if search.subject.cell == search.subject.function else ():
        first, second = ({place.statement for place in written if place.text == name} for name in names)
        yield from ((statement, dropped) for statement in sorted(first & second))


def _given_each_other(search: Search, found: list[Found]) -> Iterator[tuple[Sequence[str], list[Found]]]:
    """Two names that get what belongs to each other, unless they are called as what belongs to them, as far as that is known."""
    named = [one for one in found if one.how == "value" and one.record.place.kind == "assign"]
    for pair in combinations(named, 2):
        names, belongs = [one.record.name for one in pair], [one.quantity.name for one in pair if one.quantity is not None]
        if len(belongs) < len(names) or not rather_called(names, belongs, belongs[::-1]):
            yield [one.record.place.target for one in pair], list(pair)
    yield from ((one.names, [one]) for one in found if called_as_they_hold(search, one))


def _pairs(search: Search, statement: int, mended: tuple[Substitute, ...]) -> Iterator[tuple[Record, Record]]:
    """Two arrays of one shape that are written out in a statement."""
    written = [r for r in search.subject.traced(mended)[1] if r.place.kind == "value" and r.place.statement == statement and not r.visit]
    for one, other in combinations(written, 2):
        mine, theirs = array_of(one.value), array_of(other.value)
        if mine is not None and theirs is not None and mine.ndim > 1 and mine.shape == theirs.shape and not same(mine, theirs):
            yield one, other
