"""What may be wrong in one block of a sequence's numbers: the loops that can have printed it, and the edited cells, each once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.forward.mistakes import Forwards
from whygrad.from_numbers.forward.sets import ForwardSets
from whygrad.from_numbers.loops.tree import Tree
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import NAME
from whygrad.from_numbers.side_by_side.columns import OF_EXAMPLES, Cell
from whygrad.from_numbers.tables.singles import DECIMALS, line_texts
from whygrad.from_numbers.walks.loop_triples import loop_triples
from whygrad.mistakes import Edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.numbers.arrays import Ints
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.side_by_side.columns import LineTexts
    from whygrad.from_numbers.tables.tables import CheckTables

MOST_TREES = 24
"""So many trees of loops are kept: up to twelve for each set of steps of which dx is printed, of which two are kept."""
LIKELY_LOOPS = 400
"""So many loops with two mistakes are those made together most often: most have a carry that is never assigned."""
Cells = list[tuple["LineTexts", Edits]]
"""Edited lines of the cell, and the edits that they are."""
Loops = list[tuple["Form", Edits]]
"""Loops, and the edits that they are."""
RIGHT_CELL: Cells = [((), ())]


class EditedCells(NamedTuple):
    """Cells with one mistake, each once.

    ``alone`` treat each example alone, ``mixing`` do not. In those ``written_out`` the edited equation does not read what it shares with
    others, as it should, but computes it anew: a mistake in what is shared does not reach it. They treat each example alone, and
    ``mixing_written_out`` do not.
    """

    alone: Cells
    mixing: Cells
    written_out: Cells
    mixing_written_out: Cells


class Hypotheses:
    """The loops as trees, and the edited cells; made when asked for and shared by all walks for the block."""

    def __init__(self, tables: CheckTables, target: Target) -> None:
        self.tables = tables
        self.target = target

    @cached_property
    def right(self) -> Form:
        """The right loop."""
        return self.tables.forms.of(()) or ()

    def stores_enough(self, form: Form) -> bool:
        """Whether the loop stores every step of dx of which something other than zero is printed."""
        return self.steps <= {step for call in form for step, _ in call.stored}

    @cached_property
    def steps(self) -> frozenset[int | None]:
        """The steps of dx of which something other than zero is printed."""
        target = self.target
        return frozenset(
            target.block.numbers[place].index[2]
            for place in target.of("dx")
            if target.finite[place] and not target.low[place] <= 0 <= target.high[place]
        )

    @property
    def first_step(self) -> int:
        """The step of dx that the right loop completes first."""
        return self.right[0].stored[0][0]

    @cached_property
    def single(self) -> Tree:
        """The right loop, and those with one mistake."""
        return self.tree("single", lambda: self._single)

    @property
    def _single(self) -> Loops:
        return [*self.tables.loops, *([(self.right, ())] if self.right else [])]

    @cached_property
    def early_single(self) -> Tree:
        """Those of them that begin with a call whose result is printed, or as the right one does: what it prints tells cells apart."""
        return self.tree("early single", lambda: self._early(self._single))

    @cached_property
    def late_single(self) -> Tree:
        """The others: whatever the cell, their first call agrees, and all of them are followed."""
        return self.tree("late single", lambda: self._late(self._single))

    @cached_property
    def from_right(self) -> Tree:
        """The loops whose first call is the right one."""
        return self.tree("from right", lambda: [one for one in [*self.tables.loops, (self.right, ())] if one[0][:1] == self.right[:1]])

    @cached_property
    def openings(self) -> list[int]:
        """The nodes of ``single`` at which a loop begins with a call that completes a printed number."""
        return [node for node, *_ in self.single.begins() if self.steps & self._completed(self.single, node)]

    @cached_property
    def usual_openings(self) -> list[int]:
        """Those of them that take the cache which the right loop takes first, and hand on gradients or what is in it."""
        cache = self.right[0].cache
        begun = {node: (number, atoms) for node, number, atoms in self.single.begins()}
        return [
            node
            for node in self.openings
            if begun[node][0] == cache and all(name in {"da", "ones"} or at == cache for name, at in begun[node][1])
        ]

    def _completed(self, tree: Tree, node: int) -> set[int]:
        """The steps of dx that are complete with a call."""
        return {step for step, _ in tree.storings[int(tree.stored[node])]}

    @cached_property
    def right_only(self) -> Tree:
        """The right loop alone."""
        return Tree([(self.right, ())])

    @cached_property
    def early_double(self) -> Tree:
        """The loops with two mistakes that begin with a call whose result is printed, or as the right one does."""
        return self.tree("early double", lambda: self._early(self.tables.loop_pairs))

    @cached_property
    def late_double(self) -> Tree:
        """The others."""
        return self.tree("late double", lambda: self._late(self.tables.loop_pairs))

    @cached_property
    def likely_double(self) -> Tree:
        """Of the early ones those that are made together most often."""
        cost = self.tables.variants.set_cost
        return self.tree(
            "likely double", lambda: sorted(self._early(self.tables.loop_pairs), key=lambda loop: cost(loop[1]))[:LIKELY_LOOPS]
        )

    @cached_property
    def triple(self) -> Tree:
        """The likeliest loops with three mistakes."""
        return self.tree("triple", lambda: loop_triples(self.tables))

    def _early(self, loops: Loops) -> Loops:
        return [loop for loop in loops if self._is_early(loop[0])]

    def _late(self, loops: Loops) -> Loops:
        return [loop for loop in loops if not self._is_early(loop[0])]

    def _is_early(self, form: Form) -> bool:
        """Whether the first call completes a step of dx that is printed, or is the right one."""
        return form[:1] == self.right[:1] or any(step in self.steps for step, _ in form[0].stored)

    def tree(self, which: str, forms: Callable[[], Loops]) -> Tree:
        """Those of some loops that store enough; one tree for all blocks that print dx at the same steps."""
        key = (which, self.steps)
        trees = self.tables.beside("trees of loops", lambda: Last[Tree](MOST_TREES))
        return trees.get(key, lambda: Tree((form, edits) for form, edits in forms() if self.stores_enough(form)))

    @property
    def forward_sets(self) -> ForwardSets:
        """The forward passes with several mistakes; the same for every block."""
        return self.tables.beside("forward sets", lambda: ForwardSets(Forwards(self.tables, self.right[0].cache)))

    def cell_of(self, base: Edits, record: Record) -> Cell:
        """The cell of a program, as the walk computes it."""
        lines = list(self.tables.assignment.functions[self.tables.cell])
        edits = tuple(edit for edit in base if edit.function == self.tables.cell)
        for number, text in line_texts(edits, self.tables.cell, self.tables.equations):
            lines[number] = f"    {lines[number].strip().partition(' = ')[0]} = {text}"
        outputs = tuple(name for name in OF_EXAMPLES if name in record.calls[0])
        return Cell(lines, frozenset(self.tables.assignment.vocabulary.words), outputs, record)

    @cached_property
    def right_cell(self) -> Cell:
        """The right program's."""
        return self.cell_of((), self.tables.right)

    @cached_property
    def cells(self) -> EditedCells:
        """The edited cells, those that treat each example alone with the likeliest first.

        A cell that works with other weights is one of the former: its equations read those in place of the right ones. So is one with
        statements more behind a line.
        """
        return self.tables.beside("edited cells", self._edited_cells)

    def _edited_cells(self) -> EditedCells:
        tables = self.tables
        different = self._different(np.flatnonzero(tables.singles.rows.within([tables.cell])))
        cost = tables.variants.set_cost
        alone = sorted([*different.alone, *self._other_weights(), *self._with_a_statement_more()], key=lambda cell: cost(cell[1]))
        return different._replace(alone=alone)

    def _other_weights(self) -> Cells:
        """The cells that work with other weights, or with other arrays of the cache, written out in the equations that read them."""
        singles = self.tables.singles
        lines = self.tables.assignment.functions[self.tables.cell]
        reads = [number for number, line in enumerate(lines) if " = parameters[" in line or line.endswith(" = cache")]
        first = singles.rows.array[:, 0]
        rows = np.flatnonzero((first[:, 0] == singles.rows.functions.index(self.tables.cell)) & np.isin(first[:, 1], reads))
        cell = self.right_cell
        found: dict[bytes, tuple[LineTexts, Edits]] = {}
        for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
            parts = [text.strip().partition(" = ") for edit in singles.rows[row] for _, _, text in edit.lines]
            names: dict[str, str] = {}
            for target, _, text in parts:
                if text == "cache":
                    names |= self._taken_for(target)
                elif "\n" not in text:
                    names[target] = text
            if texts := _written_out(cell, names):
                found.setdefault(np.nan_to_num(singles.numbers[row]).round(DECIMALS).tobytes(), (texts, singles.rows[row]))
        return list(found.values())

    def _with_a_statement_more(self) -> Cells:
        """The cells of which one line has statements more behind it, written out in the equations that read what these compute."""
        singles, lines, cell = self.tables.singles, self.tables.assignment.functions[self.tables.cell], self.right_cell
        found: Cells = []
        for row in np.flatnonzero(singles.rows.within([self.tables.cell])):
            edits = singles.rows[row]
            ((_, number, text), *others) = edits[0].lines
            line, _, more = text.partition("\n")
            names = _given_by(more) if len(edits) == 1 and not others and line == lines[number] else {}
            texts = _written_out(cell, names, number)
            if texts and cell.columnwise(texts):
                found.append((cell.sized(texts), edits))
        return found

    def _taken_for(self, taken: str) -> dict[str, str]:
        """What each name stands for where a cell takes the cache apart under these names."""
        fields, names = self.tables.forms.fields, NAME.findall(taken)
        return {name: field for name, field in zip(names, fields, strict=True) if name != field} if len(names) == len(fields) else {}

    @cached_property
    def beginning_right(self) -> Cells:
        """Those that treat each example alone and give what is printed of the call that the right loop makes first, likeliest first."""
        singles = self.tables.singles
        first = (place for place in self.target.of("dx") if self.target.block.numbers[place].index[2] == self.first_step)
        _, near = singles.near(self.target, first)
        rows = singles.rows.within([self.tables.cell]) & near.all(axis=1)
        return self._different(np.flatnonzero(rows)).alone

    def _different(self, rows: Ints) -> EditedCells:
        singles = self.tables.singles
        cell = self.right_cell
        found = EditedCells([], [], [], [])
        seen: set[tuple[bytes, bool]] = set()
        seen_written_out: set[tuple[bytes, bool]] = set()
        keys = np.nan_to_num(singles.numbers).round(DECIMALS)
        for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
            edits = singles.rows[row]
            texts = line_texts(edits, self.tables.cell, self.tables.equations)
            if not texts or any(number not in cell.targets for number, _ in texts):
                continue
            numbers = keys[row].tobytes()
            # what is handed on is multiplied a step later: the same in the right loop only
            key = numbers, cell.targets[texts[0][0]] in cell.outputs
            if key not in seen:
                seen.add(key)
                if singles.columnwise[row]:
                    found.alone.append((cell.sized(texts), edits))
                else:
                    found.mixing.append((self._inlined(cell, texts), edits))
            alone = bool(singles.columnwise[row])
            if (numbers, alone) not in seen_written_out and len(texts) == 1 and cell.writes_out(*texts[0]):
                seen_written_out.add((numbers, alone))
                if alone:
                    found.written_out.append((cell.sized(texts), edits))
                else:
                    found.mixing_written_out.append((self._inlined(cell, texts), edits))
        return found

    def _inlined(self, cell: Cell, texts: LineTexts) -> LineTexts:
        """Mixing formulas with the parameters' gradients written out, so that they are computed from the state's own columns."""
        lines = {
            line.strip().partition(" = ")[0]: line.strip().partition(" = ")[2]
            for line in self.tables.assignment.functions[self.tables.cell]
        }
        return tuple(
            (number, NAME.sub(lambda found: f"({lines[found[0]]})" if found[0] in cell.summed else found[0], text))
            for number, text in texts
        )


def _written_out(cell: Cell, names: dict[str, str], after: int = 0) -> LineTexts:
    """The lines of a cell ``after`` one that read some of these names, with what stands for these."""
    return tuple(
        (number, NAME.sub(lambda name: names.get(name[0], name[0]), text))
        for number, _, text in cell.lines
        if number > after and not names.keys().isdisjoint(NAME.findall(text))
    )


def _given_by(statements: str) -> dict[str, str]:
    """What each name stands for behind statements that give it something, or several names as many things; nothing behind others."""
    found: dict[str, str] = {}
    for made, _, given in (statement.strip().partition(" = ") for statement in statements.split("\n")):
        names, values = NAME.findall(made), given.split(", ") if "," in made else [given]
        if not given or len(names) != len(values):
            return {}
        values = [NAME.sub(lambda name: found.get(name[0], name[0]), value) for value in values]
        found.update((name, value if NAME.fullmatch(value) else f"({value})") for name, value in zip(names, values, strict=True))
    return found
