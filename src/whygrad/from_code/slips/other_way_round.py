"""Values that stand the other way round: an array unpacked for a list of caches, so that the function raises; what a helper returns."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.roles import gives_results
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.subject import Record


def unpacked_the_other_way_round(search: Search) -> Iterator[Found]:
    """Where nothing is returned: two names that are given each other's values, and the function comes to its end."""
    lines: dict[int, list[Record]] = defaultdict(list)
    for record in () if gives_results(search) else search.now.records:
        if record.place.kind == "target" and not record.visit and not record.place.loops:
            lines[record.place.statement].append(record)
    for records in lines.values():
        for one, other in combinations(records, 2):
            if (array_of(one.value) is None) == (array_of(other.value) is None):
                continue
            puts = (Substitute(one.place.id, None, other.value), Substitute(other.place.id, None, one.value))
            given = search.subject.run((*search.substitutes, *puts))
            if any(map(observed.is_result, given)):
                cured = search.right(given) - search.now.right
                names = (one.place.target, other.place.target)
                yield Found(one, "swapped", other.value, None, puts, cured, inputs=True, names=names)


def handed_out_the_other_way_round(search: Search) -> Iterator[Found]:
    """Two values that a helper returns at several calls, where all comes right with each in the other's place."""
    lines: dict[int, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in () if search.found else search.now.records:
        place = record.place
        returned = place.kind == "value" and place.parent >= 0 and search.subject.places[place.parent].kind == "return"
        if returned and place.function != search.subject.function and array_of(record.value) is not None:
            lines[place.parent][place.id].append(record)
    for parts in lines.values():
        for one, other in combinations(parts.values(), 2):
            if len(one) != len(other) or len(one) < 2:  # noqa: PLR2004 - several calls
                continue
            both = (*zip(one, other, strict=True), *zip(other, one, strict=True))
            puts = tuple(Substitute(here.place.id, here.visit, there.value) for here, there in both)
            if search.results_right(search.subject.run((*search.substitutes, *puts))):
                names = (one[0].place.text, other[0].place.text)
                yield Found(one[0], "swapped", other[0].value, None, puts, search.now.wrong, inputs=True, names=names)
