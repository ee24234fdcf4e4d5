"""Of several ways to read a text: the one whose numbers are explained best.

Two checks print some labels alike, ``dbf[4]`` for one. Where nothing in the text says which of them it was, the numbers do: by
accident a reading has no explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whygrad.from_numbers.answer.telling import sentences
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.printed import Target
from whygrad.read.post.single import NOTE_PARTLY, NOTE_SEEN, widened
from whygrad.records import Explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.records import Block, Reading, Result

_SEVERAL = 2
"""So many numbers that are off in their last digits alone are no slip of typing."""
_ORDER = ("right", "explained", "partly", "unknown")


@dataclass(frozen=True)
class Answer:
    """A reading, what was found for it, and the result that it would have."""

    reading: Reading
    families: list[Family]
    result: Result

    @property
    def verdict(self) -> str:
        """That of the numbers that were read, whatever else stands in the text."""
        result = self.result
        return "right" if result.lost and result.printed == result.reproduced and not result.unexplained else result.verdict

    @property
    def as_shown(self) -> bool:
        """Whether the explanation says of the functions in the text what these do."""
        return all(family.as_shown for family in self.families if not family.earlier)

    @property
    def or_before(self) -> frozenset[str]:
        """The functions in the text that may have printed the numbers before they were changed."""
        return frozenset(name for family in self.families for name in family.or_before)

    @property
    def full(self) -> bool:
        """Whether all its numbers are explained."""
        return self.verdict in {"right", "explained"}

    @property
    def rank(self) -> tuple[int, float, int, float]:
        """Better ones first: right, explained by few mistakes, by likely ones."""
        mistakes = sum(len(grouped(family.best[0])) for family in self.families)
        cost = sum(family.best[2] for family in self.families)
        reproduced = self.result.reproduced if self.verdict == "partly" else 0
        return _ORDER.index(self.verdict), -reproduced, mistakes if self.full else 0, cost if self.full else 0.0


def right_in_single(tables: Tables, reading: Reading) -> Reading | None:
    """The numbers of a right program that computes a part of them in single precision, read so; None for all others.

    Several are off, none by more than rounding. None too where all have just the digits of single precision: the reader has seen that.
    """
    wide = tuple(map(widened, reading.blocks))
    off = sum(int((~_right(tables, block)).sum()) for block in reading.blocks)
    seen = any(NOTE_SEEN in other.notes for other in reading.alternatives)
    in_single = replace(reading, blocks=wide, notes=(*reading.notes, NOTE_PARTLY), alternatives=())
    return None if seen or off < _SEVERAL or not all_right(tables, in_single) else in_single


def all_right(tables: Tables, reading: Reading) -> bool:
    """Whether a right program prints all numbers of a reading."""
    return all(_right(tables, block).all() for block in reading.blocks)


def _right(tables: Tables, block: Block) -> Bools:
    """Which numbers of a block a right program prints."""
    target = Target(block)
    return target.hit(target.values(tables.of(block.check).right.gradients))


def chosen(answers: Sequence[Answer]) -> Answer:
    """The best answer, the first of equal ones; explanations of the others stand beside its own."""
    first = min(answers, key=lambda one: one.rank)
    result = first.result
    if result.verdict != "explained":
        return first
    said = {sentences(one.mistakes) for one in (result, *result.alternatives)}
    others = [other for other in answers if other.result.checks != result.checks and other.result.verdict == "explained"]
    beside = [other for other in others if sentences(other.result.mistakes) not in said]
    if not beside:
        return first
    found = [Explanation(other.result.mistakes, other.result.reproduced, round(-other.rank[-1], 2)) for other in beside]
    checks = " or ".join(dict.fromkeys(check for other in beside for check in other.result.checks if check not in result.checks))
    note = f"Read as numbers of {checks} they have another explanation."
    return replace(first, result=replace(result, alternatives=(*found, *result.alternatives), notes=(*result.notes, note)))
