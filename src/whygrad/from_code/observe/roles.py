"""What belongs at a place: the quantities that move the results as the place does, or that are known to be handed on or returned there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.alike import Response, alike
from whygrad.from_code.observe.arrays import Observations, array_of, same, shape_of
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.expression import broadcast
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.reference.spelled import kind_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_code.observe.experiment import How
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_OPTIONS = 5
"""Quantities that are tried at one place."""
_HALF = 0.34
"""A place plays a quantity's part if so much of what either moves, both move alike."""
_NAME = 0.2
"""What it counts that a place has the reference's name for a quantity."""
_ACTIVATES = re.compile(r"\s*((np|numpy)\.)?(tanh|sigmoid)\(")
"""What is computed by an activation."""
_SAME_RESULTS = 0.4
"""It may play its part too if both move the same results, though by other amounts (behind a tanh they do)."""


def named_so(search: Search, record: Record) -> bool:
    """Whether a size is the one that the reference calls by its name."""
    named = [quantity.value for quantity in search.quantities.named(record.name, record.phase)]
    return bool(named) and all(same(record.value, value, 0.0) for value in named)


def put_right(search: Search, record: Record, *, strict: bool = False) -> Found | None:
    """Put at the record's place, at each of its visits, what belongs there; None where it is right or nothing is cured."""
    options = options_for(search, record)
    if not strict and right_there(search, record, options):
        return None
    activates = _ACTIVATES.match(record.place.computes)
    distinct = [option for option in told_apart(search, options, record) if not (activates and _is_given(search, option))]
    for option in distinct:
        found = fewest(search, record, option, what_belongs(search, record, option, strict=strict))
        if found is not None:
            rivals = [other for other in distinct if other is not option and same(other.value, option.value, search.tolerance)]
            return _best(found, [fewest(search, record, rival, what_belongs(search, record, rival, strict=strict)) for rival in rivals])
    return None


def _is_given(search: Search, option: Quantity) -> bool:
    """Whether a quantity is what the function was called with, which no activation makes."""
    return any(same(option.value, given, search.tolerance) for given in search.subject.arguments if array_of(given) is not None)


def _best(found: Found, others: Iterable[Found | None]) -> Found:
    """Of several findings at one place the one that cures most, the first of them."""
    for other in others:
        if other is not None and other.cured > found.cured:
            found = other
    return found


def fewest(search: Search, record: Record, option: Quantity, belongs: Sequence[tuple[Record, Value]]) -> Found | None:
    """The substitutes at all wrong visits, or only at this one if the others are wrong because of it."""
    if record.place.function != search.subject.function and each_others(search, belongs):
        return None  # the helper works, and its calls are to blame
    found = search.attempt(record, "value", put(belongs), option.value, option)
    if found is None:
        return None
    if len(belongs) > 1:
        own = [pair for pair in belongs if pair[0] is record]
        alone = search.attempt(record, "value", put(own), option.value, option)
        if alone is not None and alone.cured >= found.cured:
            found, belongs = alone, own
        elif record.place.kind == "return" and search.subject.cell == search.subject.function != record.place.function:
            found, belongs = _needed_ones(search, found, belongs)
    return replace(found, visits=tuple((visit.value, right) for visit, right in belongs))


def each_others(search: Search, belongs: Sequence[tuple[Record, Value]]) -> bool:
    """Whether what a line gives at several visits is what belongs to others of them."""
    given = [visit.value for visit, _ in belongs]
    return len(belongs) > 1 and all(any(same(value, right, search.tolerance) for value in given) for _, right in belongs)


def _needed_ones(search: Search, found: Found, belongs: Sequence[tuple[Record, Value]]) -> tuple[Found, Sequence[tuple[Record, Value]]]:
    """Without those calls of a cell's helper at which what was put there cures nothing."""
    for pair in belongs:
        rest = [other for other in belongs if other is not pair]
        fewer = search.attempt(found.record, "value", put(rest), found.right, found.quantity) if rest else None
        if fewer is not None and fewer.cured >= found.cured:
            first, right = rest[0]
            found, belongs = replace(fewer, record=first, right=right), rest
    return found, belongs


