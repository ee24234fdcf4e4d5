"""Functions that the learner wrote beside the eight: is the helper to blame, or the line that calls it?"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.dataflow import Dataflow
from whygrad.from_code.observe.experiment import GIVES, KINDS, Found, callee, last_name
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.roles import put
from whygrad.from_code.observe.subject import Record, array_of, same, shape_of
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.sandbox.signatures import parameter
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
_OF_A_SLOPE = re.compile(r"^d|_d$|_d_|grad|deriv|prime|slope|back")


def _made_of(value: Any) -> list[Any]:  # noqa: ANN401 - arrays
    """An array, and what a helper should perhaps have made of it first: then its own line lacks something."""
    return [value, value**2, 1 - value, np.tanh(value), HELPERS["sigmoid"](value)]


class Helpers(Dataflow):
    """The way into helpers and out of them."""

    def _up(self, found: Found) -> Found:
        """From a helper's line that is right at most of its visits, or does what its name says, to the line that calls it."""
        place = found.record.place
        if place.function == self.subject.function or found.how != "value":
            return found
        visits = [other for other in self._now.records if other.place.id == place.id]
        wrong = len(found.substitutes)
        if found.reads and all(self._read_right(read) for read in found.reads):  # what nobody uses afterwards may be wrong as well
            wrong = max(wrong, self._still_wrong(found))
        wrong = max(wrong, sum(self._wrongly_named(other) for other in visits))
        works = self._does_its_work(found.record) or (place.kind == "return" and self._gives_what_is_asked_for(place))
        if 2 * wrong > len(visits) and not works:
            return (self._handed_another(found) if len(visits) == 1 else None) or found
        call = self._call_of(found.record)
        if call is None:
            return self._handed_up(found)
        found = (works and self._of_one_line(found, call)) or found
        if len(found.substitutes) == 1 and (handed := self._handed_another(found)) is not None:
            return handed
        later = self._now.records[found.record.time :]
        made = [record for record in later if record.place.statement == call.place.statement and record.place.kind in KINDS]
        odd = [record for record in made if not self.quantities.recognised(record.value, self.tolerance)]
        whole = next(iter((*odd, *made)), call)
        for option in self._distinct(self._options(whole), whole):
            tried = self._fewest(whole, option, self._belongs(whole, option))
            if tried is not None and tried.cured >= found.cured:
                return self._up(replace(tried, reads=tuple(self._reads(whole))))
        return self._up(replace(found, record=whole, right=None, quantity=None, reads=tuple(self._reads(whole))))

    def _of_one_line(self, found: Found, call: Record) -> Found | None:
        """The finding in a helper that works with what is put there for one of several lines that call it, if that cures anything."""
        calls = {other.visit: self._call_of(other) for other in self._now.records if other.place.id == found.record.place.id}
        here = {visit for visit, other in calls.items() if other is not None and other.place.statement == call.place.statement}
        puts = [sub for sub in found.substitutes if sub.visit in here]
        tried = self._try(found.record, "value", puts, found.right, found.quantity) if 0 < len(puts) < len(found.substitutes) else None
        return tried and replace(tried, reads=found.reads)

    def _handed_another(self, found: Found) -> Found | None:
        """The call of a helper of which the only line, run once, gives what belongs there if another quantity is handed over; or None."""
        record, right = found.record, found.right
        if record.place.kind != "return" or right is None or not self._simple(record.place.function):
            return None
        call, shape = self._call_of(record), shape_of(right)
        if call is None or call.place.function != self.subject.function or not shape or shape_of(call.value) != shape:
            return None
        reads = {read.place.text: read.value for read in self._reads(record)}
        line = Expression(record.place.computes.removeprefix("return"), reads)
        given = [name for name, text in line.texts.items() if same(reads[text], call.value, 0.0)]
        made = [] if line.tree is None or not given else [one for one in self.quantities.like(shape, self._phase(call)) if one.made]
        fits = (one for one in made if same(line.with_values(dict.fromkeys(given, one.value)), right, self.tolerance))
        lacking = _made_of(call.value)
        meant = next((one for one in fits if not any(same(one.value, other, self.tolerance) for other in lacking)), None)
        if meant is None:
            return None
        before = reversed(self._now.records[: call.time])
        listed = (one for one in before if one.place.kind == "value" and same(one.value, call.value, 0.0))
        tries = (self._try(at, "value", put([(at, meant.value)]), meant.value, meant) for at in (*islice(listed, 1), call))
        return next((tried for tried in tries if tried is not None and tried.cured >= found.cured), None)

    def _call_of(self, record: Record) -> Record | None:
        """What is handed over to the helper in which a record stands, as that is entered; None where it is called by another name.

        Nor is anything known of a call that hands over nothing which is recorded: a text, say, or one of NumPy's functions.
        """
        place, first = record.place, record.time
        for other in reversed(self._now.records[: record.time]):
            if other.place.function == place.function:
                first = other.time
            elif other.place.kind == "argument" and last_name(place.function) in {callee(other.place.target), LAMBDA}:
                return other if self._now.records[first - 1].place.statement == other.place.statement else None
            elif other.place.function == self.subject.function and other.place.kind in GIVES:  # a line before the call
                return None
        return None

    def _still_wrong(self, found: Found) -> int:
        """At how many of its visits a helper's line gives no right quantity, those not counted that are wrong since an earlier one is."""
        put = {(sub.place, sub.visit) for sub in found.substitutes}
        records = self.subject.traced((*self.substitutes, *found.substitutes))[1] if found.substitutes else self._now.records
        visits = [other for other in records if other.place.id == found.record.place.id]
        return sum((o.place.id, o.visit) in put or not self.quantities.recognised(o.value, self.tolerance) for o in visits)

    def _handed_up(self, found: Found) -> Found:
        """The line that hands on what a helper made which it knows by another name, or works with it."""
        helper = found.record.place.function
        later = [r for r in self._now.records[found.record.time :] if r.place.kind in KINDS and r.place.function != helper]
        taken = next((r for r in later if same(r.value, found.record.value, 0.0)), next(iter(later), None))
        if taken is None:
            return found
        for option in self._distinct(self._options(taken), taken):
            tried = self._fewest(taken, option, self._belongs(taken, option))
            if tried is not None and tried.cured >= found.cured:
                return self._up(replace(tried, reads=tuple(self._reads(taken))))
        return found

    def _wrongly_named(self, record: Record) -> bool:
        """Whether a value has the reference's name for another one of its shape at this step."""
        named = list(self.quantities.named(record.name, record.phase)) if record.name else []
        named = [quantity for quantity in named if shape_of(quantity.value) == shape_of(record.value)]
        return bool(named) and not any(same(record.value, quantity.value, self.tolerance) for quantity in named)

    def _does_its_work(self, record: Record) -> bool:
        """Whether a line of a helper does: by its name, or of right values, where another function goes through it that is right."""
        return self._is_given_wrongly(record) or self._gives_what_it_says(record.place.function)

    def _gives_what_it_says(self, function: str) -> bool:
        """Whether a learner's own sigmoid, softmax or tanh, or its derivative, whatever it is called in full, gives what its name says."""
        return any(self._gives(function, works) for works in _said_by(function)[:1])

    def _is_given_wrongly(self, record: Record) -> bool:
        """Whether a line of a helper that is right computes something of right values alone: it is wrong since others are asked for."""
        reads = self._reads(record) if record.place.function in self.subject.at_work else []
        return bool(reads) and all(self._read_right(read) and not same(read.value, record.value, 0.0) for read in reads)

    def _belies_its_name(self, function: str) -> bool:
        """Whether such a helper gives something else."""
        said = _said_by(function)
        return bool(said) and not any(self._gives(function, works) for works in said)

    def _gives(self, function: str, works: Callable[[Any], Any]) -> bool:
        """Whether a helper gives of what it is handed what a function does."""
        name, given = last_name(function), None
        for record in self._now.records:
            if record.place.kind == "argument" and callee(record.place.target) == name:
                given = record.value
            elif record.place.kind == "read" and record.place.function == function and shape_of(given) is None:
                given = record.value  # it was called by another name
            elif record.place.kind == "return" and record.place.function == function and array_of(given) is not None:
                return same(record.value, works(given), _CLOSE)
        return False

    def _into_helper(self, found: Found) -> Found:
        """From a line that hands on what a helper made of right values to the helper's line, if that makes nothing right elsewhere."""
        for made in self._made_equal(found.record):
            if made.place.function != found.record.place.function and made.place.kind != "argument":
                inside = replace(found, record=made, reads=tuple(self._reads(made)))
                if (
                    all(self._read_right(read) for read in inside.reads)
                    and self._wrong_everywhere(made, found)
                    and not self._gives_what_it_says(made.place.function)
                ):
                    return inside
        return found

    def _wrong_everywhere(self, record: Record, found: Found) -> bool:
        """Whether a helper's line gives no right quantity at most of its visits; a line of the same function need not."""
        if record.place.function == found.record.place.function:
            return True
        visits = [other for other in self._now.records if other.place.id == record.place.id]
        wrong = sum(not self.quantities.recognised(other.value, self.tolerance) for other in visits)
        return 2 * wrong > len(visits)

    def _simple(self, function: str) -> bool:
        """Whether a helper has no more than one statement: what it gives is then right if it is some right quantity."""
        if function == self.subject.function or last_name(function) == LAMBDA:
            return function != self.subject.function
        return len({place.statement for place in self.subject.places if place.function == function}) <= 1

    def _given_as_named(self, function: str) -> bool:
        """Whether a helper is called with names that are each like that of its own parameter: then the call is not to blame."""
        names = self.subject.text.signatures.get(function, [])
        given = [
            one for one in self.subject.places if one.kind == "argument" and callee(one.target) == function and one.text.isidentifier()
        ]
        return len(given) > 1 and all(_likest(one.text, names) == parameter(names, one.target) for one in given)

    def _arguments_crossed(self) -> Iterator[Found | None]:
        """Two arguments in each other's place in a call of a helper, where each is named like the other's parameter."""
        known = self.subject.text.signatures
        given = [
            r for r in self._now.records if r.place.kind == "argument" and callee(r.place.target) in known and r.place.text.isidentifier()
        ]
        for one, other in combinations([record for record in given if not record.visit], 2):
            names = known[callee(one.place.target)]
            together = (one.place.statement, one.place.parent) == (other.place.statement, other.place.parent)
            mine, theirs = (parameter(names, record.place.target) for record in (one, other))
            crossed = together and _likest(one.place.text, names) == theirs and _likest(other.place.text, names) == mine
            if crossed and callee(one.place.target) not in FUNCTIONS and shape_of(one.value) == shape_of(other.value) is not None:
                pairs = zip(*([r for r in given if r.place.id == record.place.id] for record in (one, other)), strict=False)
                both = [one for first, second in pairs for one in ((first, second.value), (second, first.value))]
                tried = self._try(one, "swapped", put(both), other.value)
                yield tried and replace(
                    tried, names=(one.place.text, other.place.text), visits=tuple((r.value, right) for r, right in both)
                )

    def _gives_what_is_asked_for(self, place: Place) -> bool:
        """Whether a helper returns the part of a parameter at an index that is a parameter too."""
        given = self.subject.text.signatures.get(place.function, ()) if place.function != self.subject.function else ()
        node = expression_of(place.text.removeprefix("return")) if given else None
        if not isinstance(node, ast.Subscript) or ast.unparse(node.value) not in given:
            return False
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        asked = [part for part in parts if not isinstance(part, ast.Slice)]
        return bool(asked) and all(ast.unparse(part) in {*given, "...", "Ellipsis"} for part in asked)

    def _mostly_wrong(self, record: Record, belongs: Sequence[tuple[Record, Value]]) -> bool:
        """Whether a helper's line is wrong at most of its visits; else those who call it are to blame."""
        visits = sum(other.place.id == record.place.id for other in self._now.records)
        return 2 * len(belongs) > visits


def _said_by(function: str) -> list[Callable[[Any], Any]]:
    """What a helper should do, as its name says: a derivative is one of what the activation gave, or of what it was given."""
    name = last_name(function).lower()
    said = [known for known in _BY_NAME if known in name]
    if len(said) != 1:
        return []
    activation, slope = _BY_NAME[said[0]], _SLOPES.get(said[0]) if _OF_A_SLOPE.search(name) else None
    return [activation] if slope is None else [slope, lambda given: slope(activation(given))]


def _likest(text: str, names: Sequence[str]) -> str | None:
    """The name that a text is like, more than any other; None where it is like none."""
    ratios = sorted(((SequenceMatcher(None, text, name).ratio(), name) for name in names), reverse=True)
    return ratios[0][1] if ratios and ratios[0][0] > (ratios[1][0] if len(ratios) > 1 else 0.0) else None
