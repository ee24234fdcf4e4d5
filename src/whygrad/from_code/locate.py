"""Find the lines by experiment: put the right value at a place, run on, and see which observations come right.

One mistake a round. Candidates are loop bounds, the arguments of the cell's calls, values that are no right quantity at all, then right
quantities in the wrong place; each with the few quantities that the place can stand for. From the place that cures, the search goes back
along the values that the line reads, as long as an earlier place cures as much. Copies of a value find memory that two names share.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from whygrad.from_code.spelled import kind_of
from whygrad.from_code.subject import EXACT, SINGLE, Observations, Record, Subject, array_of, same, shape_of
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.quantities import Quantities, Quantity
    from whygrad.sandbox.requests import Value

How = Literal["loop", "argument", "value", "index", "copy", "unfilled", "key"]
_KINDS = frozenset(("assign", "target", "after", "element", "value", "return"))
_ROUNDS = 6
"""Mistakes that are looked for in one function."""
_OPTIONS = 5
"""Quantities that are tried at one place."""
_EQUAL = 3
"""Earlier places with the very same value that are looked at."""
_ATTEMPTS = 40
"""Visits of a place at which its value is found to be like no quantity, but nothing follows from it."""
_MOST_RUNS = 600
_DEPTH = 10
_THROUGH = 4
"""Values in a row that are like no quantity, through which the search goes back."""
_HALF = 0.34
"""A place plays a quantity's part if so much of what either moves, both move alike."""
_NAME = 0.2
"""What it counts that a place has the reference's name for a quantity."""
_SAME_RESULTS = 0.4
"""It may play its part too if both move the same results, though by other amounts (behind a tanh they do)."""


@dataclass(frozen=True)
class Found:
    """A place whose value is to blame: the first visit at which it differs, what belongs there, and the substitutes that cure it.

    ``inputs`` tells whether all that the line reads is right, ``base`` the values of the run in which it was found.
    """

    record: Record
    how: How
    right: Value
    quantity: Quantity | None
    substitutes: tuple[Substitute, ...]
    cured: frozenset[str]
    inputs: bool = False
    reads: tuple[Record, ...] = ()
    visits: tuple[tuple[Value, Value], ...] = ()


@dataclass
class _Round:
    """One run of the program as mended so far."""

    observations: Observations
    records: list[Record]
    right: frozenset[str]
    wrong: frozenset[str]
    options: dict[int, list[Quantity]] = field(default_factory=dict[int, "list[Quantity]"])


