"""Functions that the learner wrote beside the eight: is the helper to blame, or the line that calls it?"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import made_equal, read_right, reads_of
from whygrad.from_code.observe.experiment import GIVES, KINDS, Found, Search, callee, last_name
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.roles import fewest, options_for, phase_of, put, told_apart, what_belongs
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.words import alike
from whygrad.sandbox.signatures import parameter
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

LAMBDA = "<lambda>"
"""A function without a name: what is handed over last goes to it."""

_BY_NAME: dict[str, Callable[[Any], Any]] = {
    "sig": HELPERS["sigmoid"],
    "logist": HELPERS["sigmoid"],
    "softmax": HELPERS["softmax"],
    "tanh": np.tanh,
}
"""What a function does in whose name these letters stand."""
_CLOSE = 1e-9
"""One sigmoid may be computed in several ways."""
_SLOPES: dict[str, Callable[[Any], Any]] = {"sig": lambda s: s * (1 - s), "logist": lambda s: s * (1 - s), "tanh": lambda a: 1 - a**2}
"""What derivatives give of what the activation gave, which is what the cache holds."""
OF_A_SLOPE = re.compile(r"^d|_d$|_d_|grad|deriv|prime|slope|back")


def _made_of(value: Any) -> list[Any]:  # noqa: ANN401 - arrays
    """An array, and what a helper should perhaps have made of it first: then its own line lacks something."""
    return [value, value**2, 1 - value, np.tanh(value), HELPERS["sigmoid"](value)]


def up(search: Search, found: Found) -> Found:
    """From a helper's line that is right at most of its visits, or does what its name says, to the line that calls it."""
    place = found.record.place
    if place.function == search.subject.function or found.how != "value":
        return found
    visits = [other for other in search.now.records if other.place.id == place.id]
    wrong = len(found.substitutes)
    if found.reads and all(read_right(search, read) for read in found.reads):  # what nobody uses afterwards may be wrong as well
        wrong = max(wrong, _still_wrong(search, found))
    wrong = max(wrong, sum(_wrongly_named(search, other) for other in visits))
    works = does_its_work(search, found.record) or (place.kind == "return" and gives_what_is_asked_for(search, place))
    if 2 * wrong > len(visits) and not works:
        return (_handed_another(search, found) if len(visits) == 1 else None) or found
    call = _call_of(search, found.record)
    if call is None:
        return _handed_up(search, found)
    found = (works and _of_one_line(search, found, call)) or found
    if len(found.substitutes) == 1 and (handed := _handed_another(search, found)) is not None:
        return handed
    later = search.now.records[found.record.time :]
    there = [record for record in later if record.place.statement == call.place.statement]
    made = [record for record in there if record.place.kind in KINDS or record.place.target.startswith("dict(")]
    odd = [record for record in made if not search.quantities.recognised(record.value, search.tolerance)]
    whole = next(iter((*odd, *made)), call)
    plain = replace(found, record=whole, right=None, quantity=None, reads=tuple(reads_of(search, whole)))
    return _cured_at(search, whole, found) or up(search, plain)


def _cured_at(search: Search, whole: Record, found: Found) -> Found | None:
    """The finding at another line, if what may belong there cures as much."""
    for option in told_apart(search, options_for(search, whole), whole):
        tried = fewest(search, whole, option, what_belongs(search, whole, option))
        if tried is not None and tried.cured >= found.cured:
            return up(search, replace(tried, reads=tuple(reads_of(search, whole))))
    return None


def _of_one_line(search: Search, found: Found, call: Record) -> Found | None:
    """The finding in a helper that works with what is put there for one of several lines that call it, if that cures anything."""
    calls = {other.visit: _call_of(search, other) for other in search.now.records if other.place.id == found.record.place.id}
    here = {visit for visit, other in calls.items() if other is not None and other.place.statement == call.place.statement}
    puts = [sub for sub in found.substitutes if sub.visit in here]
    tried = search.attempt(found.record, "value", puts, found.right, found.quantity) if 0 < len(puts) < len(found.substitutes) else None
    return tried and replace(tried, reads=found.reads)


