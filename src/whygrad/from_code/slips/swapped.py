"""Values in each other's places: names unpacked in another order than what is handed back, arguments or lines that are exchanged."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations, islice, permutations
from typing import TYPE_CHECKING, cast

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.observe.roles import (
    arguments,
    gives_results,
    of_the_cell,
    options_for,
    put,
    right_argument,
    right_there,
    what_belongs,
)
from whygrad.from_code.observe.subject import name_of
from whygrad.from_code.words import rather_called
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_MOST = 4
"""Places between which values are exchanged: as many as there are gates."""
_STATES = {"da_prev": ("a", "h", "hidden"), "dc_prev": ("c", "cell")}
_CARRIED = tuple(_STATES)
_OF_A_STATE = re.compile(r"(?:grad(?:ient)?|delta|prev|next|back|d|_)*(?P<state>a|h|hidden|c|cell)(?:grad|prev|next|bar|t|_|\d)*")


def unpacked_in_another_order(search: Search, found: Found) -> Found | None:
    """Names that are unpacked together, each with what belongs to another of them."""
    record = found.record
    if found.how != "value" or record.place.kind != "target":
        return None
    beside = [
        other
        for other in search.now.records
        if other.place.statement == record.place.statement and other.place.kind == "target" and other.visit == record.visit
    ]
    mine = [other for other in beside if other is not record and _holds(search, other, found.right)]
    if not mine:
        return None
    targets = {other.place.id for other in beside}
    later = [other for other in search.now.records if other.place.id in targets and other.visit == record.visit + 1]
    belongs: list[tuple[Record, Value]] = []
    for other in beside:
        known = [*search.quantities.named(other.name, other.phase), *options_for(search, other)]
        options = [option for option in known if any(_holds(search, one, option.value) for one in beside)]
        if options and not _as_its_key(other.place) and not right_there(search, other, known):
            belongs += what_belongs(search, other, next((option for option in options if _held_next(search, option, later)), options[0]))
    tried = (
        search.attempt(record, "swapped", put(belongs), found.right, found.quantity) if len({r.place.id for r, _ in belongs}) > 1 else None
    )
    if tried is None or not tried.cured >= found.cured:
        return None
    names = dict.fromkeys(other.place.target for other, _ in belongs)
    return replace(tried, reads=tuple(reads_of(search, record)), names=tuple(names), visits=tuple((r.value, right) for r, right in belongs))


def called_as_they_hold(search: Search, found: Found) -> bool:
    """Whether two names that are unpacked, and told as exchanged, are called as what they hold: then it is not here that they are."""
    if found.how != "swapped" or found.record.place.kind != "target" or not len(found.names) == len(found.visits) == 2:  # noqa: PLR2004
        return False
    belongs = [next((known.name for known in search.quantities.equal(right) if known.made), "") for _, right in found.visits]
    return all(belongs) and rather_called(found.names, belongs[::-1], belongs)


def _held_next(search: Search, option: Quantity, later: Sequence[Record]) -> bool:
    """Whether one of the names holds the same quantity at the next turn; a sum is what it adds up at the first turn alone."""
    after = option.at(1)
    return after is not None and any(_holds(search, one, after.value) for one in later)


def taken_in_another_order(search: Search) -> Iterator[Found | None]:
    """What the cell hands back is unpacked in another order than the names say.

    Where nothing is returned, since a cache stands for an array, say, other orders are tried as well.
    """
    calls = [_parts(call.value) for call in search.quantities.tables[0].reply.calls]
    first: dict[int, list[tuple[Record, int | str]]] = defaultdict(list)
    for record in search.now.records if calls else ():
        if record.place.kind == "target" and not record.visit:
            taken = [(record, key) for key, part in calls[0].items() if same(record.value, part, 0.0)]
            first[record.place.statement] += taken
    for taken in first.values():
        keys, named = [key for _, key in taken], _as_named(taken)
        others = () if gives_results(search) else _orders(keys)
        for order in (one for one in (named, *others) if list(one) != keys):
            moved = [(record, key) for (record, own), key in zip(taken, order, strict=True) if own != key]
            everywhere = [Substitute(record.place.id, step, one[key]) for record, key in moved for step, one in enumerate(calls)]
            tried = search.attempt(moved[0][0], "swapped", everywhere, calls[0][moved[0][1]])
            if tried is not None and search.results_right(search.subject.run((*search.substitutes, *everywhere))):
                yield replace(tried, names=tuple(record.place.target for record, _ in moved), inputs=True)


def under_other_keys(search: Search) -> Iterator[Found | None]:
    """Results that are returned under each other's keys, as their names say."""
    groups: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for record in search.now.records:
        named = record.place.text in search.quantities.results and record.place.kind != "assign"
        right = right_result(search, record) if named and returned_as(search, record) not in {None, record.place.text} else None
        if right is not None and not same(record.value, right, search.tolerance):
            groups[record.place.statement, record.place.parent].append(record)
    for records in groups.values():
        rights = [right_result(search, record) for record in records]
        crossed = all(sum(same(record.value, right, search.tolerance) for right in rights) == 1 for record in records)
        if crossed and len({record.place.id for record in records}) == len(records) > 1:
            pairs = list(zip(records, rights, strict=True))
            tried = search.attempt(records[0], "swapped", put(pairs), rights[0])
            yield tried and replace(
                tried, names=tuple(record.place.target for record in records), visits=tuple((r.value, right) for r, right in pairs)
            )


