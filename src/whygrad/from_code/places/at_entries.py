"""Lines that go through a table or list which another line writes out: entries of that line with which all results are right."""

from __future__ import annotations

import ast
from itertools import combinations, islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES, Found, Search
from whygrad.from_code.observe.roles import options_for, put, told_apart
from whygrad.from_code.places.blamable import rightly_named
from whygrad.from_code.places.likelier import alike_for_gates, those_beside
from whygrad.from_code.places.sources import with_only
from whygrad.from_code.reference.spelled import kind_of
from whygrad.from_code.slips.from_the_cache import read_once
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_DEEP = 3
"""Names through which a table goes, from where it is written out to where it is used."""
_TABLES = ("dict(", "fromkeys(", "zip(", ".append(")
"""How arguments are called that end up in a table or list."""
_MOST, _MOST_NAMES = 32, 120
"""Entries that are looked at for one line, and names that are tried there."""


def entries_behind(search: Search, gone: Sequence[Found], rest: Sequence[Found]) -> Iterator[Found]:
    """The entries that, with another value or two of them exchanged, make up for all that is ``gone``; ``rest`` stays mended."""
    with_only(search, rest)
    entries = _entries(search, gone, rest)[:_MOST]
    cured = frozenset[str]().union(*(one.cured for one in gone))
    written = [entry for entry in entries if entry.place.kind != "target"]  # of names that are unpacked only the order is in question
    found = [*_with_another(search, written, gone, cured), *_exchanged_beside(search, entries, cured)]
    yield from found or (_with_another_name(search, written, cured) if _go_through_others_rightly(search, gone) else ())


def _go_through_others_rightly(search: Search, gone: Sequence[Found]) -> bool:
    """Whether a line that was found is right at some of its visits: then it may well be right."""
    visits = [record.place.id for record in search.now.records]
    return any(visits.count(one.record.place.id) > len(one.substitutes) for one in gone)


def _with_another(search: Search, entries: Sequence[Record], gone: Sequence[Found], cured: frozenset[str]) -> Iterator[Found]:
    """The entries with what may belong there, if that makes all right."""
    for entry in entries:
        for right, quantity in _may_belong(search, entry, gone):
            yield from _mended(search, entry, right, quantity, cured)


def _with_another_name(search: Search, entries: Sequence[Record], cured: frozenset[str]) -> Iterator[Found]:
    """The entries that are a name by itself, with what another name holds, if that makes all right."""
    tried = ((entry, record.value) for entry in entries if entry.place.text.isidentifier() for record in _names_before(search, entry))
    for entry, right in islice(tried, _MOST_NAMES):
        yield from _mended(search, entry, right, next(search.quantities.equal(right, search.tolerance), None), cured)


def _names_before(search: Search, entry: Record) -> list[Record]:
    """What the function's names got before, of the entry's shape, each value once."""
    found = [entry]
    for record in search.now.records[: entry.time]:
        alike = (
            record.place.kind in GIVES and record.place.function == entry.place.function and shape_of(record.value) == shape_of(entry.value)
        )
        if alike and not any(same(record.value, other.value) for other in found):
            found.append(record)
    return found[1:]


def _exchanged_beside(search: Search, entries: Sequence[Record], cured: frozenset[str]) -> Iterator[Found]:
    """Two entries that stand side by side, each with what the other holds, if that makes all right."""
    for one, other in combinations(entries, 2):
        if _side_by_side(one, other):
            puts = tuple(put([(one, other.value), (other, one.value)]))
            unpacked = one.place.kind == "target"
            if search.results_right(search.subject.run((*search.substitutes, *puts))) and not (unpacked and read_once(search, puts)):
                names, seen = (_named(one.place), _named(other.place)), ((one.value, other.value), (other.value, one.value))
                yield Found(one, "swapped", other.value, None, puts, cured, inputs=True, names=names, visits=seen)


