"""A function that ends with an error: what belongs at the line that raises, put there without computing it, and whether it then goes on."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.lines.cuts import PART
from whygrad.from_code.lines.line_changes import changes
from whygrad.from_code.lines.repair import REPLACED, shapes_first
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import composed, last_written, only_this_line, read_right, reads_of
from whygrad.from_code.observe.expression import UNKNOWN, Expression
from whygrad.from_code.observe.pieces import parts_of
from whygrad.from_code.observe.roles import gets_past, gives_results, last_phase, named_so, of_the_cell, right_argument, slot_of
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.observe.stopped import has_no_value_yet
from whygrad.from_code.observe.subject import Record, name_of
from whygrad.from_code.stops.brought import brought
from whygrad.from_code.stops.left_at_none import left_at_none
from whygrad.from_code.stops.misfits import made_too_small, runs_past
from whygrad.from_code.stops.misnamed import misspelt_before
from whygrad.from_code.stops.started import at_fault, started
from whygrad.from_code.stops.unpacked import unpacked
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.lines.change import Change
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, How, Search
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Raised, Value

_KINDS = frozenset(("assign", "right", "value", "element", "argument", "return"))
_ENTRY = re.compile(r"\s*(\w+)\[['\"](\w+)['\"]\]\s*")
"""An entry of a dictionary."""
_MOST_CHANGES, _MOST_TRIED = 3_000, 6


def raising(search: Search) -> Iterator[Found | None]:
    """Where nothing is returned: the line that raises, with what belongs there in place of what cannot be computed."""
    raised = None if gives_results(search) else search.subject.traced(search.substitutes)[2].raised
    if raised is None or raised.line is None:
        return
    search.last = search.now.records
    for found in unpacked(search, raised):
        yield gets_past(search, found.record, found.substitutes, found.right, sure=True)
    yield from left_at_none(search, raised)
    yield _added_does_not_fit(search, raised)
    yield from runs_past(search)
    yield from misspelt_before(search, raised)
    yield from brought(search)
    yield from made_too_small(search)
    yield from started(search, raised)
    for place in _not_computed(search, raised):
        search.subject.lazy |= {place.id}
        given = _argument_that_raises(search, place)
        yield given and (replace(given, names=at_fault(search, raised)) if given.how == "raises" else given)
        record = _where_it_stopped(search, place)
        if place.kind == "right":
            yield _of_each_step(search, record, "raises")
        reads = tuple(reads_of(search, record)) if search.last else ()
        yield from _made_the_other_way(search, reads)
        passed: list[Found] = []
        for right, quantity in _could_belong(search, record, reads):
            shifts = range(1, 1 if quantity is None else quantity.visits)
            later = ((shift, quantity and quantity.at(shift)) for shift in shifts)
            puts = [Substitute(place.id, record.visit + shift, then.value) for shift, then in later if then is not None]
            sure = quantity is not None and quantity.name == record.name
            found = gets_past(search, record, (Substitute(place.id, record.visit, right), *puts), right, quantity, sure=sure)
            if quantity is None and found is not None and not _result_cured(search, record, right, found):
                continue
            fits = found is not None and all(_fits(search, read, right) or _cut_here(search, record, read) for read in reads)
            if found is not None and fits and _its_own_fault(search, found):
                found = _with_all_right(search, found) or found
                passed.append(replace(found, reads=reads, inputs=bool(reads), names=at_fault(search, raised)))
        yield from sorted(passed, key=lambda one: _stops_again(search, one)) if len(passed) > 1 else passed


def _stops_again(search: Search, found: Found) -> tuple[bool, int]:
    """Whether a later line raises with what was put there, and how soon; what goes on furthest comes first."""
    observations, _, reply = search.subject.traced((*search.substitutes, *found.substitutes))
    return not any(map(observed.is_result, observations)), -len(reply.seen)


def _with_all_right(search: Search, found: Found) -> Found | None:
    """The finding with another quantity that is the same at this visit, if that makes all right at the later ones too.

    Before anything has come back, a step's own gradient and the sum of both are the same.
    """
    record, quantity = found.record, found.quantity
    if quantity is None or quantity.visits < 2 or search.results_right(search.subject.run((*search.substitutes, *found.substitutes))):  # noqa: PLR2004
        return None
    for other in search.quantities.equal(found.right, search.tolerance):
        later = ((shift, other.at(shift)) for shift in range(other.visits))
        puts = tuple(Substitute(record.place.id, record.visit + shift, then.value) for shift, then in later if then is not None)
        if len(puts) > 1 and search.results_right(search.subject.run((*search.substitutes, *puts))):
            return replace(found, substitutes=puts, quantity=other)
    return None


def _fits(search: Search, read: Record, right: Value) -> bool:
    """Whether what a line read is right, or has the shape of what its name says: zeros too have to have one that the line can use."""
    array, belongs = array_of(read.value), array_of(right)
    named = next((quantity.value for quantity in search.quantities.named(read.place.text, read.phase)), None)
    if array is not None and array.ndim and array.any() and array.shape == shape_of(named):
        return True
    if array is None or belongs is None or array.any() or read.place.kind != "read":
        return read_right(search, read)
    turned_here = read.place.text.endswith(".T") and array.shape == belongs.shape[::-1]
    return turned_here or array.shape in {(), belongs.shape}


def _cut_here(search: Search, record: Record, read: Record) -> bool:
    """Whether what a line read is a part that the line itself cuts out of a right array, with sizes that are called what they are."""
    cut = PART.fullmatch(read.place.text)
    if cut is None:
        return False
    arrays, key = within_reach(search, record, cut[1]), cut[1].replace("'", '"')
    whole = next((value for text, value in arrays.items() if text.replace("'", '"') == key), None)
    names = names_in(ast.parse(read.place.text, mode="eval"))
    sizes = [other for other in search.last[: record.time] if isinstance(other.value, int) and other.place.target in names]
    return whole is not None and search.quantities.recognised(whole, search.tolerance) and all(named_so(search, size) for size in sizes)


def as_read_now(search: Search, found: Found, records: Sequence[Record], others: tuple[Substitute, ...]) -> Found:
    """A line that raises, with what it reads when ``others`` mend everything else: the values of that run, and whether they are right."""
    places = {read.place.id for read in found.reads}
    search.round = replace(search.now, records=list(records))
    reads = [one for one in records if one.place.id in places][-len(places) :] if places else []
    return replace(found, reads=tuple(reads) or found.reads, inputs=bool(places) and only_this_line(search, reads, others))


def _its_own_fault(search: Search, found: Found) -> bool:
    """Whether a helper's line raises whenever it is run; else the call to blame is another one's."""
    place, visits = found.record.place, {sub.visit for sub in found.substitutes}
    if place.function == search.subject.function:
        return True
    put = visits | {sub.visit for sub in search.substitutes if sub.place == place.id}
    records = search.subject.traced((*search.substitutes, *found.substitutes))[1]
    return all(record.visit in put for record in records if record.place.id == place.id)


def _not_computed(search: Search, raised: Raised) -> list[Place]:
    """The places in the line that raises whose value was begun and not had, the innermost first."""
    lines = [
        place for place in search.subject.places if place.source == raised.source and place.line <= (raised.line or 0) <= place.end_line
    ]
    last = search.last[-1].place.statement if search.last else None
    if any(place.statement == last for place in lines):
        lines = [place for place in lines if place.statement == last]
    known = {record.place.id: record.time for record in search.last}
    newest = max((known.get(place.id, -1) for place in lines), default=-1)
    begun = [place for place in lines if (place.kind in _KINDS or _written_out(place)) and (known.get(place.id, -1) < newest or newest < 0)]
    return sorted(begun, key=lambda place: (place.id not in search.once(composed), place.end_line - place.line, len(place.text)))


def _added_does_not_fit(search: Search, raised: Raised) -> Found | None:
    """What is added to the sum of a name, where the step's own gradient of that name would fit."""
    last = search.last[-1] if search.last else None
    if last is None or last.place.kind != "right" or not last.place.line <= (raised.line or 0) <= last.place.end_line:
        return None
    return _of_each_step(search, last, "value")


