"""Blocks that one program printed, and the programs that explain them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.mistakes import Edits


@dataclass
class Family:
    """Blocks that one program printed, and the programs that explain them: (edits, which numbers of each block agree, cost), best first."""

    targets: list[Target]
    right: list[Bools]
    found: list[tuple[Edits, list[Bools], float]]
    trail: Trail
    weak: bool = False
    """Whether all numbers were explained, but some by mistakes that may agree by accident."""
    as_shown: bool = False
    """Whether the first explanation says of the functions in the text what these do."""
    or_before: frozenset[str] = frozenset()
    """Those of these functions which others blame that are as likely, but for what the functions do now."""
    as_printed: tuple[Edits, ...] = ()
    """What explains the numbers as the text has them, where they were read with minuses that it lacks."""

    hidden: tuple[Edits, ...] = ()
    """Other slips in the equation of the first explanation that print the same only because a zero hides which it is."""

    @property
    def earlier(self) -> bool:
        """Whether the text has later outputs of the same checks, after a change."""
        return all(target.block.earlier for target in self.targets)

    @property
    def best(self) -> tuple[Edits, list[Bools], float]:
        """The first explanation."""
        return self.found[0]

    @property
    def also_full(self) -> list[tuple[Edits, list[Bools], float]]:
        """The explanations of all numbers beside the first."""
        return [one for one in self.found[1:] if all(hits.all() for hits in one[1])]


def put_the_same_check_first(assignment: Assignment, families: list[Family]) -> None:
    """Who has typed one of the notebook's checks otherwise has typed the others so: of a family's explanations the one that says it."""
    roles = assignment.vocabulary.roles
    typed = {edit.alike for family in families for edit in family.best[0] if edit.function not in roles}
    for family in families if typed else ():
        family.found.sort(key=lambda one: not (one[0] and all(hits.all() for hits in one[1]) and {edit.alike for edit in one[0]} <= typed))
