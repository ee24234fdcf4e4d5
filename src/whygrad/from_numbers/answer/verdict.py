"""The verdict on the numbers of a text, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.answer.course_keys import as_expected
from whygrad.from_numbers.answer.shapes import unexplained_shapes
from whygrad.from_numbers.candidates.certainty import confidence_of, count_with_digits, credible, rivals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits
    from whygrad.records import Confidence, Reading, Verdict

SURE = -2.0
"""An explanation of some of the numbers only is worth telling if it agrees by accident less than once in a hundred such searches."""


class Judged:
    """The outputs of a text, what explains each of them (its family), and the verdict on all.

    Of each number ``labels`` has the name, ``hits`` whether the explanation prints it and ``fine`` whether a right program does.
    """

    def __init__(self, tables: Tables, reading: Reading, families: list[Family]) -> None:
        self.tables, self.assignment, self.families = tables, tables.assignment, families
        self.blocks = [block for block in reading.blocks if not block.earlier]
        self.checks = tuple(block.check for block in self.blocks)
        self.several = len(set(self.checks)) > 1
        self.edits: Edits = tuple(edit for family in families for edit in family.best[0])
        self.of_the_check = all(edit.function not in self.assignment.vocabulary.roles for edit in self.edits)
        """Whether no function of the learner's is blamed."""
        self.targets = [target for family in families for target in family.targets]
        right = [one for family in families for one in family.right]
        hits = [one for family in families for one in family.best[1]]
        self.fine = [bool(one) for own in right for one in own]
        self.hits = [bool(one) for own in hits for one in own]
        numbers = [(number, target.block.check) for target in self.targets for number in target.block.numbers]
        self.labels = [f"{number.label} of {check}" if self.several else number.label for number, check in numbers]
        self.printed, self.reproduced = sum(len(block.numbers) for block in self.blocks), sum(self.hits)
        self.confidence = confidence_of(
            tables,
            self.targets,
            hits,
            right,
            sum(count_with_digits(self.assignment, family.targets, family.best[0]) for family in families),
            sum(family.trail.tried for family in families),
            rivals(tables, self.targets, right),
        )
        self.shapes = [one for family in families for one in unexplained_shapes(tables, family)]
        verdict = self._verdict(right)
        self.in_part = verdict == "right" and not self.shapes and bool(reading.lost)
        """Whether all numbers are right, and lines could not be read."""
        self.right_so_far = self.in_part or (verdict == "right" and bool(self.shapes))
        """Whether all numbers are right, and something else is not, or not known."""
        self.verdict: Verdict = "unknown" if self.right_so_far else verdict

    @property
    def wrong(self) -> list[str]:
        """The labels of the numbers that stay unexplained; where nothing is explained, of those that are not right."""
        if self.verdict not in {"partly", "unknown"} or self.right_so_far:
            return []
        return self.labelled(not one for one in (self.hits if self.verdict == "partly" else self.fine))

    def labelled(self, chosen: Iterable[bool]) -> list[str]:
        """The labels of some numbers."""
        return [label for label, one in zip(self.labels, chosen, strict=True) if one]

    def _verdict(self, right: list[Bools]) -> Verdict:
        """That on the numbers alone."""
        whole = self.reproduced == self.printed
        if whole and (not self.edits or (self.of_the_check and all(as_expected(self.assignment, block) for block in self.blocks))):
            return "right"
        explained = [hit for hit, fine in zip(self.hits, self.fine, strict=True) if not fine]
        return verdict_of(self.edits, self.confidence, self.targets, right, explained, whole=whole)


def verdict_of(
    edits: Edits, confidence: Confidence, targets: list[Target], right: list[Bools], explained: list[bool], *, whole: bool
) -> Verdict:
    """The verdict where some are wrong, each ``explained`` or not. Where most are not, what spoils them is not known and may spoil all."""
    if whole and credible(confidence, edits, targets, right):
        return "explained"
    most = 2 * sum(explained) >= len(explained)
    return "partly" if not whole and edits and most and confidence.log10_chance < SURE else "unknown"