class Search:
    """The search in one function."""

    def __init__(self, subject: Subject, quantities: Quantities) -> None:
        self.subject, self.quantities = subject, quantities
        self.expected = quantities.observations
        self.found: list[Found] = []
        self.substitutes: tuple[Substitute, ...] = ()
        self.tolerance = EXACT
        self.complete = False
        self._round: _Round | None = None
        self._last: list[Record] = []

    def run(self) -> list[Found]:
        """All mistakes, in the order in which they stand in the code; ``complete`` tells whether all results come right with them."""
        for _ in range(_ROUNDS):
            self._round = self._look()
            if not self._round.wrong:
                break
            found = self._next()
            self._last = self._now.records
            if found is None:
                break
            self._keep(found)
            self.substitutes += found.substitutes
            if found.how == "key":
                break
        self.complete = self._round is not None and not self._look().wrong
        if self.complete:
            self._drop()
        return self.found

    def _keep(self, found: Found) -> None:
        """Two findings at one place are one, and so are several names that are unpacked at once."""
        place = found.record.place
        for number, other in enumerate(self.found):
            together = other.record.place.kind == place.kind == "target" and other.record.place.statement == place.statement
            if other.record.place.id == place.id or together:
                self.found[number] = replace(other, substitutes=(*other.substitutes, *found.substitutes), visits=(*other.visits, *found.visits))
                return
        self.found.append(found)

    # -- one round ------------------------------------------------------------------------------------------------------

    def _look(self) -> _Round:
        observations, records, _ = self.subject.traced(self.substitutes)
        if any(getattr(record.value, "dtype", None) == np.float32 for record in records):
            self.tolerance = SINGLE
        right = self._right(observations)
        return _Round(observations, records, right, frozenset(name for name in self.expected if not name.startswith("call ")) - right)

    def _right(self, observations: Observations) -> frozenset[str]:
        return frozenset(
            name for name, value in self.expected.items() if name in observations and same(observations[name], value, self.tolerance)
        )

    def _next(self) -> Found | None:
        """The next mistake: the first candidate that cures something and spoils nothing, followed back to where it comes from."""
        for candidates in (self._keys, self._loops, self._indices, self._certainly_wrong, self._aliases, self._returned, self._misplaced):
            for found in candidates():
                if found is not None:
                    return self._back(found)
                if self.subject.runs > _MOST_RUNS:
                    return None
        return None

    @property
    def _now(self) -> _Round:
        assert self._round is not None  # noqa: S101 - set before it is asked for
        return self._round

    def _try(self, record: Record, how: How, substitutes: Sequence[Substitute], right: Value, quantity: Quantity | None = None) -> Found | None:
        if not substitutes:
            return None
        cured = self._right(self.subject.run((*self.substitutes, *substitutes)))
        now = self._now.right
        if not cured > now and not (len(cured - now) > 3 * len(now - cured) and not any(not name.startswith("call") for name in now - cured)):
            return None
        return Found(record, how, right, quantity, tuple(substitutes), cured - now)

    # -- candidates -----------------------------------------------------------------------------------------------------

    def _loops(self) -> Iterator[Found | None]:
        """A loop over steps that begins or ends in the wrong place or has the wrong length."""
        steps = self._steps()
        for record in self._first_visits("loop"):
            bounds = cast("list[int]", record.value)
            if not isinstance(bounds, list) or not all(isinstance(step, int) for step in bounds):
                continue
            for right in (list(range(steps))[::-1], list(range(steps))):
                near = self._over_steps(record)
                if near and bounds != right and set(bounds) != set(right):
                    yield self._try(record, "loop", [Substitute(record.place.id, None, right)], right)
                elif near and bounds == right[::-1]:
                    found = self._try(record, "loop", [Substitute(record.place.id, None, right)], right)
                    yield found if found is not None and self._now.wrong <= found.cured else None

    def _over_steps(self, record: Record) -> bool:
        """Whether the cell is called within a loop."""
        body = [place for place in self.subject.places if place.statement > record.place.statement and place.function == record.place.function]
        calls = [place for place in body if place.id in self.subject.last_arguments]
        return bool(calls) and self.subject.cell != self.subject.function and calls[0].column > 1

    def _steps(self) -> int:
        steps = {int(name.rsplit(" ", 1)[1]) for name in self.expected if " at step " in name}
        return len(steps)

    def _indices(self) -> Iterator[Found | None]:
        """A slice that is written to the wrong step."""
        steps = self._steps()
        backward = self.subject.function.endswith("backward")
        groups: dict[int, list[Record]] = defaultdict(list)
        for record in self._now.records:
            if record.place.kind == "index" and isinstance(record.value, int):
                groups[record.place.id].append(record)
        for records in groups.values():
            if len(records) != steps:
                continue
            right = list(range(steps))[::-1] if backward else list(range(steps))
            if [record.value for record in records] != right:
                places = [Substitute(record.place.id, record.visit, step) for record, step in zip(records, right, strict=True)]
                yield self._try(records[0], "index", places, right)

    def _certainly_wrong(self) -> Iterator[Found | None]:
        """Arguments of the cell that are known to be wrong, and values that are no right quantity, in the order of the run."""
        tried: set[int] = set()
        attempts: dict[int, int] = defaultdict(int)
        for record in self._now.records:
            place = record.place
            if place.id in tried:
                continue
            if place.kind == "argument" and place.target.startswith(f"{self.subject.cell}(") and self.subject.cell != self.subject.function:
                right = self._argument(record)
                if right is not None and not same(record.value, right, self.tolerance):
                    tried.add(place.id)
                    yield self._wrong_argument(record, right)
            elif place.kind in _KINDS and attempts[place.id] < _ATTEMPTS and self._suspicious(record):
                attempts[place.id] += 1
                if self._options(record):
                    tried.add(place.id)
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
            return "[:" in record.place.target or "[..." in record.place.target or self._misnamed(record)
        return not self.quantities.recognised(array, self.tolerance) and not _buffer(record)

    def _unpacked_wrongly(self, record: Record) -> bool:
        """An entry of a cache under the course's name for another one."""
        named = [quantity for quantity in self.quantities.named(record.name, record.phase) if quantity.record.place.kind == "target"]
        return bool(named) and not any(same(record.value, quantity.value, self.tolerance) for quantity in named)

    def _misnamed(self, record: Record) -> bool:
        """A number (a size, mostly) that the reference calls by the same name and that differs."""
        right = {float(np.real(cast("float", q.value))) for q in self.quantities.named(record.name, record.phase) if isinstance(q.value, (int, float))}
        return isinstance(record.value, (int, float)) and bool(right) and float(record.value) not in right

    def _misplaced(self) -> Iterator[Found | None]:
        """Right quantities where another one belongs: those with the reference's name first."""
        made = [record for record in self._now.records if record.place.kind in _KINDS and array_of(record.value) is not None]
        tried: set[int] = set()
        for record in made:
            named = [q for q in self.quantities.named(record.name, record.phase) if shape_of(q.value) == shape_of(record.value)]
            if named and record.place.id not in tried and not any(same(record.value, q.value, self.tolerance) for q in named):
                tried.add(record.place.id)
                yield self._tested(record)
        counts: dict[int, int] = defaultdict(int)
        for record in made:
            counts[record.place.id] += 1
        for strict in (False, True):
            first, last = (6, 12) if strict else (2, 2)
            for record in made:
                chosen = record.visit < first or record.visit >= counts[record.place.id] - last
                if chosen and shape_of(record.value) and not _buffer(record):
                    yield self._tested(record, strict=strict)

    def _returned(self) -> Iterator[Found | None]:
        """What is returned under a name, or at a place of the tuple, known to be wrong."""
        for record in self._now.records:
            right = self.result(record)
            if right is not None and not same(record.value, right, self.tolerance):
                yield self._try(record, "value", [Substitute(record.place.id, record.visit, right)], right)

    def result(self, record: Record) -> Value | None:
        """The right result that a record is returned as; None where it is none."""
        place, results = record.place, self.quantities.results
        if place.kind == "value" and place.target.isdigit():
            entry = self._cache_entry(record)
            if entry is not None:
                return entry
            parent = self.subject.places[place.parent] if place.parent >= 0 else None
            mine = parent is not None and parent.kind == "return" and parent.function == self.subject.function
            return results.get(place.target) if mine and self.subject.function.endswith("forward") else None
        if place.kind == "argument" and place.target.startswith("dict("):
            return results.get(place.target[len("dict(") : -1])
        if place.kind == "value" or (place.kind == "assign" and "[" in place.target and record.phase == len(self.quantities.calls)):
            return results.get(record.name)
        return None

    def _cache_entry(self, record: Record) -> Value | None:
        """The right entry of the cache that a cell makes, where a tuple of its length is written out; the parameters are left out."""
        if not self.subject.function.endswith("cell_forward"):
            return None
        cache = cast("tuple[Value, ...]", self.quantities.tables[0].reply.value[-1])
        beside = sum(place.kind == "value" and place.parent == record.place.parent and place.statement == record.place.statement for place in self.subject.places)
        number = int(record.place.target)
        return cache[number] if beside == len(cache) and number < len(cache) - 1 else None

    def _keys(self) -> Iterator[Found | None]:
        """A right result under a wrong key."""
        missing = [name for name in self.quantities.results if not any(seen.partition(" at ")[0] == name for seen in self._now.observations)]
        for name in missing if self.subject.function.endswith("backward") else ():
            keyed = [record for record in self._now.records if _keyed(record) and same(record.value, self.quantities.results[name], self.tolerance)]
            if keyed:
                yield Found(keyed[-1], "key", name, None, (), frozenset({name}))

    def _aliases(self) -> Iterator[Found | None]:
        """A value that is right when it is made and changes afterwards, because two names share its memory: its own copy cures."""
        places: dict[int, Record] = {}
        for record in self._now.records:
            if record.place.kind in {"assign", "target", "value", "argument", "element"} and isinstance(record.value, np.ndarray):
                places.setdefault(record.place.id, record)
        for record in sorted(places.values(), key=lambda record: record.place.kind not in {"assign", "target"}):
            right_side = record.place.text.partition("=")[2] if record.place.kind == "assign" else record.place.text
            if "(" not in right_side and not any(sign in right_side for sign in "+*/"):
                yield self._try(record, "copy", [Substitute(record.place.id, None, copy=True)], record.value)

    # -- what belongs at a place ----------------------------------------------------------------------------------------

    def _tested(self, record: Record, *, strict: bool = False) -> Found | None:
        """Put at the record's place, at each of its visits, what belongs there; None where it is right or nothing is cured."""
        options = self._options(record)
        if not strict and self._right_there(record, options):
            return None
        for option in self._distinct(options, record):
            belongs = self._belongs(record, option, strict=strict)
            found = self._fewest(record, option, belongs)
            if found is not None:
                return found
        return None

    def _fewest(self, record: Record, option: Quantity, belongs: Sequence[tuple[Record, Value]]) -> Found | None:
        """The substitutes at all wrong visits, or only at this one if the others are wrong because of it."""
        found = self._try(record, "value", _put(belongs), option.value, option)
        if found is None:
            return None
        if len(belongs) > 1:
            own = [pair for pair in belongs if pair[0] is record]
            alone = self._try(record, "value", _put(own), option.value, option)
            if alone is not None and alone.cured >= found.cured:
                found, belongs = alone, own
        return replace(found, visits=tuple((visit.value, right) for visit, right in belongs))

    def _distinct(self, options: Iterable[Quantity], record: Record) -> list[Quantity]:
        chosen: list[Quantity] = []
        for option in options:
            if same(record.value, option.value, self.tolerance) or any(same(option.value, other.value, self.tolerance) for other in chosen):
                continue
            chosen.append(option)
        return chosen[:_OPTIONS]

    def _options(self, record: Record) -> list[Quantity]:
        """The quantities that a place can stand for, likeliest first: those that move the results as it does."""
        if record.time in self._now.options:
            return self._now.options[record.time]
        value = array_of(record.value)
        if value is None:
            return []
        if not value.ndim and "[" not in record.place.target:
            return list(self.quantities.named(record.name, record.phase))
        moved = self.subject.response(record, self.substitutes, self._now.observations)
        phase = record.phase if self.subject.cell != self.subject.function and self.quantities.calls else None
        scored = self._scored(record, moved, self.quantities.like(value.shape, phase)) if moved else []
        if moved and not (value.ndim and (scored or self.quantities.recognised(value, self.tolerance))):
            scored = self._scored(record, moved, self.quantities.made(value.shape, phase))
        elif moved and scored and not self.quantities.recognised(value, self.tolerance) and self._no_response_fits(scored[0], moved):
            scored = [*self._scored(record, moved, self.quantities.made(value.shape, phase))[:2], *scored]
        if record.place.kind == "target" and self._unpacked_wrongly(record):
            scored = [*self.quantities.named(record.name, record.phase), *scored]
        self._now.options[record.time] = scored
        return scored

    def _no_response_fits(self, best: Quantity, moved: Observations) -> bool:
        return not _alike(moved, best.table.response(best.record), self.tolerance)

    def _scored(self, record: Record, moved: Observations, quantities: Iterable[Quantity]) -> list[Quantity]:
        """The quantities that move the results as the record does, or at least the same results."""
        scored: list[tuple[float, bool, bool, bool, int, Quantity]] = []
        for quantity in quantities:
            response = quantity.table.response(quantity.record)
            share = _alike(moved, response, self.tolerance) or (_SAME_RESULTS if moved.keys() == response.keys() else 0.0)
            if share >= _HALF:
                share = min(1.0, share + _NAME) if quantity.made and quantity.name == record.name else share
                other = quantity.record.place.function != self.subject.function
                scored.append((-share, quantity.name != record.name, other, not quantity.made, len(scored), quantity))
        scored.sort(key=lambda entry: entry[:5])
        return [entry[-1] for entry in scored if entry[0] <= 0.99 * scored[0][0]]

    def _right_there(self, record: Record, options: Sequence[Quantity]) -> bool:
        """Whether a record holds what belongs there: one of the options, the one of its own name if there is one."""
        made = [option for option in options if option.made]
        named = [option for option in made if option.name == record.name]
        return any(same(record.value, option.value, self.tolerance) for option in named or made or options)

    def _belongs(self, record: Record, option: Quantity, *, strict: bool = False) -> list[tuple[Record, Value]]:
        visits = [other for other in self._now.records if other.place.id == record.place.id]
        alike = len(visits) == option.visits
        wrong: list[tuple[Record, Value]] = []
        for visit in visits:
            there: Quantity | None = option if visit is record else None
            if there is None and alike:
                there = option.at(visit.visit - record.visit)
            elif there is None and len(visits) <= 60:  # noqa: PLR2004 - a helper that serves all gates at all steps
                choices = self._options(visit)
                there = None if not strict and self._right_there(visit, choices) else _sibling(option, choices)
            if there is not None and not same(visit.value, there.value, self.tolerance):
                wrong.append((visit, there.value))
        return wrong

    def _argument(self, record: Record) -> Value | None:
        """The right argument of the cell at this call, None where it is unknown."""
        slot = self._slot(record.place.target)
        calls = self.quantities.calls
        if slot is None or record.phase >= len(calls) or slot >= len(calls[record.phase]):
            return None
        return calls[record.phase][slot]

    def _slot(self, target: str) -> int | None:
        from whygrad.from_code.parts import ARGUMENTS  # noqa: PLC0415 - the one use

        inside = target.rpartition("(")[2].rstrip(")")
        names = ARGUMENTS.get(self.subject.cell, ())
        return int(inside) if inside.isdigit() else names.index(inside) if inside in names else None

    def _arguments(self, place: int) -> list[Substitute]:
        found: list[Substitute] = []
        for record in self._now.records:
            if record.place.id == place:
                right = self._argument(record)
                if right is not None and not same(record.value, right, self.tolerance):
                    found.append(Substitute(place, record.visit, right))
        return found

    # -- backwards ------------------------------------------------------------------------------------------------------

    def _back(self, found: Found) -> Found:
        """Go back along what the line reads as long as an earlier place cures as much."""
        if found.how in {"loop", "index", "copy", "key"}:
            return replace(found, inputs=True)
        for _ in range(_DEPTH):
            reads = self._reads(found.record)
            earlier = self._passed_on(found) or self._behind(found.record, found, _THROUGH)
            if earlier is None:
                right = all(self._read_right(read) for read in reads)
                if not right:
                    return self._unexplained(found, _THROUGH)
                return self._unfilled(self._up(replace(found, inputs=right, reads=tuple(reads))))
            found = earlier
        return found

    def _read_right(self, read: Record) -> bool:
        """Whether something read is a right quantity; of what is computed within the line only the parts count."""
        return read.place.id in self._composed or self.quantities.recognised(read.value, self.tolerance)

    @cached_property
    def _composed(self) -> frozenset[int]:
        """The places that have others within them."""
        return frozenset(place.parent for place in self.subject.places if place.kind != "index")

    def _passed_on(self, found: Found) -> Found | None:
        """Where the place only hands on what a name holds: the line that gave it to the name."""
        rights = {(sub.place, sub.visit): sub.value for sub in found.substitutes}
        substitutes: dict[tuple[int, int], Substitute] = {}
        first: Record | None = None
        for record in self._now.records:
            if record.place.id == found.record.place.id and (record.place.id, record.visit) in rights:
                made = self._written(record)
                if made is None or (first is not None and made.place.id != first.place.id):
                    return None
                if not (_buffer(made) and found.how == "argument") and not self._may_be_blamed(made):
                    return None
                if self._rightly_named(made):
                    return None
                first = first or made
                right = rights[record.place.id, record.visit]
                substitutes[made.place.id, made.visit] = Substitute(made.place.id, made.visit, right)
        if first is None:
            return None
        tried = self._try(first, "value", tuple(substitutes.values()), next(iter(substitutes.values())).value, found.quantity)
        if tried is None or not tried.cured >= found.cured:
            return None
        values = {(record.place.id, record.visit): record.value for record in self._now.records}
        return replace(tried, visits=tuple((values[key], sub.value) for key, sub in substitutes.items()))

    def _rightly_named(self, made: Record) -> bool:
        """Whether a value has the reference's name for it: then whoever reads it meant another."""
        named = [quantity for phase in range(made.phase + 1) for quantity in self.quantities.named(made.name, phase)]
        return any(same(made.value, quantity.value, self.tolerance) for quantity in named) and bool(np.any(made.value))

    def _may_be_blamed(self, record: Record) -> bool:
        """An array that is made to be filled is not; an entry of a cache that is unpacked is if the course's name says so."""
        if _buffer(record):
            return False
        if record.place.kind != "target" or not self.quantities.recognised(record.value, self.tolerance):
            return True
        if any(other.kind in {"part", "value", "argument"} for other in self.subject.places if other.statement == record.place.statement):
            return True
        named = list(self.quantities.named(record.name, record.phase))
        return bool(named) and not any(same(record.value, quantity.value, self.tolerance) for quantity in named)

    def _up(self, found: Found) -> Found:
        """From a helper's line that is right at most of its visits, or in a helper that does what its name says, to the line that calls it."""
        place = found.record.place
        if place.function == self.subject.function or found.how != "value":
            return found
        visits = sum(other.place.id == place.id for other in self._now.records)
        if 2 * len(found.substitutes) > visits and not self._does_its_work(place.function):
            return found
        for call in reversed(self._now.records[: found.record.time]):
            if call.place.kind == "argument" and call.place.function != place.function and _callee(call.place.target) == _last(place.function):
                later = self._now.records[found.record.time :]
                whole = next((record for record in later if record.place.statement == call.place.statement and record.place.kind in _KINDS), call)
                options = self._options(whole)
                right = options[0].value if options else None
                return replace(found, record=whole, right=right, quantity=options[0] if options else None, reads=tuple(self._reads(whole)))
        return found

    def _does_its_work(self, function: str) -> bool:
        """Whether a learner's own sigmoid or softmax gives what its name says."""
        name, given = _last(function), None
        if name not in {"sigmoid", "softmax"}:
            return False
        for record in self._now.records:
            if record.place.kind == "argument" and _callee(record.place.target) == name:
                given = record.value
            elif record.place.kind == "return" and record.place.function == function and array_of(given) is not None:
                return same(record.value, HELPERS[name](given))
        return False

    def _unfilled(self, found: Found) -> Found:
        """Where a result is handed out that nothing was ever written to: the call that makes its values, or the line that made its array."""
        if found.how == "argument":
            return found
        for read in (found.record, *found.reads):
            for made in self._now.records[: found.record.time]:
                name = made.place.target
                if made.place.kind == "assign" and _buffer(made) and (read.place.text == name or read.place.text.startswith(f"{name}[")):
                    written = [p for p in self.subject.places if p.kind in {"assign", "target", "after"} and p.id != made.place.id and p.function == made.place.function]
                    if not any(place.target == name or place.target.startswith(f"{name}[") for place in written):
                        calls = [record for record in self._now.records if record.place.id in self.subject.last_arguments]
                        return replace(found, record=calls[0] if calls else made, how="unfilled", right=name)
        return found

    def _behind(self, record: Record, found: Found, depth: int) -> Found | None:
        """An earlier place that cures as much, looked for through values that no quantity is like (a stack in an order of its own)."""
        for source in self._sources(record, self._reads(record)):
            earlier = self._earlier(source, found)
            if earlier is None and depth and not self.quantities.recognised(source.value, self.tolerance):
                earlier = self._behind(source, found, depth - 1)
            if earlier is not None:
                return earlier
        return None

    def _earlier(self, record: Record, found: Found) -> Found | None:
        if not self._may_be_blamed(record):
            return None
        options = self._options(record)
        if not options or self._right_there(record, options):
            return None
        elsewhere = record.place.function != found.record.place.function
        if elsewhere and self._simple(record.place.function) and self.quantities.recognised(record.value, self.tolerance):
            return None
        for option in self._distinct(options, record):
            belongs = self._belongs(record, option)
            if elsewhere and not self._mostly_wrong(record, belongs):
                return None
            tried = self._fewest(record, option, belongs)
            if tried is not None and tried.cured >= found.cured and (tried.cured > found.cured or self._likelier(record, found)):
                return tried
        return None

    def _unexplained(self, found: Found, depth: int) -> Found:
        """The line behind, whose inputs are right and whose value is like no quantity; what belongs there is not known."""
        reads = self._reads(found.record)
        wrong = [source for source in self._sources(found.record, reads) if not self.quantities.recognised(source.value, self.tolerance)]
        wrong = [source for source in wrong if self._may_be_blamed(source)]
        if not wrong:
            return self._up(replace(found, reads=tuple(reads)))
        behind = replace(found, record=wrong[0], right=None, quantity=None, visits=())
        reads = self._reads(wrong[0])
        if all(self._read_right(read) for read in reads):
            behind = self._into_helper(replace(behind, reads=tuple(reads), inputs=True))
            return self._up(behind) if self._wrong_everywhere(behind.record, found) else self._up(found)
        further = self._unexplained(behind, depth - 1) if depth else behind
        return further if further is not behind and further.inputs else self._up(found)

    def _into_helper(self, found: Found) -> Found:
        """From a line that hands on what a helper made of right values to the helper's line, if that makes nothing right elsewhere."""
        for made in self._made_equal(found.record):
            if made.place.function != found.record.place.function and made.place.kind != "argument":
                inside = replace(found, record=made, reads=tuple(self._reads(made)))
                if all(self._read_right(read) for read in inside.reads) and self._wrong_everywhere(made, found) and not self._does_its_work(made.place.function):
                    return inside
        return found

    def _wrong_everywhere(self, record: Record, found: Found) -> bool:
        """Whether a helper's line gives no right quantity at most of its visits; a line of the same function need not."""
        if record.place.function == found.record.place.function:
            return True
        visits = [other for other in self._now.records if other.place.id == record.place.id]
        wrong = sum(not self.quantities.recognised(other.value, self.tolerance) for other in visits)
        return 2 * wrong > len(visits)

    def _likelier(self, record: Record, found: Found) -> bool:
        """Whether an earlier place that cures just as much is to blame rather than the line found.

        It is not where the line makes something that is no quantity out of right ones, unless the earlier value stands under two names.
        """
        known = self.quantities.recognised
        line_is_odd = not known(found.record.value, self.tolerance) and all(self._read_right(read) for read in self._reads(found.record))
        if record.place.kind == "argument":
            return not known(record.value, self.tolerance)
        if not line_is_odd or not known(record.value, self.tolerance):
            return True
        named = list(self.quantities.named(record.name, record.phase))
        if named:
            return not any(same(record.value, quantity.value, self.tolerance) for quantity in named)
        return any(
            other.place.kind in {"assign", "target"}
            and other.place.function == record.place.function
            and other.place.statement != record.place.statement
            and other.name != record.name
            and same(other.value, record.value)
            for other in self._now.records
        )

    def _simple(self, function: str) -> bool:
        """Whether a helper has no more than one statement: what it gives is then right if it is some right quantity."""
        return function != self.subject.function and len({place.statement for place in self.subject.places if place.function == function}) <= 1

    def _mostly_wrong(self, record: Record, belongs: Sequence[tuple[Record, Value]]) -> bool:
        """Whether a helper's line is wrong at most of its visits; else those who call it are to blame."""
        visits = sum(other.place.id == record.place.id for other in self._now.records)
        return 2 * len(belongs) > visits

    def _reads(self, record: Record) -> list[Record]:
        """What the line read to compute a record: the reads and arguments of its statement since its visit before."""
        mine: list[Record] = []
        for other in reversed(self._now.records[: record.time]):
            if other.place.id == record.place.id:
                break
            if other.place.kind in {"read", "argument", "before", "part", "element", "value"} and self._belongs_to(other, record):
                mine.append(other)
        return mine[::-1] or ([record] if record.place.kind in _KINDS and record.place.id not in self._composed else [])

    def _belongs_to(self, other: Record, record: Record) -> bool:
        if record.place.kind in {"value", "argument", "element"}:
            parent = other.place.parent
            while parent >= 0 and parent != record.place.id:
                parent = self.subject.places[parent].parent
            return parent == record.place.id
        return other.place.statement == record.place.statement

    def _sources(self, record: Record, reads: Sequence[Record]) -> Iterator[Record]:
        """The earlier places that the record's own value, or one that it read, comes from: by name, and by equal value."""
        seen = {record.place.id}
        for wanted, read in ((record, False), *((read, True) for read in reads)):
            value = array_of(wanted.value)
            if value is None or not value.ndim:
                continue
            itself = [wanted] if read and wanted.place.kind in _KINDS else []
            written = self._written(wanted) if read or record.place.id not in self._composed or record.place.kind in {"value", "argument", "element"} else None
            for other in (*itself, *([written] if written else ()), *self._made_equal(wanted)):
                if other.place.id not in seen:
                    seen.add(other.place.id)
                    yield other
        for other in self._given(record):
            if other.place.id not in seen and not self.quantities.recognised(other.value, self.tolerance):
                yield other

    def _given(self, record: Record) -> list[Record]:
        """The arguments with which the helper was called in which a record stands."""
        name, given = _last(record.place.function), list[Record]()
        if record.place.function == self.subject.function:
            return given
        for other in reversed(self._now.records[: record.time]):
            if other.place.kind == "argument" and _callee(other.place.target) == name:
                if given and other.place.statement != given[0].place.statement:
                    break
                given.append(other)
        return given

    def _written(self, read: Record) -> Record | None:
        """The last record before a read of what is assigned to the name that it reads, or to the name of which it reads a part."""
        text = read.place.text
        if read.place.kind == "assign":
            text = text.partition("=")[2].strip()
        for names in ({text}, {text.partition("[")[0]}):
            for other in reversed(self._now.records[: read.time]):
                near = other.place.function == read.place.function or text.startswith("self.")
                if not near or other.place.kind not in {"assign", "target", "after"} or other.place.id == read.place.id:
                    continue
                if not names.isdisjoint(other.place.target.split(" = ")) or other.place.target.startswith(f"{text}["):
                    return other if shape_of(other.value) is not None else None
        return None

    def _made_equal(self, wanted: Record) -> list[Record]:
        """The last records before ``wanted`` with the very same value."""
        value = array_of(wanted.value)
        found: list[Record] = []
        if value is None or not value.any():
            return found
        for other in reversed(self._now.records[: wanted.time]):
            handed = other.place.kind == "argument" and other.place.function != wanted.place.function
            if (handed or other.place.kind in _KINDS) and other.place.id != wanted.place.id and shape_of(other.value) == value.shape:
                if np.array_equal(cast("float", other.value), value, equal_nan=True):
                    found.append(other)
        return found[:_EQUAL]

    def scope(self, record: Record) -> dict[str, Value]:
        """The arrays that had a name in the record's function when it was made, by the texts under which they were assigned or read."""
        found: dict[str, Value] = {}
        for other in self._last[: record.time]:
            if other.place.function == record.place.function and shape_of(other.value):
                if other.place.kind in {"assign", "target", "after"} and "[:" not in other.place.target:
                    found[other.place.target] = other.value
                elif other.place.kind == "read":
                    found[other.place.text] = other.value
        entries = next((value for value in self.quantities.tables[0].parameters() if value), {})
        for text in list(found):
            base, _, key = text.rpartition("[")
            if key.strip("]'\"") in entries:
                found |= {f'{base}["{other}"]': value for other, value in entries.items()}
        return found

    # -- the end --------------------------------------------------------------------------------------------------------

    def _first_visits(self, kind: str) -> Iterator[Record]:
        return (record for record in self._now.records if record.place.kind == kind and record.visit == 0)

    def _drop(self) -> None:
        """Leave out each finding without which all results are right as well."""
        for found in list(self.found):
            rest = tuple(sub for other in self.found if other is not found for sub in other.substitutes)
            if len(self.found) > 1 and self._results_right(self.subject.run(rest)):
                self.found.remove(found)
        self.found.sort(key=lambda found: found.record.place.id)

    def _results_right(self, observations: Observations) -> bool:
        right = self._right(observations)
        return all(name in right for name in self.expected if not name.startswith("call "))


