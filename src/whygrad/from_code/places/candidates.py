"""Where a mistake may be, the surest places first: keys, loop bounds, indices, arguments of the cell, values that are no right quantity."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.experiment import KINDS, Found, buffer
from whygrad.from_code.observe.subject import Record, array_of, same, shape_of
from whygrad.from_code.places.backwards import Backwards
from whygrad.from_code.slips.loops import Loops
from whygrad.from_code.slips.orders import Orders
from whygrad.from_code.slips.other_way_round import OtherWayRound
from whygrad.from_code.stops.misfits import Misfits
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Value

_NAMED = frozenset(("read", "argument"))
_ATTEMPTS = 40
"""Visits of a place at which its value is found to be like no quantity, but nothing follows from it."""


class Candidates(Backwards, Misfits, Loops, Orders, OtherWayRound):
    """The candidates of one round, each with its experiment made."""

    def _indices(self) -> Iterator[Found | None]:
        """A slice that is written to the wrong step."""
        steps = self._steps()
        backward = self.subject.function.endswith("backward")
        groups: dict[int, list[Record]] = defaultdict(list)
        for record in self._now.records:
            unlike = not self._gives_results() and not np.isscalar(record.value)  # it is no step
            if record.place.kind == "index" and (isinstance(record.value, int) or unlike):
                groups[record.place.id].append(record)
        for records in groups.values() if steps else ():
            times, over = divmod(len(records), steps)
            if not self._gives_results() and len(records) < steps:  # it raises at one of them
                times, over = 1, 0
            if not times or over:
                continue
            right = [step for step in (range(steps)[::-1] if backward else range(steps)) for _ in range(times)]
            for ahead in (0, 1) if self._has_one_step_more(records[0]) else (0,):  # its first slice is what the sequence starts from
                belongs = [step + ahead for step in right]
                wrong = [
                    record
                    for record, step in zip(records, belongs, strict=False)
                    if not isinstance(record.value, int) or record.value != step
                ]
                if wrong:
                    places = [Substitute(records[0].place.id, visit, step) for visit, step in enumerate(belongs)]
                    yield self._try(wrong[0], "index", places, belongs)
        yield from self._stored_a_turn_late() if steps else ()

    def _has_one_step_more(self, index: Record) -> bool:
        """Whether the array that is written to there was made for one step more than the sequence has."""
        name = index.place.target.partition("[")[0]
        made = (record for record in self._now.records[: index.time] if record.place.target == name and buffer(record))
        return any(self._steps() + 1 in (shape_of(record.value) or ()) for record in made)

    def _cannot_be_stored(self) -> Iterator[Found | None]:
        """Where nothing is returned: what is stored at a step that is not there, or does not fit where it is stored."""
        if not self._gives_results():
            yield from self._indices()
            yield from self._does_not_fit()

    def _stored_a_turn_late(self) -> Iterator[Found | None]:
        """A line of the loop that stores at each step what the turn before made, since it stands before the line that makes it."""
        steps, backward = self._steps(), self.subject.function.endswith("backward")
        order = range(steps)[::-1] if backward else range(steps)
        stored: dict[int, list[Record]] = defaultdict(list)
        for record in self._now.records:
            if record.place.kind == "assign" and re.search(r"\[(:|\.\.\.)", record.place.target):
                stored[record.place.id].append(record)
        for name in dict.fromkeys(observed.result_of(name) for name in self._now.wrong if observed.step_of(name) is not None):
            rights = [self.expected.get(observed.at_step(name, step)) for step in order]
            for records in stored.values():
                late = len(records) == steps > 1 and all(
                    same(record.value, before, self.tolerance) for record, before in zip(records[1:], rights, strict=False)
                )
                if late and not same(records[0].value, rights[0], self.tolerance):
                    places = [Substitute(record.place.id, record.visit, right) for record, right in zip(records, rights, strict=True)]
                    yield self._try(records[0], "index", places, rights[0])

    def _certainly_wrong(self) -> Iterator[Found | None]:
        """Arguments of the cell that are known to be wrong, and values that are no right quantity, in the order of the run."""
        tried: set[int] = set()
        attempts: dict[int, int] = defaultdict(int)
        for record in self._now.records:
            place = record.place
            if place.id in tried:
                continue
            if self._of_the_cell(place):
                right = self._argument(record)
                if right is not None and not _stands_for(record.value, right, self.tolerance):
                    tried.add(place.id)
                    yield self._wrong_argument(record, right)
            elif (place.kind in KINDS or place.kind == "right") and attempts[place.id] < _ATTEMPTS and self._suspicious(record):
                attempts[place.id] += 1
                if (options := self._options(record)) and not self._is_a_term_of_one(record, options):
                    tried.add(place.id)
                    yield self._tested(record)

    def _comes_to_nothing(self) -> Iterator[Found | None]:
        """Lines that compute zero from what is not zero: two parts cancel each other, or one is zero at each entry."""
        for record in self._now.records:
            place, value = record.place, array_of(record.value)
            computed = place.kind == "after" or (place.kind in {"assign", "value", "return"} and place.id in self._composed)
            if computed and value is not None and value.ndim and not value.any():
                named = [read for read in self._reads(record) if read.place.kind in _NAMED and read.place.id not in self._composed]
                parts = [array for read in named if (array := array_of(read.value)) is not None]
                if parts and all(part.any() for part in parts):
                    yield self._tested(record)

    def _wrong_argument(self, record: Record, right: Value) -> Found | None:
        """The right arguments at all calls, or only at this one where the later ones are wrong because of it."""
        found = self._try(record, "argument", self._arguments(record.place.id), right)
        alone = None if found is None else self._try(record, "argument", [Substitute(record.place.id, record.visit, right)], right)
        return alone if alone is not None and found is not None and alone.cured >= found.cured else found

    def _suspicious(self, record: Record) -> bool:
        array = array_of(record.value)
        if array is None:
            return False
        if record.place.kind == "target" and self._unpacked_wrongly(record):
            return True
        if not array.ndim:
            if record.phase and record.name in self.quantities.results:
                return True
            return "[:" in record.place.target or "[..." in record.place.target or self._misnamed(record)
        if record.place.kind == "right" and record.place.loops and self.quantities.is_a_share(array, self.tolerance):
            return False
        made_to_be_used = buffer(record) or self._makes_ones(record) or self._rightly_named(record)
        return not made_to_be_used and not self.quantities.recognised(array, self.tolerance)

    def _misnamed(self, record: Record) -> bool:
        """A number (a size, mostly) that the reference calls by the same name and that differs."""
        right = {
            float(np.real(cast("float", q.value)))
            for q in self.quantities.named(record.name, record.phase)
            if isinstance(q.value, (int, float))
        }
        return isinstance(record.value, (int, float)) and bool(right) and float(record.value) not in right

    def _misplaced_by_name(self) -> Iterator[Found | None]:
        """Right quantities under the reference's name of another one."""
        tried: set[int] = set()
        for record in self._now.records:
            shape = shape_of(record.value)
            if record.place.kind not in KINDS or shape is None or record.place.id in tried:
                continue
            named = [q for q in self.quantities.named(record.name, record.phase) if shape_of(q.value) == shape]
            if named and not any(same(record.value, q.value, self.tolerance) for q in named):
                tried.add(record.place.id)
                yield self._tested(record)

    def _misplaced(self) -> Iterator[Found | None]:
        """Right quantities where another one belongs."""
        made = [record for record in self._now.records if record.place.kind in KINDS and array_of(record.value) is not None]
        counts: dict[int, int] = defaultdict(int)
        for record in made:
            counts[record.place.id] += 1
        for strict in (False, True):
            first, last = (6, 12) if strict else (2, 2)
            for record in made:
                chosen = record.visit < first or record.visit >= counts[record.place.id] - last
                if chosen and shape_of(record.value) and not buffer(record):
                    yield self._tested(record, strict=strict)

    def _returned(self) -> Iterator[Found | None]:
        """What is returned under a name, or at a place of the tuple, known to be wrong."""
        for record in sorted(self._now.records, key=lambda record: shape_of(record.value) is None):  # what a list is made into says more
            right = self.result(record)
            if right is not None and not same(record.value, right, self.tolerance):
                yield self._try(record, "value", [Substitute(record.place.id, record.visit, right)], right)

    def _keys(self) -> Iterator[Found | None]:
        """A result under a wrong key, under a key that is written twice in place of two, or under none at all."""
        if not self.subject.function.endswith("backward") or not self._now.observations:
            return
        seen = {observed.result_of(name) for name in self._now.observations}
        seen |= {
            name
            for record in self._now.records
            if (name := self.returned_as(record)) is not None and not same(record.value, self.quantities.results[name], self.tolerance)
        }
        missing = [name for name in self.quantities.results if name not in seen and name in map(observed.result_of, self.expected)]
        for name in missing:
            twice = [*self._written_twice(name), *self._named_twice(name)]
            yield from (found for found in twice if found is None or found.substitutes)
            keyed = [
                record
                for record in self._now.records
                if _keyed(record) and same(record.value, self.quantities.results[name], self.tolerance)
            ]
            another = (
                bool(keyed)
                and keyed[-1].name in {name, f"dict({name})"}
                and not any(observed.result_of(right) in self.quantities.results for right in self._now.right)
            )
            returns = (record for record in self._now.records if record.place.kind == "return")
            returned = [record for record in returns if record.place.function == self.subject.function] if another else []
            if returned:
                yield Found(returned[-1], "key", name, None, (), frozenset(self.quantities.results))
            if keyed and not (twice and keyed[-1].place.kind == "element"):  # whose keys come from what it goes over
                yield Found(keyed[-1], "key", name, None, (), frozenset({name, keyed[-1].name}))
            yield from twice
        if 0 < len(missing) < len(self.quantities.results):
            self._leave_out(missing)
            self.absent += missing

    def _written_twice(self, name: str) -> Iterator[Found | None]:
        """Of keys that are written side by side, one that stands there twice where the key of this result belongs."""
        beside: dict[tuple[int, int], list[tuple[str, Record]]] = defaultdict(list)
        for record in self._now.records:
            text = isinstance(record.value, str)  # a gate's letter, in one of several tuples perhaps
            key = record.value if text else record.place.target.strip("'\"")
            if record.place.kind == "value" and not key.isdigit():
                beside[record.place.statement, -1 if text else record.place.parent].append((key, record))
        for group in beside.values():
            keys = [key for key, _ in group]
            for key, record in group:
                twin = name[-len(key) :]
                places = {other.place.id for same_key, other in group if same_key == key}
                if len(places) > 1 and twin not in keys and len(twin) == len(key) and _one_letter(key, twin):
                    if isinstance(record.value, str):
                        yield self._try(record, "twice", [Substitute(record.place.id, None, twin)], key)
                    elif record is self._meant(twin, [other for same_key, other in group if same_key == key and not other.visit]):
                        yield Found(record, "twice", key, None, (), frozenset({name, name[: -len(key)] + key}))

    def _named_twice(self, name: str) -> Iterator[Found]:
        """A call, tuple or list of names in which one stands twice where that of this result belongs."""
        for place in self.subject.places:
            for names in _names_side_by_side(place.text) if place.kind in {"assign", "return", "loop"} else ():
                for key, times in Counter(names).items():
                    if times > 1 and name not in names and len(key) == len(name) and _one_letter(key, name):
                        yield Found(Record(place, 0, None, 0, 0, key), "twice", key, None, (), frozenset({name, key}))

    def _meant(self, twin: str, alike: Sequence[Record]) -> Record | None:
        """Of the places with one key, that whose value belongs under the twin; the last where the values do not tell."""
        own = re.compile(rf"(d|dW|db|dz|z)?{re.escape(twin)}c?t?")
        for record in alike:
            if any(own.fullmatch(quantity.name) for quantity in self.quantities.equal(record.value, self.tolerance)):
                return record
        return alike[-1] if alike else None


