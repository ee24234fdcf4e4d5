"""Run a check only up to the call of its backward function: the forward pass is what a mistake in it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whygrad.assignments.assignment import stream_of_thread
from whygrad.from_numbers.edited import Program, Record
from whygrad.from_numbers.linewise import NAME
from whygrad.from_numbers.rightcell import RightCell
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.assignments.assignment import Assignment

Edits = tuple[Edit, ...]


class FirstHalf:
    """The forward pass of one check of a sequence, under edits. The prediction is left out: no backward pass sees it."""

    def __init__(self, assignment: Assignment, check: str) -> None:
        self.assignment = assignment
        self.check = check
        roles = assignment.vocabulary.roles
        self._cell = next(name for name in assignment.chain(check) if roles[name] == "cell forward")
        lines = assignment.functions[self._cell]
        self._line, text = next((number, line) for number, line in enumerate(lines) if "softmax(" in line)
        plain = f"{text.partition(' = ')[0]} = {NAME.findall(text)[-1]}"  # a bias fits wherever the prediction does
        self._unpredicting = Edit("", self._cell, "", ((self._cell, self._line, plain),), "")
        self._right_cell = RightCell((*lines[: self._line], plain, *lines[self._line + 1 :]), assignment.namespace())

    def run(self, edits: Edits) -> Record | None:
        """What the check calls its function with; None where the program raises before."""
        touched = {line[:2] for edit in edits for line in edit.lines}
        edits_cell = any(function == self._cell for function, _ in touched)
        if edits_cell and (self._cell, self._line) not in touched:
            edits = (*edits, self._unpredicting)
        program = Program(self.assignment, edits)
        if edits_cell:
            return self._ran(program)
        # where it raises it may have written into what the cell returned
        return self._ran(program, self._right_cell.of_run()) or self._ran(program, self._right_cell.plain)

    def _ran(self, program: Program, cell: Callable[..., Any] | None = None) -> Record | None:
        kept: list[Any] = []

        def called(*arguments: Any) -> dict[str, Any]:
            kept[:] = arguments
            return {}

        space = program.space(stream_of_thread())
        space[self.check] = called
        if cell:
            space[self._cell] = cell
        ran = program.checked(self.check, space) is not None
        space.clear()  # its functions hold on to it, and it to them: a thousand runs would stay
        return Record({}, [], {}, kept) if ran else None
