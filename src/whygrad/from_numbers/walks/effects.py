"""One row of dxt with each of thousands of edited cells, in a call whose right lines are computed: many states side by side.

Equations that nothing but dxt reads add up there, and so does what they share where all of them are linear in it. So each edit of one is
computed once, for all cells in which it is made and all weights with which dxt is computed. Whatever does not add up is computed again
with every line that depends on it.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.linewise import expression_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.side_by_side.columns import Cell, LineTexts

LineText = tuple[int, str]
NUMBERS_AT_ONCE = 100_000
"""So many numbers, edited cells times cells times states, are computed at once."""
COLUMNS_AT_ONCE = 1_000
"""So many states are best computed at once where many edited cells have something in common, which is kept meanwhile."""
MOST_KEPT = 1_000_000
"""So many numbers are kept."""
_CALL = re.compile(r"(?<![\w.])(?:np\.)?(tanh|sigmoid)\((\w+)\)")
SUM = 1e-9
"""By so much a sum of a few products may differ from the same sum otherwise bracketed."""


class Addend(NamedTuple):
    """What a line computes that has an effect of its own on the row, which adds up with those of others, and the lines that it shows in.

    ``weights`` are those in the row, shaped (cells, rows), or in each column of it, (cells, rows, columns); None where it has no part.
    """

    target: str
    weights: Floats | None
    readers: frozenset[int] = frozenset()


class Plan(NamedTuple):
    """How the row is put together for some edited cells: ``lines`` are the edits that add up, ``often`` which of them stand in several.

    ``layers`` are (places among the edited cells, places among the lines), each cell once in a layer. ``apart`` does not add up.
    """

    edited: Sequence[LineTexts]
    kinds: dict[int, tuple[str, bool]]
    lines: list[LineText]
    often: list[bool]
    layers: list[tuple[Ints, Ints]]
    apart: list[int]


class Plans:
    """The plan that was made last: the same cells are edited in many states, and with many contexts."""

    def __init__(self) -> None:
        self._last: Plan | None = None

    def of(self, effects: Effects, edited: Sequence[LineTexts]) -> Plan:
        """The plan for these edits."""
        if self._last is None or not effects.fits(self._last, edited):
            self._last = effects.planned(edited)
        return self._last


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
        self._env = dict(first)
        """The first of them, and what functions give of an array: many edits call these alike, and they are dear."""
        self._known: dict[int, Floats | None] = {}
        """What those lines of a plan change that stand in several cells."""

    def blocks(self, edited: Sequence[LineTexts], plan: Plan | None = None) -> Iterator[Floats]:
        """The row with each of these edits, some of them at a time, shaped (edits, cells, columns). NaN where dxt has another shape.

        ``plan`` is that for these edits, which may have been made in other states.
        """
        plan = plan or self.planned(edited)
        at_once = max(1, NUMBERS_AT_ONCE // self.right.size)
        for start in range(0, len(edited), at_once):
            yield self._block(plan, start, min(start + at_once, len(edited)))

    def planned(self, edited: Sequence[LineTexts]) -> Plan:
        """How the row is put together for these edits."""
        numbers: dict[LineText, int] = {}
        counts: list[int] = []
        layers: list[tuple[list[int], list[int]]] = []
        apart: list[int] = []
        for place, texts in enumerate(edited):
            if not all(self._adds_up(edit, texts) for edit in texts):
                apart.append(place)
                continue
            for layer, edit in enumerate(edit for edit in texts if self.addends[edit[0]].weights is not None):
                number = numbers.setdefault(edit, len(numbers))
                if number == len(counts):
                    counts.append(0)
                counts[number] += 1
                if layer == len(layers):
                    layers.append(([], []))
                layers[layer][0].append(place)
                layers[layer][1].append(number)
        arrays = [(np.array(places), np.array(lines)) for places, lines in layers]
        return Plan(edited, self._kinds if numbers else {}, list(numbers), [count > 1 for count in counts], arrays, apart)

    @property
    def _kinds(self) -> dict[int, tuple[str, bool]]:
        """What adds up."""
        return {number: (addend.target, addend.weights is None) for number, addend in self.addends.items()}

    def fits(self, plan: Plan, edited: Sequence[LineTexts]) -> bool:
        """Whether a plan was made for these edits, where the same adds up."""
        return plan.edited is edited and (not plan.kinds or plan.kinds == self._kinds)

    def _block(self, plan: Plan, start: int, end: int) -> Floats:
        rows = np.repeat(self.right[None], end - start, axis=0)
        apart = plan.apart[np.searchsorted(plan.apart, start) : np.searchsorted(plan.apart, end)]
        with np.errstate(all="ignore"):
            for places, lines in plan.layers:
                some = slice(*np.searchsorted(places, (start, end)).tolist())
                made = [(place, self._effect(plan, line)) for place, line in zip(places[some].tolist(), lines[some].tolist(), strict=True)]
                fitting = [(place - start, effect) for place, effect in made if effect is not None]
                apart = [*apart, *(place for place, effect in made if effect is None)]
                for place, effect in fitting:
                    rows[place] += effect
            for place in dict.fromkeys(apart):
                for at, (cell, env) in enumerate(zip(self.cells, self.envs, strict=True)):
                    value = cell.again(env, plan.edited[place], "dxt")
                    rows[place - start, at] = value[self.row] if is_array(value) and value.shape == env["dxt"].shape else np.nan
        return rows

    def _adds_up(self, edit: LineText, texts: LineTexts) -> bool:
        """Whether an edited line has a part in a sum, and reads nothing that another edited line computes or that differs between cells.

        Nor may one be edited that should read what it computes.
        """
        addend = self.addends.get(edit[0])
        if addend is None or addend.weights is None:
            return addend is not None
        others = {number for number, _ in texts if number != edit[0]}
        names = expression_code(edit[1]).co_names
        targets = self.cells[0].targets
        return others.isdisjoint(addend.readers) and self._apart.isdisjoint(names) and {targets[one] for one in others}.isdisjoint(names)

    def _effect(self, plan: Plan, line: int) -> Floats | None:
        """What one edit of a plan changes in the row: (cells, columns); None where it gives another shape, so that this cannot be said."""
        if line in self._known:
            return self._known[line]
        number, text = plan.lines[line]
        target, weights, _ = self.addends[number]
        effect = None if weights is None else self._changed(text, self.envs[0][target], weights)
        if plan.often[line] and len(self._known) * self.right.size < MOST_KEPT:
            self._known[line] = effect
        return effect

    def _changed(self, text: str, right: Floats, weights: Floats) -> Floats | None:
        space = self.cells[0].record.space
        short, calls = _with_calls_named(text)
        try:
            for name, call in calls:
                if name not in self._env:
                    self._env[name] = eval(expression_code(call), space, self._env)  # noqa: S307 - an edit of our own program
            value = eval(expression_code(short), space, self._env)  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - an edited expression may raise anything
            return np.full(self.right.shape, np.nan)
        if not is_array(value) or value.shape != right.shape:
            return None
        change = value - right
        return weights @ change if weights.ndim == change.ndim else np.einsum("irj,rj->ij", weights, change)

    @cached_property
    def addends(self) -> dict[int, Addend]:
        """The lines that add up in dxt. Empty where dxt is no such sum, or what they compute is not the same in all cells."""
        found = [_addends(cell, env, self.row) for cell, env in zip(self.cells, self.envs, strict=True)]
        if not all(found):
            return {}
        together: dict[int, Addend] = {}
        for number, (target, weights, _) in found[0].items():
            if weights is not None and target in self._apart:
                return {}
            own = [some for other in found if (some := other[number].weights) is not None]
            together[number] = Addend(target, np.stack([part[0] for part in own]) if own else None)
        return together | self._shared(together)

    def _shared(self, addends: Mapping[int, Addend]) -> dict[int, Addend]:
        """The lines that nothing but some of these reads, and all of them linearly, entry by entry."""
        cell, env = self.cells[0], self.envs[0]
        found: dict[int, Addend] = {}
        for number, target, _ in cell.lines:
            readers = {at: text for at, _, text in cell.leading_to("dxt") if target in expression_code(text).co_names}
            weighted = [(text, addends[at]) for at, text in readers.items() if at in addends]
            if number in addends or target in self._apart or not readers or len(weighted) < len(readers):
                continue
            weights = np.zeros((len(self.cells), *np.shape(env[target])))
            for text, (name, own, _) in weighted:
                factor = _factor(cell, env, target, text, env[name]) if own is not None else None
                if factor is None or own is None:
                    break
                weights += own[:, :, None] * factor
            else:
                found[number] = Addend(target, weights, frozenset(readers))
        return found


def _factor(cell: Cell, env: Environment, name: str, text: str, right: Floats) -> Floats | None:
    """By what an equation multiplies an array, entry by entry; None where it does something else with it."""
    probe = np.linspace(-2.0, 3.0, env[name].size).reshape(env[name].shape)
    code = expression_code(text)
    with np.errstate(all="ignore"):
        factor, value = (eval(code, cell.record.space, {**env, name: given}) for given in (np.ones_like(probe), probe))  # noqa: S307 - our own program
        if factor.shape != probe.shape or value.shape != probe.shape:
            return None
        off = [np.abs(factor * given - made) > SUM * np.maximum(1.0, np.abs(made)) for given, made in ((probe, value), (env[name], right))]
    return None if any(one.any() for one in off) else factor


@lru_cache(maxsize=16384)
def _with_calls_named(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A text in which a name stands for each function of one array, entry by entry, and these: (name, call)."""
    calls = {f"{function[1]}_of_{function[2]}": function[0] for function in _CALL.finditer(text)}
    return _CALL.sub(lambda found: f"{found[1]}_of_{found[2]}", text), tuple(calls.items())


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
    return found if set(sizes) == {one.target for one in found.values() if one.weights is not None} and not off.any() else {}
