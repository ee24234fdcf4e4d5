"""Two mistakes in a forward cell that spoil one and the same number: which pairs of edited equations give it.

The state of a cell is made of its gates entry by entry. So a row of it is computed for all edits of one gate at once, as rows of an array,
and for those of another gate or of the state's own equation on top of that.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.linewise import expression_code, linewise, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

LEAST = 3
"""So many numbers of one row tell a pair from the others."""
_OF_WHOLE_ARRAYS = ("dot(", ".T", "axis", "concat", "sum(", "shape", "[")


class _Row(NamedTuple):
    """What was printed of a state: its row, the columns, and the bounds of the numbers."""

    row: int
    columns: list[int]
    low: Floats
    high: Floats

    def fits(self, values: Any) -> Any:
        """Which rows agree with the printed one; none where it has more numbers than a row."""
        if max(self.columns) >= values.shape[-1]:
            return np.zeros(values.shape[:-1], bool)
        own = values[..., self.columns]
        return ((own >= self.low) & (own <= self.high)).all(axis=-1)


class PairsInCell:
    """The pairs of edits of a forward cell's equations, seen from the right run of its check."""

    def __init__(self, tables: CheckTables, target: Target, trail: Trail) -> None:
        self.variants = tables.variants
        self.tables = tables
        self.target = target
        self.trail = trail
        self.function = tables.check
        self.lines: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(tables.assignment.functions[self.function]):
            name, _, text = line.strip().partition(" = ")
            if name in tables.assignment.vocabulary.words and not text.startswith(("parameters[", "(")):
                self.lines[name] = (number, text)

    def found(self) -> Iterator[Edits]:
        """The pairs that give all printed numbers of a state; two edits of one equation count as a pair."""
        right = self.target.hit(self.target.values(self.tables.right.gradients))
        for name in dict.fromkeys(self.target.names):
            places = [place for place in self.target.of(name) if self.target.finite[place]]
            if name in self.lines and len(places) >= LEAST and not right[places].all():
                yield from self._of_state(name, self._row(places))

    def _row(self, places: list[int]) -> _Row:
        numbers = [self.target.block.numbers[place] for place in places]
        low, high = self.target.low[places] - SIDE_BY_SIDE, self.target.high[places] + SIDE_BY_SIDE
        return _Row(numbers[0].index[0], [number.index[1] for number in numbers], low, high)

    def _of_state(self, name: str, row: _Row) -> Iterator[Edits]:
        _, text = self.lines[name]
        own = self._rows(row.row)
        gates = {gate: self._values(gate, row.row) for gate in dict.fromkeys(names_in(text)) if gate in self.lines}
        for (one, (edits, values)), (other, (others, more)) in combinations(gates.items(), 2):
            both = self._evaluated(text, {**own, one: values[:, None], other: more[None]})
            for at, second in _places(row, both, (len(edits), len(others))):
                yield edits[at], others[second]
            self.trail.tried += len(edits) * len(others)
        for edit in self._edits(name):
            for gate in set(names_in(edit.formula)) & gates.keys():
                edits, values = gates[gate]
                both = self._evaluated(edit.formula, {**own, gate: values})
                for (at,) in _places(row, both, (len(edits),)):
                    yield edit, edits[at]
                self.trail.tried += len(edits)
        for own_line in (name, *gates):
            yield from self._twice(own_line, text, own, row)

    def _twice(self, name: str, text: str, own: Environment, row: _Row) -> Iterator[Edits]:
        """Two edits of one equation: the state's own, or that of a gate from which ``text`` makes it."""
        number, right = self.lines[name][0], self._run[name]
        for edit in self.variants.twice(self.function, number):
            if self.trail.clock.up:
                self.trail.cut("two mistakes in one equation of a forward cell")
                return
            self.trail.tried += 1
            value = self._evaluated(edit.formula, self._run)
            if not is_array(value) or value.shape != right.shape:
                continue
            made = self._evaluated(text, {**own, name: value[row.row]}) if name in names_in(text) else value[row.row]
            if made is not None and row.fits(made):
                yield (edit,)

    def _edits(self, name: str) -> list[Edit]:
        """The edits of one equation that are computed entry by entry."""
        edits = (edit for edit in self.variants.of_line(self.function, self.lines[name][0]) if self._is_one_line(edit, name))
        return [edit for edit in edits if not any(word in edit.formula for word in _OF_WHOLE_ARRAYS)]

    def _values(self, name: str, row: int) -> tuple[list[Edit], Floats]:
        """The edits of one equation, and a row of what each computes."""
        edits: list[Edit] = []
        rows: list[Floats] = []
        right = self._run[name]
        for edit in self.variants.of_line(self.function, self.lines[name][0]):
            value = self._evaluated(edit.formula, self._run) if self._is_one_line(edit, name) else None
            if is_array(value) and value.shape == right.shape and not np.array_equal(value, right):
                edits.append(edit)
                rows.append(value[row])
        return edits, np.array(rows).reshape(len(rows), right.shape[1])

    def _is_one_line(self, edit: Edit, name: str) -> bool:
        return len(edit.lines) == 1 and edit.lines[0][2].strip().startswith(f"{name} = ") and "\n" not in edit.lines[0][2]

    def _rows(self, row: int) -> Environment:
        """One row of every array that has as many of them as a state."""
        shape = self._run["a_prev"].shape
        return {name: value[row] for name, value in self._run.items() if is_array(value) and value.shape == shape}

    def _evaluated(self, text: str, variables: Environment) -> Any:
        try:
            return eval(expression_code(text), self._space, variables)  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - and may raise anything
            return None

    @cached_property
    def _space(self) -> Environment:
        return Program(self.tables.assignment).space()

    @cached_property
    def _run(self) -> Environment:
        """The variables of the right cell in its check."""
        kept: list[Environment] = []
        space = dict(self._space)
        cell = linewise(self.tables.assignment.functions[self.function])
        right = space[self.function]

        def watched(*arguments: Any) -> Any:
            kept.append(cell.variables(space, arguments))
            return right(*arguments)

        self._space[self.function] = watched
        Program(self.tables.assignment).checked(self.function, self._space)
        self._space[self.function] = right
        return kept[0]


def _places(row: _Row, values: Any, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Where in an array of rows the printed one stands."""
    if not is_array(values) or values.shape[:-1] != shape or not values.size:
        return []
    with np.errstate(invalid="ignore"):
        return [tuple(map(int, place)) for place in np.argwhere(row.fits(values))]
