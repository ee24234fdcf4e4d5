"""The forward pass of many programs with mistakes in the equations of its cell, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.programs.edited import Record
from whygrad.from_numbers.programs.linewise import NAME, linewise
from whygrad.from_numbers.side_by_side.right_loop import handed_over
from whygrad.from_numbers.side_by_side.stack import Stack, some_of
from whygrad.from_numbers.side_by_side.stacked_cell import AT_ONCE, StackedCell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.side_by_side.stacked_cell import Texts
    from whygrad.mistakes import Edits


class ForwardStack:
    """The forward pass of a check; ``right`` is its right run."""

    def __init__(self, assignment: Assignment, check: str, right: Record) -> None:
        roles = assignment.vocabulary.roles
        self._cell = next(name for name in assignment.chain(check) if roles[name] == "cell forward")
        lines = assignment.functions[self._cell]
        self._right = right
        _, caches = handed_over(right)
        self._sequence = roles[check] == "backward"
        *self._fields, _ = NAME.findall(next(line for line in lines if line.strip().startswith("cache = ")))[1:]
        self._calls = [dict(zip(self._fields, cache, strict=False)) for cache in caches]
        arguments = assignment.arguments(self._cell)
        self._carried = {name: name.replace("_prev", "_next") for name in arguments if name.endswith("_prev")}
        given = [self._calls[0].get(name, caches[0][-1]) for name in arguments]
        self._values = linewise(lines).variables(right.space, given)
        """What the first right call computes."""
        self._targets = [line.strip().partition(" = ")[0] for line in lines]
        words = assignment.vocabulary.words
        numbers = [number for number, line in enumerate(lines) if self._targets[number] in words and " = parameters[" not in line]
        self._stack = StackedCell(lines, numbers, right.space)

    def records(self, many: Sequence[Edits]) -> dict[int, Record | None]:
        """What these programs, by their places, hand to the backward function, None where they raise.

        Those that have to be run alone are left out.
        """
        taken = [(place, texts) for place, edits in enumerate(many) if (texts := self._texts(edits))]
        found: dict[int, Record | None] = {}
        with np.errstate(all="ignore"):
            for start in range(0, len(taken), AT_ONCE):
                some = taken[start : start + AT_ONCE]
                records = self._records([texts for _, texts in some])
                found |= {some[at][0]: record for at, record in records.items()}
        return found

    def _texts(self, edits: Edits) -> Texts | None:
        """The edited equations; None where there is anything else in the edits, or in an equation what its line cannot read."""
        found: Texts = {}
        for name, number, line in (place for edit in edits for place in edit.lines):
            target, _, text = line.strip().partition(" = ")
            if name != self._cell or target != self._targets[number] or number in found or "\n" in line or "random" in line:
                return None
            if not self._stack.takes(number, text):
                return None
            found[number] = text
        return found

    def _records(self, texts: Sequence[Texts]) -> dict[int, Record | None]:
        """The same by place among these edited equations."""
        found: dict[int, Record | None] = {}
        left = list(range(len(texts)))
        carried = {name: self._calls[0][name] for name in self._carried}
        calls: list[Environment] = []
        for own in self._calls:
            env, raising, alone = self._stack.call({**self._values, **own, **carried}, [texts[at] for at in left], {})
            if raising or alone:
                found |= {left[at]: None for at in raising}
                keep = [at for at in range(len(left)) if at not in raising and at not in alone]
                left = [left[at] for at in keep]
                env, *calls = ({name: some_of(value, keep) for name, value in each.items()} for each in (env, *calls))
            calls.append({name: env[name] for name in self._fields})
            carried = {name: env[output] for name, output in self._carried.items()}
        parameters = [self._values["parameters"]] * len(left)
        caches = [zip(*(_each(value, len(left)) for value in call.values()), parameters, strict=True) for call in calls]
        *upstream, last = self._right.arguments
        for at, own in zip(left, zip(*caches, strict=True), strict=True):
            handed = (list(own), *last[1:]) if self._sequence else own[0]
            found[at] = Record({}, [], {}, [*upstream, handed])
        return found


def _each(value: Any, count: int) -> Sequence[Any]:
    """The array of each of so many programs."""
    return list(np.asarray(value)) if isinstance(value, Stack) else [value] * count
