"""Explain the numbers of a sequence: the trajectory first, by the gradients at the inputs; then every other gradient alone.

Levels count the mistakes of the trajectory. The level at which a full explanation appears is finished, and none deeper is begun. But
where one mistake of the trajectory needs others beside it, two that are often made together may be likelier.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import confirmed_by, digits_of
from whygrad.from_numbers.candidates.found import MOST_WORK, Found, Trail, bar, best, elsewhere, ran, settled
from whygrad.from_numbers.candidates.grouped import count_of
from whygrad.from_numbers.candidates.mistyped import by_a_slip, mistyped
from whygrad.from_numbers.local.completed import RUN, completed
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.sequence.levels import Levels
from whygrad.from_numbers.side_by_side.columns import OF_EXAMPLES
from whygrad.from_numbers.tables.singles import DECIMALS
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories
from whygrad.mistakes import Edits, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_numbers.numbers.arrays import Bools, Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.sequence.levels import Stage
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit

MOST_WITHOUT_DX = 600
"""So many single mistakes of the trajectory are run to the end where dx does not say which."""
MOST_RUN = 6000
"""So many are run at all where no dx was printed; of those after the likeliest, what gives no number is left."""
MOST_DRAWS = 3
"""So many ways of the check to draw otherwise are tried there with others."""
MOST_DRAWN_OTHERWISE = 1500
"""So many mistakes with each of these."""
MOST_COMPLETED = 60
"""How many trajectories of one level are run to the end, likeliest first."""
MOST_AS_THEY_ARE = 400
"""So many of them, where they are many, are run as they are before that."""
LEAST_COMPLETED = 12
"""So many are even where no work is left."""


class SequenceSearch:
    """The search for one block of a sequence's numbers; ``base`` are edits that are known already (from the cell's own check).

    Three mistakes of the trajectory are tried only if it is ``deep``. ``beside_cell``: the cell's own check was printed too.
    """

    def __init__(self, tables: CheckTables, target: Target, base: Edits = (), *, deep: bool = True, beside_cell: bool = False) -> None:
        self.tables = tables
        self.singles = tables.singles
        """Asked for before all else: they know what edits cost, for which else every edit of a function would be made."""
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
        self.levels = Levels(self.walks)
        self.found: list[Found] = []
        self.right = target.hit(target.values(tables.right.gradients))
        self._digits = float(digits_of(target)[~self.right].sum())
        """How many digits the numbers have that a right program does not print."""
        self._seen: set[frozenset[Edit]] = set()
        self._programs: list[Edits] = []
        self._given: dict[Edits, Bools] = {}
        """What programs give that others were made of, by themselves."""

    def run(self) -> list[Found]:
        """Everything found, best first."""
        self._search()
        if settled(self.found):
            self.bounds.cuts.clear()
        self.trail.take(self.bounds)
        return best(self.found)

    def of_one(self) -> list[Found]:
        """What is found with one mistake of the trajectory at most, best first."""
        if self._only_local:
            self._complete([self.base])
        if not self.base:
            self._among_singles()
        return best(self.found)

    @cached_property
    def _known(self) -> Bools | None:
        """The numbers that the base gives; None where it raises."""
        record = self.walks.record
        return None if record is None else self.target.hit(self.target.values(record.gradients))

    @property
    def _only_local(self) -> bool:
        """Whether nothing is wrong with the trajectory, as far as dx was printed."""
        walked = self.target.of("dx")
        return self._known is None or not walked or bool(self._known[walked].all())

    def _search(self) -> None:
        self.of_one()
        if settled(self.found):
            if not self.base and self._tells and not self._of_a_single:
                self._complete(self.levels.often_together())
            return
        two, three = self._levels()
        if not self._mistyped:
            with self.trail.sparing(3):
                self._run_through(two)
        if not settled(self.found) and not self._mistyped:
            self._run_through(three)
        if settled(self.found):
            return
        if not self._only_local:
            self._complete([self.base])

    @property
    def _mistyped(self) -> bool:
        return mistyped(self.tables, self.target, self.found)

    def _run_through(self, stages: Iterable[Stage]) -> None:
        """One level; its other stages are left out once there is a full explanation."""
        for stage in stages:
            if self.trail.spent:
                self.trail.cut("rarer mistakes: not tried")
                break
            if self._tells and self.walks.record is not None and not settled(self.found):
                self._complete(stage())

    def _among_singles(self) -> None:
        """Single mistakes; where one explains everything, also the likeliest in each other function that does."""
        agree = self._looked_up()
        self._complete(agree or self._but_for_one())
        if settled(self.found):
            self.found += elsewhere(self.tables, self.target, self.found, sorted(agree, key=self.variants.set_cost))
        elif len({name for name, right in zip(self.target.names, self.right, strict=True) if not right}) == 1:
            self._of_one_gradient(agree)
        if not self._tells:
            self._without_dx()
        elif not settled(self.found) and any(map(_of_dx_alone, agree)):
            self.trail.cut(f"without dx only the likeliest {MOST_WITHOUT_DX} single mistakes were tried")
            self._complete(self._likeliest(MOST_WITHOUT_DX), MOST_WITHOUT_DX)

    def _without_dx(self) -> None:
        """Single mistakes where dx says nothing: the likeliest may be likelier than what explains each gradient by itself."""
        likeliest = self._likeliest(MOST_RUN)
        if not self._digits:
            self._run_as_they_are(likeliest[:MOST_WITHOUT_DX])
            return
        self._complete(self._giving_some("likeliest", likeliest[:MOST_WITHOUT_DX]), MOST_WITHOUT_DX)
        if self._of_a_single:
            return
        less_likely = self._giving_some("less-likely", likeliest[MOST_WITHOUT_DX:])
        if not self._of_a_single:
            self._complete(less_likely, MOST_WITHOUT_DX)
        if len(self.singles.rows) > MOST_RUN:
            self.trail.cut(f"without dx only the likeliest {MOST_RUN} single mistakes were tried")
        if not settled(self.found):
            self._complete(self._drawn_otherwise(likeliest), MOST_WITHOUT_DX)

    @property
    def _of_a_single(self) -> bool:
        """Whether the likeliest full explanation is one mistake."""
        return settled(self.found) and count_of(best(self.found)[0].edits) == 1

    def _of_one_gradient(self, agree: list[Edits]) -> None:
        """Where one gradient is all that is wrong: mistakes that spoil it and nothing else, together with others that do."""
        for edits in sorted(agree, key=self.variants.set_cost)[:MOST_COMPLETED]:
            if self.trail.spent:
                self.trail.cut("mistakes of one gradient: only the likeliest were tried with others")
                break
            alone = ran(self.tables, self.target, edits)
            if alone is not None and alone.hits[self.right].all():
                for whole, hits in completed(self.tables, edits, self.target, self.bounds):
                    self.found.append(Found(whole, hits, self.variants.set_cost(whole)))

    def _levels(self) -> tuple[list[Stage], list[Stage]]:
        """What to look for, as far as the printed digits can confirm it."""
        two, three = self.levels.two(beside_cell=self.beside_cell), self.levels.three(self._programs)
        most = confirmed_by(self._digits, len(self.singles.rows)) if not self.base else len(self.target)
        if not self.deep:
            self.trail.cut("three mistakes that show in dx: not tried")
        elif most < 3:  # noqa: PLR2004 - as the text says
            self.trail.cut("three mistakes: too few digits were printed to confirm them")
        if most < 2:  # noqa: PLR2004 - as the text says
            self.trail.cut("two mistakes: too few digits were printed to confirm them")
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
            if self.trail.spent and (number >= LEAST_COMPLETED or (number and self.trail.clock.up)):
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
        self.trail.tried += len(self.singles.rows)
        known, near = self.singles.near(self.target, self.target.of("dx"))
        return [self.singles.rows[row] for row in np.flatnonzero(near.all(axis=1))] if known else []

    def _but_for_one(self) -> list[Edits]:
        """The single mistakes that print the same dx but for one number, which was one of them and then typed."""
        known, near = self.singles.near(self.target, self.target.of("dx"))
        rows = np.flatnonzero(near.sum(axis=1) == len(known) - 1).tolist() if len(known) > 1 else []
        records = ((self.singles.rows[row], known[int(np.argmin(near[row]))]) for row in rows)
        return [edits for edits, place in records if by_a_slip(self.tables, self.target, edits, place)]

    def _likeliest(self, most: int) -> list[Edits]:
        """The likeliest single mistakes, of those that print the same the likeliest: where dx says nothing of what else is wrong.

        What spoils only gradients that are handed on, and so no parameter's, is kept apart. That dx is nan would have to be seen.
        """
        rows, lines = self.singles.rows, [number for number, name in self.tables.equations.items() if name in OF_EXAMPLES]
        handed_on = rows.within([self.tables.cell]) & np.isin(rows.array[:, :, 1], [*lines, -1]).all(axis=1)
        of_dx = [name == "dx" for name, _ in self.singles.entries]
        order = np.argsort(self.singles.costs, kind="stable")
        order = order[np.isfinite(self.singles.numbers[order][:, of_dx]).all(axis=1)]
        printed = np.column_stack([np.nan_to_num(self.singles.numbers).round(DECIMALS), handed_on])
        _, first = np.unique(printed[order], axis=0, return_index=True)
        return [rows[row] for row in order[np.sort(first)][:most]]

    def _drawn_otherwise(self, likeliest: Sequence[Edits]) -> list[Edits]:
        """The likeliest of these single mistakes where the notebook's check draws otherwise, which changes every number."""
        check = f"{self.tables.check}_check"
        draws = [edits for edits in likeliest if all(edit.function == check for edit in edits) and not stands_alone(edits)][:MOST_DRAWS]
        others = [edits for edits in likeliest[:MOST_DRAWN_OTHERWISE] if all(edit.function != check for edit in edits)]
        return self._giving_some("drawn-otherwise", [(*draw, *edits) for draw in draws for edits in others])

    def _giving_some(self, what: str, candidates: list[Edits]) -> list[Edits]:
        """Those that give a number which is wrong in the right program; what each prints is kept under ``what``, for other texts."""
        kept = self.tables.kept_numbers(what, lambda: {"numbers": self._printed_by(candidates)})
        wrong = np.flatnonzero(~self.right).tolist()
        known, near = replace(self.singles, numbers=kept["numbers"]).near(self.target, wrong)
        found: list[Edits] = []
        for at in np.flatnonzero(near.any(axis=1) | (len(known) < len(wrong))):
            if self.trail.spent:
                break
            self.trail.left -= RUN
            one = ran(self.tables, self.target, candidates[at])
            if one is not None and (one.hits & ~self.right).any():
                found.append(one.edits)
                self.found += [one] if one.full else []  # for its completion no time may be left
        return found

    def _printed_by(self, candidates: list[Edits]) -> Floats:
        """What each prints, a row of NaN where it raises."""
        entries = self.singles.entries
        runs = map(self.tables.run, candidates)
        rows = [[np.nan if gradients is None else entry(gradients, *place) for place in entries] for gradients in runs]
        return np.array(rows).reshape(-1, len(entries))


def _of_dx_alone(edits: Edits) -> bool:
    """Whether a mistake touches dx and nothing else, so that what else is printed must be wrong for another reason."""
    return all(edit.quantity in {"dx", "dxt"} for edit in edits)


def _work(target: Target) -> int:
    """How much work a block is worth: where dx is NaN at some steps, nothing is dropped there, and each state that is followed is dear."""
    steps = target.of("dx")
    finite = int(target.finite[steps].sum())
    return MOST_WORK * finite // len(steps) if finite else MOST_WORK
