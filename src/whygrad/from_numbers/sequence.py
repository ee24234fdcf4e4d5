"""Explain the numbers of a sequence: the trajectory first, by the gradients at the inputs; then every other gradient alone.

Levels count the mistakes of the trajectory. The level at which a full explanation appears is finished, and none deeper is begun.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.columns import Cell
from whygrad.from_numbers.edited import NAME, Program, Record
from whygrad.from_numbers.found import Found, Trail, best
from whygrad.from_numbers.local import completed
from whygrad.from_numbers.singles import line_texts, matching
from whygrad.from_numbers.timewalk import Contexts, Node, TimeWalk, World, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_numbers.forms import Form
    from whygrad.from_numbers.numbers import Target
    from whygrad.from_numbers.tables import CheckTables
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_COMPLETED = 60
"""How many trajectories of one level are run to the end, likeliest first."""


class SequenceSearch:
    """The search for one block of a sequence's numbers; ``base`` are edits that are known already (from the cell's own check)."""

    def __init__(self, tables: CheckTables, target: Target, base: Edits = ()) -> None:
        self.tables = tables
        self.variants = tables.variants
        self.target = target
        self.base = base
        self.trail = Trail()
        self.found: list[Found] = []
        self._seen: set[frozenset[Edit]] = set()

    def run(self) -> list[Found]:
        """Everything found, best first."""
        self._complete([self.base])
        if not self.base:
            self._complete(self._looked_up())
        if self._settled():
            return best(self.found)
        for level in (self._second, self._third):
            if self.target.of("dx") and self.record is not None:
                self._complete(level())
            if self._settled():
                break
        return best(self.found)

    def _settled(self) -> bool:
        return any(one.full for one in self.found)

    def _complete(self, candidates: Iterable[Edits]) -> None:
        """Run these programs with local mistakes for what is still wrong."""
        fresh = [edits for edits in candidates if frozenset(edits) not in self._seen]
        fresh.sort(key=self.variants.set_cost)
        if len(fresh) > MOST_COMPLETED:
            self.trail.cut(f"only the likeliest {MOST_COMPLETED} of {len(fresh)} programs that print the right dx were run to the end")
        for edits in fresh[:MOST_COMPLETED]:
            self._seen.add(frozenset(edits))
            for whole, hits, tried in completed(self.variants, self.tables.check, edits, self.target):
                self.trail.tried += tried
                self.found.append(Found(whole, hits, self.variants.set_cost(whole)))

    def _looked_up(self) -> list[Edits]:
        """The single mistakes that print the same dx; without a dx, those that agree with most of the other numbers."""
        singles = self.tables.singles
        self.trail.tried += len(singles.edits)
        places = [place for place in self.target.of("dx") if self.target.finite[place]]
        named = {entry: at for at, entry in enumerate(singles.entries)}
        pairs = [(named.get(("dx", self.target.block.numbers[place].index)), place) for place in places]
        known = [(at, place) for at, place in pairs if at is not None]
        if not known:
            return []
        at, of = [at for at, _ in known], [place for _, place in known]
        slack = 1e-11
        rows = np.flatnonzero(matching(singles.numbers[:, at], self.target.low[of] - slack, self.target.high[of] + slack))
        return [singles.edits[row] for row in rows]

    # -- the walk -----------------------------------------------------------------------------------------------------------------

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
        for number, text in line_texts(tuple(edit for edit in self.base if edit.function == self.tables.cell), self.tables.cell):
            lines[number] = f"    {lines[number].strip().partition(' = ')[0]} = {text}"
        return Cell(lines, frozenset(self.tables.assignment.vocabulary.words), tuple(name for name in ("dxt", "da_prev", "dc_prev") if name in record.calls[0]), record)

    def _walk(self, records: Sequence[Record], worlds: Sequence[World], root: Node, what: str, *, mixing: bool = False) -> list[Edits]:
        row, column = self._entry
        columns = list(range(records[0].arguments[0].shape[1])) if mixing else [column]
        contexts = Contexts(records, self.tables.forms.fields, columns)
        walk = TimeWalk(self._cell(records[0]), self.tables.forms.arguments, contexts, self.target, row, column if mixing else 0, mixing=mixing)
        found = [(*self.base, *walked.edits) for walked in walk.search(worlds, root)]
        self.trail.tried += walk.tried
        if walk.cut:
            self.trail.cut(what)
        return found

    def _stores_enough(self, form: Form) -> bool:
        """Whether the loop stores every step of dx of which something other than zero is printed."""
        stored = {call.stored for call in form}
        return all(
            self.target.low[place] <= 0 <= self.target.high[place] or self.target.block.numbers[place].index[2] in stored
            for place in self.target.of("dx")
            if self.target.finite[place]
        )

    @cached_property
    def _single_forms(self) -> Node:
        right = self.tables.forms.of(())
        forms = [*self.tables.loops, *([(right, ())] if right else [])]
        return tree_of((form, edits) for form, edits in forms if self._stores_enough(form))

    @cached_property
    def _double_forms(self) -> Node:
        return tree_of((form, edits) for form, edits in self.tables.loop_pairs if self._stores_enough(form))

    @cached_property
    def _cells(self) -> tuple[list[World], list[World]]:
        """The edited cells as worlds: those whose formulas treat each example alone, and those that mix them."""
        singles = self.tables.singles
        alone: list[World] = []
        mixing: list[World] = []
        taken = {line[:2] for edit in self.base for line in edit.lines}
        for edits, columnwise in zip(singles.edits, singles.columnwise, strict=True):
            texts = line_texts(edits, self.tables.cell)
            if texts and not taken & {line[:2] for edit in edits for line in edit.lines}:
                (alone if columnwise else mixing).append(World(0, texts, edits))
        return alone, [world for world in map(self._inlined, mixing) if world]

    def _inlined(self, world: World) -> World | None:
        """A mixing world with the parameters' gradients written out, so that they are computed from the state's own columns."""
        lines = {line.strip().partition(" = ")[0]: line.strip().partition(" = ")[2] for line in self.tables.assignment.functions[self.tables.cell]}
        cell = self.tables.singles.cell
        texts: list[tuple[int, str]] = []
        for number, text in world.texts:
            if number not in cell.targets:
                return None
            texts.append((number, NAME.sub(lambda found: f"({lines[found[0]]})" if found[0] in cell.summed else found[0], text)))
        return World(world.context, tuple(texts), world.edits)

    def _second(self) -> list[Edits]:
        """Two mistakes of the trajectory: two in the loop, one in the cell and one in the loop, a forward pass and one of either; two in the cell."""
        record = self.record
        if record is None:
            return []
        base = [World(0, (), ())]
        found = self._walk([record], base, self._double_forms, "pairs of mistakes in the loop")
        if self.base:
            found += self._walk([record], base, self._single_forms, "mistakes in the loop")
        alone, mixing = self._cells
        found += self._walk([record], alone, self._single_forms, "a mistake in the cell and one in the loop")
        found += self._walk([record], mixing, self._single_forms, "a mistake in the cell that mixes examples and one in the loop", mixing=True)
        if not self.base:
            records, worlds = self._forward
            found += self._walk(records, worlds, self._single_forms, "a mistake in the forward pass and one in the loop")
        return found

    @property
    def _forward(self) -> tuple[list[Record], list[World]]:
        contexts = self.tables.contexts
        records = [self.tables.right, *(record for _, record in contexts)]
        return records, [World(number, (), edits) for number, (edits, _) in enumerate(contexts, 1)]

    def _third(self) -> list[Edits]:
        """Three mistakes of the trajectory."""
        record = self.record
        if record is None:
            return []
        alone, _ = self._cells
        found = self._walk([record], alone, self._double_forms, "a mistake in the cell and two in the loop")
        if not self.base:
            records, worlds = self._forward
            found += self._walk(records, worlds, self._double_forms, "a mistake in the forward pass and two in the loop")
        return found