def told_apart(search: Search, options: Iterable[Quantity], record: Record) -> list[Quantity]:
    """The first few options that are not what the record holds; of those that are the same here, and at the next visit too, one."""
    visits = sum(other.place.id == record.place.id for other in search.now.records)
    chosen: list[tuple[Value, Value]] = []
    distinct: list[Quantity] = []
    for option in options:
        later = option.at(1) if option.visits == visits else None
        here, there = option.value, None if later is None else later.value
        known = any(same(here, one, search.tolerance) and (there is None or same(there, two, search.tolerance)) for one, two in chosen)
        if not known and not same(record.value, here, search.tolerance):
            chosen.append((here, there))
            distinct.append(option)
    return distinct[:_OPTIONS]


def options_for(search: Search, record: Record) -> list[Quantity]:  # noqa: C901 - one for each kind of response
    """The quantities that a place can stand for, likeliest first: those that move the results as it does."""
    if record.time in search.now.options:
        return search.now.options[record.time]
    value = array_of(record.value)
    if value is None:
        return []
    if not value.ndim and "[" not in record.place.target:
        return list(search.quantities.named(record.name, record.phase))
    moved = search.subject.response(record, search.substitutes, search.now.observations)
    phase = phase_of(search, record)
    scored = _scored(search, record, moved, search.quantities.like(value.shape, phase)) if moved else []
    if moved and not (value.ndim and (scored or search.quantities.recognised(value, search.tolerance))):
        scored = _scored(search, record, moved, search.quantities.made(value.shape, phase))
    elif moved and all(
        same(quantity.value, value, search.tolerance) for quantity in scored
    ):  # a right quantity without what it should be added to
        wider = (
            quantity for quantity in search.quantities.made(value.shape, phase) if broadcast(shape_of(quantity.value) or (), value.shape)
        )
        scored += _scored(search, record, moved, wider)
    elif moved and scored and not search.quantities.recognised(value, search.tolerance) and _no_response_fits(search, scored[0], moved):
        scored = [*_scored(search, record, moved, search.quantities.made(value.shape, phase))[:2], *scored]
    if moved and not scored and value.ndim:
        scored = _scored(search, record, moved, search.quantities.made(value.shape, phase))  # of another shape than belongs there
    if moved and not scored and value.ndim:
        scored = _by_the_last_turn(search, record)
    if moved and record.place.kind == "assign":
        scored += [named for named in search.quantities.named(record.name, record.phase) if shape_of(named.value) == value.shape][:1]
    if moved and record.place.kind == "value":
        scored = [*_by_key(search, record), *scored]
    if not gives_results(search) and record.place.kind == "assign":  # nothing to respond: only the name can tell
        scored += search.quantities.named(record.name, record.phase)
    if record.place.kind == "target" and unpacked_wrongly(search, record):
        scored = [*search.quantities.named(record.name, record.phase), *scored]
    search.now.options[record.time] = scored
    return scored


def _by_the_last_turn(search: Search, record: Record) -> list[Quantity]:
    """In a loop without a cell: what a line stands for at its last turn, where nothing that comes later is moved, at this one."""
    last = next((other for other in reversed(search.now.records) if other.place.id == record.place.id), record)
    if search.now.calls or search.subject.cell == search.subject.function or last is record:
        return []
    before = (option.at(record.visit - last.visit) for option in options_for(search, last))
    return [option for option in before if option is not None]


def _by_key(search: Search, record: Record) -> list[Quantity]:
    """The gate that is meant by a key such as "o", where another gate stands."""
    key = record.place.target.strip("'\"")
    gates = [quantity for name in (f"{key}t", f"{key}ct") for quantity in search.quantities.named(name, record.phase)][:1]
    known = (quantity for quantity in search.quantities.equal(record.value, search.tolerance) if quantity.made)
    kinds = {kind_of(quantity.name) for quantity in (*gates, *known)}
    return gates if len(kinds) == 1 else []


