"""Explain the numbers of a sequence: the trajectory first, by the gradients at the inputs; then every other gradient alone.

Levels count the mistakes of the trajectory. The level at which a full explanation appears is finished, and none deeper is begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.cellpairs import cell_pairs, pairs_after, pairs_otherwise_begun
from whygrad.from_numbers.celltriples import cell_triples
from whygrad.from_numbers.certainty import confirmed_by, digits_of
from whygrad.from_numbers.forwardpairs import forward_sets, forward_sets_and_a_cell
from whygrad.from_numbers.found import MOST_WORK, Found, Trail, bar, best, elsewhere, ran, settled
from whygrad.from_numbers.furtherupstream import with_further_upstream, with_further_upstream_and_two
from whygrad.from_numbers.hypotheses import RIGHT_CELL, Hypotheses
from whygrad.from_numbers.interplay import pairs_within
from whygrad.from_numbers.later import pairs_with_loops, with_loops
from whygrad.from_numbers.local import RUN, completed
from whygrad.from_numbers.mixingsets import mixing_sets
from whygrad.from_numbers.numbers import SIDE_BY_SIDE
from whygrad.from_numbers.otherweights import FEW_WEIGHTS, WITH_ALL_LOOPS, OtherWeights
from whygrad.from_numbers.singles import DECIMALS, matching
from whygrad.from_numbers.trajectories import Trajectories
from whygrad.from_numbers.unseen import with_one_unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from whygrad.from_numbers.numbers import Bools, Target
    from whygrad.from_numbers.tables import CheckTables
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_WITHOUT_DX = 600
"""So many single mistakes of the trajectory are run to the end where dx does not say which."""
MOST_RUN = 6000
"""So many are run at all where no dx was printed; of those after the likeliest, what gives no number is left."""
PASSES_WITH_ALL_LOOPS = 200
"""So many of these forward passes."""
WITH_TWO_LOOPS = 400
"""So many wrong forward passes, likeliest first, meet the loops with two mistakes."""
MOST_COMPLETED = 60
"""How many trajectories of one level are run to the end, likeliest first."""
MOST_AS_THEY_ARE = 400
"""So many of them, where they are many, are run as they are before that."""
LEAST_DIGITS = 8
"""With so many digits beside dx a mistake is worth a run that does not print dx."""
LEAST_COMPLETED = 12
"""So many are even where no work is left."""


class SequenceSearch:
    """The search for one block of a sequence's numbers; ``base`` are edits that are known already (from the cell's own check).

    Three mistakes of the trajectory are tried only if it is ``deep``. ``beside_cell``: the cell's own check was printed too.
    """

    def __init__(self, tables: CheckTables, target: Target, base: Edits = (), *, deep: bool = True, beside_cell: bool = False) -> None:
        self.tables = tables
        self.deep = deep
        self.beside_cell = beside_cell
        self.variants = tables.variants
        self.target = target
        self.base = base
        self.trail = Trail(tables.tables.clock, left=_work(target))
        self.bounds = Trail()
        """Where a list of mistakes of single gradients was cut: worth saying only where nothing was found."""
        self.hypotheses = Hypotheses(tables, target)
        self.walks = Trajectories(self.hypotheses, base, self.trail)
        self.other_weights = OtherWeights(self.walks)
        self.found: list[Found] = []
        self.right = target.hit(target.values(tables.right.gradients))
        self._digits = float(digits_of(target)[~self.right].sum())
        """How many digits the numbers have that a right program does not print."""
        self._seen: set[frozenset[Edit]] = set()
        self._programs: list[Edits] = []
        self._given: dict[Edits, Bools] = {}
        """What programs give that others were made of, by themselves."""
        self._known: Bools | None = None

    def run(self) -> list[Found]:
        """Everything found, best first."""
        self._search()
        if settled(self.found):
            self.bounds.cuts.clear()
        self.trail.take(self.bounds)
        return best(self.found)

    def _search(self) -> None:
        record = self.walks.record
        if record is not None:
            self._known = self.target.hit(self.target.values(record.gradients))
        walked = self.target.of("dx")
        only_local = self._known is None or not walked or self._known[walked].all()
        if only_local:
            self._complete([self.base])
        if not self.base:
            self._among_singles()
        if settled(self.found):
            return
        two, three = self._levels()
        with self.trail.sparing(3):
            self._run_through(two)
        if not settled(self.found):
            self._run_through(three)
        if settled(self.found):
            return
        if not only_local:
            self._complete([self.base])

    def _run_through(self, stages: Iterable[Callable[[], list[Edits]]]) -> None:
        """One level; its other stages are left out once there is a full explanation."""
        for stage in stages:
            if self._tells and self.walks.record is not None and not settled(self.found):
                self._complete(stage())

    def _among_singles(self) -> None:
        """Single mistakes; where one explains everything, also the likeliest in each other function that does."""
        agree = self._looked_up()
        self._complete(agree)
        if settled(self.found):
            self.found += elsewhere(self.tables, self.target, self.found, sorted(agree, key=self.variants.set_cost))
        unknown = not self._tells or any(map(_of_dx_alone, agree))
        if not settled(self.found) and unknown and self._digits:
            likeliest = self._likeliest()
            self._complete(likeliest[:MOST_WITHOUT_DX], MOST_WITHOUT_DX)
            if not self._tells and not settled(self.found):
                self._complete(self._giving_some(likeliest[MOST_WITHOUT_DX:]), MOST_WITHOUT_DX)

    def _levels(self) -> tuple[list[Callable[[], list[Edits]]], list[Callable[[], list[Edits]]]]:
        """What to look for, as far as the printed digits can confirm it."""
        two = [self._second, *([self._second_later] if self.beside_cell else []), self._second_in_cell, self._second_rarer]
        three = [
            self._third_unseen,
            self._third,
            self._third_with_two_loops,
            self._third_weights,
            self._third_before,
            self._third_before_and_in_cell,
            self._third_mixing,
            self._third_rarer,
            self._third_late,
        ]
        most = confirmed_by(self._digits, len(self.tables.singles.rows)) if not self.base else len(self.target)
        if not self.deep:
            self.trail.cut("three mistakes of the trajectory: not begun")
        elif most < 3:  # noqa: PLR2004 - as the text says
            self.trail.cut("three mistakes: too few digits were printed to confirm them")
        if most < 2:  # noqa: PLR2004 - as the text says
            self.trail.cut("two mistakes of the trajectory: too few digits were printed to confirm them")
            return [], []
        return two, three if self.deep and most > 2 else []  # noqa: PLR2004 - two were excluded above

    @property
    def _tells(self) -> bool:
        """Whether any printed number of dx can rule a trajectory out: NaN and zeros cannot."""
        return any(
            self.target.finite[place] and not self.target.low[place] <= 0 <= self.target.high[place] for place in self.target.of("dx")
        )

    def _complete(self, candidates: Iterable[Edits], most: int = MOST_COMPLETED) -> None:
        """Run these programs with local mistakes for what is still wrong."""
        fresh = [edits for edits in candidates if frozenset(edits) not in self._seen]
        fresh.sort(key=self.variants.set_cost)
        if len(fresh) > LEAST_COMPLETED and self._digits:
            self._run_as_they_are(fresh[:MOST_AS_THEY_ARE])
        what = "programs that print the right dx, run to the end"
        for number, edits in enumerate(self.trail.likeliest(fresh, most, what)):
            self._seen.add(frozenset(edits))
            self._programs.append(edits)
            if self.variants.set_cost(edits) > bar(self.found):
                break
            if number >= LEAST_COMPLETED and self.trail.spent:
                self.trail.cut(f"{what}: only the likeliest were tried")
                break
            left = self.bounds.left
            known = self._known if number < LEAST_COMPLETED else self._known_beside(edits)
            for whole, hits in completed(self.tables, edits, self.target, self.bounds, known if edits != self.base else None):
                self.found.append(Found(whole, hits, self.variants.set_cost(whole)))
            self.trail.left -= left - self.bounds.left

    def _run_as_they_are(self, candidates: Sequence[Edits]) -> None:
        """These programs without local mistakes: where one of them prints all the rest, less likely ones need not be completed."""
        for edits in candidates:
            if self.trail.spent or self.variants.set_cost(edits) > bar(self.found):
                break
            self.trail.left -= RUN
            one = ran(self.tables, self.target, edits)
            if one is not None and one.full:
                self.found.append(one)

    def _known_beside(self, edits: Edits) -> Bools | None:
        """The numbers that fewer of these mistakes give already: beyond the likeliest, what is more has to show in others."""
        known = self._known
        for fewer in self._programs:
            if self.base != fewer and len(fewer) < len(edits) and set(fewer) < set(edits):
                if fewer not in self._given:
                    one = ran(self.tables, self.target, fewer)
                    self._given[fewer] = np.zeros(len(self.target), bool) if one is None else one.hits
                known = self._given[fewer] if known is None else known | self._given[fewer]
        return known

    def _looked_up(self) -> list[Edits]:
        """The single mistakes that print the same dx."""
        singles = self.tables.singles
        self.trail.tried += len(singles.rows)
        named = {entry: at for at, entry in enumerate(singles.entries)}
        pairs = [(named.get(("dx", self.target.block.numbers[place].index)), place) for place in self.target.of("dx")]
        known = [(at, place) for at, place in pairs if at is not None and self.target.finite[place]]
        if not known:
            return []
        at, of = [at for at, _ in known], [place for _, place in known]
        rows = np.flatnonzero(matching(singles.numbers[:, at], self.target.low[of] - SIDE_BY_SIDE, self.target.high[of] + SIDE_BY_SIDE))
        return [singles.rows[row] for row in rows]

    def _but_for_dx(self) -> list[Edits]:
        """The single mistakes that print most of the other numbers which a right program does not: a second one may spoil dx alone."""
        singles = self.tables.singles
        named = {entry: at for at, entry in enumerate(singles.entries)}
        entries = [(self.target.names[place], self.target.block.numbers[place].index) for place in range(len(self.target))]
        of = [place for place, entry in enumerate(entries) if entry[0] != "dx" and entry in named and self.target.finite[place]]
        numbers = singles.numbers[:, [named[entries[place]] for place in of]]
        near = (numbers >= self.target.low[of] - SIDE_BY_SIDE) & (numbers <= self.target.high[of] + SIDE_BY_SIDE)
        digits = (near * digits_of(self.target)[of])[:, ~self.right[of]].sum(axis=1)
        rows = np.flatnonzero((digits == digits.max(initial=0)) & (digits >= LEAST_DIGITS))
        return [singles.rows[row] for row in rows]

    def _likeliest(self) -> list[Edits]:
        """The likeliest single mistakes, of those that print the same the likeliest: where dx says nothing of what else is wrong."""
        most = MOST_WITHOUT_DX if self._tells else MOST_RUN
        self.trail.cut(f"without dx only the likeliest {most} single mistakes of the trajectory were tried")
        singles = self.tables.singles
        order = np.argsort(singles.costs, kind="stable")
        _, first = np.unique(np.nan_to_num(singles.numbers[order]).round(DECIMALS), axis=0, return_index=True)
        return [singles.rows[row] for row in order[np.sort(first)][:most]]

    def _giving_some(self, candidates: list[Edits]) -> list[Edits]:
        """Those that give a number which is wrong in the right program."""
        found: list[Edits] = []
        for edits in candidates:
            if self.trail.spent:
                break
            self.trail.left -= RUN
            one = ran(self.tables, self.target, edits)
            if one is not None and (one.hits & ~self.right).any():
                found.append(edits)
        return found

    # -- the levels ---------------------------------------------------------------------------------------------------------------

    def _second(self) -> list[Edits]:
        """Two mistakes of the trajectory, often made together: two in the loop, or one in it and one in the forward pass or the cell."""
        found: list[Edits] = []
        for tree in (self.hypotheses.early_double, self.hypotheses.late_double):
            found += self.walks.loops_alone(tree, "pairs of mistakes in the loop")
        if self.base:
            found += self.walks.loops_alone(self.hypotheses.single, "mistakes in the loop")
            found += with_loops(self.walks)
        if not self.base:
            found += self.walks.with_forward(RIGHT_CELL, self.hypotheses.single, "a mistake in the forward pass and one in the loop")
            found += self._but_for_dx()
        beginning = self.walks.cells if self.base else self.hypotheses.beginning_right
        found += self.walks.with_cells(
            self.walks.own_context, beginning, self.hypotheses.from_right, "a mistake in the cell and one in the loop"
        )
        return found

    def _second_later(self) -> list[Edits]:
        """What the cell's own check does not see: two mistakes in the forward pass, or one and two in the loop."""
        return pairs_with_loops(self.walks)

    def _second_in_cell(self) -> list[Edits]:
        """Two mistakes of which one or both are in the cell; the other in the loop or in the forward pass."""
        found = self.walks.with_cells(
            self.walks.own_context, self.walks.cells, self.hypotheses.early_single, "a mistake in the cell and one in the loop"
        )
        found += cell_pairs(self.walks)
        if not self.base:
            found += self.walks.with_cells(
                self.walks.own_context, self.hypotheses.twice, self.hypotheses.from_right, "two mistakes in one equation of the cell"
            )
            found += pairs_within(self.walks)
            found += self.walks.with_forward(
                self.walks.cells, self.hypotheses.from_right, "a mistake in the forward pass and one in the cell"
            )
        return found

    def _second_rarer(self) -> list[Edits]:
        """Two mistakes seldom made together: one that mixes examples, both in the forward pass."""
        mixing = self.hypotheses.cells.mixing
        found = self.walks.with_cells(
            self.walks.whole_context,
            mixing,
            self.hypotheses.early_single,
            "a mistake in the cell that mixes examples and one in the loop",
        )
        what = "a mistake in the cell and a loop that prints nothing of its first call"
        found += self.walks.with_cells(self.walks.own_context, self.walks.cells, self.hypotheses.late_single, what)
        if not self.base:
            found += with_further_upstream(self.walks)
            found += self.walks.with_forward(
                RIGHT_CELL,
                self.hypotheses.single,
                "two mistakes in the forward pass and one in the loop",
                passes=self.tables.double_passes,
            )
            what = "a mistake in the forward pass and one in the cell that mixes examples"
            if mixing and len(self.tables.passes.rows) > len(self.tables.whole_passes.rows):
                self.trail.cut(f"{what}: only the likeliest {len(self.tables.whole_passes.rows) - 1} forward passes were tried")
            found += self.walks.with_forward(mixing, self.hypotheses.from_right, what, passes=self.tables.whole_passes)
        return found

    def _third_unseen(self) -> list[Edits]:
        """Three mistakes of which one leaves dx as it is."""
        return with_one_unseen(self.walks, sorted(self._programs, key=self.variants.set_cost))

    def _third_with_two_loops(self) -> list[Edits]:
        """Three mistakes, of which two are in the loop and often made together."""
        likely = self.hypotheses.likely_double
        found = self.walks.with_cells(self.walks.own_context, self.walks.cells, likely, "a mistake in the cell and two in the loop")
        if not self.base:
            found += self.walks.with_forward(RIGHT_CELL, likely, "a mistake in the forward pass and two in the loop")
        return found

    def _third(self) -> list[Edits]:
        """Three mistakes of the trajectory that are found at once: in the cell, or two there and a loop that begins wrong."""
        return pairs_otherwise_begun(self.walks) + ([] if self.base else cell_triples(self.walks))

    def _third_before(self) -> list[Edits]:
        """Three mistakes, at least two of them in the forward pass, or one in it and two in the cell."""
        return [] if self.base else pairs_after(self.walks, self.tables.passes) + forward_sets(self.walks)

    def _third_before_and_in_cell(self) -> list[Edits]:
        """Three mistakes, two of them in the forward pass and one in the cell."""
        with self.trail.sparing(2):
            return [] if self.base else forward_sets_and_a_cell(self.walks)

    def _third_rarer(self) -> list[Edits]:
        """Three mistakes seldom made together: one in each of loop, cell and forward pass, or two in the loop."""
        found: list[Edits] = []
        if not self.base:
            found += with_further_upstream_and_two(self.walks)
            found += self.walks.with_forward(
                self.walks.cells[:WITH_ALL_LOOPS],
                self.hypotheses.early_single,
                "a mistake in the forward pass, one in the cell and one in the loop",
                most=PASSES_WITH_ALL_LOOPS,
            )
            found += self.walks.with_forward(
                RIGHT_CELL, self.hypotheses.early_double, "a mistake in the forward pass and two in the loop", most=WITH_TWO_LOOPS
            )
            found += self.walks.with_forward(
                self.walks.cells,
                self.hypotheses.from_right,
                "two mistakes in the forward pass and one in the cell",
                passes=self.tables.double_passes,
            )
        what = "a mistake in the cell and two in the loop"
        likely = list(self.trail.likeliest(self.walks.cells, WITH_ALL_LOOPS, what))
        return found + self.walks.with_cells(self.walks.own_context, likely, self.hypotheses.early_double, what)

    def _third_late(self) -> list[Edits]:
        """Three mistakes, one of them in a loop that prints nothing of its first call: all of them have to be followed."""
        what = "a mistake in the cell and two in a loop that prints nothing of its first call"
        cells = list(self.trail.likeliest(self.walks.cells, WITH_ALL_LOOPS, what))
        found = self.walks.with_cells(self.walks.own_context, cells, self.hypotheses.late_double, what)
        if not self.base:
            what = "a mistake in the forward pass and two in a loop that prints nothing of its first call"
            found += self.walks.with_forward(RIGHT_CELL, self.hypotheses.late_double, what, most=WITH_TWO_LOOPS)
            what = "a mistake in the forward pass, one in the cell and a loop that prints nothing of its first call"
            found += self.walks.with_forward(cells, self.hypotheses.late_single, what, most=PASSES_WITH_ALL_LOOPS)
        return found

    def _third_mixing(self) -> list[Edits]:
        """Three mistakes, one of which mixes examples."""
        with self.trail.sparing(2):
            return [] if self.base else mixing_sets(self.walks, self.other_weights.walks[:FEW_WEIGHTS])

    def _third_weights(self) -> list[Edits]:
        """Other weights, and two more mistakes."""
        with self.trail.sparing(2):
            return [] if self.base else self.other_weights.and_two()


def _of_dx_alone(edits: Edits) -> bool:
    """Whether a mistake touches dx and nothing else, so that what else is printed must be wrong for another reason."""
    return all(edit.quantity in {"dx", "dxt"} for edit in edits)


def _work(target: Target) -> int:
    """How much work a block is worth: where dx is NaN at some steps, nothing is dropped there, and each state that is followed is dear."""
    steps = target.of("dx")
    return MOST_WORK * int(target.finite[steps].sum()) // len(steps) if steps else MOST_WORK
