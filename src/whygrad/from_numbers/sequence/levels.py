"""What two and three mistakes of the trajectory may be, stage by stage: those made together most often first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import digits_of
from whygrad.from_numbers.sequence.begun_right import with_one_later
from whygrad.from_numbers.sequence.cell_pairs import cell_pairs, pairs_after, pairs_otherwise_begun
from whygrad.from_numbers.sequence.cell_triples import cell_triples, with_a_later
from whygrad.from_numbers.sequence.drawn_anew import drawn_anew, drawn_anew_and_two
from whygrad.from_numbers.sequence.forward_pairs import forward_sets, forward_sets_and_a_cell
from whygrad.from_numbers.sequence.further_upstream import with_further_upstream, with_further_upstream_and_two
from whygrad.from_numbers.sequence.interplay import pairs_within, pairs_within_after
from whygrad.from_numbers.sequence.later import pairs_with_loops, with_loops
from whygrad.from_numbers.sequence.mixing_sets import mixing_and_another, mixing_beside_the_first, mixing_sets
from whygrad.from_numbers.sequence.other_weights import WITH_ALL_LOOPS, OtherWeights
from whygrad.from_numbers.sequence.shared_after import shared_after
from whygrad.from_numbers.sequence.twice import twice_in_one_equation
from whygrad.from_numbers.sequence.uncarried import without_a_carry
from whygrad.from_numbers.sequence.unseen import with_one_unseen
from whygrad.from_numbers.sequence.unwalked import unseen_loops, with_one_unwalked
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL
from whygrad.mistakes import Edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.walks.trajectories import Trajectories

Stage = Callable[[], list[Edits]]
"""It returns programs that may explain the block; local mistakes are still to be looked for."""
LIKELY = 20
"""So many forward passes meet all cells and loops."""
LIKELIEST = 5
"""So many meet all cells and two likely mistakes in the loop."""
OFTEN_TOGETHER = 400
"""So many forward passes with two mistakes are looked at even where something is found."""
PASSES_WITH_ALL_LOOPS = 200
"""So many of these forward passes."""
WITH_TWO_LOOPS = 400
"""So many wrong forward passes, likeliest first, meet the loops with two mistakes."""
LEAST_DIGITS = 8
"""With so many digits beside dx a mistake is worth a run that does not print dx."""


class Levels:
    """The stages of a search, each of which walks through time by ``walks``."""

    def __init__(self, walks: Trajectories) -> None:
        self.walks = walks
        self.tables = walks.tables
        self.hypotheses = walks.hypotheses
        self.target = walks.target
        self.base = walks.base
        self.trail = walks.trail
        self.other_weights = OtherWeights(walks)

    def two(self, *, beside_cell: bool) -> list[Stage]:
        """Two mistakes; ``beside_cell``: the cell's own check was printed too, which does not see all of them."""
        return [
            self._second,
            *([partial(pairs_with_loops, self.walks)] if beside_cell else []),
            self._second_in_cell,
            partial(self._alone, self._second_before),
            partial(self._alone, self.other_weights.and_one),
            partial(self._alone, partial(drawn_anew, self.walks)),
            partial(with_one_unwalked, self.walks),
            self._second_rarer,
        ]

    def three(self, programs: Sequence[Edits]) -> list[Stage]:
        """Three mistakes; ``programs`` are those that were run to the end before."""
        walks = self.walks
        return [
            partial(self._alone, partial(forward_sets, walks)),
            self._third_with_two_loops,
            partial(self._alone, partial(with_one_later, walks)),
            self._third,
            partial(self._alone, partial(mixing_beside_the_first, walks)),
            partial(unseen_loops, walks),
            lambda: with_one_unseen(walks, sorted(programs, key=self.tables.variants.set_cost)),
            partial(self._alone, partial(drawn_anew_and_two, walks)),
            partial(self._alone, partial(with_further_upstream_and_two, walks)),
            partial(self._alone, self._third_after_the_likeliest),
            partial(self._sparingly, self._third_after_two_before),
            partial(self._sparingly, self.other_weights.and_two),
            partial(self._sparingly, partial(forward_sets_and_a_cell, walks)),
            partial(self._alone, self._third_after_one_before),
            partial(self._alone, partial(without_a_carry, walks)),
            partial(self._sparingly, partial(mixing_sets, walks)),
            self._third_rarer,
            self._third_late,
        ]

    def _alone(self, stage: Stage) -> list[Edits]:
        """A stage that is left out where a mistake is known from the cell's own check."""
        return [] if self.base else stage()

    def _sparingly(self, stage: Stage) -> list[Edits]:
        """The same, with half of the time that is left."""
        with self.trail.sparing(2):
            return self._alone(stage)

    def often_together(self) -> list[Edits]:
        """Two mistakes of the trajectory, both among those that are made most often."""
        what = "two mistakes in the forward pass"
        found = self.walks.with_forward(RIGHT_CELL, self.hypotheses.right_only, what, self.tables.double_passes, OFTEN_TOGETHER)
        found += self.walks.with_forward(
            RIGHT_CELL, self.hypotheses.single, "a mistake in the forward pass and one in the loop", most=LIKELY
        )
        return found

    def _second(self) -> list[Edits]:
        """Two mistakes of the trajectory, often made together: two in the loop, or one in it and one in the forward pass or the cell."""
        found: list[Edits] = []
        for tree in (self.hypotheses.early_double, self.hypotheses.late_double):
            found += self.walks.loops_alone(tree, "pairs of mistakes in the loop")
        if self.base:
            found += self.walks.loops_alone(self.hypotheses.single, "mistakes in the loop")
            found += with_loops(self.walks)
        if not self.base:
            what = "a mistake in the forward pass and one in the loop"
            found += self.walks.with_forward(RIGHT_CELL, self.hypotheses.single, what, kept="passes-and-loops")
            found += self._but_for_dx()
        beginning = self.walks.cells if self.base else self.hypotheses.beginning_right
        found += self.walks.with_cells(
            self.walks.own_context, beginning, self.hypotheses.from_right, "a mistake in the cell and one in the loop"
        )
        return found

    def _but_for_dx(self) -> list[Edits]:
        """The single mistakes that print most of the other numbers which a right program does not: a second one may spoil dx alone."""
        singles = self.tables.singles
        right = self.target.hit(self.target.values(self.tables.right.gradients))
        wrong = (place for place, name in enumerate(self.target.names) if name != "dx" and not right[place])
        known, near = singles.near(self.target, wrong)
        digits = near @ digits_of(self.target)[known]
        rows = np.flatnonzero((digits == digits.max(initial=0)) & (digits >= LEAST_DIGITS))
        return [singles.rows[row] for row in rows]

    def _second_in_cell(self) -> list[Edits]:
        """Two mistakes of which one or both are in the cell; the other in the loop or in the forward pass."""
        found = self.walks.with_cells(
            self.walks.own_context,
            self.walks.cells,
            self.hypotheses.early_single,
            "a mistake in the cell and one in the loop",
            kept="cells-and-loops",
        )
        found += cell_pairs(self.walks)
        if not self.base:
            found += twice_in_one_equation(self.walks)
            found += pairs_within(self.walks)
            found += self.walks.with_forward(
                self.walks.cells, self.hypotheses.from_right, "a mistake in the forward pass and one in the cell", kept="passes-and-cells"
            )
        return found

    def _second_before(self) -> list[Edits]:
        """Two mistakes in the forward pass, or a check that hands over a second upstream gradient and one mistake more."""
        what = "two mistakes in the forward pass and one in the loop"
        passes, kept = self.tables.double_passes, "double-passes-and-loops"
        return with_further_upstream(self.walks) + self.walks.with_forward(RIGHT_CELL, self.hypotheses.single, what, passes, kept=kept)

    def _second_rarer(self) -> list[Edits]:
        """Two mistakes seldom made together: one that mixes examples, or one in the cell beside a loop whose first call prints nothing."""
        mixing = self.hypotheses.cells.mixing
        what = "a mistake in the cell that mixes examples and one in the loop"
        found = self.walks.with_cells(self.walks.whole_context, mixing, self.hypotheses.early_single, what)
        what = "a mistake in the cell and a loop that prints nothing of its first call"
        found += self.walks.with_cells(self.walks.own_context, self.walks.cells, self.hypotheses.late_single, what)
        if not self.base:
            found += mixing_and_another(self.walks)
            what = "a mistake in the forward pass and one in the cell that mixes examples"
            found += self.walks.with_forward(mixing, self.hypotheses.from_right, what, passes=self.tables.whole_passes)
            if mixing:
                self.trail.cut(f"{what}: only the likeliest forward passes were tried")
            for passes in self.tables.further_whole_passes() if mixing and not found else ():
                if self.trail.spent:
                    break
                found += self.walks.with_forward(mixing, self.hypotheses.from_right, what, passes=passes)
        return found

    def _third_after_the_likeliest(self) -> list[Edits]:
        """Three mistakes and four, of which one is by far the likeliest in a forward pass, or a draw that many notebooks' checks have."""
        what = "a likely mistake in the forward pass, one in the cell and one in the loop"
        found = self.walks.with_forward(self.walks.cells, self.hypotheses.early_single, what, most=LIKELY)
        what = "a very likely mistake in the forward pass, one in the cell and two in the loop"
        return found + self.walks.with_forward(self.walks.cells, self.hypotheses.likely_double, what, most=LIKELIEST)

    def _third_with_two_loops(self) -> list[Edits]:
        """Three mistakes, of which two are in the loop and often made together, or behind a pass that gives the first number."""
        likely = self.hypotheses.likely_double
        found = self.walks.with_cells(self.walks.own_context, self.walks.cells, likely, "a mistake in the cell and two in the loop")
        if self.base:
            return found
        what = "a mistake in the forward pass and two in the loop"
        found += self.walks.with_forward(RIGHT_CELL, likely, what)
        begun = self.walks.passes_beginning(RIGHT_CELL, self.hypotheses.single, "passes-and-loops", what)
        passes = self.tables.run_passes(dict.fromkeys(edits for edits, _, _ in begun))
        return found + self.walks.with_forward(RIGHT_CELL, self.hypotheses.early_double, what, passes=passes)

    def _third(self) -> list[Edits]:
        """Three mistakes of the trajectory that are found at once: in the loop, in the cell, or two there and a loop that begins wrong."""
        found = self.walks.loops_alone(self.hypotheses.triple, "three mistakes in the loop")
        found += pairs_otherwise_begun(self.walks) + with_a_later(self.walks)
        return found + ([] if self.base else cell_triples(self.walks))

    def _third_after_two_before(self) -> list[Edits]:
        """Three mistakes, two of them in the forward pass and made together rather often, and one in the cell."""
        what, passes = "two mistakes in the forward pass and one in the cell", self.tables.double_passes
        return self.walks.with_forward(self.walks.cells, self.hypotheses.from_right, what, passes=passes)

    def _third_after_one_before(self) -> list[Edits]:
        """Three mistakes, one of them in the forward pass and two in the cell."""
        return pairs_within_after(self.walks, LIKELY) + pairs_after(self.walks, self.tables.passes) + shared_after(self.walks)

    def _third_rarer(self) -> list[Edits]:
        """Three mistakes seldom made together: one in each of loop, cell and forward pass, or two in the loop."""
        found: list[Edits] = []
        if not self.base:
            found += self.walks.with_forward(
                self.walks.cells[:WITH_ALL_LOOPS],
                self.hypotheses.early_single,
                "a mistake in the forward pass, one in the cell and one in the loop",
                most=PASSES_WITH_ALL_LOOPS,
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
