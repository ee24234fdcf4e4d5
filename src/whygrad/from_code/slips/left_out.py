"""What a cell makes, or a helper is given or makes, and uses nowhere: with it as a term or a factor of something else more comes right."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import GIVES, Found, Search, callee, last_name
from whygrad.from_code.observe.roles import put
from whygrad.from_code.observe.subject import by_place
from whygrad.sandbox.signatures import parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


def not_used(search: Search) -> Iterator[Found | None]:
    """A helper's result, at all visits at which it is given arrays that it does not use, with these."""
    returned = [record for record in search.now.records if record.place.kind == "return" and array_of(record.value) is not None]
    for place in {record.place.id: record.place for record in returned if record.place.function != search.subject.function}.values():
        names = _unused(search, place.function)
        visits = [record for record in returned if record.place.id == place.id]
        for way in ("term", "factor") if names else ():
            held = [(record, _held_in(search, record, names)) for record in visits]
            belongs = [(record, _joined(way, record, some)) for record, some in held if any(one is not None for one in some)]
            if not belongs or any(right is None for _, right in belongs):
                continue
            found = search.attempt(belongs[0][0], "unused", put(belongs), belongs[0][1])
            both = tuple((record.value, right) for record, right in belongs)
            yield found and replace(found, inputs=True, names=(way, *names), visits=both)


def made_for_nothing(search: Search) -> Iterator[Found]:
    """A line of a cell, or what a call in it is given, that makes all right with what an earlier line made and nothing reads.

    Of a table it is the entry under the key of what stands there.
    """
    own = [record for record in search.now.records if record.place.function == search.subject.function == search.subject.cell]
    idle = (one for one in own if one.place.kind == "assign" and one.place.target in search.subject.text.unread)
    unread = sorted((visits[-1] for visits in by_place(idle).values()), key=lambda one: one.time)  # not all that a loop made
    later = [one for one in own if unread and one.time > unread[0].time and one.place.kind in {"assign", "argument"}]
    lines = by_place(one for one in later if array_of(one.value) is not None)
    for made, visits in product(unread, reversed(lines.values())):  # the last line, which others only lead to
        lacks = [_entry_beside(made, record, own) for record in visits]
        if any(one is None or one.shape != shape_of(record.value) for one, record in zip(lacks, visits, strict=True)):
            continue
        for way in ("factor", "term"):
            belongs = [(record, _joined(way, record, [one])) for record, one in zip(visits, lacks, strict=True)]
            found = search.attempt(visits[0], "unused", put(belongs), belongs[0][1])
            if found is not None and found.cured >= search.now.wrong:
                both = tuple((record.value, right) for record, right in belongs)
                yield replace(found, inputs=True, names=(way, made.place.target), visits=both, made=made)


def join_made_for_nothing(search: Search) -> None:
    """Put the findings of one line together, or leave one, where such a line makes all right beside the others."""
    known = search.substitutes, search.round
    for line in dict.fromkeys(found.record.place.statement for found in search.found if found.how in {"value", "argument"}):
        others = [found for found in search.found if found.record.place.statement != line]
        search.substitutes = tuple(sub for found in others for sub in found.substitutes)
        search.round = search.look()
        if (found := next(made_for_nothing(search), None)) is not None:
            search.found = [*others, found]
    search.substitutes, search.round = known


def _entry_beside(made: Record, user: Record, own: Sequence[Record]) -> Array | None:
    """What a line made that nothing reads; of a table the entry under whose key another table has what stands at the user's place."""
    entries: Any = made.value
    if not isinstance(entries, dict):
        return array_of(made.value)
    held: list[Any] = [one.value for one in own if one.time < user.time]
    tables = [cast("dict[str, Value]", value) for value in held if isinstance(value, dict)]
    keys = (key for table in tables for key, value in table.items() if same(value, user.value, 0.0))
    return next((array_of(cast("dict[str, Value]", entries)[key]) for key in keys if key in entries), None)


def _unused(search: Search, function: str) -> list[str]:
    """The names that a function is given or makes, and that stand nowhere else in it."""
    places = [place for place in search.subject.places if place.function == function]
    made = [place.target for place in places if place.kind in GIVES and place.target.isidentifier()]
    texts = [place.computes for place in places if place.text != place.target]
    read = set(re.findall(r"\w+", " ".join(texts)))
    return [name for name in dict.fromkeys((*search.subject.text.signatures.get(function, ()), *made)) if name not in read]


def _held_in(search: Search, returned: Record, names: list[str]) -> list[Any]:
    """What these names hold when a helper returns: what it made of them, or was called with; nothing of a plain number, as 0 is."""
    held: dict[str, Any] = {}
    function = returned.place.function
    for record in search.now.records[: returned.time]:
        if record.place.function == function and record.place.kind == "return":
            held.clear()
        elif record.place.function == function and record.place.target in names and record.place.kind in GIVES:
            held[record.place.target] = array_of(record.value)
        elif record.place.kind == "argument" and callee(record.place.target) == last_name(function):
            held[parameter(search.subject.text.signatures.get(function, ()), record.place.target)] = array_of(record.value)
    return [held.get(name) for name in names]


def _joined(way: str, returned: Record, held: list[Any]) -> Array | None:
    """A result with more terms, or factors; two matrices that fit are one term, their product. None where the shapes do not fit."""
    value = array_of(returned.value)
    if value is None or any(one is None for one in held):
        return None
    if way == "term" and len(held) == 2 and held[0].ndim == held[1].ndim == 2 and held[0].shape[1] == held[1].shape[0]:  # noqa: PLR2004
        held = [held[0] @ held[1]]
    try:
        for one in held:
            value = value + one if way == "term" else value * one
    except ValueError:
        return None
    return value
