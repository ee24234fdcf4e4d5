"""One function under observation: run on one case, again and again, with other values put at places; what comes out, entry by entry.

An observation is a small thing that can be right or wrong by itself: a gradient, one step of dx, one entry of one step's cache, one
argument of one call of the cell.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.folds import Fold, folded, ranks_of
from whygrad.from_code.observe.moved import changes, nudge
from whygrad.from_code.observe.subject_text import SubjectText
from whygrad.from_code.reference.parts import PARTS, cell_of, chain_of, partner
from whygrad.sandbox.requests import Request, Substitute
from whygrad.sandbox.signatures import parameter
from whygrad.sandbox.standins import unused
from whygrad.sandbox.tracer import places

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Reply, Runner, Seen, Value

_MOST_KEPT = 8
"""Traced runs that are kept."""


@dataclass(slots=True, eq=False)
class Record:
    """A value at a place at one of its visits; ``time`` counts the records of the run, ``phase`` the calls of the cell so far.

    ``name`` is the name that the value gets: the target's, the key under which it is stored, or the parameter's of the learner's function
    that is called with it.
    """

    place: Place
    visit: int
    value: Value
    time: int
    phase: int
    name: str


def by_place(records: Iterable[Record]) -> dict[int, list[Record]]:
    """The records of each place, each in the order of the run."""
    found: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record.place.id].append(record)
    return found


_Traced: TypeAlias = "tuple[Observations, list[Record], Reply]"


class Subject:
    """A program, one of its functions, and the arguments it is run on. ``runs`` counts what it cost."""

    def __init__(
        self,
        runner: Runner,
        pieces: Sequence[Piece],
        function: str,
        arguments: tuple[Value, ...],
        own: frozenset[str],
        *,
        own_cell: bool = False,
        chain: tuple[Value, ...] = (),
    ) -> None:
        """With ``own_cell`` the learner's cell, which is right, is called with caches that it can read, and its lines are not watched.

        With ``chain`` the learner's forward functions make the caches, which may then be anything: it is what their chain is called with.
        """
        self.function, self.cell = function, cell_of(function)
        self._call, self._called_with = (chain_of(function), chain) if chain else (function, arguments)
        self.pieces = pieces
        self.text = SubjectText(pieces, function)
        self.places = self._by_the_cells_name(places(pieces, unused(PARTS, own)))
        self.runs = 0
        self.runner, self.arguments, self._own = runner, arguments, own
        self._watched = frozenset({self.cell}) - {function}
        self._unseen = own - {function} if chain else self._watched if own_cell else frozenset[str]()
        self._ranks = ranks_of(function, arguments)
        self._folds: dict[int, list[Fold]] = {}
        self.always: tuple[Substitute, ...] = ()
        """What is put into every run, before all that a run is asked with."""
        self.at_work = frozenset[str]()
        """Helpers that are right, whoever calls them."""
        self.lazy = frozenset[int]()
        """Places at which nothing is computed if something is put there."""
        self._seen: dict[tuple[tuple[int, int | None, bool, int], ...], tuple[tuple[Substitute, ...], _Traced]] = {}
        """What was traced; the substitutes are held, so no other value has the ``id`` of theirs."""
        self._tried: dict[Hashable, tuple[tuple[Substitute, ...], Observations]] = {}
        """What was observed, by what was put where; held likewise."""

    def _by_the_cells_name(self, made: Sequence[Place]) -> Sequence[Place]:
        """The places, of which the arguments of a call of the cell by another name are the cell's; that name is kept by their ids."""
        others = self.text.also_called(self.cell) if self.cell != self.function else frozenset[str]()
        given = {one.id: one.target.partition("(") for one in made if others and one.kind == "argument"}
        self.called = {number: name for number, (name, _, _) in given.items() if name in others}
        mine = {number: f"{self.cell}({given[number][2]}" for number in self.called}
        return tuple(one._replace(target=mine.get(one.id, one.target)) for one in made) if mine else made

    @cached_property
    def raises(self) -> bool:
        """Whether the function ends with an error as it was written."""
        return self.traced()[2].raised is not None

    @cached_property
    def own_caches(self) -> Sequence[Value]:
        """The caches of all steps where they are of the learner's own layout, which a backward function hands to the learner's own cell."""
        if not self._unseen or self._call != self.function or not self.function.endswith("backward"):
            return ()
        caches: tuple[list[Value], Value] = self.arguments[-1]
        return caches[0]

    def run(self, substitutes: Sequence[Substitute] = ()) -> Observations:
        """The observations with these substitutes. The search comes back to what it has tried, so that is kept."""
        put = tuple(self._unfolded(substitutes))
        key = self.lazy, tuple((one.place, one.visit, one.copy, _content(one.value)) for one in put)
        if key in self._tried:
            self.runs += 1
        else:
            self._tried[key] = put, self._observed(self._reply(put, frozenset()))
        return self._tried[key][1]

    def traced(self, substitutes: Sequence[Substitute] = ()) -> tuple[Observations, list[Record], Reply]:
        """The observations, every recorded value, and the reply as it came. The search comes back to what it has seen, so that is kept."""
        key = tuple((one.place, one.visit, one.copy, id(one.value)) for one in substitutes)
        if key in self._seen:
            self.runs += 1
        else:
            reply = self._reply(tuple(self._unfolded(substitutes)), None)
            if len(self._seen) >= _MOST_KEPT:
                self._seen.clear()
            self._seen[key] = tuple(substitutes), (self._observed(reply), list(self._records(reply)), reply)
        return self._seen[key][1]

    def response(self, record: Record, substitutes: Sequence[Substitute], base: Observations) -> Observations:
        """What changes, and by how much, when the value of a record is moved a little."""
        value = array_of(record.value)
        if value is None or (not value.ndim and "[" not in record.place.target):
            return {}
        near = value + (nudge(value.shape).astype(value.dtype) if value.dtype.kind in "fc" else nudge(value.shape))
        moved = self.run((*substitutes, Substitute(record.place.id, record.visit, near)))
        return changes(moved, base)

    def _reply(self, put: tuple[Substitute, ...], wanted: frozenset[int] | None) -> Reply:
        self.runs += 1
        request = Request(
            self._call,
            self._called_with,
            self._own,
            self._watched,
            trace=True,
            substitutes=(*self.always, *put),
            wanted=wanted,
            lazy=self.lazy,
            bare=True,
        )
        return self.runner.run(request)

    def _unfolded(self, substitutes: Sequence[Substitute]) -> Iterator[Substitute]:
        """Of an array that a place makes entry by entry, a substitute for each of them."""
        for one in substitutes:
            folds = self._folds.get(one.place, ())
            if not folds:
                yield one
            for fold in folds[one.visit : one.visit + 1] if one.visit is not None else folds:
                yield from fold.parts(one)

    @cached_property
    def last_arguments(self) -> frozenset[int]:
        """The place of the last argument of each call of the cell."""
        last: dict[tuple[int, int], int] = {}
        for place in self.places:
            if place.kind == "argument" and place.target.startswith(f"{self.cell}("):
                last[place.statement, place.parent] = place.id
        return frozenset(last.values()) if self._watched else frozenset()

    @cached_property
    def calling(self) -> frozenset[int]:
        """The statements that call the cell, in functions that are run at all."""
        run = {self.function, *(record.place.function for record in self.traced()[1])}
        return frozenset(place.statement for place in self.places if place.id in self.last_arguments and place.function in run)

    def calls_around(self, place: Place) -> bool:
        """Whether the outermost loop around a place calls the cell, too."""
        around = (one.loops[:1] for one in self.places if one.statement in self.calling and one.function == place.function)
        return bool(place.loops) and place.loops[:1] in around

    def _records(self, reply: Reply) -> Iterator[Record]:
        keys: dict[int, str] = {}
        beside: dict[tuple[int, str], str] = {}
        added: dict[int, list[int]] = defaultdict(list)
        names: dict[int, str] = {}
        entered: dict[str, str] = {}
        every = [seen for seen in self._of_the_function(reply) if self._is_seen(self.places[seen.place].function)]
        if any(place.loops for place in self.places):
            every, self._folds = folded(every, self.places, self._ranks)
        for time in range(len(every) - 1, -1, -1):
            seen = every[time]
            place = self.places[seen.place]
            entered[place.function.rpartition(".")[2]] = place.function
            if place.kind == "argument":
                called = entered.get(place.target.rpartition("(")[0].rpartition(".")[2], "")
                names[time] = parameter(self.text.signatures.get(called, ()), place.target)
            if place.kind == "index" and isinstance(seen.value, str):
                keys[place.statement] = seen.value
                beside[place.statement, place.target] = seen.value
                names |= dict.fromkeys(added.pop(place.statement, ()), seen.value)
            elif place.kind == "target" and (place.statement, place.target) in beside:
                names[time] = beside[place.statement, place.target]
            elif place.kind == "assign":
                names[time] = keys.get(place.statement) or name_of(place.target)
            elif place.kind in {"right", "after"}:  # the key of += comes before what is added
                names[time] = name_of(place.target)
                added[place.statement].append(time)
            elif place.kind == "element" and place.target:  # nor does that of a dictionary's comprehension
                added[place.statement].append(time)
        phase = 0
        for time, seen in enumerate(every):
            place = self.places[seen.place]
            yield Record(place, seen.visit, seen.value, time, phase, names.get(time) or name_of(place.target))
            phase += place.id in self.last_arguments

    def _is_seen(self, function: str) -> bool:
        """Whether a function's lines are looked into: what is defined within the forward function, and called once it has ended, is."""
        outermost, _, inner = function.partition(".")
        return outermost not in self._unseen or (bool(inner) and outermost == partner(self.function))

    def _of_the_function(self, reply: Reply) -> Sequence[Seen]:
        """What is seen once the function is entered: before that the forward functions of a chain run."""
        first = (n for n, seen in enumerate(reply.seen) if self.places[seen.place].function == self.function)
        return reply.seen if self._call == self.function else reply.seen[next(first, len(reply.seen)) :]

    def _observed(self, reply: Reply) -> Observations:
        found: dict[str, Any] = {}
        if reply.status == "returned":
            found |= observed.in_result(self.function, reply.value)
        for number, call in enumerate(reply.calls):
            found |= observed.in_call(number, call.arguments)
        return {name: array for name, value in found.items() if (array := array_of(value)) is not None}


@lru_cache(maxsize=2_000)
def name_of(target: str) -> str:
    """The last name or key in a target's text: ``self.dft``, ``grads["dft"]``, ``dict(dft)`` and ``dft[:, :, t]`` give ``dft``."""
    text = (target[5:-1] if target.startswith("dict(") else target).partition("[:")[0]
    for quote in "'\"":
        if text.count(quote) >= 2:  # noqa: PLR2004 - an opening and a closing one
            return text.split(quote)[-2]
    return text.partition("[")[0].split(".")[-1].strip()


def _content(value: Value) -> Hashable:
    """Something that is equal for arrays of the same content, and otherwise for the same object alone."""
    return (value.dtype, value.shape, value.strides, value.tobytes()) if type(value) is np.ndarray else id(value)
