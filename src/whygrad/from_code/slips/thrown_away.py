"""Statements whose result is lost: ``np.add(total, step)`` and ``total + step`` store nothing, others add to a name that nobody reads.

So does ``step += total``, with both names exchanged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record

_OF_ONE = {"np.tanh": np.tanh, "np.exp": np.exp, "np.square": np.square, "np.negative": np.negative}
_OF_TWO = {"np.add": np.add, "np.subtract": np.subtract, "np.multiply": np.multiply}


def result_thrown_away(search: Search, found: Found) -> Record | None:
    """A statement that computes something of what stays unfilled, and stores it nowhere, or adds it to what should be added to it."""
    names = "|".join(map(re.escape, found.names))
    nowhere = (record for record in _stored_nowhere(search, search.now.records) if re.match(rf"({names})\b", record.place.text))
    return next(nowhere, None) or _added_the_other_way(search, found)


def _added_the_other_way(search: Search, found: Found) -> Record | None:
    """The line of the loop that adds what stays as it was made to another name, which should be added to it."""
    made, calling = found.made, found.record.place.statement in search.subject.calling
    alone = made is not None and calling and len(set(found.names)) == 1
    for record in search.now.records[made.time :] if made is not None and alone else ():
        place = record.place
        added = place.text.partition("+=")[2].strip() if place.kind == "after" and place.loops else ""
        if made is not None and added == made.place.target != place.target and place.function == made.place.function:
            return record
    return None


def computed_for_nothing(search: Search, found: Found) -> Found | None:
    """The statement whose result would have made right what a name holds, if it had been stored under that name."""
    place, others = found.record.place, tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    if found.how != "value" or place.kind not in {"assign", "after"} or not place.target.isidentifier():
        return None
    records = search.subject.traced(others)[1]
    for record in _stored_nowhere(search, records):
        value, before = _result(record, records), [other for other in records[: record.time] if other.place.target == place.target]
        given = next((other for other in reversed(before) if other.place.kind in {"assign", "after"}), None)
        if value is None or given is None or not re.match(rf"{place.target}\b", record.place.text):
            continue
        mended = (Substitute(given.place.id, given.visit, value),)
        if search.results_right(search.subject.run((*others, *mended))):
            gone = replace(found, record=record, how="unfilled", right=None, quantity=None, substitutes=mended)
            return replace(gone, names=(place.target,), visits=(), reads=(), inputs=True)
    return None


def added_to_another(search: Search, found: Found) -> Found:
    """From a sum that lacks something to the line that adds just that to another name, from which nothing reads it."""
    value, right = array_of(found.record.value), array_of(found.right)
    if found.how != "value" or value is None or right is None or value.shape != right.shape or not found.record.name.isidentifier():
        return found
    for record in search.last:
        if record.place.kind == "right" and search.subject.text.loses(record.place) and same(record.value, right - value, search.tolerance):
            return replace(found, record=record, how="elsewhere", names=(found.record.name,), reads=(), inputs=True)
    return found


def given_to_an_argument(search: Search, found: Found) -> Found:
    """From a line behind which something is missing to the one that computes it, and gives it to the name of an argument."""
    place = found.record.place
    arguments = search.subject.text.signatures.get(place.function, ())
    if found.how != "value" or place.kind != "assign" or not place.target.isidentifier() or not shape_of(found.right):
        return found
    behind = {
        other.id
        for other in search.subject.places
        if (other.kind, other.function) == ("assign", place.function) and other.target in arguments and other.target != place.target
        if other.statement > place.statement and re.search(rf"\b{re.escape(place.target)}\b", other.computes)
    }
    others = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    for record in search.subject.traced(others)[1] if behind else ():
        if record.place.id in behind and same(record.value, found.right, search.tolerance):
            return replace(found, record=record, how="elsewhere", names=(found.record.name,), reads=(), inputs=True)
    return found


def _stored_nowhere(search: Search, records: Sequence[Record]) -> Iterator[Record]:
    """The outermost of what such statements compute; of a call of NumPy's its first argument."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for place in search.subject.places:
        kinds[place.statement].add(place.kind)
    for record in records:
        place = record.place
        alone = kinds[place.statement] <= {"argument", "part", "read"} and place.function == search.subject.function
        computes = place.kind == "part" or (place.kind == "argument" and place.target.startswith("np."))
        if alone and computes and place.parent < 0:
            yield record


def _result(record: Record, records: Sequence[Record]) -> Array | None:
    """What the statement computes."""
    place, called = record.place, record.place.target.removesuffix("(0)")
    function = _OF_TWO.get(called)
    if place.kind == "part":
        return array_of(record.value)
    if called in _OF_ONE:
        given = array_of(record.value)
        return None if given is None else _OF_ONE[called](given)
    of_two = (other for other in records[record.time :] if other.place.statement == place.statement and other.place.parent < 0)
    second = next((array_of(other.value) for other in of_two if other.place.target.endswith("(1)")), None)
    first = array_of(record.value)
    if function is None or first is None or second is None:
        return None
    try:
        return function(first, second)
    except ValueError:
        return None
