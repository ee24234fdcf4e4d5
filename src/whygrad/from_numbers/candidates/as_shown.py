"""Numbers beside functions: an explanation that says of these what they do not do is none of what they printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.from_numbers.candidates.certainty import hits_of
from whygrad.from_numbers.numbers.printed import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edits
    from whygrad.records import Block


@dataclass(frozen=True)
class Shown:
    """The functions that a text shows, and what they print among right ones in the place of its numbers: an experiment.

    Those that are ``whole`` raise as they are written; of others that raise, lines may have been cut.
    """

    functions: frozenset[str]
    now: tuple[Block, ...]
    whole: frozenset[str] = frozenset()

    def beside(self, blocks: Sequence[Block]) -> list[Block]:
        """What they print in the place of some blocks; empty where one of them they do not print to its end."""
        now = {block.check: block for block in self.now}
        found = [now.get(block.check) for block in blocks]
        return [block for block in found if block is not None] if None not in found else []

    def do(self, assignment: Assignment, edits: Edits, blocks: Sequence[Block]) -> bool:
        """Whether they print what the edits say of them, and nothing else."""
        own = tuple(edit for edit in edits if edit.function in self.functions)
        return all(hits.all() for hits in hits_of(assignment, own, [Target(block) for block in self.beside(blocks)]))
