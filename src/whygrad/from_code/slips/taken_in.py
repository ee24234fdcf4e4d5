"""A loop that computes the cell by itself and takes in no gradient from above: zeros go in, so nothing but zeros comes out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import HOLDS, Search, buffer
from whygrad.from_code.observe.roles import put
from whygrad.from_code.observe.subject import by_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record

_READS = frozenset(("read", "argument", "value"))


def nothing_taken_in(search: Search) -> Iterator[Found | None]:
    """The first line that gives all results something if it holds the step's whole gradient; else the lines that read such a name."""
    if search.subject.calling or search.subject.cell == search.subject.function or not _nothing_comes_out(search):
        return
    rights = [array for call in search.quantities.calls if (array := array_of(call[0])) is not None]
    for visits in (*_zero_at_each_step(search, len(rights)), *_read_at_each_step(search, len(rights))):
        given = list(zip(visits, rights * (len(visits) // len(rights)), strict=True))
        puts = put([pair for pair in given if pair[0].value.shape == pair[1].shape])
        if puts and all(value.any() for value in _results(search.subject.run((*search.substitutes, *puts)))):
            yield search.attempt(visits[0], "value", puts, rights[0])


def _nothing_comes_out(search: Search) -> bool:
    results = _results(search.now.observations)
    return search.subject.function.endswith("backward") and bool(results) and not any(value.any() for value in results)


def _zero_at_each_step(search: Search, steps: int) -> list[list[Record]]:
    """Of each line that gives a name nothing but zeros at every step what it gives, in the order of the run."""
    gives = (one for one in search.now.records if one.place.kind in HOLDS and one.place.function == search.subject.function)
    places = by_place(one for one in gives if not buffer(one))
    return [visits for visits in places.values() if len(visits) == steps and all(map(_zero, visits))]


def _read_at_each_step(search: Search, steps: int) -> list[list[Record]]:
    """Of each name that holds nothing but zeros wherever the loop reads it what is read, place after place."""
    names: dict[str, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in search.now.records:
        if record.place.kind in _READS and record.place.text.isidentifier() and record.place.function == search.subject.function:
            names[record.place.text][record.place.id].append(record)
    each = ([visits for visits in places.values() if len(visits) == steps] for places in names.values())
    flat = ([record for visits in loop for record in visits] for loop in each)
    return [records for records in flat if records and all(map(_zero, records))]


def _results(observations: dict[str, Array]) -> list[Array]:
    return [value for name, value in observations.items() if observed.is_result(name) and "shape" not in name]


def _zero(record: Record) -> bool:
    array = array_of(record.value)
    return array is not None and array.ndim > 0 and not array.any()
