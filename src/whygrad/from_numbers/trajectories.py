"""Trajectories of a sequence: which edited cells, forward passes and loops together print the gradients at the inputs.

Everything here starts from one program, the base, and walks through time (`timewalk`) with what else may be wrong in it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.columns import Cell
from whygrad.from_numbers.edited import NAME, Program, Record
from whygrad.from_numbers.singles import DECIMALS, line_texts
from whygrad.from_numbers.timewalk import Contexts, TimeWalk, Tree, Worlds, contexts_of

if TYPE_CHECKING:
    from whygrad.from_numbers.columns import LineTexts
    from whygrad.from_numbers.forms import Form
    from whygrad.from_numbers.found import Trail
    from whygrad.from_numbers.numbers import Target
    from whygrad.from_numbers.tables import CheckTables, Passes
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
Cells = list[tuple["LineTexts", Edits]]
"""Edited lines of the cell, and the edits that they are; the first is the right cell."""
RIGHT_CELL: Cells = [((), ())]


class Trajectories:
    """The walks for one block of a sequence's numbers with ``base`` made already.

    Each method that walks returns the programs that print the same dx: every mistake of the trajectory, the base's included. ``what`` says
    what was looked for, in case the walk is cut.
    """

    def __init__(self, tables: CheckTables, target: Target, base: Edits, trail: Trail) -> None:
        self.tables = tables
        self.target = target
        self.base = base
        self.trail = trail

    @cached_property
    def record(self) -> Record | None:
        """The run of the base program."""
        return Program(self.tables.assignment, self.base).record(self.tables.check)

    @cached_property
    def _entry(self) -> tuple[int, int]:
        row, column = self.target.block.numbers[self.target.of("dx")[0]].index[:2]
        return row, column

    def _cell(self, record: Record) -> Cell:
        lines = list(self.tables.assignment.functions[self.tables.cell])
        edits = tuple(edit for edit in self.base if edit.function == self.tables.cell)
        for number, text in line_texts(edits, self.tables.cell, self.tables.equations):
            lines[number] = f"    {lines[number].strip().partition(' = ')[0]} = {text}"
        outputs = tuple(name for name in ("dxt", "da_prev", "dc_prev") if name in record.calls[0])
        return Cell(lines, frozenset(self.tables.assignment.vocabulary.words), outputs, record)

    def _walk(self, contexts: Contexts, worlds: Worlds, tree: Tree, what: str) -> list[tuple[int, int, Edits]]:
        """Every world with every loop that prints the same dx: (number of the forward pass, of the cell, edits of the loop)."""
        row, column = self._entry
        mixing = contexts.width > 1
        if self.record is None:
            return []
        walk = TimeWalk(
            self._cell(self.record), self.tables.forms.arguments, contexts, self.target, row, column if mixing else 0, mixing=mixing
        )
        found = walk.search(worlds, tree)
        self.trail.tried += walk.tried
        if walk.cut:
            self.trail.cut(what)
        return found

    @cached_property
    def own_context(self) -> Contexts:
        """The base program's own forward pass, in the printed column."""
        return contexts_of([self.record] if self.record else [], self.tables.forms.fields, [self._entry[1]])

    @cached_property
    def whole_context(self) -> Contexts:
        """The base program's own forward pass, all columns."""
        batch = self.record.arguments[0].shape[1] if self.record else 0
        return contexts_of([self.record] if self.record else [], self.tables.forms.fields, list(range(batch)))

    def _stores_enough(self, form: Form) -> bool:
        """Whether the loop stores every step of dx of which something other than zero is printed."""
        stored = {call.stored for call in form}
        return all(
            self.target.low[place] <= 0 <= self.target.high[place] or self.target.block.numbers[place].index[2] in stored
            for place in self.target.of("dx")
            if self.target.finite[place]
        )

    @cached_property
    def single_forms(self) -> Tree:
        """The right loop, and those with one mistake."""
        right = self.tables.forms.of(())
        forms = [*self.tables.loops, *([(right, ())] if right else [])]
        return Tree((form, edits) for form, edits in forms if self._stores_enough(form))

    @cached_property
    def from_right(self) -> Tree:
        """The loops whose first call is the right one."""
        right = self.tables.forms.of(()) or ()
        forms = [*self.tables.loops, (right, ())]
        return Tree((form, edits) for form, edits in forms if self._stores_enough(form) and form[:1] == right[:1])

    @cached_property
    def right_only(self) -> Tree:
        """The right loop alone."""
        return Tree([(self.tables.forms.of(()) or (), ())])

    @cached_property
    def double_forms(self) -> Tree:
        """The loops with two mistakes."""
        return Tree((form, edits) for form, edits in self.tables.loop_pairs if self._stores_enough(form))

    @cached_property
    def cells(self) -> tuple[Cells, Cells]:
        """The edited cells: those whose formulas treat each example alone, and those that mix them."""
        singles = self.tables.singles
        taken = {line[:2] for edit in self.base for line in edit.lines}
        alone: Cells = [((), ())]
        mixing: Cells = [((), ())]
        seen: set[bytes] = set()
        targets = self._cell(self.record).targets if self.record is not None else {}
        rows = np.flatnonzero(singles.rows.within([self.tables.cell]))
        for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
            edits = singles.rows[row]
            texts = line_texts(edits, self.tables.cell, self.tables.equations)
            key = np.nan_to_num(singles.numbers[row]).round(DECIMALS).tobytes()
            if (
                not texts
                or key in seen
                or any(number not in targets for number, _ in texts)
                or taken & {line[:2] for edit in edits for line in edit.lines}
            ):
                continue
            seen.add(key)
            if singles.columnwise[row]:
                alone.append((texts, edits))
            elif whole := self._inlined(texts):
                mixing.append((whole, edits))
        return alone, mixing

    def _inlined(self, texts: LineTexts) -> LineTexts:
        """Mixing formulas with the parameters' gradients written out, so that they are computed from the state's own columns."""
        lines = {
            line.strip().partition(" = ")[0]: line.strip().partition(" = ")[2]
            for line in self.tables.assignment.functions[self.tables.cell]
        }
        if self.record is None:
            return ()
        cell = self._cell(self.record)
        if any(number not in cell.targets for number, _ in texts):
            return ()
        return tuple(
            (number, NAME.sub(lambda found: f"({lines[found[0]]})" if found[0] in cell.summed else found[0], text))
            for number, text in texts
        )

    def loops_alone(self, tree: Tree, what: str) -> list[Edits]:
        """The base's cell and forward pass with each of these loops."""
        zero = np.zeros(1, int)
        return [(*self.base, *loop) for _, _, loop in self._walk(self.own_context, Worlds(zero, zero, [()]), tree, what)]

    def with_cells(self, contexts: Contexts, cells: Cells, tree: Tree, what: str) -> list[Edits]:
        """Each of these edited cells (the right one left out) with each of these loops, in the first of these contexts."""
        number = np.arange(1, len(cells))
        worlds = Worlds(np.zeros_like(number), number, [texts for texts, _ in cells])
        return [(*self.base, *cells[cell][1], *loop) for _, cell, loop in self._walk(contexts, worlds, tree, what)]

    def with_forward(self, cells: Cells, tree: Tree, what: str, most: int | None = None, passes: Passes | None = None) -> list[Edits]:
        """Every wrong forward pass, or only the ``most`` likeliest, with each of these cells and loops."""
        passes = passes or self.tables.passes
        count = len(passes.rows) - 1 if most is None else min(most, len(passes.rows) - 1)
        worlds = Worlds(
            np.tile(np.arange(1, count + 1), len(cells)), np.repeat(np.arange(len(cells)), count), [texts for texts, _ in cells]
        )
        found = self._walk(passes.contexts, worlds, tree, what)
        return [(*passes.rows[context], *cells[cell][1], *loop) for context, cell, loop in found]
