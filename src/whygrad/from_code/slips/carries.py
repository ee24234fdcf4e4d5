"""Carries that no line of the loop gives a new value: told once, at the call of the cell that misses what comes back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import last_written, reads_of
from whygrad.from_code.observe.experiment import GIVES, HOLDS, Search, adds_to_itself
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.observe.roles import arguments, of_the_cell, slot_of
from whygrad.from_code.observe.subject import by_place
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


_NAMED = re.compile(r"[^\W\d]\w*(\[(['\"])\w+\2\])?")
"""A name, or an entry of a dictionary."""


def kept(search: Search, found: Found) -> Found:
    """A line such as ``da_prev += da[:, :, t]`` that adds to what it made at the step before: what comes back is never put there."""
    place, record = found.record.place, found.record
    if found.how != "value" or not adds_to_itself(place) or not _in_the_loop(search, record) or not record.visit:
        return found
    own = (read for read in reads_of(search, record) if read.place.kind == "before" or read.place.text == place.target)
    before = next(own, None)
    last = next((o for o in search.now.records if o.place.id == place.id and o.visit == record.visit - 1), None)
    if before is None or last is None or not same(before.value, last.value, 0.0):
        return found
    carried = _beside_what_is_added(found, array_of(before.value))
    if carried is None or not carried.any() or not search.quantities.recognised(carried, search.tolerance):
        return found
    given = (other for other in search.now.records[record.time :] if of_the_cell(search, other.place))
    call = next((other for other in given if same(other.value, record.value, 0.0)), None)
    if call is None:
        return found
    handed = [
        Substitute(other.place.id, other.visit, right)
        for other in search.now.records
        if other.place.computes.strip() == place.target and (right := _handed_out(search, other)) is not None
    ]
    tried = search.attempt(call, "argument", [*arguments(search, call.place.id), *handed], found.right)
    if tried is None or not tried.cured >= found.cured:
        return found
    return replace(tried, made=last, reads=tuple(reads_of(search, call)))


def _beside_what_is_added(found: Found, before: Array | None) -> Array | None:
    """What a line that adds something to a name should have added it to."""
    value, right = array_of(found.record.value), array_of(found.right)
    if value is None or right is None or before is None or not value.shape == before.shape == right.shape:
        return None
    return right - (value - before)


def _handed_out(search: Search, record: Record) -> Value | None:
    """The right result that a record is returned as, or that gets its name behind all steps."""
    behind = record.place.kind == "assign" and record.phase == len(search.quantities.calls)
    return search.quantities.results.get(record.name) if behind else right_result(search, record)


def emptied(search: Search, found: Found) -> Found:
    """From a call that misses what comes back to the line of the loop, behind an earlier call, that makes the carry zero."""
    backward = search.subject.function.endswith("backward") and not _of_a_cell(search)
    zeros = [made for read in found.reads if (made := _made_zero(search, read)) is not None] if found.how == "argument" and backward else []
    if len(zeros) != 1:
        return found
    visits = [other for other in search.now.records if other.place.id == zeros[0].place.id and other.phase < len(search.quantities.calls)]
    puts = [Substitute(one.place.id, one.visit, right) for one in visits if (right := carried_into(search, found, one.phase)) is not None]
    tried = search.attempt(zeros[0], "value", puts, carried_into(search, found, zeros[0].phase))
    if tried is None or not tried.cured >= found.cured:
        return found
    return replace(tried, reads=tuple(reads_of(search, zeros[0])), inputs=True, quantity=found.quantity)


def _made_zero(search: Search, read: Record) -> Record | None:
    """The line of the loop that made a name zero which is read after it, behind a call of the cell."""
    made = last_written(search, read) if read.place.text.isidentifier() else None
    array = None if made is None else array_of(made.value)
    zero = made is not None and array is not None and not array.any() and made.place.target == read.place.text
    return made if zero and made is not None and made.phase and made.place.loops else None


def misspelt(search: Search, found: Found) -> Found:
    """From a call that misses what comes back, or goes on, to the line that gives it to a name that nobody reads, or not the call."""
    reads = (*found.reads, found.record) if found.how == "argument" and not _of_a_cell(search) and search.quantities.calls else ()
    read = [one.place.text for one in reads if one.place.text.isidentifier() and _never_set(search, one, found)]
    if reads and not read and found.made is not None and (adds_to_itself(found.made.place) or _never_set(search, found.made, found)):
        read = [found.made.place.target]
    if not read:  # the call makes no use of any name that it could be
        return found
    records = search.subject.traced(_all_mended(search))[1]
    lost = {
        place.id for place in search.subject.places if search.subject.text.loses(place) or _kept_from_the_call(search, place, found, read)
    }
    for given in by_place(one for one in records if one.place.kind in GIVES and one.place.id in lost).values():
        belongs = [carried_into(search, found, record.phase) for record in given if record.phase < len(search.quantities.calls)]
        if len(belongs) > 1 and all(same(record.value, right, search.tolerance) for record, right in zip(given, belongs, strict=False)):
            unread = given[0].place
            if found.how == "argument" and search.subject.function.endswith("forward") and _made_elsewhere(search, unread):
                return replace(found, names=(*read[:1], unread.target))
            return replace(found, record=given[0], how="unread", names=tuple(read))
    return found


def _kept_from_the_call(search: Search, place: Place, found: Found, read: Sequence[str]) -> bool:
    """Whether a line of the backward loop gives a value to a name that only other lines read, and none to those that the call reads."""
    backward = search.subject.function.endswith("backward") and found.how == "argument"
    if not backward or place.kind not in GIVES or not place.loops or not place.target.isidentifier():
        return False
    if place.target in map(observed.result_of, observed.results(search.expected)):
        return False
    within = [one for one in search.subject.places if one.loops and one.function == place.function]
    given = {name for one in within if one.statement == found.record.place.statement for name in re.findall(r"\w+", one.computes)}
    return place.target not in given and not any(one.kind in HOLDS and one.target in read for one in within)


def _made_elsewhere(search: Search, unread: Place) -> bool:
    """Whether a name that nobody reads gets a value at another line too: it is meant to be read, and the call reads the wrong one."""
    places = (one for one in search.subject.places if one.kind in GIVES and one.function == unread.function)
    return any(one.target == unread.target and one.statement != unread.statement for one in places)


def join_unread(search: Search) -> None:
    """What is carried under a name that nobody reads, and a line that stores what the loop reads in its place: one slip."""
    for unread in [found for found in search.found if found.how == "unread"]:
        made = [r for r in search.subject.traced(_all_mended(search))[1] if r.place.id == unread.record.place.id]
        for other in [one for one in search.found if one.how == "value" and one.record.place.text in unread.names]:
            visits = [r for sub in other.substitutes for r in made if r.visit == sub.visit and same(r.value, sub.value, search.tolerance)]
            if len(visits) == len(other.substitutes):
                joined = replace(unread, substitutes=(*unread.substitutes, *other.substitutes), cured=unread.cured | other.cured)
                search.found = [joined if one is unread else one for one in search.found if one is not other]
                return


def _all_mended(search: Search) -> tuple[Substitute, ...]:
    """What mends all that is found."""
    return tuple(sub for one in search.found for sub in one.substitutes)


def join_misspelt(search: Search) -> None:
    """A call that misses what comes back, and a line of the loop that gives that to a name which should hold something else."""
    for missing in [found for found in search.found if found.how == "argument"]:
        reads = [one for one in (*missing.reads, missing.record) if _NAMED.fullmatch(one.place.text)]
        read = [one.place.text for one in reads if not _of_a_cell(search) and search.quantities.calls and _never_set(search, one, missing)]
        given = (one for one in search.found if read and one.how == "value" and one.record.place.kind in GIVES)
        for other in (one for one in given if _NAMED.fullmatch(one.record.place.target)):  # what is stored for each step is no carry
            if other.record.place.target not in read and _is_what_is_missing(search, other, missing):
                joined = replace(
                    other,
                    how="misspelt",
                    inputs=True,
                    names=(other.record.place.target, read[0]),
                    substitutes=(*other.substitutes, *missing.substitutes),
                    cured=other.cured | missing.cured,
                )
                search.found = [joined if one is other else one for one in search.found if one is not missing]
                return


def _is_what_is_missing(search: Search, other: Found, missing: Found) -> bool:
    """Whether a line found makes at each turn, where each call is given what it should be, what should come back to the call."""
    call, place = missing.record.place, other.record.place.id
    beside = [one for one in search.subject.places if one.parent == call.parent and one.statement == call.statement]
    carried = set(range(len(search.quantities.calls[0]) - 1))  # all but the cache
    slots = [(one.id, slot) for one in beside if of_the_cell(search, one) and (slot := slot_of(search, one.target)) in carried]
    given = [Substitute(one, turn, right[slot]) for one, slot in slots for turn, right in enumerate(search.quantities.calls)]
    made = [record for record in search.subject.traced(given)[1] if record.place.id == place]
    belongs = [(record, carried_into(search, missing, record.phase)) for record in made if record.phase < len(search.quantities.calls)]
    return len(belongs) > 1 and all(same(record.value, right, search.tolerance) for record, right in belongs)


def _never_set(search: Search, read: Record, found: Found) -> bool:
    """Whether a name that a call reads holds what the sequence starts with, whenever the call that is mended reads it."""
    start, array = carried_into(search, found, 0), array_of(read.value)
    if start is None or array is None or array.shape != shape_of(found.right):
        return False
    if search.subject.function.endswith("backward"):
        mended = search.subject.traced(found.substitutes)[1]
        return not any(np.any(one.value) for one in mended if one.place.id == read.place.id)
    return same(array, start, search.tolerance)


def carried_into(search: Search, found: Found, call: int) -> Value:
    """What an argument of a call gets from the call before: in a backward pass without the step's own gradient."""
    slot = slot_of(search, found.record.place.target)
    right = array_of(search.quantities.calls[call][slot]) if slot is not None else None
    if right is None or slot or not search.subject.function.endswith("backward"):
        return right
    upstream = array_of(search.subject.arguments[0])
    return None if upstream is None else right - upstream[..., len(search.quantities.calls) - 1 - call]


