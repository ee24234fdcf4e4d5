"""What a loop over the steps makes anew at each turn, and so loses: a carry set to zero, a sum begun again, an output replaced."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.experiment import GIVES, Found, buffer
from whygrad.from_code.observe.subject import array_of, same, shape_of
from whygrad.from_code.slips.untouched import Untouched
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place

_MOST = 12
"""Steps that are gone through one after another."""


class Anew(Untouched):
    """Experiments with what a name held before the loop made it anew."""

    def _made_anew(self) -> Iterator[Found | None]:
        """Zeros that a name is given at each turn: with what it held before, turn after turn, the results come right."""
        places: dict[int, list[Record]] = defaultdict(list)
        mended = {(substitute.place, substitute.visit) for substitute in self.substitutes}
        for record in self._now.records if self._calls() else ():
            if record.place.kind in {"assign", "target"} and record.place.function == self.subject.function:
                places[record.place.id].append(record)
        for records in places.values():
            again = any((record.place.id, record.visit) not in mended for record in records[1:])
            if again and len(records) <= _MOST and all(buffer(record) or _zeros(record) for record in records):
                yield self._held_on(records)

    def _never_emptied(self) -> Iterator[Found | None]:
        """Arrays of whatever lay in memory, to which something is added: with zeros there the results come right."""
        for record in self._now.records:
            array = array_of(record.value)
            if record.place.kind == "assign" and array is not None and array.any() and makes_noise(record.place):
                found = self._try(record, "value", [Substitute(record.place.id, record.visit, np.zeros_like(array))], np.zeros_like(array))
                yield found and replace(found, inputs=True)

    def _carries_begun(self) -> Iterator[Found | None]:
        """What goes back from step to step and is not zero before the loop: put in at the call, the right values would hide it."""
        backward = bool(self._calls()) and self.subject.function.endswith("backward")
        renewed = {record.place.target for record in self._now.records if record.place.loops and record.place.kind in GIVES | {"after"}}
        for record in self._now.records if backward else ():
            array, place = array_of(record.value), record.place
            begins = not record.phase and not place.loops and place.kind in GIVES and place.target in renewed
            if begins and array is not None and array.any() and array.shape == shape_of(self.quantities.calls[0][0]):
                yield self._try(record, "value", [Substitute(place.id, record.visit, np.zeros_like(array))], np.zeros_like(array))

    def _held_on(self, records: list[Record]) -> Found | None:
        """The experiment: from the second visit on the name keeps what it held."""
        kept: list[Substitute] = []
        found: Found | None = None
        for number, record in enumerate(records[1:], 1):
            seen = self._now.records if number == 1 else self.subject.traced((*self.substitutes, *kept))[1]
            held = _held(record, seen)
            if held is None and (found := self._filled_anew(records)) is not None:
                return found
            if held is None or same(held.value, records[0].value, 0.0):
                return None
            kept.append(Substitute(record.place.id, record.visit, held.value))
            found = found or Found(record, "value", held.value, None, (), frozenset(), inputs=True, names=(record.place.target,), lost=held)
        tried = None if found is None else self._try(found.record, "value", kept, found.right)
        return tried and found and replace(found, substitutes=tried.substitutes, cured=tried.cured)

    def _filled_anew(self, records: list[Record]) -> Found | None:
        """An array of all steps that is made at each turn: it holds one step alone, and what the others stored is lost."""
        right, last = array_of(self.quantities.results.get(records[-1].name)), records[-1]
        if right is None or right.ndim != 3:  # noqa: PLR2004 - all steps
            return None
        right = right.copy()
        for step in range(right.shape[2]):
            if np.any(self._now.observations.get(observed.at_step(last.name, step), 0)):
                right[:, :, step] = 0  # the last turn stores it, perhaps by adding
        filled = (other for other in self._now.records[records[0].time :] if other.place.target.startswith(f"{last.place.target}["))
        stored = next((other for other in filled if other.place.kind in {"assign", "after"}), None)
        tried = None if stored is None else self._try(last, "value", [Substitute(last.place.id, last.visit, right)], right)
        return tried and replace(tried, inputs=True, names=(last.place.target,), lost=stored)


def makes_noise(place: Place) -> bool:
    """Whether a line makes an array of whatever lies in memory."""
    return re.search(r"\bempty(_like)?\(", place.text) is not None


def _zeros(record: Record) -> bool:
    array = array_of(record.value)
    return array is not None and bool(array.ndim) and not np.any(array)


def _held(record: Record, seen: list[Record]) -> Record | None:
    """What the name that a record is given to held until then."""
    last: Record | None = None
    for other in seen:
        if (other.place.id, other.visit) == (record.place.id, record.visit):
            return last if last is not None and last.place.id != record.place.id else None
        named = other.place.target == record.place.target and other.place.function == record.place.function
        if named and other.place.kind in {"assign", "target", "after"}:
            last = other
    return None
