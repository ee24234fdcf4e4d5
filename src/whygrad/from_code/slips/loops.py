"""A loop over the steps that begins, ends or turns in the wrong place."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.roles import gives_results
from whygrad.from_code.observe.subject import by_place
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.stops.unfit import arrays_of_all
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


def loops(search: Search) -> Iterator[Found | None]:
    """A loop over steps that begins or ends in the wrong place or has the wrong length."""
    for record in _first_visits(search):
        bounds = cast("list[int]", record.value)
        if any(isinstance(step, tuple) for step in bounds):
            yield _turned(search, record)
            yield _of_wrong_length(search, record)
            continue
        for right in _ways_through(search, bounds):
            near = _over_steps(search, record)
            if near and bounds != right and (set(bounds) != set(right) or len(bounds) != len(right)):
                yield _number_of_steps(search, record) or search.attempt(record, "loop", [Substitute(record.place.id, None, right)], right)
            elif near and bounds == right[::-1]:
                yield _if_it_mends(search, search.attempt(record, "loop", [Substitute(record.place.id, None, right)], right), right[0])


def _ways_through(search: Search, bounds: list[int]) -> list[list[int]]:
    """What a loop like the one with these ``bounds`` may go over, that counts the steps from 0, or from 1; the likeliest first."""
    steps = number_of_steps(search)
    zero, one = list(range(steps)), list(range(1, steps + 1))
    both = [one, zero] if steps in bounds else [zero, one]
    if 0 in bounds:
        both = [zero]
    elif set(bounds) == set(one) and not search.subject.raises:
        both = [one]
    return [way for counted in both for way in (counted[::-1], counted)]


def one_off(search: Search) -> Iterator[Found | None]:
    """A loop over the steps that counts from 0 where its lines count from 1, or the other way round.

    Then nothing is right that belongs to a step; and moved by one it makes all right, or at least all of that.
    """
    of_steps = {name for name in search.expected if observed.step_of(name) is not None}
    for record in _first_visits(search) if of_steps <= search.now.wrong else ():
        bounds = cast("list[int]", record.value)
        counts = bool(bounds) and all(type(step) is int for step in bounds) and _over_steps(search, record)
        for by in (1, -1) if counts and search.subject.text.counted_with(record.place) > 1 else ():
            put = (Substitute(record.place.id, None, [step + by for step in bounds]),)
            moved = search.subject.run((*search.substitutes, *put))
            if search.results_right(moved) or (of_steps and of_steps <= search.right(moved)):
                yield search.attempt(record, "loop", put, put[0].value)


def _number_of_steps(search: Search, loop: Record) -> Found | None:
    """The line that gives the number of turns its name, where that is wrong, and all comes right with the number of steps."""
    turns, given = len(cast("list[int]", loop.value)), [array_of(one) for one in arrays_of_all(search.subject.arguments)]
    names = set(re.findall(r"[^\W\d]\w*", loop.place.text))
    made = [one for one in search.now.records[: loop.time] if one.place.kind in GIVES and one.place.target in names]
    made = [one for one in made if one.place.function == loop.place.function and type(one.value) is int and one.value == turns]
    if not made or turns in {one.shape[-1] for one in given if one is not None and one.ndim == 3}:  # noqa: PLR2004 - all steps
        return None
    if any(same(made[-1].value, known.value) for known in search.quantities.named(made[-1].name, 0)):
        return None  # what it gives is right: the loop reads another name than it should
    put = (Substitute(made[-1].place.id, made[-1].visit, number_of_steps(search)),)
    found = search.attempt(made[-1], "unfit", put, number_of_steps(search))
    right = found is not None and search.results_right(search.subject.run((*search.substitutes, *put)))
    both = (turns, number_of_steps(search))
    return replace(found, inputs=True, names=(made[-1].place.target,), visits=(both,)) if found is not None and right else None


def never_entered(search: Search) -> Iterator[Found | None]:
    """A loop over the steps that has nothing to go over."""
    steps = list(range(number_of_steps(search)))
    right = steps[::-1] if search.subject.function.endswith("backward") else steps
    for record in _first_visits(search):
        if not record.value and _over_steps(search, record):
            yield search.attempt(record, "loop", [Substitute(record.place.id, None, right)], right)


def ended(search: Search) -> Iterator[Found | None]:
    """A loop whose condition fails a turn too early, or too late, or that leaves steps out."""
    yield from _counted_wrongly(search)
    calls, steps = len(search.now.calls), number_of_steps(search)
    tests = [record for record in search.now.records if record.place.kind == "while" and _over_steps(search, record)]
    if not tests or calls == steps or search.subject.cell == search.subject.function:
        return
    for record in [record for record in tests if record.phase == min(calls, steps)][-1:]:
        right = calls < steps
        value: Any = record.value
        holds = bool(cast("Any", value)) if isinstance(value, (list, tuple, dict)) else bool(np.all(value))
        if holds != right:
            yield search.attempt(record, "ended", [Substitute(record.place.id, record.visit, right)], right)


def begun_wrongly(search: Search) -> Iterator[Found | None]:
    """Before a ``while`` loop over the steps the line that gives the step its first value, where with another one all comes right."""
    tests = [record for record in search.now.records if record.place.kind == "while" and _over_steps(search, record)]
    asked = set(re.findall(r"\w+", tests[0].place.text)) if tests else set[str]()
    later = search.now.records[tests[0].time :] if tests else ()
    counted = asked & {record.place.target for record in later if record.place.kind in {"assign", "after"}}
    for record in search.now.records[: tests[0].time] if counted else ():
        place, value = record.place, record.value
        if place.kind in GIVES and type(value) is int and place.target in counted:
            for right in (value - 1, value + 1):
                put = (Substitute(place.id, record.visit, right),)
                if search.results_right(search.subject.run((*search.substitutes, *put))):
                    yield search.attempt(record, "begun", put, right)


def _counted_wrongly(search: Search) -> Iterator[Found | None]:
    """In a ``while`` loop over the steps the line that gives the step its next value, which is not the one of the next call."""
    steps, backward = number_of_steps(search), search.subject.function.endswith("backward")
    inside = any(record.place.kind == "while" and _over_steps(search, record) for record in search.now.records)
    counts = [one for one in search.now.records if one.place.kind in {"assign", "after"} and isinstance(one.value, int)]
    for records in by_place(counts).values() if inside else ():
        first = records[0]
        right = [steps - 1 - first.phase - visit if backward else first.phase + visit for visit in range(steps)]
        if 1 < len(records) < steps and [record.value for record in records] != right[: len(records)]:
            places = [Substitute(first.place.id, visit, step) for visit, step in enumerate(right)]
            yield search.attempt(first, "ended", places, right)


def of_another_step(search: Search) -> Iterator[Found | None]:
    """A line of the loop that computes the step, as ``t = T - k``, and gives another one at each turn."""
    steps, backward = number_of_steps(search), search.subject.function.endswith("backward")
    here = [one for one in search.now.records if one.place.function == search.subject.function and one.place.loops]
    made = [one for one in here if isinstance(one.value, int) and one.place.kind == "assign" and one.place.target.isidentifier()]
    for records in by_place(made).values() if search.subject.calling else ():
        right = list(range(steps))[::-1] if backward else list(range(steps))
        held = [record.value for record in records]
        once = all(record.visit == record.phase for record in records)
        if once and (len(records) == steps or not gives_results(search)) and held != right[: len(held)]:
            first = next(record for record, step in zip(records, right, strict=False) if record.value != step)
            found = search.attempt(first, "loop", [Substitute(first.place.id, turn, step) for turn, step in enumerate(right)], right)
            yield found if found is not None and 2 * len(search.now.wrong & found.cured) > len(search.now.wrong) else None


def _turned(search: Search, record: Record) -> Found | None:
    """A loop such as ``for t, cache in enumerate(...)`` over the steps that mends most of what is wrong when it runs the other way."""
    pairs = cast("list[tuple[Any, ...]]", record.value)
    if not _over_steps(search, record) or sorted(pair[0] for pair in pairs) != list(range(len(pairs))):
        return None
    return _if_it_mends(search, search.attempt(record, "loop", [Substitute(record.place.id, None, pairs[::-1])], pairs[::-1]), pairs[-1][0])


def of_other_steps(search: Search) -> Iterator[Found | None]:
    """The caches that something else than the course's cell is handed, a method of one's own perhaps, at each step another step's."""
    if search.subject.calling or search.subject.cell == search.subject.function or not search.subject.function.endswith("backward"):
        return
    caches = _caches(search)
    right = list(range(number_of_steps(search)))[::-1]
    handed: dict[int, list[tuple[Record, int]]] = defaultdict(list)
    for record in search.now.records:
        value: Any = record.value
        if record.place.kind in {"argument", "assign"} and isinstance(value, (tuple, list, dict)):
            step = next((step for step, cache in enumerate(caches) if same(cast("Value", value), cache, 0.0)), None)
            if step is not None:
                handed[record.place.id].append((record, step))
    for found in handed.values():
        if len(found) == len(right) <= len(caches) and [step for _, step in found] != right:
            places = [Substitute(record.place.id, record.visit, caches[step]) for (record, _), step in zip(found, right, strict=True)]
            first, step = next(((record, step) for (record, at), step in zip(found, right, strict=True) if at != step))
            yield search.attempt(first, "argument", places, caches[step])
    yield from _entries_of_other_steps(search)


