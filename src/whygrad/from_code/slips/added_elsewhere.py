"""A line of the loop that stores in another place than its own: that stays as it was made, and the other one comes out wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import HOLDS
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record


class _Line(NamedTuple):
    """A line that gives a name a new value at each turn: what it gives, what the name has more than before; ``twin`` adds the same."""

    visits: Sequence[Record]
    added: Sequence[Array | None]
    twin: Record | None = None


def join_added_elsewhere(search: Search) -> None:
    """Without what the line stores in the other array, and with the one that stays empty filled, all is right."""
    backward = search.subject.function.endswith("backward")
    for lacking in [one for one in search.found if one.how == "unfilled" and (len(one.names) == 1 or not backward)]:
        for line, values in _sums_of(search, lacking.names[0]) if backward else _slices_of(search, lacking):
            name, visits = line.visits[0].name, line.visits
            put = (*lacking.substitutes, *(Substitute(r.place.id, r.visit, v) for r, v in zip(visits, values, strict=True)))
            others = [one for one in search.found if one is not lacking and (backward and name not in {one.record.name, *one.names})]
            rest = tuple(sub for one in others for sub in one.substitutes)
            if len(others) < len(search.found) - 1 and search.results_right(search.subject.run((*rest, *put))):
                gone = [one for one in search.found if one not in others]
                cured = frozenset[str]().union(*(one.cured for one in gone))
                names = tuple(one for one in lacking.names if one in OUTPUTS.get(search.subject.function, ())) or lacking.names
                joined = replace(lacking, record=visits[0], substitutes=put, cured=cured, lost=line.twin, names=names)
                search.found = [*others, joined]
                return


def _sums_of(search: Search, name: str) -> Iterator[tuple[_Line, Sequence[Array]]]:
    """Lines that add this sum's gradients to another one, or put them there; each with what the other sum should hold then."""
    calls = [cast("dict[str, Any]", call.value) for call in search.quantities.tables[0].reply.calls]
    lines = [line for line in _lines(search) if len(line.visits) == len(calls)]
    for line in lines:
        other = line.visits[0].name
        if other != name and _all_same(line.added, [call.get(name) for call in calls], search.tolerance):
            yield line, _without(line)
        elif other != name and other in calls[0] and _all_same(_values(line), [call.get(name) for call in calls], search.tolerance):
            sums = list(accumulate(call[other] for call in calls))
            yield line, sums
            yield line, [np.zeros_like(sums[0]), *sums[:-1]]
    turns, order = [line.visits[0].name for line in lines], _order(search, name)
    for number in sorted(
        range(len(lines)), key=lambda number: (out_of_turn([*turns[:number], name, *turns[number + 1 :]], order), -number)
    ):
        line = lines[number]
        twin = next((other for other in lines if other is not line and _twins(line, other, search.tolerance)), None)
        if twin is not None:
            yield line._replace(twin=twin.visits[0]), _without(line)


def _order(search: Search, name: str) -> list[str]:
    """The sums in the order in which they are made; in the course's, where that one is not among those."""
    sums = [result for result in search.quantities.results if result.startswith(("dW", "db"))]
    made = dict.fromkeys(one.name for one in search.subject.traced(())[1] if one.place.kind in HOLDS and one.name in sums)
    return list(made) if name in made else sums


def out_of_turn(names: Sequence[str], order: Sequence[str]) -> int:
    """How many pairs of these lines, by the names that they add to, stand the other way round than the names do in their order."""
    places = [order.index(name) for name in names if name in order]
    return sum(one > other for one, other in combinations(places, 2))


def _slices_of(search: Search, lacking: Found) -> Iterator[tuple[_Line, Sequence[Array]]]:
    """Of two lines that store in one slice at each turn the second, with what is right for the steps of another result."""
    stored: dict[str, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in search.subject.traced(lacking.substitutes)[1]:
        if record.place.kind == "assign" and "[" in record.place.target and array_of(record.value) is not None:
            stored[record.place.target][record.place.id].append(record)
    for lines in stored.values():
        for first, second in combinations(lines.values(), 2):
            for name in OUTPUTS[search.subject.function] if len(first) == len(second) == len(search.quantities.calls) else ():
                rights = [search.expected.get(observed.at_step(name, step)) for step in range(len(second))]
                if all(right is not None and right.shape == shape_of(one.value) for right, one in zip(rights, second, strict=True)):
                    yield _Line(second, ()), cast("list[Array]", rights)


def _lines(search: Search) -> list[_Line]:
    before: dict[str, Array] = {}
    found: dict[int, tuple[list[Record], list[Array | None]]] = defaultdict(lambda: ([], []))
    for record in search.subject.traced(())[1]:
        value = array_of(record.value) if record.place.kind in HOLDS else None
        if value is None or not value.ndim:
            continue
        held = before.get(record.place.target)
        if held is not None:
            visits, added = found[record.place.id]
            visits.append(record)
            added.append(value - held if value.shape == held.shape else None)
        before[record.place.target] = value
    return [_Line(visits, added) for visits, added in found.values()]


def _values(line: _Line) -> list[Array]:
    return [cast("Array", array_of(record.value)) for record in line.visits]


def _all_same(ones: Sequence[Array | None], others: Sequence[Any], tolerance: float) -> bool:
    """Whether the arrays agree turn by turn."""
    return all(one is not None and same(one, other, tolerance) for one, other in zip(ones, others, strict=True))


def _twins(line: _Line, other: _Line, tolerance: float) -> bool:
    """Whether two lines add the same to one name, turn by turn."""
    return line.visits[0].place.target == other.visits[0].place.target and _all_same(line.added, other.added, tolerance)


def _without(line: _Line) -> list[Array]:
    """The other sum as it would be if the line added nothing."""
    surplus = accumulate(cast("Sequence[Array]", line.added))
    return [value - more for value, more in zip(_values(line), surplus, strict=True)]
