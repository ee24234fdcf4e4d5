"""Memory under several names: a value that is right when it is made and changes with another one. Its own copy cures, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.experiment import Found, chained
from whygrad.from_code.observe.moved import changes
from whygrad.from_code.observe.subject import array_of, same
from whygrad.from_code.slips.argument_written import ArgumentWritten
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_OR_ANOTHER = re.compile(r".* else (?=\w+$)", re.DOTALL)
"""What is made where a condition holds, before the name that is taken where it does not."""
_PLACES = frozenset(("assign", "target", "value", "argument", "element"))


class Aliases(ArgumentWritten):
    """Experiments with copies."""

    def _second_names(self) -> Iterator[Found | None]:
        """A name that is given the whole of what another name holds, or one of several entries that are one array."""
        yield from self._aliases(bare=True)
        for records in self._unpacked_as_one():
            found = self._copied(*records)
            yield found and replace(found, names=tuple(record.place.target for record in records))
        for record in self._containers():
            found = self._copied(record)
            arrays = arrays_within(record.value)
            yield found and replace(found, inputs=self.quantities.recognised(arrays, self.tolerance))

    def _aliases(self, *, bare: bool = False) -> Iterator[Found | None]:
        """Arrays that change after they were made, because two names share their memory."""
        for record in self._may_be_aliases(bare=bare):
            found = self._copied(record)
            yield found and self._written_into(found)

    def _may_be_aliases(self, *, bare: bool) -> Iterator[Record]:
        places: dict[int, Record] = {}
        for record in self._now.records:
            if record.place.kind in _PLACES and isinstance(record.value, np.ndarray):
                places.setdefault(record.place.id, record)
        for record in sorted(places.values(), key=lambda record: record.place.kind not in {"assign", "target"}):
            names = chained(record.place)
            if names and record.place.target in names[1:]:
                yield record
                continue
            right_side = _OR_ANOTHER.sub("", record.place.computes)
            if bare and not (record.place.kind == "assign" and right_side.strip().isidentifier()):
                continue
            if "(" not in right_side and not any(sign in right_side for sign in "+*/"):
                yield record

    def _unpacked_as_one(self) -> Iterator[list[Record]]:
        """``a, b = [np.zeros(n)] * 2``: several names of one array."""
        together: dict[int, list[Record]] = defaultdict(list)
        for record in self._now.records:
            if record.place.kind == "target" and record.place.text == record.place.target and not record.visit:
                together[record.place.statement].append(record)
        for records in together.values():
            if len(records) > 1 and _equal(records[0].value, *(record.value for record in records[1:])):
                yield records

    def _containers(self) -> Iterator[Record]:
        """A dictionary or list whose entries are one array, or that another name holds too; not one that is written out of arrays."""
        for record in self._now.records:
            if record.place.kind in {"assign", "argument"} and not record.visit:
                arrays = arrays_within(record.value)
                right_side = record.place.text.partition("=")[2].strip()
                bare = record.place.kind == "assign" and "(" not in right_side and not right_side.startswith(("{", "["))
                if arrays and (bare or any(_equal(one, other) for one, other in combinations(arrays, 2))):
                    yield record

    def _copied(self, *records: Record) -> Found | None:
        """The experiment: at each visit a copy, in which no two arrays share memory."""
        return self._try(records[0], "copy", _copies(records), records[0].value) if self._copies_matter() else None

    def _written_into(self, found: Found) -> Found:
        """From a call that is given a name, of which a copy cures, to the line that writes into what the name holds: ``state[:] = new``."""
        name, function = found.record.place.text, found.record.place.function
        whole = re.compile(rf"{re.escape(name)}\[(:|\.\.\.)(, ?:)*\]")
        for record in self._now.records if name.isidentifier() and found.record.place.kind == "argument" else ():
            place = record.place
            if place.kind == "assign" and place.function == function and whole.fullmatch(place.target):
                return replace(found, record=record, how="written", names=(name, found.record.place.target.rpartition("(")[0]))
        return self._argument_written(found)

    def _join_added_in_place(self) -> None:
        """A line such as ``state += new``, with what it adds alone in its place, and a copy of what it then writes into: one slip."""
        records = self.subject.traced(tuple(sub for one in self.found for sub in one.substitutes))[1]
        for adds in [found for found in self.found if found.how == "value" and found.record.place.kind == "after"]:
            place = adds.record.place
            added = {one.visit: one.value for one in records if (one.place.statement, one.place.kind) == (place.statement, "right")}
            if not all(same(added.get(sub.visit or 0), sub.value, self.tolerance) for sub in adds.substitutes):
                continue
            kept = [one for one in self.found if one.how == "copy" and one.record.place.text == place.target]
            kept = [one for one in kept if one.record.place.function == place.function]
            substitutes = tuple(sub for one in (adds, *kept) for sub in one.substitutes)
            joined = replace(adds, substitutes=substitutes, cured=adds.cured.union(*(one.cured for one in kept)))
            self.found = [joined if one is adds else one for one in self.found if one not in kept]

    def _copies_matter(self) -> bool:
        """Whether copies at all places that may be tried, made in one run, change anything: else none of them alone does."""
        if self._now.copies_matter is None:
            unpacked = (record for records in self._unpacked_as_one() for record in records)
            copies = _copies([*self._may_be_aliases(bare=False), *unpacked, *self._containers()])
            run = self.subject.run((*self.substitutes, *copies))
            self._now.copies_matter = bool(changes(run, self._now.observations))
        return self._now.copies_matter


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
