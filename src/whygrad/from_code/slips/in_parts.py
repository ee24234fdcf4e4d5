"""Arrays that are filled in parts: from where the whole is handed on to the line that stores the wrong part."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.roles import put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record


def stored_in_parts(search: Search, found: Found) -> Found | None:
    """The line that stores a part of a wrong array, if with the right part, at each visit, as much is cured."""
    whole, right = array_of(found.record.value), array_of(found.right)
    if found.how != "value" or whole is None or right is None or whole.shape != right.shape or whole.ndim != 2:  # noqa: PLR2004
        return None
    for part, belongs in _parts_of(search, found.record, whole, right):
        visits = [(part, belongs), *_at_other_visits(search, found, part)]
        tried = search.attempt(part, "value", put(visits), belongs)
        if tried is not None and tried.cured >= found.cured:
            return replace(tried, visits=tuple((one.value, right) for one, right in visits))
    return None


def _at_other_visits(search: Search, found: Found, part: Record) -> Iterator[tuple[Record, Array]]:
    """What the same line stores wrongly in the arrays that are wrong at other visits of the place found."""
    rights = {sub.visit: array_of(sub.value) for sub in found.substitutes if sub.place == found.record.place.id}
    for record in search.now.records:
        right, whole = rights.get(record.visit), array_of(record.value)
        other = record.place.id == found.record.place.id and record.visit != found.record.visit
        if other and right is not None and whole is not None and whole.shape == right.shape:
            same_line = ((one, value) for one, value in _parts_of(search, record, whole, right) if one.place.id == part.place.id)
            yield from islice(same_line, 1)


def _parts_of(search: Search, record: Record, whole: Array, right: Array) -> Iterator[tuple[Record, Array]]:
    """The lines that store what stands wrongly in an array, the last first, each with what belongs there."""
    texts = ((one.place.text, one.value) for one in (record, *reads_of(search, record)))
    read = [text.rpartition("=")[2].strip() for text, value in texts if same(value, whole, 0.0)]
    name = next((text for text in read if text.isidentifier()), None)
    bases = tuple(text.partition("[")[0] + "[" for text in read if "[" in text)
    for part in reversed(search.now.records[: record.time]):
        place, array = part.place, array_of(part.value)
        if place.kind != "assign" or place.function != record.place.function or array is None:
            continue
        at = stands(array, whole) if place.target.startswith(f"{name}[") else None
        if at is not None and not same(part.value, right[at], search.tolerance):
            yield part, right[at]
        lies = at is None and place.target.startswith((*bases, f"{name}[")) and "[:" in place.target and array.ndim < whole.ndim
        if lies and array.size == whole.size and same(array.ravel(), whole.ravel(), 0.0):  # all of it, stored as a row or a column
            yield part, right.reshape(array.shape)


def join_stored_elsewhere(search: Search) -> None:
    """A line that stores in one array what another one lacks: both are wrong because of it."""
    for found in [one for one in search.found if one.how == "value" and "[" in one.record.place.target]:
        for lacking in [one for one in search.found if one is not found and one.how == "value"]:
            whole, right, part = array_of(lacking.record.value), array_of(lacking.right), array_of(found.record.value)
            if whole is None or right is None or part is None or whole.shape != right.shape or not part.any():
                continue
            at = stands(part, right)
            if at is not None and not whole[at].any():
                cured, both = found.cured | lacking.cured, (*found.substitutes, *lacking.substitutes)
                name = lacking.record.name or lacking.record.place.text
                search.found[search.found.index(found)] = replace(found, how="elsewhere", substitutes=both, cured=cured, names=(name,))
                search.found.remove(lacking)
                return


def stands(part: Array, whole: Array) -> tuple[slice, slice] | None:
    """The rows and columns of a matrix in which a part of it stands; None where it does not."""
    if part.ndim != 2 or part.shape == whole.shape or not part.size:  # noqa: PLR2004 - a matrix
        return None
    rows, columns = part.shape
    for row in range(whole.shape[0] - rows + 1):
        for column in range(whole.shape[1] - columns + 1):
            if same(part, whole[row : row + rows, column : column + columns]):
                return slice(row, row + rows), slice(column, column + columns)
    return None