def gives_results(search: Search) -> bool:
    """Whether the function comes to its end and returns something; not if it raises."""
    return any(map(observed.is_result, search.now.observations))


def gets_past(
    search: Search,
    record: Record,
    substitutes: tuple[Substitute, ...],
    right: Value,
    quantity: Quantity | None = None,
    *,
    how: How = "raises",
    sure: bool = False,
) -> Found | None:
    """Where nothing is returned: the finding, if results come right with these substitutes, or the error comes later at least.

    If it is ``sure`` what belongs there, it may come to its end with wrong results, which then have another cause.
    """
    found = search.attempt(record, how, substitutes, right, quantity)
    if found is not None or gives_results(search) or not substitutes:
        return found
    reply = search.subject.traced((*search.substitutes, *substitutes))[2]
    before = search.subject.traced(search.substitutes)[2].raised
    later = reply.status == "raised" and (reply.raised != before or len(reply.seen) > len(search.now.records))
    further = later or (sure and reply.status == "returned")
    return Found(record, how, right, quantity, substitutes, frozenset()) if further else None


def of_another_shape(search: Search, record: Record) -> list[Quantity]:
    """The quantities with a name that move the results as a record does, and have another shape."""
    value = array_of(record.value)
    moved = search.subject.response(record, search.substitutes, search.now.observations)
    if value is None or not value.ndim or not moved:
        return []
    phase = phase_of(search, record)
    return _scored(search, record, moved, search.quantities.made(value.shape, phase))[:2]


def phase_of(search: Search, record: Record) -> int | None:
    """How many calls of the cell were made before; None in a cell, or where none is called."""
    return record.phase if search.subject.cell != search.subject.function and search.now.calls else None


def turn_of(search: Search, record: Record) -> int:
    """How many calls of the cell came before; in a loop that calls none and visits the place at each turn, the number of its turn."""
    visits = sum(other.place.id == record.place.id for other in search.now.records)
    return record.phase if search.now.calls or visits != len(search.quantities.calls) else record.visit + 1


def last_phase(search: Search) -> int:
    """How many calls of the cell there were until the function ended with an error."""
    return search.last[-1].phase + (search.last[-1].place.id in search.subject.last_arguments) if search.last else 0


def _no_response_fits(search: Search, best: Quantity, moved: Observations) -> bool:
    mine, theirs = _responses(search, moved, [best])
    return not any(alike(mine, theirs, search.quantities.layout, search.tolerance))


def _responses(search: Search, moved: Observations, quantities: Sequence[Quantity]) -> tuple[Response, list[Response]]:
    """What a record moves, and what each quantity does: of the calls of the cell too if the learner's function calls it."""
    calls = bool(search.now.calls) or search.subject.cell == search.subject.function
    return Response(moved, search.quantities.layout), [search.quantities.response(quantity, calls=calls) for quantity in quantities]


def _scored(search: Search, record: Record, moved: Observations, quantities: Iterable[Quantity]) -> list[Quantity]:
    """The quantities that move the results as the record does, or at least the same results."""
    scored: list[tuple[float, bool, bool, bool, int, float, Quantity]] = []
    looked_at = list(quantities)
    mine, theirs = _responses(search, moved, looked_at)
    shares = alike(mine, theirs, search.quantities.layout, search.tolerance)
    for quantity, response, alike_by in zip(looked_at, theirs, shares, strict=True):
        share = alike_by or (_SAME_RESULTS if mine.moves_what(response) else 0.0)
        if share >= _HALF:
            by_name = min(1.0, share + _NAME) if quantity.made and quantity.name == record.name else share
            other = quantity.record.place.function != search.subject.function
            scored.append((-by_name, quantity.name != record.name, other, not quantity.made, len(scored), share, quantity))
    scored.sort(key=lambda entry: entry[:5])
    most = max((share for *_, share, _ in scored), default=0.0)
    return [entry[-1] for entry in scored if entry[0] <= 0.99 * scored[0][0] or entry[-2] >= 0.99 * most]


