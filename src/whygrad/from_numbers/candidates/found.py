"""What a search hands back: candidate programs that were run for real, how many were looked at, and where a bound cut it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, TypeVar

from whygrad.from_numbers.tables.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

T = TypeVar("T")
MOST_WORK = 8_000_000
"""So many states of walks through time, or as much other work, go into one block of numbers."""
MARGIN = 1.0
"""By how much (in powers of ten) an explanation may be less likely than the best and still be shown beside it."""
ELSEWHERE = 2.0
"""By how much it may be if it blames other functions."""
MOST_ELSEWHERE = 20
"""So many single mistakes are run to see whether other functions can be to blame."""


@dataclass(frozen=True)
class Found:
    """A program that was run: its edits, which of the block's numbers agree, and what it costs to believe in it."""

    edits: Edits
    hits: Bools
    cost: float

    @cached_property
    def full(self) -> bool:
        """Whether every number agrees."""
        return bool(self.hits.all())


@dataclass
class Trail:
    """How far a search went; ``left`` is the work that it may still do, in the time that the clock gives it."""

    clock: Clock = field(default_factory=Clock)
    tried: int = 0
    left: int = MOST_WORK
    cuts: list[str] = field(default_factory=list[str])

    @property
    def spent(self) -> bool:
        """Whether no work or no time is left."""
        return self.left <= 0 or self.clock.up

    def cut(self, what: str) -> None:
        """A bound was reached: ``what`` was not looked at to the end."""
        if what not in self.cuts:
            self.cuts.append(what)

    @contextmanager
    def sparing(self, share: int) -> Generator[None]:
        """One part in ``share`` of the work and of the time that are left may not be used within; it is for what comes later."""
        spared = self.left // share
        self.left -= spared
        try:
            with self.clock.sparing(1 / share):
                yield
        finally:
            self.left += spared

    def likeliest(self, candidates: Sequence[T], most: int, what: str) -> Sequence[T]:
        """The first ``most`` of the candidates; where there are more, the search is cut and says so."""
        if len(candidates) > most:
            self.cut(f"{what}: only the likeliest {most} were tried")
        return candidates[:most]

    def take(self, other: Trail) -> None:
        """Count what a search within this one tried, and where it was cut."""
        self.tried += other.tried
        for what in other.cuts:
            self.cut(what)


def settled(found: list[Found]) -> bool:
    """Whether there is a full explanation."""
    return any(one.full for one in found)


def bar(found: list[Found]) -> float:
    """What an explanation may cost to be worth its run: not much more than the likeliest full one."""
    return min((one.cost for one in found if one.full), default=inf) + MARGIN


def ran(tables: CheckTables, target: Target, edits: Edits) -> Found | None:
    """The program with these edits, run; None where it raises."""
    gradients = tables.run(edits)
    return None if gradients is None else Found(edits, target.hit(target.values(gradients)), tables.variants.set_cost(edits))


def elsewhere(tables: CheckTables, target: Target, found: list[Found], candidates: Iterable[Edits]) -> list[Found]:
    """Of these, likeliest first, those that explain all in functions not yet blamed: none is innocent because its slip is rarer."""
    blamed = {functions_of(one.edits) for one in found if one.full}
    more: list[Found] = []
    for one in islice((edits for edits in candidates if functions_of(edits) not in blamed), MOST_ELSEWHERE):
        tried = ran(tables, target, one)
        if tried is not None and tried.full:
            blamed.add(functions_of(one))
            more.append(tried)
    return more


def functions_of(edits: Edits) -> frozenset[str]:
    """The functions in which these edits stand."""
    return frozenset(edit.function for edit in edits)


def best(found: list[Found]) -> list[Found]:
    """Full explanations first, then those with most numbers; the likeliest first among equals; no set of edits twice."""
    unique: dict[frozenset[Edit], Found] = {}
    for one in found:
        unique.setdefault(frozenset(one.edits), one)
    return sorted(unique.values(), key=lambda one: (-int(one.hits.sum()), one.cost))