def _of_each_step(search: Search, record: Record, how: How) -> Found | None:
    """The step's own gradient of a name, put at each visit of what is added to the sum of that name."""
    gradients = [call.value for call in search.quantities.tables[0].reply.calls]
    if search.subject.function.endswith("forward") or not 0 < record.phase <= len(gradients) or record.name not in gradients[0]:
        return None
    right = gradients[record.phase - 1][record.name]
    if same(record.value, right, search.tolerance):  # it is the sum that it does not fit into
        return None
    puts = tuple(Substitute(record.place.id, number, gradient[record.name]) for number, gradient in enumerate(gradients))
    return gets_past(search, record, puts, right, how=how, sure=True)


def _where_it_stopped(search: Search, place: Place) -> Record:
    """The record that would have been made had the line not raised."""
    visit = sum(record.place.id == place.id for record in search.last)
    return Record(place, visit, None, len(search.last), last_phase(search), name_of(place.target))


def _argument_that_raises(search: Search, place: Place) -> Found | None:
    """An argument of the cell that asks for a step that is not there, at one of the calls."""
    if not of_the_cell(search, place):
        return None
    stopped = _where_it_stopped(search, place)
    made = [record for record in search.last if record.place.id == place.id]
    wrong = next((record for record in made if not same(record.value, right_argument(search, record), search.tolerance)), None)
    calls = range(len(search.quantities.calls))
    rights = [right_argument(search, replace(stopped, phase=number)) for number in calls]
    substitutes = [Substitute(place.id, number, right) for number, right in enumerate(rights) if right is not None]
    if wrong is not None:
        return search.attempt(wrong, "argument", substitutes, rights[wrong.phase])
    reads = reads_of(search, stopped) if search.last else []
    if stopped.phase >= len(rights) or not all(_fits(search, read, rights[stopped.phase]) for read in reads):
        return None
    first = has_no_value_yet(search.subject.traced(search.substitutes)[2].raised)
    once = [one for one in substitutes if first and one.visit == stopped.visit]
    only_now = gets_past(search, stopped, tuple(once), rights[stopped.phase])
    return only_now or gets_past(search, stopped, tuple(substitutes), rights[stopped.phase], sure=True)


