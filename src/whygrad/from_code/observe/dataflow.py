"""What a line read, and where that was made: by the names in the code, and by values that are the very same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import HOLDS, KINDS, Search, buffer, callee, last_name
from whygrad.from_code.observe.roles import options_for, right_there
from whygrad.from_code.observe.stopped import Stopped, operands
from whygrad.from_code.observe.subject import Record, name_of
from whygrad.from_code.reference.parts import ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Substitute, Value

_NOT_THERE = frozenset(("NameError", "UnboundLocalError", "AttributeError"))
"""What is raised where a name is not there."""
_SPLIT = re.compile(r"(?:np|numpy)\.[vh]?split\((\w+), ?[^()]*\)")
_EQUAL = 3
"""Earlier places with the very same value that are looked at."""
_INTO_A_LIST = (".append(0)", ".insert(1)")
"""How the arguments are called that end up in a list."""


def reads_of(search: Search, record: Record) -> list[Record]:
    """What the line read to compute a record: the reads and arguments of its statement since its visit before."""
    mine: list[Record] = []
    for other in reversed(search.now.records[: record.time]):
        if other.place.id == record.place.id:
            break
        beside = other.place.kind == "before" and record.place.kind == "right"
        read = other.place.kind in {"read", "argument", "before", "part", "element", "value"} and not beside
        if read and _belongs_to(search, other, record):
            mine.append(other)
    return mine[::-1] or ([record] if record.place.kind in KINDS and record.place.id not in search.once(composed) else [])


def taken_apart(search: Search, place: Place) -> str:
    """The name of what a line takes apart for several names and does nothing else with; empty of any other line."""
    text = search.subject.text.right_side(place).strip() if place.kind == "target" else ""
    parts = _SPLIT.fullmatch(text)
    return parts[1] if parts else text if text.isidentifier() else ""


def visits_of(search: Search, found: Found) -> list[tuple[Record, Sequence[Record]]]:
    """The visits of a finding's line that are to be mended, and what it read at each; the first is its record's.

    They are those at which something is put there, or the last before each place behind it at which something is.
    """
    mended, puts = found.record.place.id, {(sub.place, sub.visit) for sub in found.substitutes}
    latest, visits = found.record, {found.record.visit: found.record}
    for other in search.last:
        latest = other if other.place.id == mended else latest
        if (other.place.id, other.visit) in puts:
            visits.setdefault(latest.visit, latest)
    return [(found.record, found.reads), *((other, reads_of(search, other)) for other in visits.values() if other is not found.record)]


def _belongs_to(search: Search, other: Record, record: Record) -> bool:
    if record.place.kind in {"value", "argument", "element"}:
        parent = other.place.parent
        while parent >= 0 and parent != record.place.id:
            parent = search.subject.places[parent].parent
        return parent == record.place.id
    return other.place.statement == record.place.statement


def sources(search: Search, record: Record, reads: Sequence[Record]) -> Iterator[Record]:
    """The earlier places that the record's own value, or one that it read, comes from: by name, and by equal value."""
    seen = {record.place.id}
    for wanted, read in ((record, False), *((read, True) for read in reads)):
        value = array_of(wanted.value)
        if value is None or not value.ndim:
            continue
        itself = [wanted] if read and wanted.place.kind in KINDS else []
        written = (
            last_written(search, wanted)
            if read or record.place.id not in search.once(composed) or record.place.kind in {"value", "argument", "element"}
            else None
        )
        for other in (*itself, *([written] if written else ()), *_filled_in(search, wanted, written), *made_equal(search, wanted)):
            if other.place.id not in seen:
                seen.add(other.place.id)
                yield other
    for other in given_to_helper(search, record):
        if other.place.id not in seen:
            yield other


def given_twice(search: Search, argument: Record) -> bool:
    """Whether one call is given the same array for two of its arguments."""
    beside = [
        other
        for other in search.now.records
        if other.place.statement == argument.place.statement
        and other.place.parent == argument.place.parent
        and other.phase == argument.phase
    ]
    arrays = [other for other in beside if other.place.kind == "argument" and other.place.id != argument.place.id]
    array = array_of(argument.value)
    return array is not None and bool(array.any()) and any(same(other.value, argument.value) for other in arrays)


def given_to_helper(search: Search, record: Record) -> list[Record]:
    """The arguments with which the helper was called in which a record stands."""
    name, given = last_name(record.place.function), list[Record]()
    if record.place.function == search.subject.function:
        return given
    for other in reversed(search.now.records[: record.time]):
        if other.place.kind == "argument" and callee(other.place.target) == name:
            if given and other.place.statement != given[0].place.statement:
                break
            given.append(other)
    return given


def last_written(search: Search, read: Record) -> Record | None:
    """The last record before a read of what is assigned to the name that it reads, or to the name of which it reads a part."""
    text = read.place.text
    if read.place.kind == "assign":
        text = text.partition("=")[2].strip()
    elif read.place.kind == "target":
        text = taken_apart(search, read.place) or text
    for names in ({text}, {text.removesuffix(".T")}, {text.partition("[")[0]}):
        for other in reversed(search.now.given_before(read.time)):
            near = other.place.function == read.place.function or text.startswith("self.")
            if not near or other.place.id == read.place.id:
                continue
            if not names.isdisjoint(other.place.target.split(" = ")) or other.place.target.startswith(f"{text}["):
                return other if shape_of(other.value) is not None else None
    return None


