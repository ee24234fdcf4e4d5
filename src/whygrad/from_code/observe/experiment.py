"""One function as mended so far, and the experiment: put the right values at a place, run on, see which observations come right."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import EXACT, HALF, SINGLE, Array, Observations, array_of, same

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from whygrad.from_code.observe.quantities import Quantities, Quantity
    from whygrad.from_code.observe.subject import Record, Subject
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Called, Substitute, Value

T = TypeVar("T")
How = Literal[
    "loop", "order", "argument", "value", "index", "copy", "unfilled", "key", "twice", "missing", "branch", "swapped", "sums",
    "unused", "early", "late", "stack", "gone", "unfit", "packed", "unread", "filled", "begun", "ended", "raises", "misspelt",
    "written", "elsewhere", "activation", "lacking", "renewed",
]  # fmt: skip
"""Ways of being found."""
STATED = frozenset(("key", "twice", "missing", "early"))
"""Ways of being found that need no experiment: a result is not returned under its key, a loop is left before its end."""
KINDS = frozenset(("assign", "target", "after", "element", "value", "return"))
READS = frozenset(("read", "argument"))
GIVES = frozenset(("assign", "target"))
"""Kinds of places at which a name, or a part of what it holds, gets a value."""
HOLDS = GIVES | {"after"}
"""Kinds of places behind which a name holds something else."""


_SINGLE, _HALF = np.dtype(np.float32), np.dtype(np.float16)
_NAMES = re.compile(r"\s*(?:[^=()]+=(?!=))+")
"""What stands left of an assigned value: one name, or several in a chain."""
_MAKER = re.compile(r"((np|numpy)\.)?(zeros|empty|full)(_like)?\(")


@dataclass(frozen=True, eq=False)
class Found:
    """A place whose value is to blame: the first visit at which it differs, what belongs there, and the substitutes that cure it.

    ``inputs`` tells whether all that the line reads is right. ``right`` is a key with "key" and "twice", how many steps with
    "early". ``made`` is where an array comes from that nothing is stored into, ``lost`` what the name held that the line sets anew, or
    where it is asked for what it held. ``names`` are what the sentence speaks of: the results that an array is handed out as, names that
    got each other's values, with "unused" what is lacking (a term, a factor), and of what. ``also`` are other lines with the same slip.
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
    made: Record | None = None
    names: tuple[str, ...] = ()
    lost: Record | None = None
    also: tuple[Record, ...] = ()


@dataclass
class Round:
    """One run of the program as mended so far.

    ``copies_matter`` tells whether any two names share memory so that it shows; None until it is asked for.
    """

    observations: Observations
    records: list[Record]
    right: frozenset[str]
    wrong: frozenset[str]
    calls: tuple[Called, ...]
    options: dict[int, list[Quantity]] = field(default_factory=dict[int, "list[Quantity]"])
    copies_matter: bool | None = None

    def given_before(self, time: int) -> list[Record]:
        """The records before that behind which a name holds something else: few of them all, where a line goes through many entries."""
        return self._giving[: bisect_left(self._giving, time, key=lambda record: record.time)]

    @cached_property
    def _giving(self) -> list[Record]:
        return [record for record in self.records if record.place.kind in HOLDS]


