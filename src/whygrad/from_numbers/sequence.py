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
from whygrad.from_numbers.timewalk import Contexts, TimeWalk, Tree, Worlds, contexts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.columns import LineTexts
    from whygrad.from_numbers.forms import Form
    from whygrad.from_numbers.numbers import Bools, Floats, Target
    from whygrad.from_numbers.tables import CheckTables, Passes
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
Cells = list[tuple["LineTexts", Edits]]
"""Edited lines of the cell, and the edits that they are."""
CHUNK = 32
"""So many edited cells meet all forward passes at once."""
LIKELY_CELLS = 1200
LIKELY_PASSES = 200
MOST_WITHOUT_DX = 600
DX_DECIMALS = 1e-7
"""An effect below this does not show in the printed decimals of dx."""
MOST_PAIRS = 4000
MOST_FIRST = 16
MOST_ALIKE = 24
MOST_WEIGHTS = 12
MARGIN = 1.0
"""By how much (in powers of ten) an explanation may be less likely than the best and still be shown beside it."""
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
        self._known: Bools | None = None

    def run(self) -> list[Found]:
        """Everything found, best first."""
        record = self.record
        if record is not None:
            self._known = self.target.hit(self.target.values(record.gradients))
        walked = self.target.of("dx")
        only_local = self._known is None or not walked or self._known[walked].all()
        if only_local:
            self._complete([self.base])
        if not self.base:
            self._complete(self._looked_up())
        if self._settled():
            return best(self.found)
        for level in (self._second, self._second_rarer, self._second_together, self._third):
            if self._tells and self.record is not None:
                self._complete(level())
            if self._settled():
                return best(self.found)
        if not only_local:
            self._complete([self.base])
        return best(self.found)

    @property
    def _tells(self) -> bool:
        """Whether any printed number of dx can rule a trajectory out: NaN and zeros cannot."""
        return any(
            self.target.finite[place] and not self.target.low[place] <= 0 <= self.target.high[place] for place in self.target.of("dx")
        )

    def _settled(self) -> bool:
        return any(one.full for one in self.found)

    def _complete(self, candidates: Iterable[Edits]) -> None:
        """Run these programs with local mistakes for what is still wrong."""
        fresh = [edits for edits in candidates if frozenset(edits) not in self._seen]
        fresh.sort(key=self.variants.set_cost)
        most = MOST_COMPLETED if self.target.of("dx") else MOST_WITHOUT_DX
        if len(fresh) > most:
            self.trail.cut(f"only the likeliest {most} of {len(fresh)} programs that print the right dx were run to the end")
        for edits in fresh[:most]:
            self._seen.add(frozenset(edits))
            if self.variants.set_cost(edits) > self._bar():
                break
            for whole, hits, tried in completed(
                self.variants, self.tables.check, edits, self.target, self._known if edits != self.base else None
            ):
                self.trail.tried += tried
                self.found.append(Found(whole, hits, self.variants.set_cost(whole)))

    def _bar(self) -> float:
        """What an explanation may cost to be worth its run: not much more than the likeliest full one."""
        return min((one.cost for one in self.found if one.full), default=np.inf) + MARGIN

    def _looked_up(self) -> list[Edits]:
        """The single mistakes that print the same dx; without a dx, those that agree with most of the other numbers."""
        singles = self.tables.singles
        self.trail.tried += len(singles.rows)
        places = [place for place in self.target.of("dx") if self.target.finite[place]]
        named = {entry: at for at, entry in enumerate(singles.entries)}
        pairs = [(named.get(("dx", self.target.block.numbers[place].index)), place) for place in places]
        known = [(at, place) for at, place in pairs if at is not None]
        if not known:
            self.trail.cut(f"without dx only the likeliest {MOST_WITHOUT_DX} single mistakes of the trajectory were tried")
            order = np.argsort(singles.costs, kind="stable")
            _, first = np.unique(np.nan_to_num(singles.numbers[order]).round(12), axis=0, return_index=True)
            return [singles.rows[row] for row in order[np.sort(first)][:MOST_WITHOUT_DX]]
        at, of = [at for at, _ in known], [place for _, place in known]
        slack = 1e-11
        rows = np.flatnonzero(matching(singles.numbers[:, at], self.target.low[of] - slack, self.target.high[of] + slack))
        return [singles.rows[row] for row in rows]

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
        edits = tuple(edit for edit in self.base if edit.function == self.tables.cell)
        for number, text in line_texts(edits, self.tables.cell, self.tables.equations):
            lines[number] = f"    {lines[number].strip().partition(' = ')[0]} = {text}"
        outputs = tuple(name for name in ("dxt", "da_prev", "dc_prev") if name in record.calls[0])
        return Cell(lines, frozenset(self.tables.assignment.vocabulary.words), outputs, record)

    def _walk(self, contexts: Contexts, worlds: Worlds, tree: Tree, what: str) -> list[tuple[int, int, Edits]]:
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
    def _own_context(self) -> Contexts:
        """The base program's own forward pass, in the printed column."""
        return contexts_of([self.record] if self.record else [], self.tables.forms.fields, [self._entry[1]])

    @cached_property
    def _whole_context(self) -> Contexts:
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
    def _single_forms(self) -> Tree:
        right = self.tables.forms.of(())
        forms = [*self.tables.loops, *([(right, ())] if right else [])]
        return Tree((form, edits) for form, edits in forms if self._stores_enough(form))

    @cached_property
    def _from_right(self) -> Tree:
        """The loops whose first call is the right one."""
        right = self.tables.forms.of(()) or ()
        forms = [*self.tables.loops, (right, ())]
        return Tree((form, edits) for form, edits in forms if self._stores_enough(form) and form[:1] == right[:1])

    @cached_property
    def _right_only(self) -> Tree:
        return Tree([(self.tables.forms.of(()) or (), ())])

    @cached_property
    def _double_forms(self) -> Tree:
        return Tree((form, edits) for form, edits in self.tables.loop_pairs if self._stores_enough(form))

    @cached_property
    def _cells(self) -> tuple[Cells, Cells]:
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
            key = np.nan_to_num(singles.numbers[row]).round(12).tobytes()
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

    def _loops_alone(self, tree: Tree, what: str) -> list[Edits]:
        zero = np.zeros(1, int)
        return [(*self.base, *loop) for _, _, loop in self._walk(self._own_context, Worlds(zero, zero, [()]), tree, what)]

    def _with_cells(self, contexts: Contexts, cells: Cells, tree: Tree, what: str) -> list[Edits]:
        number = np.arange(1, len(cells))
        worlds = Worlds(np.zeros_like(number), number, [texts for texts, _ in cells])
        return [(*self.base, *cells[cell][1], *loop) for _, cell, loop in self._walk(contexts, worlds, tree, what)]

    def _with_forward(self, cells: Cells, tree: Tree, what: str, most: int = 10**6, passes: Passes | None = None) -> list[Edits]:
        """Every wrong forward pass, or only the likeliest, with each of these cells."""
        passes = passes or self.tables.passes
        count = min(most, len(passes.rows) - 1)
        worlds = Worlds(
            np.tile(np.arange(1, count + 1), len(cells)), np.repeat(np.arange(len(cells)), count), [texts for texts, _ in cells]
        )
        found = self._walk(passes.contexts, worlds, tree, what)
        return [(*passes.rows[context], *cells[cell][1], *loop) for context, cell, loop in found]

    def _second(self) -> list[Edits]:
        """Two mistakes of the trajectory: two in the loop, a forward pass and one in the loop, one in the cell and one in the loop."""
        alone, _ = self._cells
        found = self._loops_alone(self._double_forms, "pairs of mistakes in the loop")
        if self.base:
            found += self._loops_alone(self._single_forms, "mistakes in the loop")
        if not self.base:
            found += self._with_forward([((), ())], self._single_forms, "a mistake in the forward pass and one in the loop")
        found += self._with_cells(self._own_context, alone, self._single_forms, "a mistake in the cell and one in the loop")
        return found

    def _second_rarer(self) -> list[Edits]:
        """Two mistakes seldom made together: both in the cell, both in the forward pass, one that mixes examples, other weights."""
        _, mixing = self._cells
        found = self._with_cells(
            self._whole_context, mixing, self._single_forms, "a mistake in the cell that mixes examples and one in the loop"
        )
        if not self.base:
            found += self._two_cells()
            found += self._with_forward(
                [((), ())], self._single_forms, "two mistakes in the forward pass and one in the loop", passes=self.tables.double_passes
            )
            found += self._other_weights()
        return found

    def _other_weights(self) -> list[Edits]:
        """A cell that works with other weights, and mistakes in the loop or a wrong forward pass."""
        singles = self.tables.singles
        names = singles.rows.functions
        first = singles.rows.array[:, 0]
        rows = np.flatnonzero(
            (first[:, 0] == names.index(self.tables.cell))
            & ~np.isin(first[:, 1], list(self.tables.equations))
            & (first[:, 1] < len(self.tables.assignment.functions[self.tables.cell]) - 2)
        )
        _, unique = np.unique(np.nan_to_num(singles.numbers[rows]).round(11), axis=0, return_index=True)
        rows = rows[np.sort(unique)]
        found: list[Edits] = []
        for row in rows[np.argsort(singles.costs[rows], kind="stable")][:MOST_WEIGHTS]:
            other = SequenceSearch(self.tables, self.target, singles.rows[row])
            if other.record is not None:
                found += other._loops_alone(other._single_forms, "other weights and one mistake in the loop")
                found += other._loops_alone(other._double_forms, "other weights and two mistakes in the loop")
                found += other._with_cells(
                    other._own_context,
                    other._cells[0][:LIKELY_CELLS],
                    other._from_right,
                    "other weights, a mistake in the cell and one in the loop",
                )
                found += [
                    (*other.base, *edits)
                    for edits in other._with_forward([((), ())], other._single_forms, "other weights, a forward pass and the loop")
                ]
            self.trail.tried += other.trail.tried
        return found

    def _second_together(self) -> list[Edits]:
        """A forward pass and a mistake in the cell, with the right loop or one mistake in it."""
        if self.base:
            return []
        alone, _ = self._cells
        found: list[Edits] = []
        for start in range(1, LIKELY_CELLS, CHUNK):
            found += self._with_forward(
                alone[start : start + CHUNK], self._from_right, "a mistake in the forward pass and one in the cell", LIKELY_PASSES
            )
        self.trail.cut(
            f"of a forward pass and a cell that are both wrong only the likeliest were tried ({LIKELY_PASSES} and {LIKELY_CELLS})"
        )
        return found

    def _two_cells(self) -> list[Edits]:
        """Two edited equations of the cell: where a wrong number first appears their effects add up, so pairs are found by their sums."""
        singles = self.tables.singles
        named = {entry: at for at, entry in enumerate(singles.entries)}
        printed = {
            number.index[2]: place
            for place, number in enumerate(self.target.block.numbers)
            if number.quantity == "dx" and self.target.finite[place]
        }
        cells = np.flatnonzero(singles.rows.within([self.tables.cell]))
        cells = cells[np.argsort(singles.costs[cells], kind="stable")]
        right = self.target.values(self.tables.right.gradients)
        for step in sorted(printed, reverse=True):
            place = printed[step]
            column = singles.numbers[cells, named["dx", self.target.block.numbers[place].index]]
            if self.target.low[place] <= right[place] <= self.target.high[place]:
                cells = cells[np.abs(column - right[place]) <= DX_DECIMALS]
                continue
            effects = column - right[place]
            reached = cells[np.flatnonzero((column >= self.target.low[place] - 1e-11) & (column <= self.target.high[place] + 1e-11))][
                :MOST_FIRST
            ]
            idle = cells[np.flatnonzero(np.abs(effects) <= 1e-12)][:LIKELY_CELLS]  # noqa: PLR2004 - rounding
            useful = np.flatnonzero(np.isfinite(effects) & (np.abs(effects) > 1e-12))  # noqa: PLR2004 - rounding
            values, kind = np.unique(effects[useful].round(11), return_inverse=True)
            members: list[list[int]] = [useful[np.flatnonzero(kind == number)][:MOST_ALIKE].tolist() for number in range(len(values))]
            pairs = _sums(values, self.target.low[place] - right[place] - 2e-11, self.target.high[place] - right[place] + 2e-11)
            chosen = [
                (singles.rows[cells[first]], singles.rows[cells[second]])
                for one, other in pairs
                for first in members[one]
                for second in members[other]
            ]
            found = self._pairs(chosen, self._from_right)
            found += self._pairs([(singles.rows[one], singles.rows[other]) for one in reached for other in idle], self._right_only)
            self.trail.tried += len(useful) ** 2 // 2
            return found
        return []

    def _pairs(self, chosen: list[tuple[Edits, Edits]], tree: Tree) -> list[Edits]:
        both: Cells = [((), ())]
        for one, other in chosen:
            if {line[:2] for edit in one for line in edit.lines} & {line[:2] for edit in other for line in edit.lines}:
                continue
            texts = line_texts((*one, *other), self.tables.cell, self.tables.equations)
            if texts:
                both.append((texts, (*one, *other)))
        return self._with_cells(self._own_context, both, tree, "two mistakes in the cell and one in the loop")

    def _third(self) -> list[Edits]:
        """Three mistakes of the trajectory."""
        alone, _ = self._cells
        what = f"of three mistakes that act together only the likeliest were tried ({LIKELY_CELLS} in the cell)"
        found = self._with_cells(self._own_context, alone[:LIKELY_CELLS], self._double_forms, what)
        if not self.base:
            found += self._with_forward([((), ())], self._double_forms, "a mistake in the forward pass and two in the loop")
        self.trail.cut(what)
        return found


def _sums(effects: Floats, low: float, high: float) -> list[tuple[int, int]]:
    """Pairs of effects whose sum lies between ``low`` and ``high``."""
    order = np.argsort(effects)
    ordered = effects[order]
    start = np.searchsorted(ordered, low - effects, "left")
    end = np.searchsorted(ordered, high - effects, "right")
    found: list[tuple[int, int]] = []
    for one in np.flatnonzero(end > start):
        found += [(int(one), int(other)) for other in order[start[one] : end[one]] if one <= other]
        if len(found) > MOST_PAIRS:
            break
    return found
