"""Sums over the steps that are kept in one dictionary and go wrong together, for one reason: no line makes a single one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import KINDS, Search
from whygrad.from_code.observe.only_reads import only_reads, sets_attribute
from whygrad.from_code.slips.untouched import makes
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.observe.arrays import Array, Observations
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Called, Value


def added_wrongly(search: Search) -> Iterator[Found | None]:
    """All the wrong sums hold the same multiples of the steps' gradients: told at the line that makes their dictionary.

    Where none does, in the loop or by going through the steps, at the call of the cell, whose results nobody adds; or at the return,
    which does.
    """
    calls = search.quantities.tables[0].reply.calls
    names = [name for name in search.quantities.results if name in search.now.wrong and name.startswith(("dW", "db"))]
    times = times_added(calls, names, search.now.observations) if len(names) > 1 else None
    if times is None:
        return
    holding = [record for record in search.now.records if record.place.kind in {"assign", "return"} and _holds(record, names)]
    collects = {place.parent for place in search.subject.places if place.kind == "element"}
    assigned = [r for r in holding if r.place.kind == "assign" and r.place.statement not in search.subject.calling]
    made = [record for record in assigned if record.place.id in collects or record.visit + 1 >= len(calls)]
    for record in [*made[-1:], *holding[-1:]]:
        right = {**cast("dict[str, Value]", record.value), **{name: search.quantities.results[name] for name in names}}
        found = search.attempt(record, "sums", [Substitute(record.place.id, record.visit, right)], None)
        if found is not None:
            here = record in made or np.count_nonzero(times) > 1  # of several steps: the return itself adds
            told = _sums_made(search, names) or (record if here else makes(search, names) or record)
            yield replace(found, record=told, names=tuple(names))


def _sums_made(search: Search, names: Sequence[str]) -> Record | None:
    """The first line that gives all these sums the values that they are handed out with.

    Where nothing calls the cell, a line before may be the cell's own: then the last one of those that are visited at each step.
    """
    sums = {name: search.now.observations[name] for name in names}
    made: dict[int, tuple[Record, set[str]]] = {}
    visits: Counter[int] = Counter()
    whole: dict[int, Record] = {}
    for record in search.now.records if all(one.any() for one in sums.values()) else ():
        gives = sets_attribute(record.place) or (record.place.kind in KINDS and not only_reads(record.place))
        if gives and record.place.statement not in search.subject.calling:
            first, found = made.setdefault(record.place.id, (record, set[str]()))
            found |= {name for name, one in sums.items() if _has(record.value, one, search.tolerance)}
            visits[record.place.id] += 1
            if len(found) == len(names):
                whole.setdefault(record.place.id, first)
                if search.subject.calling:
                    return first
    steps = len(search.quantities.tables[0].reply.calls)
    each = [first for place, first in whole.items() if visits[place] >= steps]
    return next(iter((*each[-1:], *whole.values())), None)


def _has(value: Value, one: Array, tolerance: float) -> bool:
    """Whether a value is this sum, or has it as one of the parts of its height that stand below each other."""
    array = array_of(value)
    if array is None or array.ndim != one.ndim or not one.size or array.shape[1:] != one.shape[1:] or not one.ndim or len(array) % len(one):
        return same(value, one, tolerance)
    return any(same(part, one, tolerance) for part in np.split(array, len(array) // len(one)))


def times_added(calls: Sequence[Called], names: Sequence[str], observations: Observations) -> Array | None:
    """How often each of some sums holds each step's gradient, the last step's first; None where they differ, or hold each once."""
    rows: list[Array] = []
    wholes: list[Array] = []
    for name in names:
        each = [array_of(cast("Mapping[str, Any]", call.value).get(name)) for call in calls]
        parts = [part for part in each if part is not None]
        found = observations.get(name)
        if found is None or not parts or len(parts) < len(each) or (found.shape != parts[0].shape and found.any()):
            return None
        rows.append(np.stack([part.ravel() for part in parts], axis=1))
        wholes.append(np.broadcast_to(found, parts[0].shape).ravel())
    matrix, whole = np.concatenate(rows).astype(float), np.concatenate(wholes).astype(float)
    times: Array = np.rint(cast("Array", np.linalg.lstsq(matrix, whole, rcond=None)[0]))
    return times if same(matrix @ times, whole, 1e-6) and not np.all(times == 1) else None


def _holds(record: Record, names: Sequence[str]) -> bool:
    value: Any = record.value
    return isinstance(value, dict) and all(name in cast("dict[str, Any]", value) for name in names)
