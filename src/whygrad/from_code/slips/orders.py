"""The order in which a loop, a comprehension, ``zip`` or ``map`` goes over names of gates: with another one all comes right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations, islice, permutations
from operator import ne
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.experiment import GIVES, Search, callee
from whygrad.from_code.observe.roles import gives_results
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_Turn = tuple[Any, ...]
_GATES, _MOST_NAMES = 4, 8
"""Names that are tried in all orders; of more, two are exchanged."""
_GOES_OVER = frozenset(("zip", "map", "reversed", "enumerate"))


def gates_in_another_order(search: Search) -> Iterator[Found | None]:
    """Names of gates that stand in another order than what belongs to them: in another one, or numbered otherwise, it comes right.

    All that is wrong and depends on the order has to come right. Where several lines go over the same names they are told only
    together, and not if the other side can be put in another order.
    """
    rows: dict[tuple[_Turn, ...], dict[int, Record]] = defaultdict(dict)
    for record in search.now.records if len(search.now.wrong) > 1 and all(one.how == "order" for one in search.found) else ():
        turns = () if record.place.function in search.subject.at_work else _row(record)
        before = [other.place for other in rows[turns].values()] if turns else []
        if turns and not any(record.place.statement == place.statement or record.place.text == place.target for place in before):
            rows[turns].setdefault(record.place.id, record)
    lines = {(_names(turns), record.place.statement) for turns, records in rows.items() for record in records.values()}
    for turns, records in rows.items():
        row = list(records.values())
        moved = _moved(search, turns, row)
        for right in _others(turns) if moved else ():
            puts = _put(row, right)
            found = search.attempt(row[0], "order", puts, puts[0].value)
            if found is None or not moved <= found.cured:
                continue
            names = _bare(right)
            if names != _bare(turns) and not any(_bare(other) == names for other in rows) and not _stands_alone(row):
                break  # nothing else goes over them in that order: what belongs to them may stand in another one
            if names != _bare(turns) and 0 < _listed(search, right, row[0]) <= _listed(search, turns, row[0]):
                break  # it is that other line which has another order than the rest
            if not _other_side_mends(search, row[0], moved, several=[names for names, _ in lines].count(_names(turns)) > 1):
                yield replace(found, visits=((turns, right),))
            break


def _listed(search: Search, turns: tuple[_Turn, ...], row: Record) -> int:
    """How many other lines list arrays whose names begin, but for what all begin with, as these names do, in this order."""
    lists: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for place in search.subject.places:
        if place.kind in {"value", "element"} and place.target.isdigit() and place.statement != row.place.statement:
            lists[place.statement, place.parent][place.target] = place.text
    letters = [name[:1] for name in _bare(turns)]
    return sum([name[:1] for name in _bare(tuple((text,) for text in texts.values()))] == letters for texts in lists.values())


def _moved(search: Search, turns: tuple[_Turn, ...], row: list[Record]) -> frozenset[str]:
    """The wrong results that depend on the order of names; none where they are fewer than those of two names."""
    after = search.subject.run((*search.substitutes, *_put(row, _renamed(turns, (*range(1, len(turns)), 0)))))
    before = search.now.observations
    moved = {name for name in observed.results(search.expected) if not _alike(before.get(name), after.get(name), search.tolerance)}
    moved |= search.now.wrong if not gives_results(search) else frozenset()
    wrong = search.now.wrong & moved
    return wrong if 1 < 2 * len(moved) <= len(wrong) * len(turns) else frozenset()


def _other_side_mends(search: Search, row: Record, wrong: frozenset[str], *, several: bool) -> bool:
    """Whether names that another line unpacks, or with ``several`` parts that it puts together, in another order mend as much."""
    lines: dict[tuple[int, int], dict[int, Record]] = defaultdict(dict)
    for record in search.now.records:
        place = record.place
        part = place.kind == "target" or (several and place.kind == "value" and place.target.isdigit())
        if part and place.statement != row.place.statement and len(shape_of(record.value) or ()) > 1:
            lines[place.statement, place.parent].setdefault(place.id, record)
    for line in lines.values():
        records = list(line.values())
        alike = {shape_of(record.value) for record in records}
        if len(alike) != 1 or not 1 < len(records) <= _GATES:
            continue
        visits = {record.place.id: [r for r in search.now.records if r.place.id == record.place.id] for record in records}
        for order in _permutations(len(records)):
            puts = [
                Substitute(record.place.id, mine.visit, theirs.value)
                for record, at in zip(records, order, strict=True)
                for mine, theirs in zip(visits[record.place.id], visits[records[at].place.id], strict=False)
            ]
            if wrong | search.now.right <= search.right(search.subject.run((*search.substitutes, *puts))):
                return True
    return False


def _row(record: Record) -> tuple[_Turn, ...]:
    """The names that a loop and the like goes over, or that a line makes a list of, each with the number beside it; () where it is none."""
    kind, value = record.place.kind, record.value
    over = kind == "loop" or (kind == "argument" and callee(record.place.target) in _GOES_OVER)
    if record.visit or not (over or kind in GIVES) or not isinstance(value, (list, tuple, *((str,) if over else ()))):
        return ()
    turns = tuple(cast("_Turn", turn) if isinstance(turn, tuple) else (turn,) for turn in cast("Sequence[Value]", value))
    if not 1 < len(turns) <= _MOST_NAMES or not all(type(part) in {str, int} for turn in turns for part in turn):
        return ()
    return _way(record, turns) if len(set(_names(turns)) - {""}) == len(turns) else ()


def _way(record: Record, turns: tuple[_Turn, ...]) -> tuple[_Turn, ...]:
    """The turns as they come: from behind out of ``reversed``."""
    return turns[::-1] if record.place.kind == "argument" and callee(record.place.target) == "reversed" else turns


def _names(turns: tuple[_Turn, ...]) -> tuple[str, ...]:
    """The name of each turn, "" where it has none."""
    return tuple(next((part for part in turn if type(part) is str), "") for turn in turns)


def _stands_alone(row: list[Record]) -> bool:
    """Whether the names are written out where one line goes over them, and nowhere else in this order."""
    place = row[0].place
    return len(row) == 1 and place.kind == "loop" and ("'" in place.text or '"' in place.text)


def _bare(turns: tuple[_Turn, ...]) -> tuple[str, ...]:
    """The same without what all of them begin with."""
    names = _names(turns)
    alike = next((at for at, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1), 0)
    return tuple(name[alike:] for name in names)


def _alike(one: Value, other: Value, tolerance: float) -> bool:
    """Whether a result is the same in two runs, or is not there in both."""
    return (one is None and other is None) or (one is not None and other is not None and same(one, other, tolerance))


def _others(turns: tuple[_Turn, ...]) -> Iterator[tuple[_Turn, ...]]:
    """Other numbers beside the names, where they count up, and other orders of the names."""
    numbers = [next((part for part in turn if type(part) is int), None) for turn in turns]
    if numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + len(turns))):
        for shift in (-1, 1):
            yield tuple(tuple(part + shift if type(part) is int else part for part in turn) for turn in turns)
    for order in _permutations(len(turns)):
        yield _renamed(turns, order)


def _renamed(turns: tuple[_Turn, ...], order: Sequence[int]) -> tuple[_Turn, ...]:
    """The turns with each other's names, and the rest as it is."""
    at = [next(number for number, part in enumerate(turn) if type(part) is str) for turn in turns]
    names = _names(turns)
    return tuple((*turn[:here], names[to], *turn[here + 1 :]) for turn, here, to in zip(turns, at, order, strict=True))


def _permutations(number: int) -> list[tuple[int, ...]]:
    """The other orders of a few things, those in which the fewest are moved first; of many, those in which two are exchanged."""
    plain = tuple(range(number))
    if number <= _GATES:
        return sorted(islice(permutations(plain), 1, None), key=lambda order: sum(map(ne, order, plain)))
    return [tuple({one: other, other: one}.get(place, place) for place in plain) for one, other in combinations(plain, 2)]


def _put(records: Sequence[Record], turns: tuple[_Turn, ...]) -> list[Substitute]:
    """The turns at all places, as each has them: names alone, or in pairs; as a list where it was one."""
    puts: list[Substitute] = []
    for record in records:
        values: list[Value] = [turn if isinstance(record.value[0], tuple) else turn[0] for turn in _way(record, turns)]
        puts.append(Substitute(record.place.id, None, values if isinstance(record.value, list) else tuple(values)))
    return puts