def _handed_another(search: Search, found: Found) -> Found | None:
    """The call of a helper of which the only line, run once, gives what belongs there if another quantity is handed over; or None."""
    record, right = found.record, found.right
    if record.place.kind != "return" or right is None or not simple(search, record.place.function):
        return None
    call, shape = _call_of(search, record), shape_of(right)
    if call is None or call.place.function != search.subject.function or not shape or shape_of(call.value) != shape:
        return None
    reads = {read.place.text: read.value for read in reads_of(search, record)}
    line = Expression(record.place.computes.removeprefix("return"), reads)
    given = [name for name, text in line.texts.items() if same(reads[text], call.value, 0.0)]
    made = [] if line.tree is None or not given else [one for one in search.quantities.like(shape, phase_of(search, call)) if one.made]
    fits = (one for one in made if same(line.with_values(dict.fromkeys(given, one.value)), right, search.tolerance))
    lacking = _made_of(call.value)
    meant = next((one for one in fits if not any(same(one.value, other, search.tolerance) for other in lacking)), None)
    if meant is None:
        return None
    before = reversed(search.now.records[: call.time])
    listed = (one for one in before if one.place.kind == "value" and same(one.value, call.value, 0.0))
    tries = (search.attempt(at, "value", put([(at, meant.value)]), meant.value, meant) for at in (*islice(listed, 1), call))
    return next((tried for tried in tries if tried is not None and tried.cured >= found.cured), None)


def _call_of(search: Search, record: Record) -> Record | None:
    """What is handed over to the helper in which a record stands, as that is entered; None where it is called by another name.

    Nor is anything known of a call that hands over nothing which is recorded: a text, say, or one of NumPy's functions.
    """
    place, first = record.place, record.time
    for other in reversed(search.now.records[: record.time]):
        if other.place.function == place.function:
            first = other.time
        elif other.place.kind == "argument" and last_name(place.function) in {callee(other.place.target), LAMBDA}:
            return other if search.now.records[first - 1].place.statement == other.place.statement else None
        elif other.place.function == search.subject.function and other.place.kind in GIVES:  # a line before the call
            return None
    return None


def _still_wrong(search: Search, found: Found) -> int:
    """At how many of its visits a helper's line gives no right quantity, those not counted that are wrong since an earlier one is."""
    put = {(sub.place, sub.visit) for sub in found.substitutes}
    records = search.subject.traced((*search.substitutes, *found.substitutes))[1] if found.substitutes else search.now.records
    visits = [other for other in records if other.place.id == found.record.place.id]
    return sum((o.place.id, o.visit) in put or not search.quantities.recognised(o.value, search.tolerance) for o in visits)


def _handed_up(search: Search, found: Found) -> Found:
    """The line that hands on what a helper made which it knows by another name, or works with it."""
    helper = found.record.place.function
    later = [r for r in search.now.records[found.record.time :] if r.place.kind in KINDS and r.place.function != helper]
    taken = next((r for r in later if same(r.value, found.record.value, 0.0)), next(iter(later), None))
    return (taken and _cured_at(search, taken, found)) or found


def _wrongly_named(search: Search, record: Record) -> bool:
    """Whether a value has the reference's name for another one of its shape at this step."""
    named = list(search.quantities.named(record.name, record.phase)) if record.name else []
    named = [quantity for quantity in named if shape_of(quantity.value) == shape_of(record.value)]
    return bool(named) and not any(same(record.value, quantity.value, search.tolerance) for quantity in named)


def does_its_work(search: Search, record: Record) -> bool:
    """Whether a line of a helper does: by its name, or of right values, where another function goes through it that is right."""
    return _is_given_wrongly(search, record) or _gives_what_it_says(search, record.place.function)


def of_what_came_out(search: Search, record: Record) -> bool:
    """Whether a helper that is called a derivative gives that of what the activation gave: its calls may hand over what goes into it."""
    return len(_said_by(record.place.function)) > 1 and not _is_given_wrongly(search, record)


def _gives_what_it_says(search: Search, function: str) -> bool:
    """Whether a learner's own sigmoid, softmax or tanh, or its derivative, whatever it is called in full, gives what its name says."""
    return any(gives(search, function, works) for works in _said_by(function)[:1])


def _is_given_wrongly(search: Search, record: Record) -> bool:
    """Whether a line of a helper that is right computes something of right values alone: it is wrong since others are asked for."""
    reads = reads_of(search, record) if record.place.function in search.subject.at_work else []
    return bool(reads) and all(read_right(search, read) and not same(read.value, record.value, 0.0) for read in reads)


def belies_its_name(search: Search, function: str) -> bool:
    """Whether such a helper gives something else."""
    said = _said_by(function)
    return bool(said) and not any(gives(search, function, works) for works in said)


def gives(search: Search, function: str, works: Callable[[Any], Any]) -> bool:
    """Whether a helper gives of what it is handed what a function does."""
    name, given = last_name(function), None
    for record in search.now.records:
        if record.place.kind == "argument" and callee(record.place.target) == name:
            given = record.value
        elif record.place.kind == "read" and record.place.function == function and shape_of(given) is None:
            given = record.value  # it was called by another name
        elif record.place.kind == "return" and record.place.function == function and array_of(given) is not None:
            return same(record.value, works(given), _CLOSE)
    return False


