"""One gate's quantity handed on in the place of another's: several lines then come out wrong, and each of them is right by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.experiment import Found
from whygrad.from_code.reference.spelled import kind_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record

_MOST_RUNS = 120


def handed_on(search: Search, found: Sequence[Found]) -> Found | None:
    """The name written out in a tuple, dictionary or call for which another gate's quantity makes all right that is found wrong."""
    if len(found) < 2 or any(one.how != "value" for one in found) or not search.complete:  # noqa: PLR2004 - several
        return None
    _, records, _ = search.subject.traced()
    first, runs = min(one.record.time for one in found), 0
    for record in records:
        name = all(map(str.isidentifier, record.place.text.split(".")))
        if record.time > first or record.place.kind not in {"value", "argument"} or not name:
            continue
        for other in _siblings(search, record):
            runs += 1
            if runs > _MOST_RUNS:
                return None
            mended = (Substitute(record.place.id, record.visit, other.value),)
            if search.results_right(search.subject.run(mended)):
                cured = frozenset[str]().union(*(one.cured for one in found))
                return Found(record, "value", other.value, other, mended, cured, reads=(record,), visits=((record.value, other.value),))
    return None


def _siblings(search: Search, record: Record) -> Iterator[Quantity]:
    """The quantities that are to other gates what a record's value is to its own."""
    tried = [record.value]
    for own in search.quantities.equal(record.value, search.tolerance):
        kind = kind_of(own.name)
        for other in search.quantities.like(own.value.shape, own.record.phase) if own.made and kind != own.name else ():
            if other.made and kind_of(other.name) == kind and not any(same(other.value, value, search.tolerance) for value in tried):
                tried.append(other.value)
                yield other