def arguments_exchanged(search: Search) -> Iterator[Found | None]:
    """Two arguments that stand in each other's place in a call of the cell: at the first call, and at the next when that is mended."""
    first = [record for record in search.now.records if record.place.kind == "argument" and not record.visit]
    for one, other in combinations([record for record in first if right_argument(search, record) is not None], 2):
        together = (one.place.statement, one.place.parent) == (other.place.statement, other.place.parent)
        pairs = _crossing(search, one, other) if together else []
        if pairs:
            records = search.subject.traced((*search.substitutes, *put(pairs)))[1]
            again = [r for place in (one.place.id, other.place.id) for r in records if r.place.id == place and r.visit == 1]
            if len(again) == len(pairs) and _crossing(search, *again):
                everywhere = [*arguments(search, one.place.id), *arguments(search, other.place.id)]
                tried = search.attempt(one, "swapped", everywhere, pairs[0][1])
                yield tried and replace(tried, names=(one.place.target, other.place.target))


def carries_exchanged(search: Search) -> Iterator[Found | None]:
    """What comes back from the later step for one argument is added to the step's own gradient, or handed on, in place of the other."""
    upstream = array_of(search.subject.arguments[0]) if search.subject.function == "lstm_backward" else None
    second = [record for record in search.now.records if record.place.kind == "argument" and record.visit == 1]
    known = [record for record in second if of_the_cell(search, record.place) and right_argument(search, record) is not None]
    for one, other in combinations(known if upstream is not None else (), 2):
        together = (one.place.statement, one.place.parent) == (other.place.statement, other.place.parent)
        step = len(search.quantities.calls) - 1 - one.phase
        if upstream is None or not together or shape_of(one.value) != shape_of(other.value) or shape_of(one.value) is None:
            continue
        mine, theirs, own = right_argument(search, one), right_argument(search, other), upstream[..., step]
        if shape_of(mine) != own.shape or shape_of(theirs) != own.shape:  # a cache, which stands in another's place
            continue
        crossed = same(one.value, own + theirs, search.tolerance) and same(other.value, mine - own, search.tolerance)
        if crossed:
            everywhere = [*arguments(search, one.place.id), *arguments(search, other.place.id)]
            tried = search.attempt(one, "swapped", everywhere, mine)
            pairs = ((one.value, mine), (other.value, theirs))
            call = tried and replace(tried, names=(one.place.target, other.place.target), visits=pairs)
            yield _given_each_other(search, one.phase, call) or call


def _given_each_other(search: Search, turn: int, call: Found | None) -> Found | None:
    """The two lines of the loop at which names get what came back from the cell for each other, before the call at this turn.

    They are wrong, and not the call, where the names say so, or say nothing and da0, say, is mended with these alone.
    """
    came = [_parts(one.value) for one in search.quantities.tables[0].reply.calls]
    lines = [r for r in search.now.records if r.place.kind in GIVES and r.place.function == search.subject.function]
    got = {key: r.place for key in _CARRIED for r in lines if r.phase == turn and _holds(search, r, came[turn - 1][key])}
    belongs = {got[key].id: other for key, other in zip(_CARRIED, reversed(_CARRIED), strict=True) if key in got}
    if len(belongs) < len(_CARRIED) or any(_says(got[key], key) for key in _CARRIED):
        return None
    mended = [(r, came[r.phase - 1][belongs[r.place.id]]) for r in lines if r.place.id in belongs and r.phase]
    tried = search.attempt(mended[0][0], "swapped", put(mended), mended[0][1])
    lying = all(_says(place, belongs[place.id]) for place in got.values())
    if tried is None or not (lying or call is None or tried.cured > call.cured):
        return None
    return replace(tried, inputs=True, names=tuple(dict.fromkeys(r.place.target for r, _ in mended)), visits=())


def _says(place: Place, key: str) -> bool:
    """Whether the name that gets a value says that it is of this key's state: ``da_prevt``, ``d_a`` and ``grad_h`` of ``da_prev``."""
    named = _OF_A_STATE.fullmatch(name_of(place.target).lower())
    return named is not None and named["state"] in _STATES[key]


def _crossing(search: Search, one: Record, other: Record) -> list[tuple[Record, Value]]:
    """What belongs at two arguments of which each holds what belongs at the other; nothing where they do not."""
    mine, theirs = right_argument(search, one), right_argument(search, other)
    crossed = same(one.value, theirs, search.tolerance) and same(other.value, mine, search.tolerance)
    return [(one, mine), (other, theirs)] if crossed and not same(mine, theirs, search.tolerance) else []