def _filled_in(search: Search, read: Record, last: Record | None) -> list[Record]:
    """The other lines that filled parts of the array that is read whole, the last first."""
    base = read.place.text.strip()
    if last is None or not last.place.target.startswith(f"{base}["):
        return []
    found: dict[str, Record] = {}
    for other in reversed(search.now.records[: last.time]):
        if other.place.function == last.place.function and other.place.kind in HOLDS:
            if other.place.target == base:
                break
            if other.place.target.startswith(f"{base}[") and ":" in other.place.target and other.place.target != last.place.target:
                found.setdefault(other.place.target, other)
    return list(found.values())


def made_equal(search: Search, wanted: Record) -> list[Record]:
    """The last records before ``wanted`` with the very same value."""
    value = array_of(wanted.value)
    found: list[Record] = []
    if value is None or not value.ndim:
        return found
    value = value.T if wanted.place.kind in {"read", "argument"} and wanted.place.text.endswith(".T") else value
    for other in reversed(search.now.records[: wanted.time]):
        kept = other.place.target.startswith("dict(") or other.place.target.endswith(_INTO_A_LIST)
        handed = other.place.kind == "argument" and (kept or other.place.function != wanted.place.function)
        near = (handed or other.place.kind in KINDS) and other.place.id != wanted.place.id and shape_of(other.value) == value.shape
        if other.place.kind in KINDS and other.place.id != wanted.place.id and _lists(other.value, value):
            found.append(other)
        if near and (value.any() or not buffer(other)) and np.array_equal(cast("float", other.value), value, equal_nan=True):
            found.append((last_written(search, other) if handed and other.place.id not in search.once(composed) else None) or other)
    return found[:_EQUAL]


def read_right(search: Search, read: Record) -> bool:
    """Whether something read is a right quantity; of what is computed within the line only the parts count.

    What the reference has no name for (a gate's pre-activation) is right if the line makes a right quantity of it.
    """
    if read.place.id in search.once(composed) or search.quantities.recognised(read.value, search.tolerance):
        return True
    return _within_what_is_right(search, read)


def _within_what_is_right(search: Search, read: Record) -> bool:
    """Whether the part of the line in which something is read is a right quantity."""
    around = read.place.parent
    made = next((other for other in search.now.records[read.time :] if other.place.id == around), None) if around >= 0 else None
    array = None if made is None or made.place.kind != "part" else array_of(made.value)
    return array is not None and bool(array.ndim) and search.quantities.recognised(array, search.tolerance)


def only_this_line(search: Search, reads: Sequence[Record], substitutes: tuple[Substitute, ...]) -> bool:
    """Whether a line that raises reads nothing wrong: what has a name of the reference is what that calls so, the rest is right."""
    stopped = Stopped(search.subject, substitutes)
    held = [stopped.worth(node) for node in operands(stopped.node) or ()]
    if any(isinstance(value, (tuple, list, dict)) for value in held):  # where that comes from is not seen
        return False
    known = [read for read in reads if read.value is not None]
    if not known:
        return stopped.raised.type in _NOT_THERE or "to unpack" in stopped.raised.text
    return all(read.place.id in search.once(composed) or _called_rightly(search, read) for read in known)


def _called_rightly(search: Search, read: Record) -> bool:
    named = [*search.quantities.named(read.place.text, read.phase), *search.quantities.named(read.place.text, 0)]
    if named:
        return any(same(read.value, quantity.value, search.tolerance) for quantity in named)
    return search.quantities.recognised(read.value, search.tolerance, stacks=False)


def in_place(search: Search, reads: Sequence[Record]) -> bool:
    """Whether all that a line reads is right there: not any right quantity, but the one of its name, or of its part in the results."""
    return bool(reads) and all(read.place.id in search.once(composed) or right_here(search, read) for read in reads)


def right_here(search: Search, read: Record) -> bool:
    """Whether what was read is as it should be, as far as that is known where it stands."""
    array = array_of(read.value)
    if array is None:
        return True
    if not array.ndim:
        return right_number(search, read)
    if not search.quantities.recognised(array, search.tolerance):
        return False
    named = [q.value for q in search.quantities.named(name_of(read.place.text), read.phase) if shape_of(q.value) == array.shape]
    given = dict(zip(ARGUMENTS[search.subject.function], search.subject.arguments, strict=False)).get(read.place.text)
    named += [given] if shape_of(given) == array.shape else []
    if named:
        return any(same(array, value, search.tolerance) for value in named)
    if not search.quantities.recognised(array, search.tolerance, stacks=False):
        return array.ndim < 3  # noqa: PLR2004 - right quantities on top of each other have no place; steps side by side may be another's
    options = options_for(search, read)
    return right_there(search, read, options)


def right_number(search: Search, read: Record) -> bool:
    """Whether a number (a size, mostly) is what the reference calls by its name; one that it does not call so is."""
    named = [q.value for q in search.quantities.named(name_of(read.place.text), read.phase)]
    return not named or any(same(read.value, value) for value in named)


def composed(search: Search) -> frozenset[int]:
    """The places that have others within them."""
    return frozenset(place.parent for place in search.subject.places if place.kind != "index")


def _lists(value: Value, wanted: Array) -> bool:
    """Whether a value is a list or tuple in which an array stands."""
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    return any(isinstance(item, np.ndarray) and np.array_equal(cast("Array", item), wanted) for item in items)
