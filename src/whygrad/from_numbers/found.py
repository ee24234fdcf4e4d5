"""What a search hands back: candidate programs that were run for real, how many were looked at, and where a bound cut it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers import Bools
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MARGIN = 1.0
"""By how much (in powers of ten) an explanation may be less likely than the best and still be shown beside it."""


@dataclass(frozen=True)
class Found:
    """A program that was run: its edits, which of the block's numbers agree, and what it costs to believe in it."""

    edits: Edits
    hits: Bools
    cost: float

    @property
    def full(self) -> bool:
        """Whether every number agrees."""
        return bool(self.hits.all())


@dataclass
class Trail:
    """How far a search went."""

    tried: int = 0
    cuts: list[str] = field(default_factory=list[str])

    def cut(self, what: str) -> None:
        """A bound was reached: ``what`` was not looked at to the end."""
        if what not in self.cuts:
            self.cuts.append(what)


def best(found: list[Found]) -> list[Found]:
    """Full explanations first, then those with most numbers; the likeliest first among equals; no set of edits twice."""
    unique: dict[frozenset[Edit], Found] = {}
    for one in found:
        unique.setdefault(frozenset(one.edits), one)
    return sorted(unique.values(), key=lambda one: (-int(one.hits.sum()), one.cost))
