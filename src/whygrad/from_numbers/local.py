"""Mistakes that change one printed gradient and nothing else, found for each gradient alone, given everything before it.

In a sequence these are the parameters' gradients (how a step computes them, how the loop sums them), the gradient at the initial state
and the way dx is stored. They never act on each other, so they stand outside the budget of the search; only the same slip made several
times counts once.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.allcalls import AllCalls
from whygrad.from_numbers.edited import edited_lines
from whygrad.from_numbers.linewise import ENTRY, NAME, linewise
from whygrad.from_numbers.numbers import entry, is_array
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.linewise import Environment
    from whygrad.from_numbers.numbers import Bools, Floats, Target
    from whygrad.from_numbers.tables import CheckTables

Edits = tuple[Edit, ...]
REPLAY = 50
"""To run a loop again is as much work as so many states of a walk."""
WEIGHT_DECIMALS, WEIGHT_ROUNDING = 12, 1e-10
"""Weights that a loop gives are plain fractions."""
EQUATION = 5
"""So is an equation in one call."""
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
        self._known_weights = tables.loop_weights
        self.edits = edits
        self.record = record
        self._all_calls = AllCalls(record)
        self.tried = 0
        self.work = 0
        self.cell = tables.cell
        self._inner = {"dx": "dxt", "da0": "da_prev"}

    def options(self, name: str, target: Target) -> list[Edits]:
        """Further edits under which all printed numbers of ``name`` come right."""
        numbers = target.of(name)
        loop_edits = self._loop_edits(name)
        ways = self._ways(name, target, numbers, loop_edits)
        wrong = self._excluded(ways, name, target, numbers)
        more = (*(edit for edit in loop_edits if (edit,) not in wrong), *self._of_two(name), *self._carried(name))
        found: list[Edits] = [(edit,) for edit in more if self._right_with(edit, name, target, numbers)]
        return found + self._exchanged(name, target, numbers) + self._cell_options(name, target, numbers, ways)

    def _exchanged(self, name: str, target: Target, numbers: list[int]) -> list[Edits]:
        """The edits of the dictionary that the cell returns under which this gradient and another stand under each other's key."""
        number = len(self.variants.assignment.functions[self.cell]) - 2
        found: list[Edits] = []
        for edit in self.variants.of_line(self.cell, number):
            if name in _spoilt_by(edit) and (self.cell, number) not in self._taken:
                keys = dict(ENTRY.findall(edit.formula))
                if not self._hits({name: self.record.gradients.get(keys[name])}, name, target, numbers):
                    continue
                gradients = self._replay((), [{key: call[keys[key]] for key in call} for call in self._recorded()])
                if gradients is not None and all(self._hits(gradients, other, target, target.of(other)) for other in _spoilt_by(edit)):
                    found.append((edit,))
        return found

    @cached_property
    def _taken(self) -> set[tuple[str, int]]:
        return {line[:2] for edit in self.edits for line in edit.lines}

    def _right_with(self, edit: Edit, name: str, target: Target, numbers: list[int]) -> bool:
        self.tried += 1
        gradients = self._replay((edit,), self._recorded())
        names = {name: numbers} | {other: target.of(other) for other in _spoilt_by(edit)}
        return gradients is not None and all(self._hits(gradients, one, target, at) for one, at in names.items())

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

    def _hits(self, gradients: dict[str, Any], name: str, target: Target, numbers: list[int]) -> bool:
        values = np.full(len(target), np.nan)
        for place in numbers:
            values[place] = entry(gradients, name, target.block.numbers[place].index)
        return bool(target.hit(values)[numbers].all())

    def _recorded(self) -> list[dict[str, Any]]:
        return [call["gradients"] for call in self.record.calls]

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

    def _replay(self, more: Edits, returned: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The loop with further edits, its cell handing out what is given; if it is called more often, what it computes."""
        self.work += REPLAY
        assignment = self.variants.assignment
        lines = edited_lines(assignment, [*self.edits, *more])
        if lines is None:
            return None
        rest = iter(returned)

        def cell(*arguments: Any) -> dict[str, Any]:
            given = next(rest, None)
            return self.record.space[self.cell](*arguments) if given is None else given

        space: Environment = {**self.record.space, self.cell: cell}
        try:
            loop = linewise(lines.get(self.check, assignment.functions[self.check]))
            with np.errstate(all="ignore"):
                return loop.call(space, self.record.arguments)
        except Exception:  # noqa: BLE001 - an edited loop may raise anything, and then prints nothing
            return None

    def _weights(self, more: Edits, name: str) -> tuple[Floats, bool] | None:
        """With which weight each call's own gradient enters the loop's result for ``name``, and whether that starts from nothing.

        None where it is not a weighted sum. Only the loop decides that, so it is found once for all programs with this loop.
        """
        lines = edited_lines(self.variants.assignment, [edit for edit in (*self.edits, *more) if edit.function == self.check])
        if lines is None:
            return None
        calls = self._recorded()
        key = (name, len(calls), np.shape(calls[0][self._inner.get(name, name)]), lines.get(self.check))
        return self._known_weights.get(key, lambda: self._found_weights(more, name))

    def _found_weights(self, more: Edits, name: str) -> tuple[Floats, bool] | None:
        inner = self._inner.get(name, name)
        # all else that the calls return is ones: what it is in this program must not matter to the next
        calls = [{key: np.ones(np.shape(value)) for key, value in call.items()} for call in self._recorded()]
        nothing = [{**call, inner: np.zeros(call[inner].shape)} for call in calls]
        probe = np.arange(1.0, 1 + calls[0][inner].size).reshape(calls[0][inner].shape)
        start = self._sum(more, name, nothing)
        if start is None:
            return None
        weights: list[float] = []
        for own, call in enumerate(calls):
            value = self._sum(more, name, [*nothing[:own], {**call, inner: probe}, *nothing[own + 1 :]])
            if value is None:
                return None
            value = value - start
            weight = float(value.flat[0].round(WEIGHT_DECIMALS))
            if not (np.abs(value - weight * _spread(probe, value.shape)) <= WEIGHT_ROUNDING).all():
                return None
            weights.append(weight)
        return np.array(weights), not start.any()

    def _start(self, more: Edits, name: str) -> Floats | None:
        """What the loop's result for ``name`` is where its cell gives zeros; None where it has another shape."""
        inner = self._inner.get(name, name)
        return self._sum(more, name, [{**call, inner: np.zeros(np.shape(call[inner]))} for call in self._recorded()])

    def _sum(self, more: Edits, name: str, returned: list[dict[str, Any]]) -> Floats | None:
        """The loop's result for ``name`` where its cell returns these; None where it has another shape than a call's, and is not wider."""
        gradients = self._replay(more, [{key: np.copy(value) for key, value in call.items()} for call in returned])
        value = None if gradients is None else gradients.get(name)
        own = np.shape(returned[0][self._inner.get(name, name)])
        return value if is_array(value) and _spread(np.zeros(own), value.shape).shape == value.shape else None

    def _ways(self, name: str, target: Target, numbers: list[int], loop_edits: list[Edit]) -> list[Way]:
        """How the loop, right and with each of these edits, makes its result for ``name`` of what its calls return."""
        ways: list[Way] = []
        if name == "dx":
            return ways
        if name in self._inner:  # what a state has a part in depends on more than the loop
            loop_edits = [edit for edit in loop_edits if _OF_CALLS.issuperset(NAME.findall(edit.formula))]
        at = [target.block.numbers[place].index for place in numbers]
        for more in ((), *((edit,) for edit in loop_edits)):
            weights = self._weights(more, name)
            if weights is not None:
                start = None if weights[1] else self._start(more, name)
                ways.append(Way(more, weights[0], np.array([0.0 if start is None else entry({name: start}, name, index) for index in at])))
        return ways

    def _excluded(self, ways: list[Way], name: str, target: Target, numbers: list[int]) -> set[Edits]:
        """Those of these edits of the loop that print something else of what the program's calls return, at every place that these have."""
        if name in self._inner or not ways:
            return set()
        indexes = [target.block.numbers[place].index for place in numbers]
        own = np.array([[entry(call, name, index) for index in indexes] for call in self._recorded()])
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
            found += self._of_other_shape(name, target, numbers, apart)
        if values and ways:
            printed = np.array([way.weights for way in ways]) @ np.array([steps for _, steps in values])
            printed += np.array([way.start for way in ways])
            self.tried += printed.shape[0] * printed.shape[1]
            agree = self._all_hit(target, numbers, printed)
            found += [(values[edit][0], *ways[way].more) for edit, way in np.argwhere(agree).tolist()]
        return found

    def _of_other_shape(self, name: str, target: Target, numbers: list[int], made: list[tuple[Edit, str]]) -> list[Edits]:
        """Of these edits of the cell's equation those whose result has another shape than it should: how the loop sums that is tried."""
        shape = np.shape(self.record.calls[0][name])
        found: list[Edits] = []
        for edit, text in made:
            self.work += EQUATION
            first = self.record.evaluate(text, 0)
            if first is None or np.shape(first) == shape:
                continue
            values = [copy(self.record.evaluate(text, call)) for call in range(len(self.record.calls))]  # a loop may write into them
            if any(value is None for value in values):
                continue
            gradients = self._replay((), [{**call, name: value} for call, value in zip(self._recorded(), values, strict=True)])
            if gradients is not None and self._hits(gradients, name, target, numbers):
                found.append((edit,))
        return found

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
                self.work += EQUATION * len(self.record.calls)
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
                value = _spread(value, shape)
                if np.shape(value) != shape:
                    return None
            steps[call] = [entry({"": value}, "", index) for index in indexes]
        return steps


def _spread(value: Any, shape: tuple[int, ...]) -> Any:
    """A gradient as it is added to a sum that was made too wide; as it is where that cannot be."""
    try:
        return np.broadcast_to(value, shape)
    except ValueError:
        return value


def _spoilt_by(edit: Edit) -> list[str]:
    """The gradients that an edit spoils at once; none if it is one."""
    names = edit.quantity.split(" and ")
    return names if len(names) > 1 else []
