"""What a loop over the steps makes anew at each turn, and so loses: a carry set to zero, a sum begun again, an output replaced."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import GIVES, HOLDS, Found, Search, buffer
from whygrad.from_code.observe.subject import by_place
from whygrad.from_code.slips.untouched import cell_calls
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place

_MOST = 12
"""Steps that are gone through one after another."""


def made_anew(search: Search) -> Iterator[Found | None]:
    """Zeros that a name is given at each turn: with what it held before, turn after turn, the results come right."""
    mended = {(substitute.place, substitute.visit) for substitute in search.substitutes}
    here = [one for one in search.now.records if one.place.function == search.subject.function] if cell_calls(search) else []
    for records in by_place(one for one in here if one.place.kind in GIVES).values():
        again = any((record.place.id, record.visit) not in mended for record in records[1:])
        if again and len(records) <= _MOST and all(buffer(record) or _zeros(record) for record in records):
            yield _held_on(search, records)


def never_emptied(search: Search) -> Iterator[Found | None]:
    """Arrays of whatever lay in memory, to which something is added: with zeros there the results come right."""
    for record in search.now.records:
        array = array_of(record.value)
        if record.place.kind == "assign" and array is not None and array.any() and makes_noise(record.place):
            found = search.attempt(record, "value", [Substitute(record.place.id, record.visit, np.zeros_like(array))], np.zeros_like(array))
            yield found and replace(found, inputs=True)


def carries_begun(search: Search) -> Iterator[Found | None]:
    """What goes back from step to step and is not zero before the loop: put in at the call, the right values would hide it."""
    backward = bool(cell_calls(search)) and search.subject.function.endswith("backward")
    renewed = {record.place.target for record in search.now.records if record.place.loops and record.place.kind in HOLDS}
    for record in search.now.records if backward else ():
        array, place = array_of(record.value), record.place
        begins = not record.phase and not place.loops and place.kind in GIVES and place.target in renewed
        if begins and array is not None and array.any() and array.shape == shape_of(search.quantities.calls[0][0]):
            yield search.attempt(record, "value", [Substitute(place.id, record.visit, np.zeros_like(array))], np.zeros_like(array))


def _held_on(search: Search, records: list[Record]) -> Found | None:
    """The experiment: from the second visit on the name keeps what it held."""
    kept: list[Substitute] = []
    found: Found | None = None
    for number, record in enumerate(records[1:], 1):
        seen = search.now.records if number == 1 else search.subject.traced((*search.substitutes, *kept))[1]
        held = _held(record, seen)
        if held is None and (found := _filled_anew(search, records)) is not None:
            return found
        if held is None or same(held.value, records[0].value, 0.0):
            return None
        kept.append(Substitute(record.place.id, record.visit, held.value))
        found = found or Found(record, "value", held.value, None, (), frozenset(), inputs=True, names=(record.place.target,), lost=held)
    tried = None if found is None else search.attempt(found.record, "value", kept, found.right)
    return tried and found and replace(found, substitutes=tried.substitutes, cured=tried.cured)


def _filled_anew(search: Search, records: list[Record]) -> Found | None:
    """An array of all steps that is made at each turn: it holds one step alone, and what the others stored is lost."""
    right, last = array_of(search.quantities.results.get(records[-1].name)), records[-1]
    if right is None or right.ndim != 3:  # noqa: PLR2004 - all steps
        return None
    right = right.copy()
    for step in range(right.shape[2]):
        if np.any(search.now.observations.get(observed.at_step(last.name, step), 0)):
            right[:, :, step] = 0  # the last turn stores it, perhaps by adding
    filled = (other for other in search.now.records[records[0].time :] if other.place.target.startswith(f"{last.place.target}["))
    stored = next((other for other in filled if other.place.kind in {"assign", "after"}), None)
    tried = None if stored is None else search.attempt(last, "value", [Substitute(last.place.id, last.visit, right)], right)
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
        if named and other.place.kind in HOLDS:
            last = other
    return None
