"""What a search hands back: candidate programs that were run for real, how many were looked at, and where a bound cut it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from whygrad.from_numbers.numbers import Bools
    from whygrad.mistakes import Edit

T = TypeVar("T")
Edits = tuple["Edit", ...]
MOST_WORK = 4_500_000
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
    """How far a search went; ``left`` is the work that it may still do."""

    tried: int = 0
    left: int = MOST_WORK
    cuts: list[str] = field(default_factory=list[str])

    def cut(self, what: str) -> None:
        """A bound was reached: ``what`` was not looked at to the end."""
        if what not in self.cuts:
            self.cuts.append(what)

    @contextmanager
    def half(self) -> Generator[None]:
        """Only half of the work that is left may be done within; the rest is for what comes later."""
        spared = self.left // 2
        self.left -= spared
        try:
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


def elsewhere(found: list[Found], candidates: Iterable[Edits]) -> Iterator[Edits]:
    """Of these the first in each function that no full explanation has blamed: a function is not innocent because its slip is rarer.

    What the caller finds of each is to stand in ``found`` before the next is asked for.
    """
    for edits in candidates:
        if functions_of(edits) not in {functions_of(one.edits) for one in found if one.full}:
            yield edits


def functions_of(edits: Edits) -> frozenset[str]:
    """The functions in which these edits stand."""
    return frozenset(edit.function for edit in edits)


def best(found: list[Found]) -> list[Found]:
    """Full explanations first, then those with most numbers; the likeliest first among equals; no set of edits twice."""
    unique: dict[frozenset[Edit], Found] = {}
    for one in found:
        unique.setdefault(frozenset(one.edits), one)
    return sorted(unique.values(), key=lambda one: (-int(one.hits.sum()), one.cost))
