"""Run a check only up to the call of its backward function: the forward pass is what a mistake in it changes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from whygrad.assignments.assignment import stream_of_thread
from whygrad.from_numbers.programs.edited import Program, Record
from whygrad.from_numbers.programs.linewise import NAME, Environment, Linewise, linewise
from whygrad.from_numbers.programs.right_cell import RightCell
from whygrad.from_numbers.programs.second_half import locked
from whygrad.mistakes import Edit, Edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.assignments.assignment import Assignment


class FirstHalf:
    """The forward pass of one check of a sequence, under edits. The prediction is left out: no backward pass sees it.

    What the check draws is drawn once for all edits that leave it as it is.
    """

    def __init__(self, assignment: Assignment, check: str) -> None:
        self.assignment = assignment
        self.check = check
        roles = assignment.vocabulary.roles
        self._cell = next(name for name in assignment.chain(check) if roles[name] == "cell forward")
        lines = assignment.functions[self._cell]
        self._line, text = next((number, line) for number, line in enumerate(lines) if "softmax(" in line)
        plain = f"{text.partition(' = ')[0]} = {NAME.findall(text)[-1]}"  # a bias fits wherever the prediction does
        self._unpredicting = Edit("", self._cell, "", ((self._cell, self._line, plain),), "")
        own = assignment.functions[f"{check}_check"]
        drawn = linewise(own).variables(assignment.namespace(stream=stream_of_thread()), ())
        forward = next(name for name in assignment.chain(check) if roles[name] == "forward")
        begin = next(number for number, line in enumerate(own) if f"{forward}(" in line)
        calls = [line for line in own[begin:] if "random" not in line]
        read = {name for line in calls for name in NAME.findall(line.partition(" = ")[2])}
        made = {name for line in calls for name in NAME.findall(line.partition(" = ")[0])}
        self._drawn: Environment = {name: locked(value) for name, value in drawn.items() if name in read - made}
        self._calls = Linewise((f"def calls({', '.join(self._drawn)}):", *calls))
        lines = (*lines[: self._line], plain, *lines[self._line + 1 :])
        self._right_cell = RightCell(lines, assignment.namespace(), self._drawn["parameters"])

    def run(self, edits: Edits) -> Record | None:
        """What the check calls its function with; None where the program raises before."""
        places = [line for edit in edits for line in edit.lines]
        edits_cell = any(function == self._cell for function, *_ in places)
        if edits_cell and (self._cell, self._line) not in {place[:2] for place in places}:
            edits = (*edits, self._unpredicting)
        program = Program(self.assignment, edits)
        draws = any(function == f"{self.check}_check" or "random" in text for function, _, text in places)
        shared = None if draws else {**self._drawn, "parameters": {**self._drawn["parameters"]}}
        record = self._ran(program, shared, None if edits_cell else self._right_cell.of_run())
        if record or (edits_cell and draws):
            return record
        # it may have written into what it was given or what the cell returned, which are locked
        return self._ran(program, None if draws else deepcopy(self._drawn), None if edits_cell else self._right_cell.plain)

    def _ran(self, program: Program, drawn: Environment | None, cell: Callable[..., Any] | None) -> Record | None:
        """One run, of the whole check where it has to draw anew."""
        kept: list[Any] = []

        def called(*arguments: Any) -> dict[str, Any]:
            kept[:] = arguments
            return {}

        space = program.space(stream_of_thread())
        space[self.check] = called
        if cell:
            space[self._cell] = cell
        if drawn:
            space[f"{self.check}_check"] = lambda: self._calls.call(space, [*drawn.values()])
        ran = program.checked(self.check, space) is not None
        space.clear()  # its functions hold on to it, and it to them: a thousand runs would stay
        return Record({}, [], {}, kept) if ran else None
