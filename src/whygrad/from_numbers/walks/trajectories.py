"""Trajectories of a sequence: which edited cells, forward passes and loops together print the gradients at the inputs.

Everything here starts from one program, the base, and walks through time (`time_walk`) with what else may be wrong in it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers.printed import around
from whygrad.from_numbers.programs.contexts import Contexts, Handed, contexts_of
from whygrad.from_numbers.programs.edited import Program, Record
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.from_numbers.tables.singles import line_texts
from whygrad.from_numbers.walks.effects import Plans
from whygrad.from_numbers.walks.first_calls import FirstCalls
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL
from whygrad.from_numbers.walks.time_walk import States, TimeWalk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.numbers.arrays import Arrays, Floats, Ints
    from whygrad.from_numbers.programs.passes import Passes
    from whygrad.from_numbers.side_by_side.columns import Cell, LineTexts
    from whygrad.from_numbers.walks.hypotheses import Cells, Hypotheses
    from whygrad.mistakes import Edits

MOST_BEGINNING = 10_000
"""If more states than these give what is printed first, with few digits, that tells nothing."""


class Trajectories:
    """The walks for one block of a sequence's numbers with ``base`` made already.

    Each method that walks returns the programs that print the same dx: every mistake of the trajectory, the base's included. ``what`` says
    what was looked for, in case the walk is cut.
    """

    def __init__(self, hypotheses: Hypotheses, base: Edits, trail: Trail) -> None:
        self.tables = hypotheses.tables
        self.target = hypotheses.target
        self.base = base
        self.trail = trail
        self.hypotheses = hypotheses
        self._plans = Plans()

    @cached_property
    def record(self) -> Record | None:
        """The run of the base program."""
        return Program(self.tables.assignment, self.base).record(self.tables.check) if self.base else self.tables.right

    @cached_property
    def entry(self) -> tuple[int, int]:
        """The row and the column of dx that are printed."""
        row, column = self.target.block.numbers[self.target.of("dx")[0]].index[:2]
        return row, column

    def kept_numbers(self, what: str, made: Callable[[], Arrays], steps: frozenset[int | None] | None = None) -> Arrays:
        """Numbers for the printed entry of dx that depend on none of those printed, if need be on the ``steps`` of which something is.

        Many ask for those of the entry that the check prints, at all steps: they are kept between runs.
        """
        all_steps = steps is None or len(steps) == self.tables.forms.steps
        name = f"{what}-{self._entry_name}{'' if all_steps else sorted(map(str, steps or ()))}"
        return self.tables.kept_numbers(name, made, between_runs=all_steps and self._usual)

    @property
    def _entry_name(self) -> str:
        return f"{self.entry[0]}-{self.entry[1]}"

    @property
    def _usual(self) -> bool:
        """Whether the entry is the one that the course's check prints."""
        return ("dx", self.entry) in self.tables.assignment.printed[self.tables.check]

    def free(self, cells: Cells) -> Cells:
        """Those that leave alone the lines which the base has edited, and edit lines that bear on something in the base."""
        return [one for one in cells if self.is_free(*one)] if self._taken else cells

    def is_free(self, texts: LineTexts, edits: Edits) -> bool:
        """Whether this is one of them."""
        bears = self.cell is None or all(number in self.cell.targets for number, _ in texts)
        return bears and self._leaves_alone(edits)

    def idle(self, cells: Cells) -> Cells:
        """Those that leave alone the lines which the base has edited, and edit lines that bear on nothing which the base hands on."""
        if self.cell is None:
            return []
        targets = self.cell.targets
        return [one for one in cells if all(number not in targets for number, _ in one[0]) and self._leaves_alone(one[1])]

    def _leaves_alone(self, edits: Edits) -> bool:
        return self._taken.isdisjoint(places_of(edits))

    @cached_property
    def _taken(self) -> set[tuple[str, int]]:
        return places_of(self.base)

    @cached_property
    def cells(self) -> Cells:
        """The edited cells whose formulas treat each example alone, likeliest first."""
        return self.free(self.hypotheses.cells.alone)

    @cached_property
    def cell(self) -> Cell | None:
        """The base's cell; None where the base raises, mixes examples, computes in another order, or hands on what has another shape."""
        if self.record is None or self._mixes:
            return None
        cell = self.hypotheses.cell_of(self.base, self.record)
        own, right = self.record.calls[0], self.tables.right.calls[0]
        fits = all(np.shape(own[name]) == np.shape(right[name]) for name in cell.outputs)
        return cell if fits and not cell.reads_ahead else None

    def _walk(  # noqa: PLR0917 - what is walked
        self, contexts: Contexts, passes: Ints, cells: Cells, tree: Tree, what: str, kept: str = ""
    ) -> list[tuple[int, Edits, Edits]]:
        """Every forward pass, edited cell and loop that together print the same dx: (number of the pass, edits of the cell, the loop's)."""
        cells = self.free(cells)
        if self.cell is None or not cells or self.spent(what):
            return []
        walk = self.through(self.cell, contexts)
        texts = [texts for texts, _ in cells]
        states = self._looked_up(FirstCalls(walk, passes, texts, tree), kept) if kept else None
        found = walk.search(passes, texts, tree) if states is None else walk.followed(states, texts, tree)
        self.count(walk, what)
        return [(number, cells[cell][1], loop) for number, cell, loop in found]

    def _looked_up(self, first: FirstCalls, kept: str) -> States | None:
        """The states that give what is printed of the first call, by what is kept of them; None where nothing is."""
        if self.base or not self._usual or len(self.hypotheses.steps) < self.tables.forms.steps:
            return None
        numbers = self.tables.mapped_numbers(f"{kept}-{self._entry_name}", first.shape, first.computed)
        return None if numbers is None else first.agreeing(numbers)

    def spent(self, what: str) -> bool:
        """Whether no work or no time is left, so that ``what`` is not looked for."""
        spent = self.trail.spent
        if spent:
            self.trail.cut(f"{what}: not tried")
        return spent

    def through(self, cell: Cell, contexts: Contexts) -> TimeWalk:
        """A walk of this cell in these contexts."""
        row, column = self.entry
        mixing = contexts.width > 1
        walk = TimeWalk(cell, self.tables.forms.arguments, contexts, self.target, row, column if mixing else 0, mixing=mixing)
        walk.most = min(walk.most, max(0, self.trail.left))
        walk.clock = self.trail.clock
        walk.plans = self._plans
        return walk

    def count(self, walk: TimeWalk, what: str) -> None:
        """Take the work of a walk off what is left."""
        self.trail.tried += walk.tried
        self.trail.left -= walk.work
        if walk.cut:
            self.trail.cut(what)

    @property
    def _mixes(self) -> bool:
        """Whether the base's own equations cannot be computed for some examples alone."""
        cell = self.tables.cell
        edits = tuple(edit for edit in self.base if edit.function == cell)
        texts = line_texts(edits, cell, self.tables.equations)
        return bool(texts) and not self.hypotheses.right_cell.columnwise(texts)

    @cached_property
    def own_context(self) -> Contexts:
        """The base program's own forward pass, in the printed column."""
        return self._context([self.entry[1]])

    @cached_property
    def whole_context(self) -> Contexts:
        """The base program's own forward pass, all columns."""
        batch = self.record.arguments[0].shape[1] if self.record else 0
        return self._context(list(range(batch)))

    def _context(self, columns: list[int]) -> Contexts:
        """With NaN for caches that only a right forward pass makes: a loop may ask for them."""
        forms = self.tables.forms
        return contexts_of([Handed.by(self.record)] if self.record else [], forms.fields, columns, forms.caches)

    def loops_alone(self, tree: Tree, what: str) -> list[Edits]:
        """The base's cell and forward pass with each of these loops."""
        return self.with_cells(self.own_context, RIGHT_CELL, tree, what)

    def with_cells(self, contexts: Contexts, cells: Cells, tree: Tree, what: str, kept: str = "") -> list[Edits]:
        """Each of these edited cells with each of these loops, in the first of these contexts; ``kept`` as for `with_forward`."""
        return [(*self.base, *cell, *loop) for _, cell, loop in self._walk(contexts, np.zeros(1, int), cells, tree, what, kept)]

    def with_forward(  # noqa: PLR0917 - what is walked, and how much of it
        self, cells: Cells, tree: Tree, what: str, passes: Passes | None = None, most: int | None = None, kept: str = ""
    ) -> list[Edits]:
        """Every wrong forward pass, or the likeliest of them, with each of these cells and loops.

        Where nothing of this depends on what is printed, what they give for the first number is kept between runs under ``kept``.
        """
        passes = passes or self.tables.passes
        numbers = np.arange(1, len(passes.rows))[:most]
        if most is not None and len(passes.rows) - 1 > most:
            self.trail.cut(f"{what}: only the likeliest {most} forward passes were tried")
        return [
            (*self.base, *passes.rows[number], *cell, *loop)
            for number, cell, loop in self._walk(passes.contexts, numbers, cells, tree, what, kept)
        ]

    def cells_beginning(self, what: str) -> list[tuple[Edits, int]]:
        """Every edited cell, with each first call of loops with one mistake, that gives what is printed of it: (its edits, the node)."""
        found = self._beginning(self.own_context, np.zeros(1, int), self.cells, self.hypotheses.early_single, "cells-and-loops", what)
        return [(edits, node) for _, edits, node in found]

    def passes_beginning(self, cells: Cells, tree: Tree, kept: str, what: str) -> list[tuple[Edits, Edits, int]]:
        """Every wrong forward pass, with each of these cells and each first call of these loops, that gives what is printed of it.

        Each is (edits of the pass, of the cell, node of the tree). Nothing, and ``what`` is cut, where what they give is not kept under
        this name, or where so many agree that it tells nothing.
        """
        passes = self.tables.passes
        found = self._beginning(passes.contexts, np.arange(1, len(passes.rows)), cells, tree, kept, what)
        return [(passes.rows[number], edits, node) for number, edits, node in found]

    def _beginning(  # noqa: PLR0917 - what is walked
        self, contexts: Contexts, passes: Ints, cells: Cells, tree: Tree, kept: str, what: str
    ) -> list[tuple[int, Edits, int]]:
        """(Number of the pass, edits of the cell, node of the tree)."""
        if self.cell is None:
            return []
        walk = self.through(self.cell, contexts)
        texts = [texts for texts, _ in cells]
        states = self._looked_up(FirstCalls(walk, passes, texts, tree), kept)
        if states is None or len(states) > MOST_BEGINNING:
            self.trail.cut(f"{what}: not tried")
            return []
        if not len(states):
            return []
        states = walk.begun(states, texts, tree)
        return [
            (number, cells[cell][1], node)
            for number, cell, node in zip(states.contexts.tolist(), states.cells.tolist(), states.nodes.tolist(), strict=True)
        ]

    def after(self, more: Edits) -> Trajectories:
        """The walks with further mistakes made already."""
        return Trajectories(self.hypotheses, (*self.base, *more), self.trail)

    def opened(self, passes: Passes, at_once: int) -> Iterator[tuple[Ints, Floats, Floats]]:
        """What each wrong forward pass gives for the printed entry of the call that the right loop makes first, so many side by side.

        Numbers of passes, what they give with the right cell (passes), and with each edited one (cells, passes).
        """
        if self.cell is None:
            return
        tree = self.hypotheses.right_only
        walk = self.through(self.cell, passes.contexts)
        texts = [(), *(texts for texts, _ in self.cells)]
        for start in range(1, len(passes.rows), at_once):
            numbers = np.arange(start, min(start + at_once, len(passes.rows)))
            values, place = np.empty((len(texts), len(numbers))), 0
            for block in walk.openings(numbers, np.ones(len(numbers), int), texts, tree):
                values[place : place + len(block)] = block[:, 0]
                place += len(block)
            yield numbers, values[0], values[1:]

    def limits(self, step: int) -> tuple[float, float]:
        """Between which numbers the printed entry of dx must lie at a step."""
        place = next((at for at in self.target.of("dx") if self.target.block.numbers[at].index[2] == step), None)
        if place is None or not self.target.finite[place]:
            return -np.inf, np.inf
        return around(self.target, place)

    def followed(self, passes: Passes, numbers: Sequence[int], cells: Cells, what: str) -> list[Edits]:
        """Each of these edited cells in its own forward pass, with the loops that begin right."""
        tree = self.hypotheses.from_right
        _, first = tree.below(np.zeros(1, int))
        count = len(numbers)
        if self.cell is None or not count or not len(first) or self.spent(what):
            return []
        walk = self.through(self.cell, passes.contexts)
        states = States(np.array(numbers), np.arange(count), np.repeat(first, count), [])
        found = walk.followed(states, [texts for texts, _ in cells], tree)
        self.count(walk, what)
        return [(*self.base, *passes.rows[number], *cells[cell][1], *loop) for number, cell, loop in found]

    def begun(self, tree: Tree, node: int, cells: Cells, what: str) -> list[Edits]:
        """Each of these edited cells in the base's own forward pass, with the loops that begin with this node."""
        if self.cell is None or not cells or self.spent(what):
            return []
        walk = self.through(self.cell, self.own_context)
        count = len(cells)
        states = States(np.zeros(count, int), np.arange(count), np.full(count, node), [])
        found = walk.followed(states, [texts for texts, _ in cells], tree)
        self.count(walk, what)
        return [(*self.base, *cells[cell][1], *loop) for _, cell, loop in found]