def into_helper(search: Search, found: Found) -> Found:
    """From a line that hands on what a helper made of right values to the helper's line, if that makes nothing right elsewhere."""
    for made in made_equal(search, found.record):
        if made.place.function != found.record.place.function and made.place.kind != "argument":
            inside = replace(found, record=made, reads=tuple(reads_of(search, made)))
            if (
                all(read_right(search, read) for read in inside.reads)
                and wrong_everywhere(search, made, found)
                and not _gives_what_it_says(search, made.place.function)
            ):
                return inside
    return found


def wrong_everywhere(search: Search, record: Record, found: Found) -> bool:
    """Whether a helper's line gives no right quantity at most of its visits; a line of the same function need not."""
    if record.place.function == found.record.place.function:
        return True
    visits = [other for other in search.now.records if other.place.id == record.place.id]
    wrong = sum(not search.quantities.recognised(other.value, search.tolerance) for other in visits)
    return 2 * wrong > len(visits)


def simple(search: Search, function: str) -> bool:
    """Whether a helper has no more than one statement: what it gives is then right if it is some right quantity."""
    if function == search.subject.function or last_name(function) == LAMBDA:
        return function != search.subject.function
    return len({place.statement for place in search.subject.places if place.function == function}) <= 1


def given_as_named(search: Search, function: str) -> bool:
    """Whether a helper is called with names that are each like that of its own parameter: then the call is not to blame."""
    names = search.subject.text.signatures.get(function, [])
    given = [one for one in search.subject.places if one.kind == "argument" and callee(one.target) == function and one.text.isidentifier()]
    return len(given) > 1 and all(_likest(one.text, names) == parameter(names, one.target) for one in given)


def arguments_crossed(search: Search) -> Iterator[Found | None]:
    """Two arguments in each other's place in a call of a helper, where each is named like the other's parameter."""
    known = search.subject.text.signatures
    given = [
        r for r in search.now.records if r.place.kind == "argument" and callee(r.place.target) in known and r.place.text.isidentifier()
    ]
    for one, other in combinations([record for record in given if not record.visit], 2):
        names = known[callee(one.place.target)]
        together = (one.place.statement, one.place.parent) == (other.place.statement, other.place.parent)
        mine, theirs = (parameter(names, record.place.target) for record in (one, other))
        crossed = together and _likest(one.place.text, names) == theirs and _likest(other.place.text, names) == mine
        if crossed and callee(one.place.target) not in FUNCTIONS and shape_of(one.value) == shape_of(other.value) is not None:
            pairs = zip(*([r for r in given if r.place.id == record.place.id] for record in (one, other)), strict=False)
            both = [one for first, second in pairs for one in ((first, second.value), (second, first.value))]
            tried = search.attempt(one, "swapped", put(both), other.value)
            yield tried and replace(tried, names=(one.place.text, other.place.text), visits=tuple((r.value, right) for r, right in both))


def gives_what_is_asked_for(search: Search, place: Place) -> bool:
    """Whether a helper returns the part of a parameter at an index that is a parameter too."""
    given = search.subject.text.signatures.get(place.function, ()) if place.function != search.subject.function else ()
    node = expression_of(place.text.removeprefix("return")) if given else None
    if not isinstance(node, ast.Subscript) or ast.unparse(node.value) not in given:
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    asked = [part for part in parts if not isinstance(part, ast.Slice)]
    return bool(asked) and all(ast.unparse(part) in {*given, "...", "Ellipsis"} for part in asked)


def mostly_wrong(search: Search, record: Record, belongs: Sequence[tuple[Record, Value]]) -> bool:
    """Whether a helper's line is wrong at most of its visits; else those who call it are to blame."""
    visits = sum(other.place.id == record.place.id for other in search.now.records)
    return 2 * len(belongs) > visits


def _said_by(function: str) -> list[Callable[[Any], Any]]:
    """What a helper should do, as its name says: a derivative is one of what the activation gave, or of what it was given."""
    name = last_name(function).lower()
    said = [known for known in _BY_NAME if known in name]
    if len(said) != 1:
        return []
    activation, slope = _BY_NAME[said[0]], _SLOPES.get(said[0]) if OF_A_SLOPE.search(name) else None
    return [activation] if slope is None else [slope, lambda given: slope(activation(given))]


def _likest(text: str, names: Sequence[str]) -> str | None:
    """The name that a text is like, more than any other; None where it is like none."""
    ratios = sorted(((alike(text, name), name) for name in names), reverse=True)
    return ratios[0][1] if ratios and ratios[0][0] > (ratios[1][0] if len(ratios) > 1 else 0.0) else None
