"""A line of the loop that adds to another sum than its own: its own stays as it was made, and the other one comes out wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.in_parts import InParts
from whygrad.from_code.subject import array_of, same
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.subject import Array, Record


class AddedElsewhere(InParts):
    """One finding in the place of two: the sum to which nothing is added, and the sum to which too much is."""

    def _join_added_elsewhere(self) -> None:
        """Without what the line adds to the other sum, and with the one that stays empty filled, all is right."""
        backward = self.subject.function.endswith("backward")
        for lacking in [one for one in self.found if backward and one.how == "unfilled" and len(one.names) == 1]:
            for visits, twin in self._adding(lacking.names[0]):
                put = (*lacking.substitutes, *_without(visits))
                name = visits[0][0].name
                others = [one for one in self.found if one is not lacking and name not in {one.record.name, *one.names}]
                rest = tuple(sub for one in others for sub in one.substitutes)
                if len(others) < len(self.found) - 1 and self.results_right(self.subject.run((*rest, *put))):
                    gone = [one for one in self.found if one not in others]
                    cured = frozenset[str]().union(*(one.cured for one in gone))
                    joined = replace(lacking, record=visits[0][0], substitutes=put, cured=cured, lost=twin)
                    self.found = [*others, joined]
                    return

    def _adding(self, name: str) -> Iterator[tuple[list[tuple[Record, Array]], Record | None]]:
        """Lines that add to another sum at each step, with what they add: this one's gradients, or its own once more than another line."""
        calls = self.quantities.tables[0].reply.calls
        lines = [visits for visits in self._added().values() if len(visits) == len(calls)]
        shares = [cast("dict[str, Any]", call.value).get(name) for call in calls]
        for visits in lines:
            if visits[0][0].name != name and _adds(visits, shares, self.tolerance):
                yield visits, None
        order = [result for result in self.quantities.results if result.startswith(("dW", "db"))]
        own = order[::-1].index(name) if name in order else 0
        for _, visits in sorted(enumerate(lines[::-1]), key=lambda line: abs(line[0] - own)):  # the one that stands in this one's turn
            twin = next((other for other in lines if other is not visits and _alike(visits, other, self.tolerance)), None)
            if twin is not None:
                yield visits, twin[0][0]

    def _added(self) -> dict[int, list[tuple[Record, Array]]]:
        """By their places the lines that give a name a new value, each visit with what the name has more than before."""
        before: dict[str, Array] = {}
        found: dict[int, list[tuple[Record, Array]]] = defaultdict(list)
        for record in self.subject.traced(())[1]:
            value = array_of(record.value) if record.place.kind in {"assign", "after"} else None
            if value is None or not value.ndim:
                continue
            held = before.get(record.place.target)
            if held is not None and held.shape == value.shape:
                found[record.place.id].append((record, value - held))
            before[record.place.target] = value
        return found


def _adds(visits: Sequence[tuple[Record, Array]], shares: Sequence[Any], tolerance: float) -> bool:
    return len(visits) == len(shares) and all(same(added, share, tolerance) for (_, added), share in zip(visits, shares, strict=True))


def _alike(visits: Sequence[tuple[Record, Array]], others: Sequence[tuple[Record, Array]], tolerance: float) -> bool:
    """Whether two lines add the same to one name, turn by turn."""
    return visits[0][0].place.target == others[0][0].place.target and _adds(visits, [added for _, added in others], tolerance)


def _without(visits: Sequence[tuple[Record, Array]]) -> Iterator[Substitute]:
    """The other sum as it would be if the line added nothing."""
    surplus = 0.0
    for record, added in visits:
        surplus = surplus + added
        yield Substitute(record.place.id, record.visit, cast("Array", array_of(record.value)) - surplus)
