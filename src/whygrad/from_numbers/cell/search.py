"""Explain the numbers of a single cell: gate by gate, then what is built from all gates.

Each printed number depends on few equations. A gate's weight and bias gradients see that gate alone, the carried gradient sees no
gate's gradient, and only the gradients at the previous state and at the input see all of them. So every gate is explained by itself,
the explanations are put together so that the same slip is paid once, and what is left is explained given the gates.
"""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import confirmed_by, digits_of, rivals
from whygrad.from_numbers.candidates.found import ELSEWHERE, MARGIN, Found, Trail, bar, best, elsewhere, ran, settled
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.candidates.mistyped import mistyped
from whygrad.from_numbers.cell.exchanged import put_back, put_back_after
from whygrad.from_numbers.cell.gates import MOST_BUILT, MOST_OWN, Gates
from whygrad.from_numbers.cell.lookup import Lookup
from whygrad.from_numbers.cell.one_reader import at_its_one_reader
from whygrad.from_numbers.cell.screening import Promising, Screening
from whygrad.from_numbers.cell.shared_and_own import shared_and_own
from whygrad.from_numbers.cell.shared_edits import LIKELIEST
from whygrad.from_numbers.local.completed import together
from whygrad.from_numbers.programs.edited import Program

if TYPE_CHECKING:
    from whygrad.from_numbers.cell.before import Programs
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

ANEW = "recomputed-wrongly"
"""The mistake of a backward cell that prints what a wrong forward cell does."""
TWO = 2
"""So many mistakes are the level at which one before the backward cell and one in it are found."""
MANY = 3
"""More than so many in the cell are less likely than a rare one before it and one in it."""
FOR_WITHIN = 0.25
"""This share of the time is spared for two mistakes within one equation of the cell: they are likelier than three before it."""
MOST_BASES = 24
"""So many mistakes before the backward cell are combined with mistakes in it, the most telling first."""
LEAST_BASES = 8
"""So many of them even where no time is left: all before was to find them."""
ANOTHER = 1.0
"""What one more mistake costs at least."""
MOST_MISSED = 2
"""Where two gates stay unexplained by two edits each, the others will not explain the whole either."""
MOST_WHOLES = 24
"""So many explanations are run for real, likeliest first."""
MOST_SHARED = 4
"""So many mistakes in what the gates share are gone on from, those with most numbers first."""
MOST_EXCHANGES = 4
"""So many exchanges of the gates' gradients are gone on from, those with most numbers first."""
MOST_GIVEN = 8
"""So many partial ones are gone on from, those with most numbers first."""