def _mended(search: Search, entry: Record, right: Value, quantity: Quantity | None, cured: frozenset[str]) -> Iterator[Found]:
    puts = (Substitute(entry.place.id, entry.visit, right),)
    if search.results_right(search.subject.run((*search.substitutes, *puts))):
        yield Found(
            entry, "value", right, quantity, puts, cured, inputs=True, reads=tuple(reads_of(search, entry)), visits=((entry.value, right),)
        )


def _entries(search: Search, gone: Sequence[Found], rest: Sequence[Found]) -> list[Record]:
    """The arrays that are written out, once, in the lines which those found go through, and names unpacked there that may be wrong.

    The lines found themselves, and those that are told beside them, are left out.
    """
    here = {one.record.place.statement for one in (*gone, *rest)}
    through = _gone_through(search, [one.record.place for one in gone]) - here
    seen = [record for record in search.now.records if record.place.statement in through and _is_entry(record.place)]
    visits = [record.place.id for record in seen]
    once = [record for record in seen if shape_of(record.value) and visits.count(record.place.id) == 1]
    return [record for record in once if record.place.kind != "target" or not rightly_named(search, record)]


def _gone_through(search: Search, lines: Sequence[Place]) -> set[int]:
    """The statements that write out what these lines go through: the heads of their loops, and what gives a name its value.

    Where a list is put together piece by piece, also the heads of the loops around that.
    """
    places = [place for place in search.subject.places if place.function == lines[0].function]
    statements, waiting = set[int](), list(lines)
    for _ in range(_DEEP):
        heads = [search.subject.places[loop] for line in waiting for loop in line.loops]
        names = {name for place in (*waiting, *heads) for name in _read_whole(search, place)}
        into = tuple(f"{name}{way}" for name in names for way in ("[", ".append("))
        given = [place for place in places if (place.kind in GIVES and place.target in names) or place.target.startswith(into)]
        waiting = [place for place in given if place.statement not in statements]
        statements |= {place.statement for place in (*heads, *given)}
    return statements


def _read_whole(search: Search, place: Place) -> set[str]:
    """The names that a line reads other than by a key that is written out."""
    try:
        tree = parsed((search.subject.text.right_side(place) if place.kind == "target" else place.text).strip())
    except SyntaxError:
        return set()
    keyed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in keyed}


def _may_belong(search: Search, entry: Record, gone: Sequence[Found]) -> Iterator[tuple[Value, Quantity | None]]:
    """What may belong at an entry: quantities, and what a sum or a product lacks where only that is known to be wrong."""
    alike = alike_for_gates(search, those_beside(search, entry), gone[0])
    options = told_apart(search, options_for(search, entry), entry)
    yield from ((option.value, option) for option in options if not alike or kind_of(option.name) in alike)
    mine = None if alike else array_of(entry.value)
    puts = [one for found in gone for one in found.substitutes]
    if len(gone) > 1 or len(puts) != 1 or not gone[0].visits or mine is None:
        return
    value, right = array_of(gone[0].visits[0][0]), array_of(puts[0].value)
    if value is None or right is None or not value.shape == right.shape == mine.shape:
        return
    for other in (mine + (right - value), mine * (right / value)):
        if np.isfinite(other).all():
            yield other, None


def _is_entry(place: Place) -> bool:
    """Whether something stands in a list, tuple or dictionary that is written out, or becomes one of several names at once."""
    return place.kind in {"value", "target"} or (place.kind == "argument" and any(name in place.target for name in _TABLES))


def _named(place: Place) -> str:
    return place.target if place.kind == "target" else place.text


def _side_by_side(one: Record, other: Record) -> bool:
    """Whether two entries stand in one list or tuple, or are unpacked together, and are of one shape."""
    together = (one.place.kind, one.place.statement, one.place.parent) == (other.place.kind, other.place.statement, other.place.parent)
    in_order = one.place.kind == "target" or (one.place.target.isdigit() and other.place.target.isdigit())
    return together and in_order and shape_of(one.value) == shape_of(other.value) and not same(one.value, other.value)