def unpacked_later(search: Search, found: Found) -> Found:
    """From a helper's line to the caller's that unpacks what it hands back in another order."""
    place, value = found.record.place, array_of(found.record.value)
    if found.how != "value" or found.right is None or value is None or place.function == search.subject.function:
        return found
    later = (r for r in search.now.records[found.record.time :] if r.place.kind == "target" and r.place.function != place.function)
    taken = next((r for r in later if _holds(search, r, value)), None)
    if taken is None:
        return found
    mended = [Substitute(taken.place.id, taken.visit, found.right)]
    tried = search.attempt(taken, "value", mended, found.right, found.quantity)
    return (tried and unpacked_in_another_order(search, tried)) or found


def _holds(search: Search, record: Record, value: Value) -> bool:
    array = array_of(record.value)
    return array is not None and bool(array.any()) and same(array, value, search.tolerance)


def join_swapped(search: Search) -> None:
    """Findings, each with just what belongs at another: arguments of a call, parts of a tuple, what two lines in a row assign."""
    for number in range(2, _MOST + 1):
        for chosen in combinations(list(search.found), number):
            there = all(one in search.found for one in chosen) and _beside(*chosen) and _crossed(*chosen)
            if there and (chosen[0].how != "argument" or _crossed_at_all_visits(search, chosen)):
                first, *others = sorted(chosen, key=lambda found: found.record.place.id)
                search.found[search.found.index(first)] = replace(
                    first,
                    how="swapped",
                    substitutes=tuple(sub for found in (first, *others) for sub in found.substitutes),
                    cured=frozenset().union(*(found.cured for found in chosen)),
                    names=tuple(_called(found) for found in (first, *others)),
                    visits=tuple(visit for found in (first, *others) for visit in found.visits),
                )
                for other in others:
                    search.found.remove(other)


def _crossed_at_all_visits(search: Search, chosen: Sequence[Found]) -> bool:
    """Whether arguments of a call hold just what belongs at each other's place at every visit, once all that is wrong is mended."""
    rights = {(sub.place, sub.visit or 0): sub.value for found in chosen for sub in found.substitutes}
    mended = search.subject.traced(tuple(sub for found in search.found for sub in found.substitutes))[1]
    seen = {(record.place.id, record.visit): record.value for record in mended}
    places = {place for place, _ in rights}
    pairs = [(seen.get((place, visit)), [rights.get((other, visit)) for other in places - {place}]) for place, visit in rights]
    return all(any(same(value, right, search.tolerance) for right in others) for value, others in pairs)


def _orders(keys: Sequence[int | str]) -> Iterator[Sequence[int | str]]:
    """The other orders of a few things, or those in which two of many are exchanged."""
    if len(keys) <= _MOST:
        yield from islice(permutations(keys), 1, None)
        return
    for one, other in combinations(range(len(keys)), 2):
        order = list(keys)
        order[one], order[other] = order[other], order[one]
        yield order


def _as_named(taken: Sequence[tuple[Record, int | str]]) -> list[int | str]:
    """The keys in the order of the names that begin with them; the other names get what is left, in the order in which it stands."""
    keys = [key for _, key in taken]
    known = [next((key for key in keys if isinstance(key, str) and record.place.target.startswith(key)), None) for record, _ in taken]
    left = [key for key in keys if key not in known]
    if len(set(known) - {None}) + len(left) != len(keys) or known.count(None) != len(left):
        return keys
    return [left.pop(0) if key is None else key for key in known]


def _parts(returned: Value) -> dict[int | str, Value]:
    """What a cell returns, by its keys or its places."""
    return cast("dict[int | str, Value]", returned) if isinstance(returned, dict) else dict(enumerate(cast("Sequence[Value]", returned)))


def _as_its_key(place: Place) -> bool:
    """Whether a name gets what is kept under its own key: then it is kept there wrongly."""
    return place.text.endswith(('"]', "']")) and place.target.endswith(name_of(place.text))


def _called(found: Found) -> str:
    """The name, or the text of what stands at a place that has no name."""
    place = found.record.place
    return place.text if place.target.isdigit() else place.target


def _beside(*chosen: Found) -> bool:
    """Whether values can be exchanged between places: within one call, tuple or dictionary, or by two lines in a row."""
    places = [found.record.place for found in chosen]
    kinds = {(found.how, place.kind) for found, place in zip(chosen, places, strict=True)}
    if kinds in ({("argument", "argument")}, {("value", "value")}):
        apart = len({place.id for place in places}) == len(places)
        together = len({(place.statement, place.parent) for place in places}) == 1
        in_rows = places[0].kind == "value" and len({(place.statement, place.target) for place in places}) == 1
        return apart and (together or in_rows)  # ``(dot, dcct)``, or ``("c", dot), ("o", dcct)``
    lines = sorted(place.statement for place in places)
    return kinds == {("value", "assign")} and len({place.function for place in places}) == 1 and lines == [lines[0], lines[0] + 1]


def _crossed(*chosen: Found) -> bool:
    """Whether each of the places holds what belongs at another of them; two that hold the same are not exchanged."""
    held = [found.record.value for found in chosen]
    if any(same(one, other, 1e-7) for one, other in combinations(held, 2)):
        return False
    return all(sum(same(value, found.right, 1e-7) for value in held) == 1 for found in chosen) and not any(
        same(found.record.value, found.right, 1e-7) for found in chosen
    )
