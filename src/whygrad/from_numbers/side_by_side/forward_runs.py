"""What a check's forward pass hands on under many mistakes: those in the cell's equations run side by side, the others one by one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.side_by_side.forward_stack import ForwardStack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.mistakes import Edits


class ForwardRuns:
    """The forward pass of a check; ``right`` is its right run."""

    def __init__(self, assignment: Assignment, check: str, right: Record) -> None:
        self._assignment = assignment
        self._check = check
        self._stack = ForwardStack(assignment, check, right)
        roles = assignment.vocabulary.roles
        sequence = roles[check] == "backward"
        self.functions = [name for name in assignment.chain(check) if sequence and roles[name] in {"forward", "cell forward"}]
        """Those of a sequence's forward pass."""
        self._backward: Callable[..., dict[str, Any]] = assignment.namespace()[check]

    @cached_property
    def _first_half(self) -> FirstHalf:
        return FirstHalf(self._assignment, self._check)

    def records(self, many: Sequence[Edits]) -> dict[int, Record | None]:
        """What these mistakes hand on, by their places, None where they raise; without those that are not in the forward pass."""
        records = self._stack.records(many)
        for place, edits in enumerate(many) if self.functions else ():
            if place not in records and all(edit.function in self.functions for edit in edits):
                records[place] = self._first_half.run(edits)
        return records

    def after(self, record: Record) -> dict[str, Any] | None:
        """What the right backward function gives after a forward pass; None where it raises."""
        try:
            return self._backward(*record.arguments)
        except Exception:  # noqa: BLE001 - an edited forward pass may hand on anything
            return None