def _of_a_cell(search: Search) -> bool:
    return search.subject.cell == search.subject.function


def _in_the_loop(search: Search, record: Record) -> bool:
    backward = search.subject.function.endswith("backward") and search.subject.cell != search.subject.function
    return backward and record.place.function == search.subject.function


def join_carries(search: Search) -> None:
    """A start value that is handed out at the end, or stored at each step, belongs to the call that is given it at every step."""
    for found in list(search.found):
        place = found.record.place
        into = (place.kind == "assign" and "[" in place.target) or place.target.endswith(".append(0)")
        stored = into and search.subject.function.endswith("forward")
        name = place.text.rpartition("=")[2].strip() if stored else place.text
        if found.how != "value" or not name.isidentifier() or not (stored or returned_as(search, found.record) is not None):
            continue
        for number, other in enumerate(search.found):
            if other.how == "argument" and other is not found and _stays(search, name, other, found):
                search.found[number] = replace(other, substitutes=(*other.substitutes, *found.substitutes), cured=other.cured | found.cured)
                search.found.remove(found)
                break


def _stays(search: Search, name: str, call: Found, end: Found) -> bool:
    """Whether a name that the call reads holds at the end what it held there, and what is handed out then is that carry's."""
    if search.subject.function.endswith("backward") and slot_of(search, call.record.place.target):  # that of the cell state is none
        return False
    reads = [read for read in (*call.reads, call.record) if read.place.text == name and array_of(read.value) is not None]
    return any(same(read.value, end.record.value, 0.0) for read in reads)
