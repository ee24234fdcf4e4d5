"""What a name was given that is added to or filled later: a line that sets it anew, or makes it in another shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import Found, Search, buffer
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record

_ALL_OF_IT = re.compile(r"\[(\.\.\.|:(, ?:)*)\]$")
_TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")


def overwritten(search: Search, found: Found) -> Found | None:
    """A line that sets a name anew where it should have added to it: the sum of all that the name was given cures as much."""
    for read in reads_of(search, found.record):
        text = read.place.computes
        made = _given_to(search, text.partition("[")[0].strip(), found.record)
        last = next((record for record in made[:0:-1] if _anew(record)), None)
        if last is None:
            continue
        lost = made[made.index(last) - 1]
        try:
            whole = np.sum(np.broadcast_arrays(*(_contributed(r, made) for r in made if r.time <= last.time)), axis=0)
        except ValueError:
            continue
        tried = None if same(last.value, whole) else search.attempt(last, "value", [Substitute(last.place.id, last.visit, whole)], whole)
        if tried is not None and tried.cured >= found.cured:
            return replace(tried, visits=((last.value, whole),), reads=tuple(reads_of(search, last)), inputs=True, lost=lost)
    return None


def made_in_another_shape(search: Search, found: Found) -> Found | None:
    """The line that makes the array to be filled or added to, where its shape alone is wrong."""
    right = array_of(found.right)
    if right is None or not shapes_differ(found):
        return None
    names = {read.place.text for read in reads_of(search, found.record)}
    for made in search.now.records[: found.record.time]:
        if buffer(made) and made.place.target in names and made.place.function == found.record.place.function:
            empty = np.zeros(right.shape)
            tried = search.attempt(made, "value", [Substitute(made.place.id, made.visit, empty)], empty)
            if tried is not None and tried.cured >= found.cured:
                return replace(tried, visits=((made.value, empty),), reads=tuple(reads_of(search, made)), inputs=True)
    return None


def replaced_as_a_whole(search: Search, found: Found) -> Found | None:
    """The line of a loop that gives a name one step's share, where it should have stored it in the array that the name held."""
    right = array_of(found.right)
    if right is None or not shapes_differ(found):
        return None
    for read in (found.record, *reads_of(search, found.record)):
        made = _given_to(search, read.place.text, found.record)
        last = made[-1] if made else None
        lost = next((record for record in made if last is not None and record.place.id != last.place.id), None)
        if last is None or lost is None or not last.visit or buffer(last) or shape_of(lost.value) != right.shape:
            continue
        tried = search.attempt(last, "value", [Substitute(last.place.id, last.visit, right)], right)
        if tried is not None and tried.cured >= found.cured:
            return replace(tried, visits=((last.value, right),), reads=tuple(reads_of(search, last)), inputs=True, lost=lost)
    return None


def _given_to(search: Search, name: str, user: Record) -> list[Record]:
    """What a name was given in the user's function before: lines that set it, and such as ``name += value`` and ``name[:] = value``.

    A function within it can fill the whole array too.
    """
    made = [r for r in search.now.given_before(user.time) if r.place.kind in {"assign", "after"} and _whole(r.place.target) == name]
    own = user.place.function
    filled = (r for r in made if r.place.target != name and r.place.function.startswith(f"{own}."))
    inside = {own, *(r.place.function for r in filled)}
    return [r for r in made if r.place.function in inside and array_of(r.value) is not None]


def _contributed(record: Record, made: Sequence[Record]) -> Any:  # noqa: ANN401 - an array
    """What a line added to all that a name was given."""
    number = made.index(record)
    return record.value if _anew(record) or not number else record.value - cast("Array", array_of(made[number - 1].value))


def shapes_differ(found: Found) -> bool:
    """Whether a place holds an array of another shape than what belongs there."""
    value, right = array_of(found.record.value), array_of(found.right)
    return value is not None and right is not None and value.shape != right.shape


def _anew(record: Record) -> bool:
    """Whether a line sets a name to something that is not made of what it held, nor taken from under that name where it sets it plainly.

    That a plain sum is set anew, other experiments tell with the step that is left of it.
    """
    target, _, right_side = record.place.text.partition("=")
    name = _whole(record.place.target)
    right_side = right_side if name == target.strip() else _TEXTS.sub("", right_side)
    return record.place.kind == "assign" and not re.search(rf"\b{re.escape(name)}\b", right_side)


def _whole(target: str) -> str:
    """The name of what a line gives a value, or fills as a whole."""
    return _ALL_OF_IT.sub("", target)