class CellSearch:
    """The search for one block of a cell's numbers; ``base`` are edits of what runs before the backward cell.

    A ``brief`` one tries single mistakes only, which takes no time; so does one for numbers of which none is finite: they prove nothing.
    """

    def __init__(self, tables: CheckTables, target: Target, base: Edits = (), *, brief: bool = False) -> None:
        self.tables = tables
        self.brief = brief or not target.finite.any()
        self.variants = tables.variants
        self.target = target
        self.base = base
        self.trail = Trail(tables.tables.clock)
        self.bounds = Trail()
        """Where a list was cut on the way: worth saying only where nothing was found."""
        self.found: list[Found] = []
        self._thorough = False

    def run(self) -> list[Found]:
        """Everything found, best first."""
        self._try(self.base)
        self._looked_up()
        if settled(self.found) or self.brief or mistyped(self.tables, self.target, self.found):
            if settled(self.found) and not self.brief and all(_anew(one) for one in self.found if one.full):
                screening = Screening(self.tables, self.target, self.trail)  # of two mistakes in one line one may be before it
                self._followed(screening.promising(screening.before.alone))
            return best(self.found)
        self._by_gates(self.base)
        if not self.base and self._fewest > TWO:
            self._from_exchanged()
        if not self.base and not settled(self.found):
            self._from_shared()
        if not self.base and self._fewest > TWO:
            with self.trail.clock.sparing(FOR_WITHIN):
                self._from_before()  # computed anew and differentiated wrongly are two: another two can be likelier
        if not settled(self.found) and not self.base and self._confirmed < TWO:
            self.trail.cut("two mistakes within one equation: too few digits were printed to confirm them")
        elif not settled(self.found):
            self._thorough = True
            self._by_gates(self.base, deep=True)
        if not settled(self.found):
            self.trail.take(self.bounds)
        self._taken_from_the_cache()
        return best(self.found)

    @property
    def _fewest(self) -> float:
        """How many mistakes the shortest full explanation has; without end where there is none."""
        return min((len(grouped(one.edits)) for one in self.found if one.full), default=inf)

    @property
    def _confirmed(self) -> int:
        """How many mistakes the digits of the wrong numbers can confirm."""
        right = self.target.hit(self.target.values(self.tables.right.gradients))
        return confirmed_by(float(digits_of(self.target)[~right].sum()), rivals(self.tables.tables, [self.target], [right]))

    def _taken_from_the_cache(self) -> None:
        """What the backward cell may compute anew and wrongly, the forward cell likelier computed so: with its mistakes instead."""
        anew = [one.edits for one in self.found if one.full and _anew(one)]
        others = dict.fromkeys(tuple(edit for edit in edits if edit.operator != ANEW) for edits in anew)
        singles, roles = self.tables.singles, self.tables.assignment.vocabulary.roles
        before = [name for name in self.tables.chain if roles[name] == "cell forward"]
        most = bar(self.found) - MARGIN + ELSEWHERE  # dearer ones are not told beside the best
        for row in np.flatnonzero(singles.rows.within(before) & (singles.costs <= most)).tolist() if others else ():
            for edits in others:
                if self.variants.set_cost(whole := (*edits, *singles.rows[row])) <= most:
                    self._try(whole)

    def _try(self, edits: Edits) -> Bools | None:
        tried = ran(self.tables, self.target, at_its_one_reader(self.tables.assignment, edits))
        if tried is None:
            return None
        self.found.append(tried)
        return tried.hits

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.tables, self.target)

    def _looked_up(self) -> None:
        if self.base:
            return
        singles = self.tables.singles
        self.trail.tried += len(singles.rows)
        rows = np.flatnonzero(self._lookup.hits.all(axis=1))
        ordered: list[int] = rows[np.argsort(singles.costs[rows], kind="stable")].tolist()
        for row in ordered[:MOST_WHOLES]:
            if singles.costs[row] <= bar(self.found):
                self._try(singles.rows[row])
        if settled(self.found):
            self.found += elsewhere(self.tables, self.target, self.found, (singles.rows[row] for row in ordered))
            return
        hits = self._lookup.hits
        for row in np.flatnonzero(hits.sum(axis=1) == hits.shape[1] - 1).tolist():
            if mistyped(self.tables, self.target, [Found(singles.rows[row], hits[row], singles.costs[row])]):
                self._try(singles.rows[row])

    def _from_shared(self) -> None:
        """Mistakes in what the gates share, where a gate has one of its own as well."""
        gates = Gates(self.tables, self.target, (), self.tables.right, self.bounds, self._lookup, thorough=False)
        edits = shared_and_own(gates)
        self.trail.tried += gates.tried
        for edit in self.bounds.likeliest(edits, MOST_SHARED, "mistakes in what gates share, together with some of their own"):
            self._by_gates((edit,), quick=True)

    def _from_exchanged(self) -> None:
        """The gates' gradients under each other's names, together with what explains the numbers with the names put back."""
        for edits in put_back_after(self.tables, self.target)[:MOST_OWN]:
            self._try(edits)
        exchanges = put_back(self.tables, self.target)
        for exchange in self.bounds.likeliest(exchanges, MOST_EXCHANGES, "exchanges of the gates' gradients, together with other mistakes"):
            own = CellSearch(self.tables, exchange.target)
            own._looked_up()
            own._by_gates(())
            self.trail.take(own.trail)
            self.bounds.take(own.bounds)
            for one in best(own.found)[:MOST_OWN]:
                edits = (*one.edits, exchange.edit)
                if one.full and self.variants.set_cost(edits) <= bar(self.found):
                    self._try(edits)
            if self._fewest > TWO:  # what is wrong behind the exchange stands in another gradient's line
                self._by_gates((exchange.edit,), again=False, quick=True)

    def _from_before(self) -> None:
        """Mistakes before the backward cell's equations, together with what may be wrong in these: one first, then several.

        Where one and another in the cell were enough, two before it are tried by themselves, as far as they are likelier, and nothing is
        gone on from. Where all is explained by several in the cell already, no more than one before it is tried.
        """
        settled_before = settled(self.found)
        screening = Screening(self.tables, self.target, self.trail)
        before = screening.before
        alone = before.alone
        self._followed(screening.promising(alone, edited=LIKELIEST))  # the others only if that finds nothing
        self._followed(screening.twice())
        if not settled(self.found):
            self._followed(screening.promising(alone) or self._likeliest(alone))
        elif settled_before and self._fewest > TWO:
            if self._fewest > MANY:
                self._followed(screening.promising(alone))
            return
        few = self._fewest <= TWO  # what has to be gone on from has more
        edited = 0 if few else None
        promising = screening.promising(before.twice, edited)
        limit = bar(self.found) - (MARGIN if few else 0.0)
        promising += screening.several("pairs", before.pairs(self.trail, limit), before.all_pairs, edited)
        if not few and not self._gives_all(promising):  # less likely ones cost more
            promising += screening.several("triples", before.triples(self.trail, limit), before.all_triples, edited)
        telling = int(self.target.finite.sum())  # what is not finite is met, or not, when a program is run for real
        self._followed([one for one in promising if one.right == telling] if few else promising)

    def _likeliest(self, programs: Programs) -> list[Promising]:
        """The likeliest, where none brings a number right: of few printed numbers each may need a mistake in the cell as well."""
        likely = (programs.edits(number) for number in range(1, min(len(programs), MOST_BASES + 1)))
        return [Promising(0, self.variants.set_cost(edits), edits) for edits in likely]

    def _gives_all(self, promising: list[Promising]) -> bool:
        return any(one.right == len(self.target) for one in promising)

    def _followed(self, promising: list[Promising]) -> None:
        promising = sorted(promising, key=lambda one: (-one.right, one.cost))
        telling = [one for one in promising if 2 * one.right >= promising[0].right]
        tried: list[tuple[int, set[Edit]]] = []
        likely = self.trail.likeliest(telling, MOST_BASES, "mistakes in what the backward cell is given, together with others in it")
        for place, (count, cost, edits) in enumerate(likely):
            needless = settled(self.found) and any(count <= before and some < set(edits) for before, some in tried)
            if needless or cost > bar(self.found):
                continue
            tried.append((count, set(edits)))
            hits = self._try(edits)
            if hits is not None and not hits.all() and cost + ANOTHER <= bar(self.found) and (place < LEAST_BASES or not self._up()):
                self._by_gates(edits, quick=True)

    def _up(self) -> bool:
        if self.trail.clock.up:
            self.trail.cut("programs that give some of the numbers: only the most telling were gone on from")
        return self.trail.clock.up

    # -- gate by gate -------------------------------------------------------------------------------------------------------------

    def _by_gates(  # noqa: C901, PLR0912 - one thought: explain, put together, go on
        self, base: Edits, *, deep: bool = False, again: bool = True, quick: bool = False
    ) -> None:
        """Explain every gate by itself, put the explanations together, and go on from there with what is still wrong.

        ``quick`` gives a base up as soon as two gates' numbers are left that nothing explains on top of it.
        """
        record = Program(self.tables.assignment, base).record(self.tables.check)
        if record is None:
            return
        lookup = None if base else self._lookup
        gates = Gates(self.tables, self.target, base, record, self.bounds, lookup, thorough=self._thorough)
        options: list[list[Edits]] = []
        missed = 0
        for names, gate in sorted(gates.parts, key=gates.effort) if deep else gates.parts:
            choices = gates.options(names, gate, deep=deep and missed < MOST_MISSED and not self.trail.clock.up)
            missed += not choices
            if deep and not choices and missed == MOST_MISSED:
                self.trail.cut(f"two edits within one equation were tried until {MOST_MISSED} gates stayed unexplained")
            if choices:
                options.append(choices)
            elif quick and missed == MOST_MISSED:
                self.trail.tried += gates.tried
                return
        if options and missed:
            options += gates.beside_siblings(options)
        built = [choices for name in gates.built if not again and not gates.right(name) and (choices := gates.own(name, {}, MOST_BUILT))]
        self.trail.tried += gates.tried
        partial: list[tuple[int, Edits]] = []
        wholes = together(self.variants, base, [*options, *built], self.bounds)
        if built and any(map(any, options)):  # what is wrong with a gate may be all that is wrong with these
            wholes = sorted([*together(self.variants, base, options, self.bounds), *wholes], key=self.variants.set_cost)
        for whole in self.bounds.likeliest(wholes, MOST_WHOLES, "ways to put the gates' explanations together"):
            edits = gates.merged(whole)
            if self.variants.set_cost(edits) > bar(self.found):
                break
            hits = self._try(edits)
            if hits is not None and not hits.all() and edits != base:
                partial.append((-int(hits.sum()), edits))
                partial += [(-int(hits.sum()), shared) for shared in gates.shared(edits)]
        if again:
            if not deep and not quick and not self.base:
                partial = [one for one in partial if -2 * one[0] >= len(self.target)]
            partial.sort(key=lambda one: one[0])
            for place, (_, edits) in enumerate(self.bounds.likeliest(partial, MOST_GIVEN, "programs that give some of the numbers")):
                if place and self._up():
                    break
                if self.variants.set_cost(edits) + ANOTHER <= bar(self.found):
                    self._by_gates(edits, again=False)
            if not partial and not settled(self.found):
                self._by_gates(base, again=False)
        elif partial and not settled(self.found):
            count, edits = min(partial, key=lambda one: one[0])
            right = self.target.hit(self.target.values(record.gradients)).sum()
            if -count > right:  # what was found may be what the rest is made of
                self._by_gates(edits, again=False)


def _anew(found: Found) -> bool:
    """Whether one of these mistakes is that a value is computed anew."""
    return any(edit.operator == ANEW for edit in found.edits)
