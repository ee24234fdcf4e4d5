"""Which programs with several mistakes before the backward cell print a number that a right program does not.

What they print with right equations depends on no printed number: it is kept between runs for what the course's check prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whygrad.from_numbers.cell.chunks import chunks
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.side_by_side.columns import sees_one_example
from whygrad.from_numbers.side_by_side.stack import entry_of, evaluated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.cell.before import Before, Programs
    from whygrad.from_numbers.numbers.arrays import Bools, Ints
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.singles import Entry
    from whygrad.from_numbers.tables.tables import CheckTables

Numbers = dict[str, NDArray[np.float32]]
"""What programs print, by the place; float32 keeps the order, and what agrees is computed again."""
MOST_WHOLE = 60_000
"""So many programs are run for all numbers, likeliest first; the others only for those that see one example of the batch."""


class GivenBefore:
    """The numbers of programs with mistakes before the backward cell, for one block of numbers."""

    def __init__(self, tables: CheckTables, target: Target, trail: Trail, before: Before) -> None:
        self.tables = tables
        self.target = target
        self.trail = trail
        self.before = before
        self.texts = tables.again.texts
        self._used = {name: used for _, name, _, used in tables.again.equations}

    def agreeing(self, which: str, programs: Programs, every: Programs, right: Bools) -> Programs:
        """Those that print a number which a right program does not; the ``right`` ones are those that it does.

        ``programs`` are the likeliest of ``every`` one with so many mistakes, for all of which the numbers are kept under ``which``.
        """
        own = [(name, number.index) for name, number in zip(self.target.names, self.target.block.numbers, strict=True)]
        wrong = [place for place in np.flatnonzero(self.target.finite & ~right).tolist() if own[place][0] in self.texts]
        known = [place for place in wrong if own[place] in self.tables.singles.entries]
        if known:
            kept = self.tables.kept_numbers(f"before-{which}", lambda: self._given(every, self.tables.singles.entries))
        else:
            kept = self._given(programs, [own[place] for place in wrong], timed=True)
        near = np.zeros(len(programs), bool)
        for place in known or wrong:
            low, high = np.float32(self.target.low[place] - SIDE_BY_SIDE), np.float32(self.target.high[place] + SIDE_BY_SIDE)
            values = kept[_key(own[place])][: len(programs)]
            near[: len(values)] |= (values >= low) & (values <= high)
        self.trail.tried += len(programs)
        return programs.some(np.flatnonzero(near))

    def _given(self, programs: Programs, entries: Sequence[Entry], *, timed: bool = False) -> Numbers:
        """What programs print at each of these places: all of them where it sees one example of the batch, else the likeliest."""
        alone = [entry for entry in entries if sees_one_example(entry)]
        most = min(MOST_WHOLE, len(programs))
        numbers: Numbers = {_key(entry): np.full(len(programs) if entry in alone else most, np.nan, np.float32) for entry in entries}
        self._fill(numbers, programs, np.arange(most), entries, None, timed=timed)
        if alone:
            columns = sorted({index[1] for _, index in alone})
            self._fill(numbers, programs, np.arange(most, len(programs)), alone, columns, timed=timed)
        return numbers

    def _fill(
        self, numbers: Numbers, programs: Programs, which: Ints, entries: Sequence[Entry], columns: list[int] | None, *, timed: bool
    ) -> None:
        """Compute the numbers of some of the programs, in some ``columns`` of the batch only, if these are given."""
        needed = {name for name, _ in entries}
        for name in reversed(list(self.texts)):
            needed |= self._used[name] if name in needed else set()
        for chunk in chunks(self.before, programs.some(which), columns):
            if timed and self.trail.clock.up:
                self.trail.cut("mistakes in what the backward cell is given: only the likeliest were tried")
                break
            values = dict(chunk.values)
            for name, text in self.texts.items():
                if name in needed:
                    values[name] = evaluated(text, chunk.space, values)
            for name, index in entries:
                at = index if columns is None else (index[0], columns.index(index[1]))
                if values[name] is not None:
                    numbers[_key((name, index))][which[chunk.at]] = entry_of(values[name], at)


def _key(entry: Entry) -> str:
    """A place by its name, for a file."""
    name, index = entry
    return f"{name} {' '.join(map(str, index))}"
