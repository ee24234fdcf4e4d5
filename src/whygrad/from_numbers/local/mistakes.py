"""Mistakes that change one printed gradient and nothing else, found for each gradient alone, given everything before it.

In a sequence these are the parameters' gradients (how a step computes them, how the loop sums them), the gradient at the initial state
and the way dx is stored. They never act on each other, so they stand outside the budget of the search; only the same slip made several
times counts once.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.local.all_calls import AllCalls
from whygrad.from_numbers.local.replay import Replay, spread
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.programs.linewise import ENTRY, NAME
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.mistakes import Edit, Edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.from_numbers.numbers.arrays import Bools, Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables

EQUATION = 5
"""To compute an equation in one call is as much work as so many states of a walk."""
_OF_CALLS = frozenset(("gradients", "da_prev", "da_prevt", "da0", "m", "n_a", "T_x", "np"))
"""The names of a line that makes the gradient at the initial state of what the calls return, and of nothing else."""


class Way(NamedTuple):
    """How a loop with further edits makes its result: the calls' own, each with its weight, and the printed entries it starts from."""

    more: Edits
    weights: Floats
    start: Floats


class Locals:
    """The local options of one program: what could be wrong about a single gradient beside the edits that the program has already."""

    def __init__(self, tables: CheckTables, edits: Edits, record: Record) -> None:
        self.variants, self.check = tables.variants, tables.check
        self.edits = edits
        self.record = record
        self.replay = Replay(tables, edits, record)
        self._all_calls = AllCalls(record)
        self._inner = self.replay.inner
        self.tried = 0
        self._evaluated = 0
        self.cell = tables.cell

    @property
    def work(self) -> int:
        """How much was done, in states of a walk."""
        return self.replay.work + EQUATION * self._evaluated

    def options(self, name: str, target: Target) -> list[Edits]:
        """Further edits under which all printed numbers of ``name`` come right."""
        numbers = target.of(name)
        loop_edits = self._loop_edits(name)
        ways = self._ways(name, target, numbers, loop_edits)
        wrong = self._excluded(ways, name, target, numbers)
        more = (*(edit for edit in loop_edits if (edit,) not in wrong), *self._of_two(name), *self._carried(name))
        found: list[Edits] = [(edit,) for edit in more if self._right_with(edit, name, target)]
        return found + self._exchanged(name, target) + self._cell_options(name, target, numbers, ways)

    def beside_siblings(self, name: str, target: Target, options: Iterable[list[Edits]]) -> list[Edits]:
        """Two slips within its own equation of the cell under which ``name`` comes right, of which siblings have one by their options."""
        made = list(self.variants.beside_siblings(self.cell, name, options))
        self.tried += len(made)
        return [(edit,) for edit in made if self._gives(name, target, edit.formula)]

    def _exchanged(self, name: str, target: Target) -> list[Edits]:
        """The edits of the dictionary that the cell returns under which this gradient and another stand under each other's key."""
        number = len(self.variants.assignment.functions[self.cell]) - 2
        found: list[Edits] = []
        for edit in self.variants.of_line(self.cell, number):
            if name in _spoilt_by(edit) and (self.cell, number) not in self._taken:
                keys = dict(ENTRY.findall(edit.formula))
                of_gradients = keys.keys() >= set(keys.values())  # and of no weight
                if not of_gradients or not self._may_give(keys[name], name, target):
                    continue
                gradients = self.replay.run((), [{key: call[keys[key]] for key in call} for call in self.replay.returned])
                if gradients is not None and all(target.gives(gradients, other) for other in _spoilt_by(edit)):
                    found.append((edit,))
        return found

    def _may_give(self, other: str, name: str, target: Target) -> bool:
        """Whether the sum of another gradient prints these numbers; one of another size is repeated to fit, and nobody knows yet."""
        gradient = self.record.gradients.get(other)
        return gradient is not None and (gradient.shape != self.record.gradients[name].shape or target.gives({name: gradient}, name))

    @cached_property
    def _taken(self) -> set[tuple[str, int]]:
        return places_of(self.edits)

    def _right_with(self, edit: Edit, name: str, target: Target) -> bool:
        self.tried += 1
        gradients = self.replay.with_edit(edit)
        return gradients is not None and all(target.gives(gradients, one) for one in {name, *_spoilt_by(edit)})

    def _carried(self, name: str) -> Iterator[Edit]:
        """The same result taken from the loop's variable, as many write it: right where that is right, and wrong by the same slip."""
        lines = self.variants.assignment.functions[self.check]
        returned = f"gradients['{self._inner.get(name)}']"
        own = next((number for number, line in enumerate(lines) if line.strip() == f"{name} = {returned}"), None)
        if own is None:
            return
        for edit in self.edits:
            number = edit.lines[0][1]
            carry, _, text = lines[number].strip().partition(" = ")
            if edit.function == self.check and text == returned:
                taken = (self.check, own, f"    {name} = {carry}")
                yield Edit(edit.operator, edit.function, edit.quantity, (taken,), edit.slip, edit.detail, edit.step)

    def _loop_edits(self, name: str) -> list[Edit]:
        lines = self.variants.assignment.functions[self.check]
        found: list[Edit] = []
        for number, line in enumerate(lines):
            text = line.strip()
            if text.startswith((f"{name} = ", f"{name}[", "gradients = {")):
                found += [edit for edit in self.variants.of_line(self.check, number) if edit.quantity == name]
        return found

    def _of_two(self, name: str) -> list[Edit]:
        """The edits of a sum's line, or of the result, that spoil two sums, this one among them."""
        lines = self.variants.assignment.functions[self.check]
        numbers = [number for number, line in enumerate(lines) if " + gradients[" in line or line.strip().startswith("gradients = {")]
        edits = [edit for number in numbers for edit in self.variants.of_line(self.check, number)]
        return [edit for edit in edits if name in _spoilt_by(edit)]

    def _ways(self, name: str, target: Target, numbers: list[int], loop_edits: list[Edit]) -> list[Way]:
        """How the loop, right and with each of these edits, makes its result for ``name`` of what its calls return."""
        ways: list[Way] = []
        if name == "dx":
            return ways
        if name in self._inner:  # what a state has a part in depends on more than the loop
            loop_edits = [edit for edit in loop_edits if _OF_CALLS.issuperset(NAME.findall(edit.formula))]
        at = [target.block.numbers[place].index for place in numbers]
        for more in ((), *((edit,) for edit in loop_edits)):
            how = self.replay.weights(more, name)
            if how is not None and how.weights.size:
                start = None if how.from_nothing else self.replay.start(more, name)
                ways.append(Way(more, how.weights, np.array([0.0 if start is None else entry({name: start}, name, index) for index in at])))
        return ways

    def _excluded(self, ways: list[Way], name: str, target: Target, numbers: list[int]) -> set[Edits]:
        """Those of these edits of the loop that print something else of what the program's calls return, at every place that these have."""
        if name in self._inner or not ways:
            return set()
        indexes = [target.block.numbers[place].index for place in numbers]
        own = np.array([[entry(call, name, index) for index in indexes] for call in self.replay.returned])
        printed = np.array([way.weights @ own + way.start for way in ways])
        agree = self._all_hit(target, numbers, printed) | ~np.isfinite(printed).all(axis=1)
        return {way.more for way, hit in zip(ways, agree, strict=True) if not hit}

    def _cell_options(self, name: str, target: Target, numbers: list[int], ways: list[Way]) -> list[Edits]:
        inner = self._inner.get(name, name)
        values, apart = self._step_values(inner, name, target, numbers)
        found: list[Edits] = []
        if name == "dx":
            order = [len(self.record.calls) - 1 - target.places[place] for place in numbers]
            return [
                (edit,)
                for edit, steps in values
                if 0 <= min(order) <= max(order) < len(steps) and self._all_hit(target, numbers, np.array([steps[at][0] for at in order]))
            ]
        if inner == name:
            found += self._of_other_shape(name, target, apart)
        if values and ways:
            printed = np.array([way.weights for way in ways]) @ np.array([steps for _, steps in values])
            printed += np.array([way.start for way in ways])
            self.tried += printed.shape[0] * printed.shape[1]
            agree = self._all_hit(target, numbers, printed)
            found += [(values[edit][0], *ways[way].more) for edit, way in np.argwhere(agree).tolist()]
        return found

    def _of_other_shape(self, name: str, target: Target, made: list[tuple[Edit, str]]) -> list[Edits]:
        """Of these edits of the cell's equation those whose result has another shape than it should: how the loop sums that is tried."""
        shape = np.shape(self.record.calls[0][name])
        found: list[Edits] = []
        for edit, text in made:
            self._evaluated += 1
            first = self.record.evaluate(text, 0)
            if first is None or np.shape(first) == shape:
                continue
            if self._gives(name, target, text):
                found.append((edit,))
        return found

    def _gives(self, name: str, target: Target, text: str) -> bool:
        """Whether the loop, whose calls each give this for a gradient, makes the printed numbers of it."""
        self._evaluated += len(self.record.calls)
        values = [self.record.evaluate(text, call) for call in range(len(self.record.calls))]
        gradients = None if any(value is None for value in values) else self.replay.of_values(name, values)
        return gradients is not None and target.gives(gradients, name)

    def _all_hit(self, target: Target, numbers: list[int], values: Floats) -> Bools:
        """Where all of these numbers agree; they lie along the last axis of ``values``."""
        out = np.full((*values.shape[:-1], len(target)), np.nan)
        out[..., numbers] = values
        return np.asarray(target.hit(out)[..., numbers].all(axis=-1))

    def _step_values(
        self, inner: str, name: str, target: Target, numbers: list[int]
    ) -> tuple[list[tuple[Edit, Floats]], list[tuple[Edit, str]]]:
        """Each edit of the cell's own equation for this gradient, with the printed entries of every call: shaped (calls, numbers).

        Also those, with their expressions, that cannot be computed for all calls together.
        """
        lines = self.variants.assignment.functions[self.cell]
        summed: tuple[int, ...] = np.shape(self.record.gradients.get(name, 0.0))
        indexes = [target.block.numbers[place].index[:2] if name in self._inner else target.block.numbers[place].index for place in numbers]
        found: list[tuple[Edit, Floats]] = []
        apart: list[tuple[Edit, str]] = []
        for number, line in enumerate(lines):
            text = line.strip()
            if (self.cell, number) in self._taken or not text.startswith((f"{inner} = ", "gradients = {")):
                continue
            for edit, expression in self.variants.of_quantity(self.cell, number, inner):
                self.tried += 1
                self._evaluated += len(self.record.calls)
                steps = self._all_calls.entries(expression, indexes, summed if inner == name else None)
                if steps is None:
                    apart.append((edit, expression))
                    steps = self._one_by_one(expression, indexes, summed if inner == name else None)
                if steps is not None:
                    found.append((edit, steps))
        return found, apart

    def _one_by_one(self, text: str, indexes: list[tuple[int, ...]], shape: tuple[int, ...] | None) -> Floats | None:
        """These entries of an expression call by call, spread to a ``shape``, if there is one; None where it raises or cannot be spread."""
        steps = np.full((len(self.record.calls), len(indexes)), np.nan)
        for call in range(len(self.record.calls)):
            value = self.record.evaluate(text, call)
            if value is None:
                return None
            if shape is not None and np.shape(value) != shape:
                value = spread(value, shape)
                if np.shape(value) != shape:
                    return None
            steps[call] = [entry({"": value}, "", index) for index in indexes]
        return steps


def _spoilt_by(edit: Edit) -> list[str]:
    """The gradients that an edit spoils at once; none if it is one."""
    names = edit.quantity.split(" and ")
    return names if len(names) > 1 else []
