"""Two names in each other's place, of which several later lines come out wrong: exchanged, they make all right."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.places.locate import find_all
from whygrad.from_code.slips.from_the_cache import in_each_others_place, says_so
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place

_MOST_RUNS = 120


def with_exchange(search: Search, found: Sequence[Found]) -> Search:
    """The search with one line that exchanges names in the place of several findings, if that needs fewer of them, or alone finds all."""
    values = [one for one in found if one.how == "value"]
    in_loops = len(values) == 1 and len(values[0].substitutes) > 1  # one line, which a loop hands several names
    for one in _ways(search, found, values, in_loops=in_loops):
        other = Search(search.subject, search.quantities)
        other.found, other.substitutes = [one], one.substitutes
        other.subject.runs = 0  # few are needed now, and they may be taken
        find_all(other)
        if other.complete and (len(other.found) < len(found) + in_loops or not search.complete):
            return other
    return search


def _ways(search: Search, found: Sequence[Found], values: list[Found], *, in_loops: bool) -> Iterator[Found]:
    if search.complete and (in_loops or len(values) > 1):
        yield from _exchanges(search, values, in_loops=in_loops)
    if len(found) > 1 or not search.complete:
        yield from in_each_others_place(search)


def _exchanges(search: Search, found: Sequence[Found], *, in_loops: bool) -> list[Found]:
    """The lines that unpack, or write out side by side, names which, exchanged at each visit, mend something and spoil nothing.

    Not where the names themselves say that each holds what it should; ``in_loops``, where only what loops go over is looked at, they may.
    """
    observations, records, _ = search.subject.traced()
    heads = {place.statement for place in search.subject.places if place.kind == "loop"}
    heads -= {place.statement for place in search.subject.places if place.kind in {"assign", "target", "right", "return"}}
    records = [r for r in records if (r.place.statement in heads if in_loops else not isinstance(r.value, str))]
    right, at = search.right_results(observations), {one.record.place.id for one in found}
    lines: dict[tuple[int, int, str], list[tuple[list[Record], list[Record]]]] = defaultdict(list)
    for ones, others in islice(_pairs(records), _MOST_RUNS):
        if at == {ones[0].place.id, others[0].place.id}:
            continue
        if not in_loops and all(says_so(search, visits[0]) for visits in (ones, others)):
            continue
        line = lines[_group(ones[0].place)]
        used = any(known is visits for pair in line for visits in pair for known in (ones, others))
        if not used and search.right_results(search.subject.run(_put(ones, others))) > right and not _lent_out(search, ones, others, right):
            line.append((ones, others))
    return [_found(search, line, right) for line in lines.values() if line]


def _lent_out(search: Search, ones: Sequence[Record], others: Sequence[Record], right: frozenset[str]) -> bool:
    """Whether copies of what the two hold do the same: then not their order is wrong, a later line changes them in place."""
    copies = [Substitute(one.place.id, one.visit, one.value) for one in (*ones, *others)]
    return search.right_results(search.subject.run(copies)) > right


def _found(search: Search, pairs: Sequence[tuple[list[Record], list[Record]]], right: frozenset[str]) -> Found:
    """The finding at a line of which several pairs of names may be exchanged."""
    mended = tuple(sub for pair in pairs for sub in _put(*pair))
    cured = search.right_results(search.subject.run(mended)) - right
    names = tuple(_called(visits[0].place) for pair in pairs for visits in pair)
    held = [(one.value, other.value) for ones, others in pairs for one, other in ((ones[0], others[0]), (others[0], ones[0]))]
    return Found(pairs[0][0][0], "swapped", held[0][1], None, mended, cured, names=names, visits=tuple(held))


def _called(place: Place) -> str:
    """The name, or the key under which something computed stands."""
    key = place.target.removeprefix("dict(").rstrip(")")
    return place.text if place.text.isidentifier() or place.target.isdigit() else key


def _put(ones: Sequence[Record], others: Sequence[Record]) -> list[Substitute]:
    """What exchanges two places at each of their visits."""
    both = [*zip(ones, others, strict=True), *zip(others, ones, strict=True)]
    return [Substitute(one.place.id, one.visit, other.value) for one, other in both]


def _pairs(records: Sequence[Record]) -> Iterator[tuple[list[Record], list[Record]]]:
    """The visits of two places that stand side by side and hold arrays of one shape, or keys, the first places first."""
    beside: dict[tuple[int, int, str], dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        place, array = record.place, array_of(record.value)
        entry = _entry(place)
        name = (entry or place.text.isidentifier()) and array is not None and array.ndim
        if (entry or place.kind in {"target", "value"}) and (name or isinstance(record.value, str)):
            beside[_group(place)][place.id].append(record)
    for group in beside.values():
        for ones, others in combinations(group.values(), 2):
            one, other = ones[0].value, others[0].value
            alike = type(one) is type(other) and len(ones) == len(others) and shape_of(one) == shape_of(other)
            if alike and (one != other if isinstance(one, str) else not same(one, other, 0.0)):
                yield ones, others


def _group(place: Place) -> tuple[int, int, str]:
    """What is the same for places that stand side by side."""
    return place.statement, -1 if place.kind == "target" else place.parent, place.kind


def _entry(place: Place) -> bool:
    """Whether something is put into a dictionary there, in braces or by ``dict(key=...)``."""
    return (place.kind == "value" and not place.target.isdigit()) or place.target.startswith("dict(")
