"""A line is missing that should have added something to a name: all that read the name are wrong in the same way, which is one mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import last_written
from whygrad.from_code.observe.experiment import Search, read_by_all
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found

_MOST = 8
"""Quantities that are tried in the place of one name."""


def lacking(search: Search, together: Sequence[Found], others: Sequence[Found]) -> Found | None:
    """The first of several lines, if all is right with one argument and a right quantity more in the place of that at each of them."""
    first = min(together, key=lambda found: found.record.time)
    statements = {found.record.place.statement for found in together}
    known = tuple(sub for found in others for sub in found.substitutes)
    shared = read_by_all(together)
    for name in sorted(shared & set(search.subject.text.signatures.get(search.subject.function, ()))):
        reads = [read for read in search.now.records if read.place.text == name and read.place.statement in statements]
        value = array_of(reads[0].value) if reads and last_written(search, reads[0]) is None else None
        for right in _with_a_term_more(search, value) if value is not None else ():
            mended = tuple(Substitute(read.place.id, read.visit, right) for read in reads)
            if search.results_right(search.subject.run((*known, *mended))):
                cured = frozenset[str]().union(*(found.cured for found in together))
                return replace(first, how="lacking", substitutes=mended, cured=cured, names=(name,), inputs=True, right=right)
    return None


def _with_a_term_more(search: Search, value: Array) -> list[Array]:
    """The right quantities that are this value and another right quantity."""
    found: list[Array] = []
    for quantity in search.quantities.like(value.shape, None):
        lacks = quantity.value - value
        more = quantity.made and lacks.any() and search.quantities.recognised(lacks, search.tolerance)
        if more and not any(same(quantity.value, other) for other in found):
            found.append(quantity.value)
    return found[:_MOST]
