"""Walk through time: which cells and which loops, together, print the gradients at the inputs?

A state is a forward pass and an edited cell at a place in the tree of loop forms; it lives in one column of the cell's arrays. The
walk starts at the call that the loop makes first, which knows nothing of carries: there every edited cell meets all forward passes at
once, and only what it changes is computed again. Each printed number of dx is checked as soon as a call has computed it; what misses it
is dropped with everything that would have followed. States are followed a batch at a time, each batch to its end, so that memory stays
small however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.loops.forms import ONES
from whygrad.from_numbers.numbers.printed import around
from whygrad.from_numbers.side_by_side.stack import Stack
from whygrad.from_numbers.tables.clock import Clock
from whygrad.from_numbers.walks.effects import COLUMNS_AT_ONCE, Effects, Plans
from whygrad.from_numbers.walks.mixing import mixed_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.numbers.arrays import Bools, Floats, Ints
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.contexts import Contexts
    from whygrad.from_numbers.side_by_side.columns import Cell, LineTexts
    from whygrad.mistakes import Edits

PRINTED = "the printed entry of dxt"
AT_ONCE = 10_000
"""So many states are computed side by side."""
MOST_STATES = 1_000_000
"""So many are looked at in one walk."""
MANY = 100
"""So many edited cells have so much in common that fewer states are computed side by side, for which it can be kept."""
CELL = 10
"""An edited cell at its first call is as much work as so many states."""


@dataclass(frozen=True)
class States:
    """Places in the walk: for each state the number of its forward pass, of its edited cell, and its node in the tree.

    States with the same edited cell stand together. ``history`` holds what each call so far returned, shaped (rows, states, columns).
    """

    contexts: Ints
    cells: Ints
    nodes: Ints
    history: list[dict[str, Floats]]

    def __len__(self) -> int:
        return len(self.contexts)

    def taken(self, at: Ints, nodes: Ints) -> States:
        """Some of the states, each gone on to another node."""
        history = [{name: values[:, at] for name, values in past.items()} for past in self.history]
        return States(self.contexts[at], self.cells[at], nodes, history)


def beginning(passes: Ints, tree: Tree, at_once: int = AT_ONCE) -> Iterator[tuple[Ints, Ints]]:
    """Every forward pass with every call with which a loop can begin (its node in the tree), so many of them at a time."""
    _, first = tree.below(np.zeros(1, int))
    context, node = np.repeat(passes, len(first)), np.tile(first, len(passes))
    for start in range(0, len(context), at_once):
        yield context[start : start + at_once], node[start : start + at_once]


class TimeWalk:
    """One walk over a tree of loops, for forward passes and edited cells.

    ``row`` and ``column`` say which entry of dx is printed (the column among those of the contexts). Where the edited formulas mix examples
    (``mixing``), the contexts hold the whole batch and every state is computed by itself.
    """

    def __init__(  # noqa: PLR0917 - what is walked, where, against what
        self, cell: Cell, arguments: Sequence[str], contexts: Contexts, target: Target, row: int, column: int, *, mixing: bool = False
    ) -> None:
        self.width = contexts.width
        self._at_once = max(1, AT_ONCE // self.width)
        self.column = column
        self.mixing = mixing
        self.cell = cell
        self.arguments = list(arguments)
        self.outputs = cell.outputs
        self.contexts = contexts
        self.row = row
        self.tried = 0
        self.work = 0
        self.most = MOST_STATES
        self.clock = Clock()
        self.cut = False
        self.plans = Plans()
        self.low: dict[int, float] = {}
        self.high: dict[int, float] = {}
        for place in target.of("dx"):
            if target.finite[place]:
                step = target.block.numbers[place].index[2]
                self.low[step], self.high[step] = around(target, place)

    def search(self, passes: Ints, cells: Sequence[LineTexts], tree: Tree) -> list[tuple[int, int, Edits]]:
        """Every forward pass with every edited cell and every loop that agree with all printed numbers of dx.

        Returns (forward pass, place among the cells, edits of the loop).
        """
        found: list[tuple[int, int, Edits]] = []
        for context, node in beginning(passes, tree, COLUMNS_AT_ONCE if len(cells) >= MANY and not self.mixing else self._at_once):
            if self.clock.up:
                self.cut = True
                break
            found += self.followed(self.opened(context, node, cells, tree), cells, tree)
        return found

    def opened(self, context: Ints, node: Ints, cells: Sequence[LineTexts], tree: Tree) -> States:
        """The states whose first call gives what is printed of it."""
        return self._agreeing_first((self._mixed if self.mixing else self.openings)(context, node, cells, tree), 1, context, node, tree)[0]

    def opened_with(self, others: Sequence[Cell], context: Ints, node: Ints, cells: Sequence[LineTexts], tree: Tree) -> list[States]:
        """The same with the weights of each of some other cells."""
        blocks = self._blocks(self._effects(others, self._given(tree, context, node, [])), cells)
        self.tried += len(others) * len(cells) * len(context)
        return self._agreeing_first(blocks, len(others), context, node, tree)

    def _agreeing_first(self, blocks: Iterable[Floats], count: int, context: Ints, node: Ints, tree: Tree) -> list[States]:
        """Of what edited cells give first, shaped (edited cells, count, states), the states that agree with what is printed of it."""
        kept: list[list[tuple[Ints, Ints]]] = [[] for _ in range(count)]
        left, start = self.most, 0
        low, high = self.first_limits(tree, node)
        for values in blocks:
            for at, own in enumerate(kept):
                agree = (values[:, at] >= low) & (values[:, at] <= high)
                cell, column = np.divmod(np.flatnonzero(agree), len(node))  # much faster than two indices at once
                own.append((start + cell, column))
                left -= len(cell)
            start += len(values)
            self.work += CELL * len(values)
            if left < 0 or self.clock.up:
                self.cut = True
                break
        found: list[States] = []
        for own in kept:
            cell, column = map(np.concatenate, zip(*own, strict=True)) if own else (np.zeros(0, int), np.zeros(0, int))
            found.append(States(context[column], cell, node[column], []))
        return found

    def openings(self, context: Ints, node: Ints, cells: Sequence[LineTexts], tree: Tree) -> Iterator[Floats]:
        """What each edited cell gives for the printed entry of dx in the call that the loop makes first, for all these states at once.

        Some of the cells at a time, shaped (cells, 1, states).
        """
        self.tried += len(cells) * len(context)
        yield from self._blocks(self.effects(context, node, tree), cells)

    def _blocks(self, effects: Effects, cells: Sequence[LineTexts]) -> Iterator[Floats]:
        """What each edited cell gives; how it is put together is kept for the same cells in other states."""
        return effects.blocks(cells, self.plans.of(effects, cells))

    def effects(self, context: Ints, node: Ints, tree: Tree) -> Effects:
        """What edits change in the call that the loop makes first, in all these states."""
        return self._effects([self.cell], self._given(tree, context, node, []))

    def _effects(self, cells: Sequence[Cell], given: dict[str, Any]) -> Effects:
        return Effects(cells, [cell.run(given, {}) for cell in cells], self.row)

    def openings_after(self, first: Sequence[LineTexts], then: Sequence[LineTexts], tree: Tree) -> Iterator[Floats]:
        """The same for two edited cells together where the loops begin with the tree's first node: for each of ``then`` over ``first``."""
        count = len(first)
        given = self._given(tree, np.zeros(count, int), np.ones(count, int), [])
        env = self.cell.run(given, self.cell.edited(self._slices(np.arange(count), first)))
        self.tried += count * len(then)
        yield from Effects([self.cell], [env], self.row).blocks(then)

    def _mixed(self, context: Ints, node: Ints, cells: Sequence[LineTexts], tree: Tree) -> Iterator[Floats]:
        """The same where formulas mix examples, one cell at a time; where it has to be computed for each state alone, anything agrees."""
        given = self._given(tree, context, node, [])
        low, _ = self.first_limits(tree, node)
        stacks = {name: values.reshape(len(values), -1, self.width).transpose(1, 0, 2).view(Stack) for name, values in given.items()}
        self.tried += len(cells) * len(context)
        for values in mixed_entries(self.cell, stacks, cells, (self.row, self.column)):
            yield (low if values is None else values)[None, None]

    def begun(self, states: States, cells: Sequence[LineTexts], tree: Tree) -> States:
        """Those of these states, few and at the loop's first call, that give what is printed of it."""
        keep, _ = self._step(states, cells, tree)
        return states.taken(keep, states.nodes[keep])

    def followed(self, states: States, cells: Sequence[LineTexts], tree: Tree) -> list[tuple[int, int, Edits]]:
        """Go on from these states, to the end of the loops: (forward pass, place among the cells, edits of the loop)."""
        found: list[tuple[int, int, Edits]] = []
        todo = [(states, np.arange(len(states)), states.nodes)]
        left = self.most
        while todo:
            before, parent, node = todo.pop()
            if len(parent) > self._at_once:
                todo.append((before, parent[self._at_once :], node[self._at_once :]))
            some = before.taken(parent[: self._at_once], node[: self._at_once])
            if not len(some):
                continue
            left -= len(some)
            if left < 0 or self.clock.up:
                self.cut = True
                break
            self.tried += len(some)
            self.work += len(some) * self.width
            keep, out = self._step(some, cells, tree)
            for at in tree.ended(some.nodes[keep]):
                here = int(keep[at])
                found += [(int(some.contexts[here]), int(some.cells[here]), edits) for edits in tree.ends[int(some.nodes[here])]]
            place, following = tree.below(some.nodes[keep])
            if len(following):
                past = {name: out[name].reshape(-1, len(some), self.width) for name in self.outputs if name != "dxt"}
                some.history.append({**past, PRINTED: out[PRINTED][:, :, None]})
                todo.append((some, keep[place], following))
        return found

    def _given(self, tree: Tree, context: Ints, node: Ints, history: list[dict[str, Floats]]) -> dict[str, Any]:
        """What the cell is called with in each state: its arguments and the contents of its cache, a column for each."""
        count = len(context)
        cache = tree.cache[node]
        env: dict[str, Any] = {
            name: values.reshape(len(values), -1)
            for name, values in ((name, self.contexts.cached(name, context, cache)) for name in self.contexts.arrays)
        }
        rows = self.contexts.da.shape[1]
        for argument, atoms, weights in zip(self.arguments, tree.atoms, tree.weights, strict=True):
            values = np.zeros((rows, count, self.width))
            own = weights[node].T
            used: list[int] = np.flatnonzero(own.any(axis=1)).tolist()
            for place in used:
                name, step = atoms[place]
                at: Any = own[place].nonzero()[0]
                if len(at) == count:
                    at = slice(None)
                if (name, step) == ONES:
                    part = 1.0
                elif name == "da":
                    part = self.contexts.upstream(context[at], step)
                elif name in self.outputs:
                    part = history[step][name][:, at]
                else:
                    part = self.contexts.cached(name, context[at], step)
                weight = own[place, at]
                values[:, at] += part if (weight == 1.0).all() else weight[:, None] * part
            env[argument] = values.reshape(rows, -1)
        return env

    def first_limits(self, tree: Tree, node: Ints) -> tuple[Floats, Floats]:
        """Between which numbers dxt's entry must lie in the call that the loop makes first, for each state."""
        low, high = np.full(len(node), -np.inf), np.full(len(node), np.inf)
        stored = tree.stored[node]
        numbers: list[int] = np.unique(stored).tolist()
        for number in numbers:
            at = np.flatnonzero(stored == number)
            for step, ((_, weight), *_) in tree.storings[number]:
                ends = sorted((self.low.get(step, -np.inf) / weight, self.high.get(step, np.inf) / weight))
                low[at], high[at] = np.maximum(low[at], ends[0]), np.minimum(high[at], ends[1])
        return low, high

    def agreeing(self, tree: Tree, node: Ints, results: Sequence[Floats]) -> Bools:
        """Which states agree with what is printed of the steps that their call completes; ``results`` are dxt's entry, call by call."""
        agree = np.ones(len(node), bool)
        stored = tree.stored[node]
        numbers: list[int] = np.unique(stored).tolist()
        for number in numbers:
            at: Any = slice(None) if (stored == number).all() else np.flatnonzero(stored == number)
            for step, parts in tree.storings[number]:
                value = sum(weight * results[call][at] for call, weight in parts)
                with np.errstate(invalid="ignore"):
                    agree[at] &= (value >= self.low.get(step, -np.inf)) & (value <= self.high.get(step, np.inf))
        return agree

    def _step(self, states: States, cells: Sequence[LineTexts], tree: Tree) -> tuple[Ints, dict[str, Any]]:
        """Compute one call for all states: which agree with the numbers they print, and what they return."""
        given = self._given(tree, states.contexts, states.nodes, states.history)
        out = self.cell.run(given, self.cell.edited(self._slices(states.cells, cells), mixing=self.mixing))
        own = out["dxt"][self.row].reshape(len(states), self.width)[:, self.column]
        out[PRINTED] = own[None]
        return np.flatnonzero(self.agreeing(tree, states.nodes, [*(past[PRINTED][0, :, 0] for past in states.history), own])), out

    def _slices(self, cell: Ints, cells: Sequence[LineTexts]) -> list[tuple[slice, LineTexts]]:
        """Which columns compute which edited lines: a slice for each cell, or for each state where formulas mix examples."""
        new = np.ones(len(cell), bool) if self.mixing else np.append(True, cell[1:] != cell[:-1])
        starts = np.flatnonzero(new)
        ends = np.append(starts[1:], len(cell))
        return [
            (slice(start * self.width, end * self.width), cells[cell[start]])
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            if cells[cell[start]]
        ]
