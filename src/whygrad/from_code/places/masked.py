"""An array that a helper fills where a condition holds, and otherwise where it does not: told at the one of these lines that is wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.roles import put
from whygrad.from_code.places.sources import with_only
from whygrad.sandbox.values import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record


def stored_by_a_mask(search: Search, found: Found) -> Found | None:
    """The line that stores some entries of what a line hands on, if all results come right with these entries right."""
    name = found.record.place.text.removeprefix("return").strip()
    if not name.isidentifier():
        return None
    now = with_only(search, [other for other in search.found if other is not found])
    lines: dict[int, list[tuple[Record, Array]]] = defaultdict(list)
    for sub in found.substitutes:
        record, right = now.get((sub.place, sub.visit or 0)), array_of(sub.value)
        for part, mask in _where_conditions_hold(search, record, name) if record is not None else ():
            if right is not None and mask.shape == right.shape and not same(part.value, right[mask], search.tolerance):
                lines[part.place.id].append((part, right[mask]))
    for belongs in lines.values():
        if search.results_right(search.subject.run((*search.substitutes, *put(belongs)))):
            (first, right), seen = belongs[0], tuple((part.value, value) for part, value in belongs)
            reads = tuple(reads_of(search, first))
            return replace(found, record=first, right=right, quantity=None, substitutes=tuple(put(belongs)), reads=reads, visits=seen)
    return None


def _where_conditions_hold(search: Search, record: Record, name: str) -> Iterator[tuple[Record, Any]]:
    """What is stored in entries of an array since it was made, and in which."""
    for part in reversed(search.now.records[: record.time]):
        if part.place.function != record.place.function or part.place.kind != "assign":
            continue
        if part.place.target == name:
            return
        behind = search.now.records[part.time + 1]
        mask: Any = behind.value if part.place.target.startswith(f"{name}[") and behind.place.kind == "index" else None
        if class_of(mask) is np.ndarray and mask.dtype == bool:
            yield part, mask
