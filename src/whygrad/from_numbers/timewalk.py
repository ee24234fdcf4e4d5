"""Walk through time: which cells and which loops, together, print the gradients at the inputs?

A state is a world (a forward pass and an edited cell) at a place in the tree of loop forms; it lives in one column of the cell's
arrays. The walk starts at the call that the loop makes first, which knows nothing of carries. Each printed number of dx is checked as
soon as a call has computed it; what misses it is dropped with everything that would have followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.from_numbers.numbers import SIDE_BY_SIDE, is_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_numbers.columns import Cell, LineTexts
    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.forms import Call, Form
    from whygrad.from_numbers.numbers import Floats, Target
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
Ints = NDArray[np.int_]
MOST_STATES = 400_000


class Tree:
    """Loop forms that share their first calls, as a tree: node 0 is the root, every other node is one call."""

    def __init__(self, forms: Iterable[tuple[Form, Edits]]) -> None:
        self.calls: list[Call | None] = [None]
        self.children: list[dict[Call, int]] = [{}]
        self.ends: list[list[Edits]] = [[]]
        for form, edits in forms:
            node = 0
            for call in form:
                if call not in self.children[node]:
                    self.children[node][call] = len(self.calls)
                    self.calls.append(call)
                    self.children.append({})
                    self.ends.append([])
                node = self.children[node][call]
            self.ends[node].append(edits)

    def below(self, node: int) -> Ints:
        """The nodes that can follow."""
        return np.fromiter(self.children[node].values(), int)


@dataclass(frozen=True)
class Worlds:
    """Hypotheses about everything but the loop: the number of the forward pass and of the edited cell, for each world.

    Worlds with the same edited cell stand together. ``texts[number]`` are the edited lines of a cell; number 0 is the right cell.
    """

    contexts: Ints
    cells: Ints
    texts: Sequence[LineTexts]

    def __len__(self) -> int:
        return len(self.contexts)


@dataclass(frozen=True)
class Contexts:
    """What forward passes hand to the backward loop, in some columns of the batch.

    ``da`` is shaped (passes, rows, columns, steps), each array of the caches (passes, steps, rows, columns).
    """

    da: Floats
    arrays: dict[str, Floats]

    @property
    def width(self) -> int:
        """How many columns."""
        return self.da.shape[2]


def contexts_of(records: Sequence[Record], fields: Sequence[str], columns: Sequence[int]) -> Contexts:
    """The contexts of these runs, in the given columns of the batch; ``fields`` are the names of what a cache holds, in order."""
    steps = max(len(record.arguments[1][0]) for record in records)
    arrays: dict[str, Floats] = {}
    for place, name in enumerate(fields):
        first = records[0].arguments[1][0][0][place]
        if is_array(first):
            stacked = np.full((len(records), steps, len(first), len(columns)), np.nan)
            for number, record in enumerate(records):
                for step, cache in enumerate(record.arguments[1][0]):
                    stacked[number, step] = cache[place][:, columns]
            arrays[name] = stacked
    return Contexts(np.stack([record.arguments[0][:, columns, :] for record in records]), arrays)


class TimeWalk:
    """One walk over a tree of loops for many worlds.

    ``row`` and ``column`` say which entry of dx is printed (the column among those of the contexts). Where the edited formulas mix examples
    (``mixing``), the contexts hold the whole batch and every state is computed by itself.
    """

    def __init__(  # noqa: PLR0917 - what is walked, where, against what
        self, cell: Cell, arguments: Sequence[str], contexts: Contexts, target: Target, row: int, column: int, *, mixing: bool = False
    ) -> None:
        self.width = contexts.width
        self.column = column
        self.mixing = mixing
        self.cell = cell
        self.arguments = list(arguments)
        self.outputs = cell.outputs
        self.contexts = contexts
        self.row = row
        self.tried = 0
        self.cut = False
        self.low: dict[int, float] = {}
        self.high: dict[int, float] = {}
        for place in target.of("dx"):
            if target.finite[place]:
                step = target.block.numbers[place].index[2]
                slack = SIDE_BY_SIDE * max(1.0, abs(target.low[place]))
                self.low[step], self.high[step] = target.low[place] - slack, target.high[place] + slack

    def search(self, worlds: Worlds, tree: Tree) -> list[tuple[int, int, Edits]]:
        """Every world with every loop that agrees with all printed numbers of dx: (forward pass, cell, edits of the loop)."""
        found: list[tuple[int, int, Edits]] = []
        first = tree.below(0)
        world = np.repeat(np.arange(len(worlds)), len(first))
        node = np.tile(first, len(worlds))
        history: list[dict[str, Floats]] = []
        while len(world):
            if len(world) > MOST_STATES:
                self.cut = True
                world, node = world[:MOST_STATES], node[:MOST_STATES]
                history = [{name: values[:, :MOST_STATES] for name, values in past.items()} for past in history]
            keep, out = self._step(worlds, tree, world, node, history)
            parents: list[Ints] = []
            following: list[Ints] = []
            for place, at in enumerate(keep):
                found += [(int(worlds.contexts[world[at]]), int(worlds.cells[world[at]]), edits) for edits in tree.ends[node[at]]]
                below = tree.below(int(node[at]))
                parents.append(np.full(len(below), place))
                following.append(below)
            if not parents:
                break
            parent = np.concatenate(parents).astype(int)
            came = keep[parent]
            history.append({name: out[name].reshape(-1, len(world), self.width) for name in self.outputs if name != "dxt"})
            history = [{name: values[:, came] for name, values in past.items()} for past in history]
            world, node = world[came], np.concatenate(following).astype(int)
        return found

    def _step(self, worlds: Worlds, tree: Tree, world: Ints, node: Ints, history: list[dict[str, Floats]]) -> tuple[Ints, dict[str, Any]]:
        """Compute one call for all states: which agree with the number they print, and what they return."""
        count = len(world)
        self.tried += count
        context = worlds.contexts[world]
        kinds, kind = np.unique(node, return_inverse=True)
        nodes: list[int] = kinds.tolist()
        calls = [call for number in nodes if (call := tree.calls[number]) is not None]
        cache = np.array([call.cache for call in calls])[kind]
        env: dict[str, Any] = {
            name: array[context, cache].transpose(1, 0, 2).reshape(-1, count * self.width) for name, array in self.contexts.arrays.items()
        }
        rows = self.contexts.da.shape[1]
        for number, argument in enumerate(self.arguments):
            values = np.zeros((rows, count, self.width))
            for place, call in enumerate(calls):
                at: Any = slice(None) if len(calls) == 1 else np.flatnonzero(kind == place)
                for (name, step), weight in call.arguments[number]:
                    if name == "da":
                        part = self.contexts.da[context[at], :, :, step].transpose(1, 0, 2)
                    elif name in self.outputs:
                        part = history[step][name][:, at]
                    else:
                        part = self.contexts.arrays[name][context[at], step].transpose(1, 0, 2)
                    values[:, at] += weight * part
            env[argument] = values.reshape(rows, -1)
        out = self.cell.run(env, self._slices(worlds, world))
        printed = out["dxt"][self.row].reshape(count, self.width)[:, self.column]
        stored = [-1 if call.stored is None else call.stored for call in calls]
        low = np.array([self.low.get(step, -np.inf) for step in stored])[kind]
        high = np.array([self.high.get(step, np.inf) for step in stored])[kind]
        with np.errstate(invalid="ignore"):
            keep = np.flatnonzero((printed >= low) & (printed <= high))
        return keep, out

    def _slices(self, worlds: Worlds, world: Ints) -> list[tuple[slice, LineTexts]]:
        """Which columns compute which edited lines: a slice for each cell, or for each state where formulas mix examples."""
        cell = worlds.cells[world]
        new = np.ones(len(cell), bool) if self.mixing else np.append(True, cell[1:] != cell[:-1])
        starts = np.flatnonzero(new)
        ends = np.append(starts[1:], len(cell))
        return [
            (slice(start * self.width, end * self.width), worlds.texts[cell[start]])
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            if worlds.texts[cell[start]]
        ]
