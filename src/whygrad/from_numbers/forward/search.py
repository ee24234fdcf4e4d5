"""The check of a forward function: which mistakes print its states, its predictions and what stands in its cache.

Nothing is computed from these numbers but each other, and a forward pass takes less than a millisecond: every single mistake is run once
and kept as a table, and programs that give some of the wrong numbers get one mistake more, as far as there is time.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.found import Found, Trail, bar, best, elsewhere, ran, settled
from whygrad.from_numbers.forward.cell_pairs import PairsInCell
from whygrad.from_numbers.programs.wanted import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.singles import Singles
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

MOST_MISTAKES = 3
"""So many mistakes are looked for together."""
MOST_GIVEN = 8
"""So many programs that give some of the wrong numbers get one mistake more, those that give most of them and are likeliest first."""
MOST_PAIRS = 200
"""So many pairs in the cell that give its state are run, likeliest first."""
MOST_IN_A_LOOP = 4_000
"""So many pairs of which one is in the loop are run, likeliest first."""
ALREADY = 1e-12
"""By less than this of its size no number was changed."""


class ForwardSearch:
    """The search in one block of a forward check's numbers; ``base`` are mistakes that are known from another block."""

    def __init__(self, tables: CheckTables, target: Target, base: Edits = ()) -> None:
        self.tables = tables
        self.target = target
        self.base = base
        self.trail = Trail(tables.tables.clock)
        self.found: list[Found] = []
        self.right: Bools = target.hit(target.values(tables.right.gradients))

    def run(self) -> list[Found]:
        """The explanations: all of those with the fewest mistakes, else those that give most."""
        singles = self.tables.singles
        if self.base:
            one = self._try(self.base)
            return best(self.found if one is None or one.full else self._with_one_more(iter([one]), singles) + self.found)
        known, near = singles.near(self.target, range(len(self.target)))
        hits = np.zeros((len(singles.rows), len(self.target)), bool)
        hits[:, known] = near
        self.trail.tried += len(hits)
        order = np.lexsort((singles.costs, -hits.sum(axis=1)))
        for row in order:
            if not hits[row, known].all() or singles.costs[row] > bar(self.found):
                break
            self._try(singles.rows[row])
        if settled(self.found):
            alike = (singles.rows[row] for row in order if hits[row, known].all())
            self.found += elsewhere(self.tables, self.target, self.found, alike)
            return best(self.found)
        given = [Found(singles.rows[row], hits[row], float(singles.costs[row])) for row in order if (hits[row] & ~self.right).any()]
        given = best(self._in_one_cell() + given) or self._in_the_loop(singles)
        for _ in range(MOST_MISTAKES - 1):
            if settled(self.found):
                break
            given = self._with_one_more(_different(given), singles)
        return best(self.found)

    def _try(self, edits: Edits) -> Found | None:
        self.trail.tried += 1
        one = ran(self.tables, self.target, edits)
        if one is not None and (one.hits & ~self.right).any():
            self.found.append(one)
        return one

    def _with_one_more(self, given: Iterator[Found], singles: Singles) -> list[Found]:
        """The programs with one mistake more that give more of the numbers; the likeliest are run first."""
        changed = self._changed(singles)
        order = np.argsort(singles.costs, kind="stable")
        longer: list[Found] = []
        what = "programs that give some of a forward check's numbers, with one mistake more"
        for one in islice(given, MOST_GIVEN):
            left = ~one.hits
            taken = places_of(one.edits)
            for row in order[changed[order][:, left].any(axis=1)] if left.any() else ():
                if self.trail.clock.up:
                    self.trail.cut(what)
                    return longer
                more = singles.rows[row]
                if one.cost + singles.costs[row] > bar(self.found):
                    break
                if taken.isdisjoint(places_of(more)):
                    both = self._try((*one.edits, *more))
                    if both is not None and (both.hits > one.hits).any() and not (one.hits > both.hits).any():
                        longer.append(both)
        return best(longer)

    def _changed(self, singles: Singles) -> Bools:
        """Which of the printed numbers each single mistake changes; those that are not in the table count as changed."""
        right = self.target.values(self.tables.right.gradients)
        changed = np.ones((len(singles.rows), len(self.target)), bool)
        named = {entry: at for at, entry in enumerate(singles.entries)}
        for place, number in enumerate(self.target.block.numbers):
            at = named.get((number.quantity, number.index))
            if at is not None:
                with np.errstate(invalid="ignore"):
                    changed[:, place] = ~(abs(singles.numbers[:, at] - right[place]) <= ALREADY * max(1.0, abs(right[place])))
        return changed

    def _in_one_cell(self) -> list[Found]:
        """Two mistakes in equations of the cell that spoil the same number, so that neither gives it alone."""
        if not self.tables.assignment.vocabulary.roles[self.tables.check].startswith("cell"):
            return []
        cell = PairsInCell(self.tables, self.target, self.trail)
        costs = self.tables.variants.set_cost
        pairs = sorted(cell.found(), key=costs)
        found: list[Found] = []
        for edits in self.trail.likeliest(pairs, MOST_PAIRS, "pairs of mistakes in the cell that give its state"):
            if costs(edits) > bar(self.found):
                break
            one = self._try(edits)
            found += [one] if one is not None else []
        return found

    def _in_the_loop(self, singles: Singles) -> list[Found]:
        """A mistake of the loop and another one, where both spoil the same numbers, so that neither gives any of them alone."""
        changed = self._changed(singles)
        order = np.argsort(singles.costs, kind="stable")
        rows = order[~changed[order][:, self.right].any(axis=1)]
        rows = np.array([*{singles.numbers[row].tobytes(): row for row in rows[::-1]}.values()], int)
        one, other = np.triu_indices(len(rows), 1)
        in_loop = singles.rows.within([self.tables.check])[rows]
        sums = np.where(in_loop[one] | in_loop[other], singles.costs[rows][one] + singles.costs[rows][other], np.inf)
        pairs = np.argsort(sums, kind="stable")[: np.isfinite(sums).sum()]
        what = "pairs of mistakes of which one is in the loop"
        for pair in self.trail.likeliest(pairs.tolist(), MOST_IN_A_LOOP, what):
            if self.trail.clock.up:
                self.trail.cut(what)
                break
            if sums[pair] > bar(self.found):
                break
            first, second = (singles.rows[int(rows[at[pair]])] for at in (one, other))
            if places_of(first).isdisjoint(places_of(second)):
                self._try((*first, *second))
        return list(self.found)


def _different(given: list[Found]) -> Iterator[Found]:
    """The likeliest program for each set of numbers that are given."""
    seen: set[bytes] = set()
    for one in given:
        if one.hits.tobytes() not in seen:
            seen.add(one.hits.tobytes())
            yield one