def _entries_of_other_steps(search: Search) -> Iterator[Found | None]:
    """The same of a cache that a line takes apart at each step: several names get the entries of another one."""
    caches, right = _caches(search), list(range(number_of_steps(search)))[::-1]
    visits: dict[int, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in search.now.records if len(caches) >= len(right) else ():
        if record.place.kind == "target":
            visits[record.place.statement][record.visit].append(record)
    for taken in visits.values():
        parts = [[record.value for record in taken[visit]] for visit in sorted(taken)]
        steps = [next((step for step, cache in enumerate(caches) if same(tuple(own), _tuple(cache), 0.0)), None) for own in parts]
        if len(steps) != len(right) or None in steps or steps == right:
            continue
        places = [
            Substitute(record.place.id, record.visit, value)
            for visit, step in zip(sorted(taken), right, strict=True)
            for record, value in zip(taken[visit], _tuple(caches[step]), strict=True)
        ]
        first = next(visit for visit, at, step in zip(sorted(taken), steps, right, strict=True) if at != step)
        yield search.attempt(taken[first][0], "argument", places, caches[right[first]])


def _of_wrong_length(search: Search, record: Record) -> Found | None:
    """A loop over the steps with their caches, ``for t, cache in enumerate(...)``, that goes over others or too few of them."""
    pairs, steps = cast("list[tuple[Any, ...]]", record.value), number_of_steps(search)
    caches = _caches(search)
    beside = [cache for cache in caches if any(len(pair) > 1 and same(pair[1], cache, 0.0) for pair in pairs)]
    if len(pairs) == steps or not beside or len(caches) < steps or not _over_steps(search, record):
        return None
    right = [(step, caches[step]) for step in range(steps)][::-1]
    return search.attempt(record, "loop", [Substitute(record.place.id, None, right)], right)


def _if_it_mends(search: Search, found: Found | None, first: int) -> Found | None:
    """A loop turned round, to begin with step ``first``, if that mends most of what is wrong, or the cache of every call."""
    if (first > 0) != search.subject.function.endswith("backward"):
        return None  # it has the right direction as it is
    if found is None or 2 * len(search.now.wrong & found.cured) > len(search.now.wrong):
        return found
    slot = len(ARGUMENTS[search.subject.cell]) - 1
    caches = [name for name in search.expected if (at := observed.argument(name)) is not None and at[1] == slot]
    wrong = [name for name in caches if name not in search.now.right]
    if not wrong or not found.cured.issuperset(wrong):
        return None
    spoilt = search.now.right - search.right(search.subject.run((*search.substitutes, *found.substitutes)))
    return None if spoilt else found


def _over_steps(search: Search, record: Record) -> bool:
    """Whether the cell is called within a loop; where nothing calls it, whether it is an outer loop of the sequence's function."""
    cell = search.subject.cell == search.subject.function
    if not search.subject.calling:
        return not cell and not record.place.loops and record.place.function == search.subject.function
    calls = [place for place in search.subject.places if place.id in search.subject.last_arguments]
    if record.place.kind == "loop":
        return not cell and any(record.place.id in place.loops for place in calls)
    below = [place for place in calls if place.statement > record.place.statement and place.function == record.place.function]
    return not cell and bool(below) and below[0].column > 1


def _caches(search: Search) -> list[Value]:
    """The caches of all steps that the function is given; none where it is given no such list."""
    kept: Any = search.subject.arguments[-1]
    return cast("list[Value]", kept[0] if isinstance(kept, tuple) and isinstance(kept[0], list) else [])


def number_of_steps(search: Search) -> int:
    """Over how many steps the results go that are looked at."""
    return len(set(map(observed.step_of, search.expected)) - {None})


def _first_visits(search: Search) -> Iterator[Record]:
    first = (record for record in search.now.records if record.place.kind == "loop" and record.visit == 0)
    return (record for record in first if isinstance(record.value, list))


def _tuple(cache: Value) -> tuple[Value, ...]:
    """The entries of a cache that is a tuple, or list."""
    return tuple(cast("Sequence[Value]", cache)) if isinstance(cache, (tuple, list)) else ()
