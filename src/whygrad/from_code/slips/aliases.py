"""Memory under several names: a value that is right when it is made and changes with another one. Its own copy cures, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, Found, Search, callee, chained, last_name
from whygrad.from_code.observe.moved import changes
from whygrad.from_code.slips.argument_written import argument_written
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.signatures import parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_OR_ANOTHER = re.compile(r".* else (?=\w+$)", re.DOTALL)
"""What is made where a condition holds, before the name that is taken where it does not."""
_OUT = re.compile(r"\bout ?= ?(\w+)")
_STATEMENTS = frozenset(("assign", "return"))
_PLACES = frozenset(("assign", "target", "value", "argument", "element"))


def second_names(search: Search) -> Iterator[Found | None]:
    """A name that is given the whole of what another name holds, or one of several entries that are one array; what a helper is handed."""
    yield from _changed_by_a_helper(search)
    yield from aliases(search, bare=True)
    for records in _unpacked_as_one(search):
        found = _copied(search, *records)
        yield found and replace(found, names=tuple(record.place.target for record in records))
    for record in _containers(search):
        found = _copied(search, record)
        arrays = arrays_within(record.value)
        yield found and replace(found, inputs=search.quantities.recognised(arrays, search.tolerance))


def aliases(search: Search, *, bare: bool = False) -> Iterator[Found | None]:
    """Arrays that change after they were made, because two names share their memory."""
    for record in _may_be_aliases(search, bare=bare):
        found = _copied(search, record)
        yield found and _written_into(search, found)


def _changed_by_a_helper(search: Search) -> Iterator[Found | None]:
    """A helper's line that changes what the helper is handed: with a copy handed in at each of its calls."""
    lines: dict[int, Record] = {}
    for record in search.now.records:
        place, given = record.place, search.subject.text.signatures.get(record.place.function, ())
        if place.function != search.subject.function and _changed_in_place(place) in given:
            lines.setdefault(place.statement, record)
    for record in lines.values() if lines and _copies_matter(search) else ():
        helper, name = last_name(record.place.function), _changed_in_place(record.place)
        names = search.subject.text.signatures[record.place.function]
        calls = [one for one in search.now.records if one.place.kind == "argument" and callee(one.place.target) == helper]
        handed = [one for one in calls if parameter(names, one.place.target) == name]
        found = search.attempt(record, "written", _copies(handed), record.value)
        yield found and replace(found, names=(name, helper))


def _changed_in_place(place: Place) -> str:
    """The name of the array that a line writes into; no text where it writes into none."""
    if place.kind in _STATEMENTS and (into := _OUT.search(place.text)):
        return into[1]
    return place.target.partition("[")[0] if place.kind == "after" or (place.kind == "assign" and "[" in place.target) else ""


def _may_be_aliases(search: Search, *, bare: bool) -> Iterator[Record]:
    places: dict[int, Record] = {}
    for record in search.now.records:
        if record.place.kind in _PLACES and isinstance(record.value, np.ndarray):
            places.setdefault(record.place.id, record)
    for record in sorted(places.values(), key=lambda record: record.place.kind not in GIVES):
        names = chained(record.place)
        if names and record.place.target in names[1:]:
            yield record
            continue
        right_side = _OR_ANOTHER.sub("", record.place.computes)
        if bare and not (record.place.kind == "assign" and right_side.strip().isidentifier()):
            continue
        if "(" not in right_side and not any(sign in right_side for sign in "+*/"):
            yield record


def _unpacked_as_one(search: Search) -> Iterator[list[Record]]:
    """``a, b = [np.zeros(n)] * 2``: several names of one array."""
    together: dict[int, list[Record]] = defaultdict(list)
    for record in search.now.records:
        if record.place.kind == "target" and record.place.text == record.place.target and not record.visit:
            together[record.place.statement].append(record)
    for records in together.values():
        if len(records) > 1 and _equal(records[0].value, *(record.value for record in records[1:])):
            yield records


def _containers(search: Search) -> Iterator[Record]:
    """A dictionary or list whose entries are one array, or that another name holds too; not one that is written out of arrays."""
    for record in search.now.records:
        if record.place.kind in {"assign", "argument"} and not record.visit:
            arrays = arrays_within(record.value)
            right_side = record.place.text.partition("=")[2].strip()
            bare = record.place.kind == "assign" and "(" not in right_side and not right_side.startswith(("{", "["))
            if arrays and (bare or any(_equal(one, other) for one, other in combinations(arrays, 2))):
                yield record


def _copied(search: Search, *records: Record) -> Found | None:
    """The experiment: at each visit a copy, in which no two arrays share memory."""
    return search.attempt(records[0], "copy", _copies(records), records[0].value) if _copies_matter(search) else None


def _written_into(search: Search, found: Found) -> Found:
    """From a call that is given a name, of which a copy cures, to the line that writes into what the name holds: ``state[:] = new``."""
    name, function = found.record.place.text, found.record.place.function
    whole = re.compile(rf"{re.escape(name)}\[(:|\.\.\.)(, ?:)*\]")
    for record in search.now.records if name.isidentifier() and found.record.place.kind == "argument" else ():
        place = record.place
        if place.kind == "assign" and place.function == function and whole.fullmatch(place.target):
            return replace(found, record=record, how="written", names=(name, found.record.place.target.rpartition("(")[0]))
    return argument_written(search, found)


def join_added_in_place(search: Search) -> None:
    """A line such as ``state += new``, with what it adds alone in its place, and a copy of what it then writes into: one slip."""
    records = search.subject.traced(tuple(sub for one in search.found for sub in one.substitutes))[1]
    for adds in [found for found in search.found if found.how == "value" and found.record.place.kind == "after"]:
        place = adds.record.place
        added = {one.visit: one.value for one in records if (one.place.statement, one.place.kind) == (place.statement, "right")}
        if not all(same(added.get(sub.visit or 0), sub.value, search.tolerance) for sub in adds.substitutes):
            continue
        kept = [one for one in search.found if one.how == "copy" and one.record.place.text == place.target]
        kept = [one for one in kept if one.record.place.function == place.function]
        substitutes = tuple(sub for one in (adds, *kept) for sub in one.substitutes)
        joined = replace(adds, substitutes=substitutes, cured=adds.cured.union(*(one.cured for one in kept)))
        search.found = [joined if one is adds else one for one in search.found if one not in kept]


def _copies_matter(search: Search) -> bool:
    """Whether copies at all places that may be tried, made in one run, change anything: else none of them alone does."""
    if search.now.copies_matter is None:
        unpacked = (record for records in _unpacked_as_one(search) for record in records)
        copies = _copies([*_may_be_aliases(search, bare=False), *unpacked, *_containers(search)])
        run = search.subject.run((*search.substitutes, *copies))
        search.now.copies_matter = bool(changes(run, search.now.observations))
    return search.now.copies_matter


def _copies(records: Sequence[Record]) -> list[Substitute]:
    places = dict.fromkeys(record.place.id for record in records)
    return [Substitute(place, None, copy=True) for place in places]


def arrays_within(value: Value) -> list[Any]:
    """The arrays of a dictionary or list of nothing else; none of anything else."""
    items: list[Any] = []
    if isinstance(value, dict):
        items = list(cast("dict[Any, Any]", value).values())
    elif isinstance(value, list):
        items = cast("list[Any]", value)
    return items if all(isinstance(item, np.ndarray) for item in items) else []


def _equal(one: Value, *others: Value) -> bool:
    array = array_of(one)
    return array is not None and bool(array.ndim) and all(np.array_equal(array, other) for other in others)