class Search:
    """The state of the search: the last run, what is right in it, and the substitutes of the findings so far."""

    def __init__(self, subject: Subject, quantities: Quantities) -> None:
        self.subject, self.quantities = subject, quantities
        self.expected = quantities.observations
        self.found: list[Found] = []
        self.absent: list[str] = []
        self.doubtful: list[Found] = []
        """Findings that have no name, or only one that takes two slips in a line: filled as they are named."""
        self.substitutes: tuple[Substitute, ...] = ()
        self.tolerance = EXACT
        self.complete = False
        self.spread = False
        """Whether a change that fits a helper's line at most of its visits was made at all of them: what is wrong may be the change."""
        self.round: Round | None = None
        self.last: list[Record] = []
        self._known: dict[Callable[[Search], Any], Any] = {}

    def once(self, asked: Callable[[Search], T]) -> T:
        """What a function says of this search, if it says the same at any time: it is asked once."""
        if asked not in self._known:
            self._known[asked] = asked(self)
        return self._known[asked]

    def look(self) -> Round:
        """Run the program as mended so far."""
        observations, records, reply = self.subject.traced(self.substitutes)
        kinds = {getattr(record.value, "dtype", None) for record in records}
        for kind, tolerance in ((_SINGLE, SINGLE), (_HALF, HALF)):
            if kind in kinds:
                self.tolerance = max(self.tolerance, tolerance)
        right = self.right(observations)
        wrong = frozenset(observed.results(self.expected)) - right
        return Round(observations, records, right, wrong, reply.calls)

    def right(self, observations: Observations) -> frozenset[str]:
        """The names of the observations that are right."""
        return frozenset(
            name
            for name, value in self.expected.items()
            if (given := observations.get(name)) is not None and same(given, value, self.tolerance)
        )

    @property
    def now(self) -> Round:
        """The last run."""
        assert self.round is not None  # noqa: S101 - set before it is asked for
        return self.round

    def attempt(
        self, record: Record, how: How, substitutes: Sequence[Substitute], right: Value, quantity: Quantity | None = None
    ) -> Found | None:
        """The finding at a record's place, if these substitutes cure something and spoil nothing that weighs as much."""
        if not substitutes:
            return None
        cured = self.right(self.subject.run((*self.substitutes, *substitutes)))
        now = self.now.right
        if not cured > now and not (len(cured - now) > 3 * len(now - cured) and not any(map(observed.is_result, now - cured))):
            return None
        return Found(record, how, right, quantity, tuple(substitutes), cured - now)

    def together(self, found: Found) -> list[Value] | None:
        """What belongs to all names that are unpacked with the one found; None where the run does not show it."""
        rights = {sub.place: sub.value for sub in found.substitutes[::-1]}
        places = [place for place in self.subject.places if place.kind == "target" and place.statement == found.record.place.statement]
        seen = {record.place.id: record.value for record in self.last if record.visit == found.record.visit}
        values = [rights.get(place.id, seen.get(place.id)) for place in places]
        return None if any(value is None for value in values) else values

    def leave_out(self, names: Collection[str]) -> None:
        """These results are not returned, which is all that can be said of them: the search goes on with the others."""
        self.expected = {name: value for name, value in self.expected.items() if observed.result_of(name) not in names}
        self.now.wrong &= self.expected.keys()

    def results_right(self, observations: Observations) -> bool:
        """Whether all that the function gives is right in a run."""
        return all(
            (given := observations.get(name)) is not None and same(given, value, self.tolerance)
            for name, value in self.expected.items()
            if observed.is_result(name)
        )

    def right_results(self, observations: Observations) -> frozenset[str]:
        """What of that which the function gives is right in a run."""
        return frozenset(observed.results(self.right(observations)))


def seen_at(records: Iterable[Record], place: int, visit: int | None) -> Record | None:
    """What was seen at a place at one of its visits."""
    return next((record for record in records if (record.place.id, record.visit) == (place, visit)), None)


def at_its_maker(found: Found) -> bool:
    """Whether what is stored nowhere was found at the line that computes it, and not where the array is made or returned."""
    made = None if found.made is None else found.made.place.statement
    return found.record.place.kind == "assign" and found.record.place.statement != made


def read_by_all(together: Iterable[Found]) -> set[str]:
    """The names that each of several lines reads."""
    return set[str].intersection(*({read.place.text for read in found.reads if read.place.kind in READS} for found in together))


def buffer(record: Record) -> bool:
    """Whether the value is an array of zeros, or of nothing, that was just made to be filled, alone or for one of several names.

    What is full of another number is a start, if that is one.
    """
    if record.place.kind == "target" and record.place.text == record.place.target:
        array = array_of(record.value)
        return array is not None and bool(array.ndim) and bool(array.size) and not array.any()
    made = _makes_one(record.place.text, assigns=record.place.kind == "assign")
    full = array_of(record.value) if made and "full" in record.place.text else None
    return made and (full is None or full.dtype.kind != "f" or not np.nan_to_num(full, posinf=0, neginf=0).any())


@lru_cache(maxsize=2_000)
def _makes_one(text: str, *, assigns: bool) -> bool:
    made = _NAMES.sub("", text) if assigns else text
    return _MAKER.match(made.strip()) is not None and made.rstrip().endswith(")")


def chained(place: Place) -> list[str]:
    """The names of ``a = b = value``; none where there is only one."""
    left = _NAMES.match(place.text) if place.kind == "assign" else None
    names = [name.strip() for name in left[0].split("=")[:-1]] if left else []
    return names if len(names) > 1 else []


def adds_to_itself(place: Place) -> bool:
    """Whether a line adds something to a name, as ``a += b`` and ``a = a + b`` do."""
    sums = place.kind == "assign" and place.target.isidentifier() and "+" in place.computes
    return place.kind == "after" or (sums and place.target in map(str.strip, place.computes.split("+")))


def undone(place: Place, whole: Value, other: Value) -> Array | None:
    """Of a line such as ``a += b``, what one side is if this comes out and the other side is as given."""
    out, given = array_of(whole), array_of(other)
    sign = place.text.partition("=")[0].rstrip()[-1:]
    if out is None or given is None:
        return None
    with np.errstate(all="ignore"):
        try:
            return {"+": out - given, "-": given - out, "*": out / given, "/": given / out}.get(sign)
        except ValueError:
            return None


def last_name(function: str) -> str:
    """A function's own name, without those of the functions and classes around it."""
    return function.rpartition(".")[2]


def callee(target: str) -> str:
    """The function's name in the target of an argument."""
    return target.rpartition("(")[0].split(".")[-1]
