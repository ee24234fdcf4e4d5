"""Arrays that one line fills or hands out part by part, at several turns: the line that loses what it stored before, the line behind it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.roles import put
from whygrad.from_code.slips.in_parts import stands
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record

_MOST_TURNS = 5
"""Turns of an inner loop, over the gates mostly."""


def lost_parts(search: Search, found: Found) -> Found | None:
    """The line that sets a part of an array anew where it should add to it: the sum of all that it was given cures as much."""
    for stores in _stored_at_turns(search, found) if found.how == "value" else ():
        for groups in _stored_in_one_place(search, stores):
            sums: dict[Hashable, Array] = {}
            belongs: list[tuple[Record, Array]] = []
            for record, group in zip(stores, groups, strict=True):
                value = array_of(record.value)
                whole = value if group not in sums or value is None else sums[group] + value
                if whole is not None:
                    sums[group] = whole
                    belongs += [] if same(record.value, whole) else [(record, whole)]
            tried = search.attempt(belongs[0][0], "value", put(belongs), belongs[0][1]) if belongs else None
            if tried is not None and tried.cured >= found.cured:
                lost = next(record for record, group in zip(stores, groups, strict=True) if group == groups[stores.index(tried.record)])
                reads = tuple(reads_of(search, tried.record))
                return replace(tried, visits=((tried.record.value, tried.right),), reads=reads, inputs=True, lost=lost)
    return None


def _stored_at_turns(search: Search, found: Found) -> Iterator[list[Record]]:
    """All that each line stored in parts of the array found, before it was read there."""
    bases = {read.place.text.partition("[")[0].strip() for read in (found.record, *reads_of(search, found.record))}
    lines: dict[int, list[Record]] = defaultdict(list)
    for record in search.now.records[: found.record.time]:
        place = record.place
        base, _, index = place.target.partition("[")
        anew = place.kind == "assign" and place.function == found.record.place.function and base in bases
        if anew and ":" in index and not re.search(rf"\b{re.escape(base)}\b", place.text.partition("=")[2]):
            lines[place.id].append(record)
    yield from (records for records in lines.values() if len(records) > 1)


def _stored_in_one_place(search: Search, stores: Sequence[Record]) -> Iterator[list[Hashable]]:
    """For each of the records in which part it may be stored: by the indices that were seen, and by the turns of an inner loop."""
    indices: dict[int, list[str]] = defaultdict(list)
    for record in search.now.records:
        if record.place.kind == "index" and record.place.statement == stores[0].place.statement:
            indices[record.visit].append(str(record.value))
    yield [tuple(indices[record.visit]) for record in stores]
    for turns in range(2, min(len(stores), _MOST_TURNS + 1)):
        if len(stores) % turns == 0:
            yield [number % turns for number in range(len(stores))]


def taken_in_parts(search: Search, found: Found) -> Found | None:
    """The line that makes the array of which the line found takes a part at each turn, if with the right parts as much comes right."""
    base, _, index = found.record.place.text.partition("=")[2].strip().partition("[")
    if found.how != "value" or len(found.substitutes) < 2 or ":" not in index or not base.isidentifier():  # noqa: PLR2004 - several
        return None
    rights = {(sub.place, sub.visit): array_of(sub.value) for sub in found.substitutes}
    made = next((r for r in reversed(search.now.records[: found.record.time]) if r.place.target == base and r.place.kind == "assign"), None)
    whole = None if made is None else array_of(made.value)
    if made is None or whole is None:
        return None
    right = whole.copy()
    for record in search.now.records:
        belongs, value = rights.get((record.place.id, record.visit)), array_of(record.value)
        at = None if belongs is None or value is None or belongs.shape != value.shape else stands(value, whole)
        if belongs is not None and at is None:
            return None
        if at is not None and belongs is not None:
            right[at] = belongs
    tried = search.attempt(made, "value", [Substitute(made.place.id, made.visit, right)], right)
    return replace(tried, visits=((made.value, right),)) if tried is not None and tried.cured >= found.cured else None
