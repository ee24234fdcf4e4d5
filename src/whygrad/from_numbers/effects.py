"""One row of dxt with each of thousands of edited cells, in a call whose right lines are computed: many states side by side.

Equations that nothing but dxt reads add up there. So each edit of one is computed once, for all cells in which it is made and all weights
with which dxt is computed, and what it changes in the row is one product for many edits. Whatever does not add up is computed again with
every line that depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.linewise import expression_code
from whygrad.from_numbers.numbers import is_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.columns import Cell, LineTexts
    from whygrad.from_numbers.linewise import Environment
    from whygrad.from_numbers.numbers import Floats

LineText = tuple[int, str]
NUMBERS_AT_ONCE = 100_000
"""So many numbers, edited cells times cells times states, are computed at once."""
SUM = 1e-9
"""By so much a sum of a few products may differ from the same sum otherwise bracketed."""


class Addend(NamedTuple):
    """What a line computes that nothing but dxt reads; its weights in the row, shaped (cells, rows), None where it has no part in it."""

    target: str
    weights: Floats | None


class Effects:
    """What edits change in a ``row`` of dxt, with each of some cells that differ only in their weights.

    ``envs`` holds what the right lines of each cell gave, a column for each state.
    """

    def __init__(self, cells: Sequence[Cell], envs: Sequence[Environment], row: int) -> None:
        self.cells = cells
        self.envs = envs
        self.row = row
        self.right = np.stack([env["dxt"][row] for env in envs])
        first = envs[0]
        self._apart = {name for name, value in first.items() if any(not _same(value, env[name]) for env in envs[1:])}
        self._addends = self._found()

    def blocks(self, edited: Sequence[LineTexts]) -> Iterator[Floats]:
        """The row with each of these edits, some of them at a time, shaped (edits, cells, columns). NaN where dxt has another shape."""
        at_once = max(1, NUMBERS_AT_ONCE // self.right.size)
        for start in range(0, len(edited), at_once):
            yield self._block(edited[start : start + at_once])

    def _block(self, edited: Sequence[LineTexts]) -> Floats:
        rows = np.repeat(self.right[None], len(edited), axis=0)
        made: dict[LineText, list[int]] = {}
        apart: list[int] = []
        for place, texts in enumerate(edited):
            if all(self._adds_up(edit, texts) for edit in texts):
                for edit in texts:
                    made.setdefault(edit, []).append(place)
            else:
                apart.append(place)
        with np.errstate(all="ignore"):
            for number, (target, weights) in self._addends.items():
                edits = [edit for edit in made if edit[0] == number]
                if edits and weights is not None:
                    effects, odd = self._effects(edits, target, weights)
                    which = [at for at, edit in enumerate(edits) for _ in made[edit]]
                    rows[[place for edit in edits for place in made[edit]]] += effects[which]
                    apart += [place for at in odd for place in made[edits[at]]]
            for place in apart:
                for at, (cell, env) in enumerate(zip(self.cells, self.envs, strict=True)):
                    value = cell.again(env, edited[place], "dxt")
                    rows[place, at] = value[self.row] if is_array(value) and value.shape == env["dxt"].shape else np.nan
        return rows

    def _adds_up(self, edit: LineText, texts: LineTexts) -> bool:
        """Whether an edited line has a part in a sum, and reads nothing that another edited line computes or that differs between cells."""
        addend = self._addends.get(edit[0])
        if addend is None or addend.weights is None:
            return addend is not None
        names = expression_code(edit[1]).co_names
        others = {self.cells[0].targets[number] for number, _ in texts if number != edit[0]}
        return others.isdisjoint(names) and self._apart.isdisjoint(names)

    def _effects(self, edits: Sequence[LineText], target: str, weights: Floats) -> tuple[Floats, list[int]]:
        """What edits of one line change in the row: (edits, cells, columns); and which give another shape, so that this cannot be said."""
        right = self.envs[0][target]
        values = np.zeros((len(edits), *right.shape))
        odd: list[int] = []
        for at, (_, text) in enumerate(edits):
            try:
                value = eval(expression_code(text), self.cells[0].record.space, self.envs[0])  # noqa: S307 - an edit of our own program
            except Exception:  # noqa: BLE001 - an edited expression may raise anything
                values[at] = np.nan
                continue
            if is_array(value) and value.shape == right.shape:
                values[at] = value
            else:
                odd.append(at)
        values -= right
        return np.matmul(weights, values), odd

    def _found(self) -> dict[int, Addend]:
        """The lines that only dxt reads, as a sum. Empty where dxt is not such a sum, or what they compute is not the same in all cells."""
        found = [_addends(cell, env, self.row) for cell, env in zip(self.cells, self.envs, strict=True)]
        if not all(found):
            return {}
        together: dict[int, Addend] = {}
        for number, (target, weights) in found[0].items():
            if weights is not None and target in self._apart:
                return {}
            own = [some for other in found if (some := other[number].weights) is not None]
            together[number] = Addend(target, np.stack([part[0] for part in own]) if own else None)
        return together


def _same(value: Any, other: Any) -> bool:
    return value is other or (is_array(value) and np.array_equal(value, other, equal_nan=True))


def _addends(cell: Cell, env: Environment, row: int) -> dict[int, Addend]:
    """Of one cell."""
    line, text = next(((number, text) for number, target, text in cell.lines if target == "dxt"), (-1, "0"))
    names = set(expression_code(text).co_names)
    found: dict[int, Addend] = {}
    sizes = {name: len(env[name]) for name in names & cell.wide & set(cell.targets.values())}
    whole = np.zeros(env["dxt"].shape[1])
    try:
        for number, target, _ in cell.lines:
            readers = {other for other, _, own in cell.leading_to("dxt") if target in expression_code(own).co_names}
            if readers == {line} and target in sizes:
                few = {**cell.single, **{name: np.zeros((size, sizes[target])) for name, size in sizes.items()}}
                few[target] = np.eye(sizes[target])
                weights = np.asarray(eval(expression_code(text), cell.record.space, few))[row : row + 1]  # noqa: S307 - our own program
                whole = whole + weights[0] @ env[target]
                found[number] = Addend(target, weights)
            elif not readers and target != "dxt":
                found[number] = Addend(target, None)
    except Exception:  # noqa: BLE001 - an edited program's dxt may read anything
        return {}
    with np.errstate(invalid="ignore"):
        off = np.abs(whole - env["dxt"][row]) > SUM * np.maximum(1.0, np.abs(whole))
    return found if set(sizes) == {name for name, weights in found.values() if weights is not None} and not off.any() else {}
