"""Which mistakes before the backward cell are worth going on from: those under which several printed numbers come right.

With such a mistake made as the learner made it, all equations that are right give their numbers as they stand. Where the mistake is
followed by one in a shared equation, every number that uses it is still wrong; so each edit of these few equations is tried as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.cell.before import DECIMALS, before_of
from whygrad.from_numbers.cell.chunks import chunks, run
from whygrad.from_numbers.cell.given_before import MOST_WHOLE, GivenBefore
from whygrad.from_numbers.cell.shared_edits import LIKELIEST, SharedEdits, with_right_equations
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.side_by_side.stack import entry_of, some_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.cell.before import Programs
    from whygrad.from_numbers.numbers.arrays import Bools, Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.tables.singles import Entry
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

MOST_EDITED = 1000
"""With so many likeliest mistakes before the cell each edit of a shared equation is tried, where the cell has many equations."""
FEW_EQUATIONS = 10


class Promising(NamedTuple):
    """Edits under which so many printed numbers come right, and what they cost."""

    right: int
    cost: float
    edits: Edits


class Screening:
    """The mistakes before the backward cell, each judged by how many of the printed numbers it brings right."""

    def __init__(self, tables: CheckTables, target: Target, trail: Trail) -> None:
        self.tables = tables
        self.target = target
        self.trail = trail
        self.equations = {name: (number, used) for number, name, _, used in tables.again.equations}
        self.places = {name: [place for place in target.of(name) if target.finite[place]] for name in self.equations}
        self.right = target.hit(target.values(tables.right.gradients)) & target.finite
        self.before = before_of(tables)
        self._given = GivenBefore(tables, target, trail, self.before)
        self.texts = self._given.texts
        self.shared = SharedEdits(tables, target, self.texts, self.right, trail)
        self._many_equations = len(self.equations) >= FEW_EQUATIONS
        self._seen: set[bytes] = set()
        self._seen_edited: set[bytes] = set()
        """Of those seen before, the ones that were seen with an edited equation."""

    def promising(self, programs: Programs, edited: int | None = None) -> list[Promising]:
        """Those that bring a number right and leave right what is, most first, then the likeliest.

        In the first ``edited`` of these programs equations that others share are edited too; without a number in all, or the likeliest.
        """
        likely = edited if edited is not None else MOST_EDITED if self._many_equations else len(programs)
        kept = programs is self.before.alone and likely == LIKELIEST
        found: list[Promising] = []
        for number, chunk in enumerate(run(self.before, programs)):
            if self._up():
                break
            values = with_right_equations(chunk, self.texts)
            hits = np.zeros((len(chunk.at), len(self.target)), bool)
            for name in self.equations:
                self._hit(hits, name, values[name])
            self.trail.tried += len(chunk.at)
            which = np.flatnonzero(chunk.at < likely)
            further = self.shared.options(chunk, values, hits, which, number if kept else None) if len(which) else {}
            counts = hits.sum(axis=1)
            telling = sorted({*np.flatnonzero(counts > self.right.sum()).tolist(), *further})
            numbers = self._numbers(values, telling)
            for at, place in enumerate(telling):
                some = further.get(place, {})
                key = numbers[at].tobytes()
                fresh = key not in self._seen
                if not fresh and (not some or key in self._seen_edited):
                    continue
                self._seen.add(key)
                edits = programs.edits(int(chunk.at[place]))
                if fresh and hits[place][self.right].all():
                    found.append(Promising(int(counts[place]), self.tables.variants.set_cost(edits), edits))
                if some:
                    self._seen_edited.add(key)
                    more = sum(option.more for option in some.values())
                    both = (*edits, *(option.edit for option in some.values()))
                    found.append(Promising(int(counts[place]) + more, self.tables.variants.set_cost(both), both))
        return [one for one in found if one.right > self.right.sum() and one.edits]

    def several(self, which: str, programs: Programs, every: Programs, edited: int | None) -> list[Promising]:
        """The same for many programs with several mistakes, of which ``every`` one is kept under ``which``: those that print a number."""
        likely = 0 if edited == 0 else MOST_EDITED if self._many_equations else MOST_WHOLE
        found = self.promising(self._giving_with_an_edit(programs.some(np.arange(min(likely, len(programs))))), edited) if likely else []
        return found + self.promising(self._given.agreeing(which, programs, every, self.right), edited=0)

    def _giving_with_an_edit(self, programs: Programs) -> Programs:
        """Those that with an edit of an equation that others share print a number which sees one example: these are computed alone.

        All of them where there is no such number.
        """
        wanted = self.shared.of_one_example
        if len(wanted) < len(self.shared.roots):
            return programs
        columns = sorted({column for _, (_, column) in wanted.values()})
        found = [np.zeros(0, int)]
        for chunk in chunks(self.before, programs, columns):
            if self._up():
                break
            found.append(chunk.at[self.shared.giving(chunk, with_right_equations(chunk, self.texts), columns)])
        return programs.some(np.sort(np.concatenate(found)))

    def _up(self) -> bool:
        if self.trail.clock.up:
            self.trail.cut("mistakes in what the backward cell is given: only the likeliest were tried")
        return self.trail.clock.up

    def twice(self) -> list[Promising]:
        """Two mistakes within one equation of the cell that others share, the same way."""
        found: list[Promising] = []
        for root in self.shared.roots:
            line = self.equations[root][0]
            values = self._twice_in(line)
            self.trail.tried += len(values)
            hits = self.target.hit(values)
            for at in np.flatnonzero(hits[:, self.right].all(axis=1) & (hits.sum(axis=1) > self.right.sum())).tolist():
                edit = self.tables.variants.twice(self.tables.cell, line)[at]
                found.append(Promising(int(hits[at].sum()), self.tables.variants.cost(edit), (edit,)))
        return found

    def _twice_in(self, line: int) -> Floats:
        """What the cell prints with two mistakes in this line: (edits, printed numbers)."""
        own = [(name, number.index) for name, number in zip(self.target.names, self.target.block.numbers, strict=True)]
        entries = self.tables.singles.entries
        if not set(own) <= set(entries):
            return self._given_twice(line, own)
        numbers = self.tables.kept_numbers(f"twice-{line}", lambda: {"numbers": self._given_twice(line, entries)})
        return numbers["numbers"][:, [entries.index(one) for one in own]]

    def _given_twice(self, line: int, entries: Sequence[Entry]) -> Floats:
        edits = self.tables.variants.twice(self.tables.cell, line)
        numbers = np.zeros((len(edits), len(entries)))
        with np.errstate(all="ignore"):
            for row, edit in zip(numbers, edits, strict=True):
                values = self.tables.again.call(0, {line: edit.formula}) or {}
                row[:] = [entry(values, *one) for one in entries]
        return numbers

    def _numbers(self, values: Environment, which: list[int]) -> Floats:
        """What some programs print with right equations, to so many decimals that programs which print alike have the same."""
        numbers = np.full((len(which), len(self.target)), np.nan)
        for name, places in self.places.items():
            for place in places if values[name] is not None else ():
                numbers[:, place] = entry_of(some_of(values[name], which), self.target.block.numbers[place].index)
        return numbers.round(DECIMALS) + 0.0

    def _hit(self, hits: Bools, name: str, value: Any) -> None:
        """Note which programs have which of a gradient's printed numbers."""
        for place in self.places[name] if value is not None else ():
            hits[:, place] = self._agree(place, value, self.target.block.numbers[place].index)

    def _agree(self, place: int, value: Any, index: tuple[int, ...]) -> Bools:
        """Which programs have a printed number at an index of their array."""
        got = entry_of(value, index)
        return (got >= self.target.low[place] - SIDE_BY_SIDE) & (got <= self.target.high[place] + SIDE_BY_SIDE)