def right_there(search: Search, record: Record, options: Sequence[Quantity]) -> bool:
    """Whether a record holds what belongs there: one of the options, the one of its own name if there is one."""
    made = [option for option in options if option.made]
    named = [option for option in made if option.name == record.name]
    return any(same(record.value, option.value, search.tolerance) for option in named or made or options)


def what_belongs(search: Search, record: Record, option: Quantity, *, strict: bool = False) -> list[tuple[Record, Value]]:
    """Each visit of a record's place that is wrong, with what belongs there where a quantity stands at the record."""
    visits = [other for other in search.now.records if other.place.id == record.place.id]
    alike = len(visits) == option.visits
    wrong: list[tuple[Record, Value]] = []
    for visit in visits:
        there: Quantity | None = option if visit is record else None
        if there is None and alike:
            there = option.at(visit.visit - record.visit)
        elif there is None and len(visits) <= 60:  # noqa: PLR2004 - a helper that serves all gates at all steps
            choices = options_for(search, visit)
            there = None if not strict and right_there(search, visit, choices) else _sibling(option, choices)
        if there is not None and not same(visit.value, there.value, search.tolerance):
            wrong.append((visit, there.value))
    return wrong


def right_argument(search: Search, record: Record) -> Value | None:
    """The right argument of the cell at this call, None where it is unknown."""
    slot = slot_of(search, record.place.target)
    calls = search.quantities.calls
    if slot is None or record.phase >= len(calls) or slot >= len(calls[record.phase]):
        return None
    own = search.subject.own_caches if slot == len(calls[record.phase]) - 1 else ()
    return own[len(calls) - 1 - record.phase] if len(own) >= len(calls) else calls[record.phase][slot]


def of_the_cell(search: Search, place: Place) -> bool:
    """Whether an argument is one of a call of the cell, in a function that calls it."""
    called = place.kind == "argument" and place.target.startswith(f"{search.subject.cell}(")
    return called and search.subject.cell != search.subject.function


def slot_of(search: Search, target: str) -> int | None:
    """Which argument of the cell the target of an argument is, by its number or its name; None where it is none."""
    inside = target.rpartition("(")[2].rstrip(")")
    names = ARGUMENTS.get(search.subject.cell, ())
    slot = int(inside) if inside.isdigit() else names.index(inside) if inside in names else None
    return slot if slot is not None and slot < len(names) else None  # a call may have arguments too many


def arguments(search: Search, place: int) -> list[Substitute]:
    """What belongs at the calls of the cell, at one of its arguments."""
    found: list[Substitute] = []
    for record in search.now.records:
        if record.place.id == place:
            right = right_argument(search, record)
            if right is not None and not same(record.value, right, search.tolerance):
                found.append(Substitute(place, record.visit, right))
    return found


def unpacked_wrongly(search: Search, record: Record) -> bool:
    """An entry of a cache under the course's name for another one."""
    named = _entries_named(search, record)
    return bool(named) and not any(same(record.value, value, search.tolerance) for value in named)


def unpacked_rightly(search: Search, record: Record) -> bool:
    """An entry of a cache under the course's name for it."""
    return any(same(record.value, value, search.tolerance) for value in _entries_named(search, record))


def _entries_named(search: Search, record: Record) -> list[Value]:
    """The entries of the cache that the course calls as a record is called."""
    named = search.quantities.named(record.name, record.phase)
    return [quantity.value for quantity in named if quantity.record.place.kind == "target"]


def _sibling(option: Quantity, choices: Sequence[Quantity]) -> Quantity | None:
    """Of the choices for another visit, the one that is to its gate what ``option`` is to its own."""
    return next((choice for choice in choices if kind_of(choice.name) == kind_of(option.name)), next(iter(choices), None))


def put(belongs: Sequence[tuple[Record, Value]]) -> list[Substitute]:
    """The substitutes that put at each record's place and visit what belongs there."""
    return [Substitute(visit.place.id, visit.visit, right) for visit, right in belongs]