@lru_cache(maxsize=2_000)
def _names_side_by_side(text: str) -> list[list[str]]:
    """The texts that are written out in each call, tuple and list of a line."""
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError):
        return []
    shown = [node.args if isinstance(node, ast.Call) else getattr(node, "elts", []) for node in ast.walk(tree)]
    return [[part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)] for parts in shown]


def _one_letter(key: str, twin: str) -> bool:
    """Whether two keys of one length differ in one letter, as those of two gates do."""
    return sum(one != other for one, other in zip(key, twin, strict=True)) == 1


def _keyed(record: Record) -> bool:
    """Whether a value is put under a key, which a slice is not."""
    place = record.place
    shown = place.kind == "value" and not place.target.isdigit()
    stored = place.kind in {"assign", "target"} and "[" in place.target and not re.search(r"\[[^\]\"']*(:|\.\.\.)", place.target)
    return shown or stored or place.target.startswith("dict(") or place.kind == "element"


def _stands_for(value: Value, right: Value, tolerance: float) -> bool:
    """Whether a value is the right one, or a number that is each of its entries."""
    number, array = array_of(value), array_of(right)
    if number is not None and array is not None and not number.ndim:
        return same(np.broadcast_to(number, array.shape), array, tolerance)
    return same(value, right, tolerance)
