"""Walk through time: which cells and which loops, together, print the gradients at the inputs?

A state is a world (a forward pass and an edited cell) at a place in the tree of loop forms; it lives in one column of the cell's arrays. The walk starts at the
call that the loop makes first, which knows nothing of carries. Each printed number of dx is checked as soon as a call has computed it; what misses it is dropped with everything
that would have followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_numbers.columns import Cell, LineTexts
    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.forms import Call, Form
    from whygrad.from_numbers.numbers import Floats, Target
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_STATES = 400_000


@dataclass
class Node:
    """A place in the tree of loop forms: one call, the calls that can follow, the edits whose form ends here."""

    call: Call | None = None
    children: dict[Call, Node] = field(default_factory=dict)
    ends: list[Edits] = field(default_factory=list[Edits])

    def add(self, form: Form, edits: Edits) -> None:
        """Put a loop into the tree."""
        node = self
        for call in form:
            node = node.children.setdefault(call, Node(call))
        node.ends.append(edits)


@dataclass(frozen=True)
class World:
    """A forward pass (the number of its context) and the edited lines of the cell."""

    context: int
    texts: LineTexts
    edits: Edits


@dataclass(frozen=True)
class Walked:
    """A world and a loop that agree on every printed number of dx."""

    edits: Edits


class Contexts:
    """What forward passes hand to the backward loop, in some columns of the batch."""

    def __init__(self, records: Sequence[Record], fields: Sequence[str], columns: Sequence[int]) -> None:
        steps = max(len(record.arguments[1][0]) for record in records)
        self.width = len(columns)
        self.da = np.stack([record.arguments[0][:, columns, :] for record in records])
        self.arrays: dict[str, Floats] = {}
        for place, name in enumerate(fields):
            first = records[0].arguments[1][0][0][place]
            if isinstance(first, np.ndarray):
                stacked = np.full((len(records), steps, len(first), self.width), np.nan)
                for number, record in enumerate(records):
                    for step, cache in enumerate(record.arguments[1][0]):
                        stacked[number, step] = cache[place][:, columns]
                self.arrays[name] = stacked


class TimeWalk:
    """One walk over a tree of loops for many worlds.

    ``row`` and ``column`` say which entry of dx is printed (the column among those of the contexts). Where the edited formulas mix examples
    (``mixing``), the contexts hold the whole batch and every state is computed by itself.
    """

    def __init__(self, cell: Cell, arguments: Sequence[str], contexts: Contexts, target: Target, row: int, column: int, *, mixing: bool = False) -> None:
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
                slack = 1e-11 * max(1.0, abs(target.low[place]))
                self.low[step], self.high[step] = target.low[place] - slack, target.high[place] + slack

    def search(self, worlds: Sequence[World], root: Node) -> list[Walked]:
        """Every world with every loop that agrees with all printed numbers of dx."""
        found: list[Walked] = []
        chosen = np.arange(len(worlds))
        layer = [(world, child) for world in chosen for child in root.children.values()]
        history: list[dict[str, Floats]] = []
        while layer:
            if len(layer) > MOST_STATES:
                self.cut = True
                layer = layer[:MOST_STATES]
                history = [{name: values[:, :MOST_STATES] for name, values in past.items()} for past in history]
            keep, out = self.step(worlds, layer, history)
            history = [{name: values[:, keep] for name, values in past.items()} for past in history]
            history.append({name: out[name].reshape(-1, len(layer), self.width)[:, keep] for name in self.outputs if name != "dxt"})
            parents: list[int] = []
            following: list[tuple[Any, Node]] = []
            for place, at in enumerate(keep):
                world, node = layer[at]
                found += [Walked((*worlds[world].edits, *edits)) for edits in node.ends]
                for child in node.children.values():
                    parents.append(place)
                    following.append((world, child))
            history = [{name: values[:, parents] for name, values in past.items()} for past in history]
            layer = following
        return found

    def step(self, worlds: Sequence[World], layer: Sequence[tuple[Any, Node]], history: list[dict[str, Floats]]) -> tuple[Any, dict[str, Any]]:
        """Compute one call for all states: which agree with the number they print, and what they return."""
        self.tried += len(layer)
        calls: list[Call] = [node.call for _, node in layer if node.call is not None]
        context = np.array([worlds[world].context for world, _ in layer])
        cache = np.array([call.cache for call in calls])
        count = len(layer)
        env: dict[str, Any] = {
            name: array[context, cache].transpose(1, 0, 2).reshape(-1, count * self.width) for name, array in self.contexts.arrays.items()
        }
        places: dict[int, list[int]] = {}
        by_call: dict[int, Call] = {}
        for place, call in enumerate(calls):
            places.setdefault(id(call), []).append(place)
            by_call[id(call)] = call
        rows = self.contexts.da.shape[1]
        for number, argument in enumerate(self.arguments):
            values = np.zeros((rows, count, self.width))
            for key, at in places.items():
                for (name, step), weight in by_call[key].arguments[number]:
                    values[:, at] += weight * (self.contexts.da[context[at], :, :, step].transpose(1, 0, 2) if name == "da" else history[step][name][:, at])
            env[argument] = values.reshape(rows, -1)
        out = self.cell.run(env, self._slices(worlds, layer))
        printed = out["dxt"][self.row].reshape(count, self.width)[:, self.column]
        low = np.array([self.low.get(-1 if call.stored is None else call.stored, -np.inf) for call in calls])
        high = np.array([self.high.get(-1 if call.stored is None else call.stored, np.inf) for call in calls])
        with np.errstate(invalid="ignore"):
            keep = np.flatnonzero((printed >= low) & (printed <= high))
        return keep, out

    def _slices(self, worlds: Sequence[World], layer: Sequence[tuple[Any, Node]]) -> list[tuple[slice, LineTexts]]:
        slices: list[tuple[slice, LineTexts]] = []
        start = 0
        for place in range(1, len(layer) + 1):
            if place == len(layer) or self.mixing or layer[place][0] != layer[start][0]:
                texts = worlds[layer[start][0]].texts
                if texts:
                    slices.append((slice(start * self.width, place * self.width), texts))
                start = place
        return slices


def tree_of(forms: Iterable[tuple[Form, Edits]]) -> Node:
    """The tree of these loops."""
    root = Node()
    for form, edits in forms:
        root.add(form, edits)
    return root