def _could_belong(search: Search, record: Record, reads: tuple[Record, ...]) -> Iterator[tuple[Value, Quantity | None]]:
    """Right values that a small change of the line gives, those that the assignment calls as the line does first."""
    result = _handed_out_as(search, record)
    if result is not None:
        yield result, None
    yield from _handed_to_the_cell(search, record)
    phase = record.phase if search.subject.cell != search.subject.function else 0
    named = list(search.quantities.named(record.name, phase)) if record.name and record.place.kind != "argument" else []
    if not named:
        yield from (
            (value, next(search.quantities.equal(value, search.tolerance), None)) for value in _under_other_keys_there(search, record)
        )
    values = list(islice(_of_changes(search, record, reads), _MOST_CHANGES))
    as_named = next((one for one in named if any(same(value, one.value, search.tolerance) for value, _ in values)), None)
    if as_named is not None:
        yield as_named.value, as_named
        return
    tried: list[Array] = []
    for value, change in values:
        if change.id in REPLACED and change.form != "exchanged":  # another name can give any right value
            continue
        if any(same(value, other) for other in tried) or not search.quantities.recognised(value, search.tolerance):
            continue
        tried.append(value)
        yield value, next(search.quantities.equal(value, search.tolerance), None)
        if len(tried) >= _MOST_TRIED:
            return
    yield from ((quantity.value, quantity) for quantity in named[:2])
    turned = array_of(named[0].value) if named and record.place.computes.endswith(".T") else None
    if turned is not None:  # the name stands for it as the line turns it
        yield turned.T, None


def _handed_out_as(search: Search, record: Record) -> Value | None:
    """The result that a line after the loop makes in one go, by its name; or any line, where the cell is written out."""
    alone = record.phase == len(search.quantities.calls) or not search.subject.calling
    loop = search.subject.cell != search.subject.function and record.place.kind == "assign"
    return search.quantities.results.get(record.name) if loop and alone else None


