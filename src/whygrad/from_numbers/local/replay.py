"""A program's loop run again with other edits, or with other gradients from its cell; and how it adds these up."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.local.after_loop import AfterLoop
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import linewise

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.programs.linewise import Environment, Linewise
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

Gradients = dict[str, Any]
MOST_LOOP_WEIGHTS = 4096
"""For so many edited loops it is kept how they add up."""
REPLAY = 50
"""To run a loop again is as much work as so many states of a walk."""
WEIGHT_DECIMALS, WEIGHT_ROUNDING = 12, 1e-10
"""Weights that a loop gives are plain fractions."""
AS_LARGE_AS = 16
"""So large is what the calls return to find them out: a sum that is cut off at a bound must reach it."""


class LoopSum(NamedTuple):
    """How a loop adds up one gradient of its calls: the weight of each call's, whether from nothing, and the result's shape.

    Without weights where the loop raises.
    """

    weights: Floats
    from_nothing: bool = True
    shape: tuple[int, ...] = ()


def known_weights(tables: CheckTables) -> Last[LoopSum | None]:
    """How edited loops add up their calls' gradients, as far as it was asked for: by their lines and the gradients' shape."""
    return tables.beside("sums of loops", lambda: Last["LoopSum | None"](MOST_LOOP_WEIGHTS))


class Replay:
    """The loop of a program with these edits, whose run is in the ``record``."""

    def __init__(self, tables: CheckTables, edits: Edits, record: Record) -> None:
        self.assignment, self.check, self.cell = tables.assignment, tables.check, tables.cell
        self._known_weights = known_weights(tables)
        self.edits = edits
        self.record = record
        self.inner = {"dx": "dxt", "da0": "da_prev"}
        """What a call names otherwise than the loop's result does."""
        self.work = 0

    @cached_property
    def returned(self) -> list[Gradients]:
        """What each call returned."""
        return [call["gradients"] for call in self.record.calls]

    def with_edit(self, edit: Edit) -> Gradients | None:
        """The result with one more edit of the loop, its cell returning what it did; None where it raises."""
        loop = self._loop((edit,))
        if loop is not None and self._after_loop is not None and self._after_loop.leads_to(loop):
            with suppress(Exception), np.errstate(all="ignore"):  # an edited line may raise anything, and then prints nothing
                return self._after_loop.returned(loop)
            return None
        return self.run((edit,), self.returned)

    def run(self, more: Edits, returned: list[Gradients]) -> Gradients | None:
        """The result with further edits, the cell returning what is given; if it is called more often, what it computes."""
        self.work += REPLAY
        loop = self._loop(more)
        if loop is not None:
            with suppress(Exception), np.errstate(all="ignore"):  # so may an edited loop
                return loop.call(self._space(returned), self.record.arguments)
        return None

    def _loop(self, more: Edits) -> Linewise | None:
        lines = edited_lines(self.assignment, [*self.edits, *more])
        if lines is not None:
            with suppress(SyntaxError):
                return linewise(lines.get(self.check, self.assignment.functions[self.check]))
        return None

    def _space(self, returned: list[Gradients]) -> Environment:
        rest = iter(returned)

        def cell(*arguments: Any) -> Gradients:
            given = next(rest, None)
            return self.record.space[self.cell](*arguments) if given is None else given

        return {**self.record.space, self.cell: cell}

    @cached_property
    def _after_loop(self) -> AfterLoop | None:
        self.work += REPLAY
        loop = self._loop(())
        if loop is not None:
            with suppress(Exception), np.errstate(all="ignore"):
                return AfterLoop(loop, self._space(self.returned), self.record.arguments)
        return None

    def weights(self, more: Edits, name: str, shape: tuple[int, ...] | None = None) -> LoopSum | None:
        """How the loop makes its result for ``name`` of its calls' gradients, or of such of a ``shape``; None where it is no weighted sum.

        Only the loop decides that, so it is found once for all programs with this loop.
        """
        lines = edited_lines(self.assignment, [edit for edit in (*self.edits, *more) if edit.function == self.check])
        if lines is None:
            return None
        whole = self._shape(name) if shape is None else shape
        key = (name, len(self.returned), whole, lines.get(self.check))
        return self._known_weights.get(key, lambda: self._found_weights(more, name, whole))

    def _shape(self, name: str) -> tuple[int, ...]:
        return np.shape(self.returned[0][self.inner.get(name, name)])

    def _found_weights(self, more: Edits, name: str, shape: tuple[int, ...]) -> LoopSum | None:
        inner = self.inner.get(name, name)
        # all else that the calls return is ones: what it is in this program must not matter to the next
        nothing = [{**{key: np.ones(np.shape(value)) for key, value in call.items()}, inner: np.zeros(shape)} for call in self.returned]
        gradients = self._run_on_copies(more, nothing)
        if gradients is None:
            return LoopSum(np.zeros(0))
        start = self._result(gradients, name, shape)
        if start is None:
            return None
        count, size = len(nothing), nothing[0][inner].size
        probes = _probes(count, shape)
        weights: list[Floats] = []
        for own in [range(count)] if size > count else [range(call, call + 1) for call in range(count)]:
            given = [{**call, inner: probes[number]} if number in own else call for number, call in enumerate(nothing)]
            gradients = self._run_on_copies(more, given)
            value = None if gradients is None else self._result(gradients, name, shape)
            if value is None or value.shape != start.shape:
                return None
            parts, inverse = _solved(own, count, shape, value.shape)
            found = (inverse @ (value - start).ravel()).round(WEIGHT_DECIMALS)
            if not (np.abs((value - start).ravel() - parts @ found) <= WEIGHT_ROUNDING).all():
                return None
            weights.append(found)
        return LoopSum(np.concatenate(weights), not start.any(), start.shape)

    def start(self, more: Edits, name: str) -> Floats | None:
        """What the result for ``name`` is where the cell gives zeros; None where it has another shape."""
        inner = self.inner.get(name, name)
        gradients = self._run_on_copies(more, [{**call, inner: np.zeros(np.shape(call[inner]))} for call in self.returned])
        return None if gradients is None else self._result(gradients, name, self._shape(name))

    def _run_on_copies(self, more: Edits, returned: list[Gradients]) -> Gradients | None:
        """The same as ``run`` where what is given is still needed: a loop may write into it."""
        return self.run(more, [{key: np.array(value) for key, value in call.items()} for call in returned])

    @staticmethod
    def _result(gradients: Gradients, name: str, shape: tuple[int, ...]) -> Floats | None:
        """The result for ``name`` if a call's gradient of this shape can be added to it; else None."""
        value = gradients.get(name)
        return value if is_array(value) and spread(np.zeros(shape), value.shape).shape == value.shape else None

    def of_values(self, name: str, values: list[Any]) -> Gradients | None:
        """The result where the calls' gradients for ``name`` are these, at least that for ``name``; None where the loop raises."""
        shape = np.shape(values[0])
        alike = all((is_array(value) or isinstance(value, float)) and np.shape(value) == shape for value in values)
        how = self.weights((), name, shape) if alike else None
        if how is None or not how.from_nothing:
            return self.run((), [{**call, name: np.copy(value)} for call, value in zip(self.returned, values, strict=True)])
        if not how.weights.size:
            return None
        parts = [weight * value for weight, value in zip(how.weights, values, strict=True) if weight]
        return {name: np.broadcast_to(sum(parts), how.shape)}


def spread(value: Any, shape: tuple[int, ...]) -> Any:
    """A gradient as it is added to a sum that was made too wide; as it is where that cannot be."""
    try:
        return np.broadcast_to(value, shape)
    except ValueError:
        return value


@lru_cache(maxsize=64)
def _probes(count: int, shape: tuple[int, ...]) -> Floats:
    """What so many calls return to find out by which weights a loop adds them up: arrays of which none is a sum of others."""
    return AS_LARGE_AS * np.random.default_rng(count).standard_normal((count, *shape))


@lru_cache(maxsize=64)
def _solved(own: range, count: int, shape: tuple[int, ...], result: tuple[int, ...]) -> tuple[Floats, Floats]:
    """The probes of these calls, spread to the shape of a result, each a column; and what gives their weights when it multiplies a sum."""
    parts = np.stack([spread(_probes(count, shape)[call], result).ravel() for call in own], axis=1)
    return parts, np.linalg.pinv(parts)
