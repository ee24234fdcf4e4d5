"""A function that ends with an error since names and values are not equally many: the names get what belongs to them, and it goes on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.roles import last_phase
from whygrad.from_code.observe.stopped import NOT_KNOWN, Stopped
from whygrad.from_code.observe.subject import Record, name_of
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Raised, Value

_NOTHING = 0
"""What a name gets that nobody reads."""


def unpacked(search: Search, raised: Raised) -> Iterator[Found]:
    """What belongs to each of the names left of an equals sign, at every visit, where it cannot be had from the right side."""
    stopped = Stopped(search.subject, search.substitutes)
    calls = raised.type == "TypeError" and isinstance(stopped.node, ast.Call) and "argument" in raised.text
    if stopped.line is None or not (calls or "to unpack" in raised.text):
        return
    first, last = stopped.line_of(stopped.line), stopped.line_of(stopped.line) + (stopped.line.end_lineno or 0) - stopped.line.lineno
    targets = [place for place in search.subject.places if place.kind == "target" and place.source == raised.source]
    targets = [place for place in targets if first <= place.line <= last]
    phase = last_phase(search)
    visit = sum(record.place.id == targets[0].id for record in search.last) if targets else 0
    search.subject.lazy |= {place.id for place in targets if calls}
    again = len(search.quantities.calls) - phase + 1 if targets and targets[0].statement in search.subject.calling else 1
    puts: list[Substitute] = []
    for shift in range(again):
        values = _of_names(search, targets, phase + shift, stopped) or []
        puts += [Substitute(place.id, visit + shift, value) for place, value in zip(targets, values, strict=False)]
    if puts:
        stop = Record(targets[0], visit, None, len(search.last), phase, name_of(targets[0].target))
        yield Found(stop, "raises", puts[0].value, None, tuple(puts), frozenset())


def _of_names(search: Search, targets: list[Place], phase: int, stopped: Stopped) -> list[Value] | None:
    """What the reference calls so, or what stands at a name's place in one of several values; None where one is not known."""
    of_one = _of_one(search, targets, phase, stopped)
    values: list[Value] = []
    for number, place in enumerate(targets):
        named = None if place.statement in search.subject.calling else _as_returned(search, place.target, phase)
        if named is None:
            named = next((quantity.value for quantity in search.quantities.named(name_of(place.target), phase)), None)
        if named is None and of_one is not None:
            named = of_one[number]
        if named is None and place.target not in search.subject.text.unread:
            return None
        values.append(_NOTHING if named is None else named)
    return values or None


def _of_one(search: Search, targets: list[Place], phase: int, stopped: Stopped) -> tuple[Value, ...] | None:
    """What the cell gives at this call, or the first of several values, such as caches, if it has so many parts."""
    number, calls = len(targets), search.quantities.tables[0].reply.calls
    if targets and targets[0].statement in search.subject.calling:
        return _of_so_many(calls[phase - 1].value if 0 < phase <= len(calls) else None, number)
    value: Any = stopped.worth(stopped.line.value) if isinstance(stopped.line, ast.Assign) else NOT_KNOWN
    return _of_so_many(value[0] if isinstance(value, (list, tuple)) and value else None, number)


def _as_returned(search: Search, name: str, phase: int) -> Value | None:
    """After the loop of a forward function: what the function returns under this name, which is not what a step gives."""
    names = OUTPUTS.get(search.subject.function, ())[:-1]
    after = search.subject.function != search.subject.cell and phase == len(search.quantities.calls)
    return search.quantities.results[str(names.index(name))] if after and name in names else None


def _of_so_many(value: Value, number: int) -> tuple[Value, ...] | None:
    parts = cast("tuple[Value, ...]", value) if isinstance(value, tuple) else ()
    return parts if len(parts) == number else None
