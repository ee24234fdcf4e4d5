"""Two names of one line in each other's place, of which several later lines come out wrong: exchanged, they make all right."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.experiment import Found
from whygrad.from_code.subject import array_of, same
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.locate import Search
    from whygrad.from_code.subject import Record

_MOST_RUNS = 150


def exchanged(search: Search, found: Sequence[Found]) -> Found | None:
    """The line that unpacks, or writes out side by side, names which, exchanged at each visit, make all right that is found wrong.

    Not where the names themselves say that each holds what it should.
    """
    if not search.complete or any(one.how != "value" for one in found):
        return None
    observations, records, _ = search.subject.traced()
    right, at = search.right_results(observations), {one.record.place.id for one in found}
    together: dict[tuple[int, str], list[tuple[list[Record], list[Record]]]] = defaultdict(list)
    for number, (ones, others) in enumerate(_pairs(records)):
        if number >= _MOST_RUNS:
            break
        if at == {ones[0].place.id, others[0].place.id} or all(_says_so(search, visits[0]) for visits in (ones, others)):
            continue
        mends = search.right_results(search.subject.run(_put(ones, others))) > right
        line = together[ones[0].place.statement, ones[0].place.kind]
        if mends and not any(known is visits for pair in line for visits in pair for known in (ones, others)):
            line.append((ones, others))
            mended = tuple(sub for pair in line for sub in _put(*pair))
            if search.results_right(search.subject.run(mended)):
                cured = frozenset[str]().union(*(one.cured for one in found))
                names = tuple(visits[0].place.text for pair in line for visits in pair)
                visits = tuple(
                    (one.value, other.value) for pair in line for one, other in ((pair[0][0], pair[1][0]), (pair[1][0], pair[0][0]))
                )
                return Found(line[0][0][0], "swapped", line[0][1][0].value, None, mended, cured, names=names, visits=visits)
    return None


def _put(ones: Sequence[Record], others: Sequence[Record]) -> list[Substitute]:
    """What exchanges two places at each of their visits."""
    both = [*zip(ones, others, strict=True), *zip(others, ones, strict=True)]
    return [Substitute(one.place.id, one.visit, other.value) for one, other in both]


def _pairs(records: Sequence[Record]) -> Iterator[tuple[list[Record], list[Record]]]:
    """The visits of two places that stand side by side and hold arrays of one shape, the first places first."""
    beside: dict[tuple[int, int, str], dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        place, array = record.place, array_of(record.value)
        if place.kind in {"target", "value"} and place.text.isidentifier() and array is not None and array.ndim:
            beside[place.statement, place.parent if place.kind == "value" else -1, place.kind][place.id].append(record)
    for group in beside.values():
        for ones, others in combinations(group.values(), 2):
            alike = len(ones) == len(others) and array_of(ones[0].value).shape == array_of(others[0].value).shape  # pyright: ignore[reportOptionalMemberAccess]
            if alike and not same(ones[0].value, others[0].value, 0.0):
                yield ones, others


def _says_so(search: Search, record: Record) -> bool:
    """Whether a name is that of what it holds, or, of what a dictionary holds, ends as its key does."""
    place = record.place
    if place.kind == "value" and not place.target.isdigit():
        return _plain(place.text).endswith(_plain(place.target.strip("'\"")))
    names = {_plain(quantity.name) for quantity in search.quantities.equal(record.value, search.tolerance) if quantity.made}
    return _plain(record.name) in names or _plain(place.text) in names


def _plain(name: str) -> str:
    """A name without what says no more than that it is of this step."""
    return name.lower().replace("_", "").removesuffix("t")
