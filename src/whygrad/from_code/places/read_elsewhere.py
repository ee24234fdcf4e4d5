"""A call of the cell that takes the wrong slot of an array, told once: the lines that make the array, and store into it, are right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.roles import arguments, of_the_cell
from whygrad.from_code.places.sources import with_only
from whygrad.from_code.slips.carries import carried_into

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found, Search

_SLOT_OF = re.compile(r"(\w+)\[")


def join_read_elsewhere(search: Search) -> None:
    """Leave out findings at an array if a call takes a slot of it where another one holds, at each turn, what the call should get."""
    for call in [one for one in search.found if of_the_cell(search, one.record.place)]:
        taken, place = set(_SLOT_OF.findall(call.record.place.text)), call.record.place.id
        kept = [one for one in search.found if one is call or taken.isdisjoint(_fills(search, one))]
        rest = [one for one in kept if one is not call]
        if len(kept) == len(search.found):
            continue
        seen, puts = with_only(search, rest), arguments(search, place)
        tried = search.attempt(seen[place, puts[0].visit or 0], "argument", puts, puts[0].value) if puts else None
        records = search.subject.traced((*search.substitutes, *puts))[1]
        stored = [one.value for one in records if one.place.kind in GIVES and one.place.target.partition("[")[0] in taken]
        turns = [carried_into(search, call, turn) for turn in range(1, len(search.quantities.calls))]
        there = all(any(same(one, right, search.tolerance) for one in stored) for right in turns)
        if tried is not None and there and not search.now.wrong - tried.cured:
            reads = tuple(reads_of(search, tried.record))
            search.found = [replace(tried, reads=reads) if one is call else one for one in kept]
            return


def _fills(search: Search, found: Found) -> set[str]:
    """The arrays that the statement of a finding makes, or stores into."""
    beside = (one for one in search.subject.places if one.statement == found.record.place.statement and one.kind in GIVES)
    return {one.target.partition("[")[0] for one in beside}
