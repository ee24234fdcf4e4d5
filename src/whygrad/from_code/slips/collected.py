"""From an array that is put together out of a list to the line that appends to the list, or stores into it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, arrays_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.roles import put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record


def appended(search: Search, found: Found) -> Found | None:
    """The line that appends or stores the parts of a list of which a wrong array is made, if with the right parts as much is cured."""
    right = array_of(found.right)
    a_result = any(same(found.record.value, result, search.tolerance) for result in search.quantities.results.values())
    for read in reads_of(search, found.record) if found.how == "value" and right is not None else ():
        into = re.compile(rf"{re.escape(read.place.text)}(\.append\(0\)|\.insert\(1\)|\[.*\])")
        value: Any = read.value
        items = cast("list[object]", value) if isinstance(value, list) else []
        if not items:
            continue
        stored = (r for r in search.now.records if r.place.kind in {"argument", "assign"} and r.place.function == read.place.function)
        parts = [record for record in stored if into.fullmatch(record.place.target)]
        if len(items) != len(parts):
            continue
        if a_result and not _collected_twice(search, read, items):  # all that was appended is right, and is handed out as something else
            continue
        for axis in [axis for axis, size in enumerate(shape_of(right) or ()) if size == len(parts)][::-1]:
            of_steps = np.moveaxis(cast("Array", right), axis, 0)
            for rights in (of_steps, of_steps[::-1]):
                tried = _with_parts(search, found, parts, rights)
                if tried is not None:
                    return tried
    return None


def _collected_twice(search: Search, read: Record, items: Sequence[object]) -> bool:
    """Whether another list holds just the same: then it was appended to this one too."""
    others = (arrays_of(record.value) for record in search.now.records if record.place.text != read.place.text)
    mine = arrays_of(cast("Any", items))
    return any(len(other) == len(mine) > 0 and all(map(np.array_equal, other, mine)) for other in others)


def _with_parts(search: Search, found: Found, parts: Sequence[Record], rights: Sequence[Array] | Array) -> Found | None:
    pairs = [(part, right) for part, right in zip(parts, rights, strict=True) if not same(part.value, right, search.tolerance)]
    if not pairs or all(any(same(part.value, right, search.tolerance) for part in parts) for right in rights):
        return None  # all are there, in another order perhaps: then it is not what is appended that is wrong
    tried = search.attempt(pairs[0][0], "value", put(pairs), pairs[0][1], found.quantity)
    if tried is None or not tried.cured >= found.cured:
        return None
    return replace(tried, visits=tuple((part.value, right) for part, right in pairs))