def _handed_to_the_cell(search: Search, record: Record) -> Iterator[tuple[Value, Quantity | None]]:
    """What the next call of the cell should be given under the name that a line gives its value."""
    calls, name = search.quantities.calls, record.place.target
    for place in search.subject.places if record.place.kind == "assign" and record.phase < len(calls) else ():
        slot = slot_of(search, place.target) if of_the_cell(search, place) and place.text == name else None
        if slot is not None:
            right = calls[record.phase][slot]
            yield right, next((one for one in search.quantities.equal(right, search.tolerance) if one.visits == len(calls)), None)


def _result_cured(search: Search, record: Record, right: Value, found: Found) -> bool:
    """Whether the result that was put at a line is handed out as it is: else the line only makes what others add to."""
    result = _handed_out_as(search, record)
    return result is not right or record.name in map(observed.result_of, found.cured)


def _under_other_keys_there(search: Search, record: Record) -> Iterator[Value]:
    """Where a line asks a dictionary for a key that it has not: what stands under its keys that nobody asks for, the likest first."""
    asked = _ENTRY.fullmatch(record.place.computes)
    base = "" if asked is None else asked[1]
    kept: Any = next((other.value for other in reversed(search.last) if base in {other.place.target, other.place.text}), None)
    if asked is None or not isinstance(kept, dict) or asked[2] in kept:
        return
    entries = cast("dict[str, Value]", kept)
    read = {name_of(place.text) for place in search.subject.places if place.text.strip().startswith(f"{base}[")}
    read |= {name_of(place.text.partition("=")[2]) for place in search.subject.places if place.kind == "assign"}
    left = [key for key, value in entries.items() if key not in read and array_of(value) is not None]
    for key in sorted(left, key=lambda key: -SequenceMatcher(None, key, asked[2]).ratio()):
        yield entries[key]


def _of_changes(search: Search, record: Record, reads: tuple[Record, ...]) -> Iterator[tuple[Array, Change]]:
    """The arrays that the line gives with one small change."""
    place = record.place
    text = place.text.partition("=")[2] if place.kind in {"assign", "right"} else place.text.removeprefix("return")
    line = Expression(text, {**within_reach(search, record, text), **{read.place.text: read.value for read in reads}})
    if line.tree is None or line.value(line.tree) is not UNKNOWN:
        return
    for change in shapes_first(changes(line, ())):
        value = array_of(line.changed(change.part, change.value))
        if value is not None and value.ndim and value.any() and not any(same(read.value, value) for read in reads):
            yield value, change


def within_reach(search: Search, record: Record, text: str) -> dict[str, Value]:
    """The arrays that a line could read, and the parts of them that it would have read had it not raised before."""
    known = scope(search, record)
    for other in search.last[: record.time]:
        value: Any = other.value
        if isinstance(value, dict):
            entries = cast("dict[str, Value]", value).items()
            known = {f'{other.place.target}["{key}"]': value for key, value in entries if array_of(value) is not None} | known
    numbers = {other.place.target: other.value for other in search.last[: record.time] if isinstance(other.value, int)}
    numbers |= {other.place.text: other.value for other in search.last[: record.time] if isinstance(other.value, int)}
    return {**parts_of(text, known, numbers), **known}


def _made_the_other_way(search: Search, reads: tuple[Record, ...]) -> Iterator[Found | None]:
    """What several lines read was made transposed by a line before them."""
    for read in reads:
        value, source = array_of(read.value), last_written(search, read)
        readers = {
            place.statement for place in search.subject.places if place.kind in {"read", "argument"} and place.text == read.place.text
        }
        if value is None or source is None or value.ndim != 2 or len(readers) < 2 or not same(source.value, value, 0.0):  # noqa: PLR2004
            continue
        if any(same(value, quantity.value, search.tolerance) for quantity in search.quantities.named(source.name, source.phase)):
            continue  # it is what its name says
        found = search.attempt(source, "value", [Substitute(source.place.id, source.visit, value.T)], value.T)
        yield found and replace(found, reads=tuple(reads_of(search, source)))


def _written_out(place: Place) -> bool:
    """Whether it is one of several values that are written out for as many names."""
    return place.kind == "target" and place.text != place.target