def _sibling(option: Quantity, choices: Sequence[Quantity]) -> Quantity | None:
    """Of the choices for another visit, the one that is to its gate what ``option`` is to its own."""
    return next((choice for choice in choices if kind_of(choice.name) == kind_of(option.name)), next(iter(choices), None))


def _keyed(record: Record) -> bool:
    place = record.place
    shown = place.kind == "value" and not place.target.isdigit()
    return shown or (place.kind == "assign" and "[" in place.target) or place.target.startswith("dict(") or place.kind == "element"


def _last(function: str) -> str:
    return function.split(".")[-1]


def _callee(target: str) -> str:
    """The function's name in the target of an argument."""
    return target.rpartition("(")[0].split(".")[-1]


def _put(belongs: Sequence[tuple[Record, Value]]) -> list[Substitute]:
    return [Substitute(visit.place.id, visit.visit, right) for visit, right in belongs]


def _buffer(record: Record) -> bool:
    """Whether the value is an array that was just made to be filled."""
    return any(f"{maker}(" in record.place.text for maker in ("zeros", "empty", "zeros_like", "empty_like", "ones", "full"))


def _alike(moved: Observations, right: Observations, tolerance: float) -> float:
    """How much alike two responses are, from 0 to 1: the share of what either moves that both move by the same amounts.

    What reaches the next call of the cell counts half: behind it a second mistake may bend the response.
    """
    share = _share(moved, right, tolerance)
    mine, theirs = _next_call(moved), _next_call(right)
    return (share + _share(mine, theirs, tolerance)) / 2 if mine and theirs else share


def _share(moved: Observations, right: Observations, tolerance: float) -> float:
    names = moved.keys() | right.keys()
    both = sum(name in moved and name in right and same(moved[name], right[name], max(1e-6, 10 * tolerance)) for name in names)
    return both / len(names) if names else 0.0


def _next_call(moved: Observations) -> Observations:
    """Of a response, what reaches the first call that it reaches."""
    calls = [name for name in moved if name.startswith("call ")]
    first = min((int(name.split()[1].rstrip(",")) for name in calls), default=-1)
    return {name: moved[name] for name in calls if name.startswith(f"call {first},")}
