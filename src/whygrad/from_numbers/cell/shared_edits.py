"""What the backward cell prints with one of the equations edited that others share, for many programs side by side.

For the likeliest mistakes before the cell that depends on no printed number: it is kept between runs for what the course's check prints.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.cell.before import before_of
from whygrad.from_numbers.cell.chunks import run
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.side_by_side.columns import BATCH_SIZE, sees_one_example
from whygrad.from_numbers.side_by_side.stack import Stack, entry_of, evaluated, inner_shape, some_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.cell.chunks import Chunk
    from whygrad.from_numbers.numbers.arrays import Bools, Floats, Ints
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.tables.singles import Entry
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit

LIKELIEST = 40
"""For so many mistakes before the cell, likeliest first, the numbers are kept."""
MANY = 100
"""Edits that print the same in so many different programs do so in all."""
DECIMALS = 11
AT_ONCE = 20_000
"""So many programs, one for each edit, are judged at once."""


Block = tuple["Sequence[Edit]", "Floats"]
"""Edits of one equation, and what they print, shaped (edits, programs, entries)."""


class Option(NamedTuple):
    """An edit by which so many more printed numbers come right, and what it costs."""

    more: int
    cost: float
    edit: Edit


class SharedEdits:
    """The edits of equations that others use and that use no other.

    ``texts`` are the right equations by what they compute, ``right`` the numbers that a right program prints.
    """

    def __init__(self, tables: CheckTables, target: Target, texts: Mapping[str, str], right: Bools, trail: Trail) -> None:
        self.tables = tables
        self.target = target
        self.texts = texts
        self.right = right
        self.trail = trail
        self._lines = {name: number for number, name, *_ in tables.again.equations}
        self._used = {name: used for _, name, _, used in tables.again.equations}
        entries = [(name, number.index) for name, number in zip(target.names, target.block.numbers, strict=True)]
        self._places = {entry: place for place, entry in enumerate(entries) if target.finite[place]}
        self._usual = set(self._places) <= set(tables.singles.entries)
        self.roots = self._shared(list(self._places))
        self._different: dict[str, list[Edit]] = {}
        """By equation the edits that print different numbers in some of many programs, of which one gives any."""

    def options(self, chunk: Chunk, values: Environment, hits: Bools, which: Ints, number: int | None) -> dict[int, dict[str, Option]]:
        """For some programs of a chunk the edits that bring more numbers right and keep right what is: of each equation the best.

        ``values`` are what the right equations compute, ``hits`` which numbers they print. ``number`` is the chunk's among those
        of all single mistakes, if only the ``LIKELIEST`` of these are asked for.
        """
        found: dict[int, dict[str, Option]] = {}
        few = {name: some_of(value, which) for name, value in values.items()}
        for root, entries in self.roots.items():
            places = [self._places[entry] for entry in entries]
            known = hits[which][:, places]
            if known.all():
                continue
            if number is not None and self._usual:
                blocks = iter([self._kept_printed(number, root, entries)])
            else:
                blocks = self._printed(root, entries, chunk, few, len(which), self._edits(root))
            for block in blocks:
                self.trail.tried += len(block[0]) * len(which)
                self._judge(found, root, block, places, known, which)
        return found

    @cached_property
    def of_one_example(self) -> dict[str, Entry]:
        """By equation a number that sees one example of the batch and that a right program does not print, where there is one."""
        return {
            root: entry
            for root, entries in self.roots.items()
            for entry in entries[::-1]
            if sees_one_example(entry) and not self.right[self._places[entry]]
        }

    def giving(self, chunk: Chunk, values: Environment, columns: Sequence[int]) -> Ints:
        """Which programs of a chunk print such a number with some edit; the chunk holds these ``columns`` of the batch only.

        Edits that sum over examples give something else there: some programs may be named for nothing, or not be named for such an edit.
        """
        near = np.zeros(len(chunk.at), bool)
        for root, (name, (row, column)) in self.of_one_example.items():
            place = self._places[name, (row, column)]
            low, high = self.target.low[place] - SIDE_BY_SIDE, self.target.high[place] + SIDE_BY_SIDE
            edits = self._different.get(root) or self._edits(root)
            fresh: dict[bytes, Edit] = {}
            there = (name, (row, columns.index(column)))
            batch = int(np.shape(self.tables.right.gradients[name])[1])
            for some, block in self._printed(root, [there], chunk, values, len(near), edits, batch):
                numbers = block[:, :, 0]
                self.trail.tried += numbers.size
                near |= ((numbers >= low) & (numbers <= high)).any(axis=0)
                if edits is not self._different.get(root) and len(near) >= MANY:
                    fresh |= {
                        own.tobytes(): edit for own, edit in zip(numbers.round(DECIMALS), some, strict=True) if np.isfinite(own).any()
                    }
            if fresh:
                self._different[root] = list(fresh.values())
        return np.flatnonzero(near)

    def _judge(  # noqa: PLR0917 - what is judged, and against what
        self, found: dict[int, dict[str, Option]], root: str, block: Block, places: list[int], known: Bools, which: Ints
    ) -> None:
        """Put into ``found`` what is best of these edits; ``known`` are the numbers that the programs print without them."""
        edits, numbers = block
        low, high = self.target.low[places] - SIDE_BY_SIDE, self.target.high[places] + SIDE_BY_SIDE
        got = (numbers >= low) & (numbers <= high)
        more = got.sum(axis=2) - known.sum(axis=1)
        keeps = (got | ~self.right[places]).all(axis=2)
        for edit, at in np.argwhere(keeps & (more > 0)).tolist():
            option = Option(int(more[edit, at]), self.tables.variants.cost(edits[edit]), edits[edit])
            own = found.setdefault(int(which[at]), {})
            if root not in own or (-option.more, option.cost) < (-own[root].more, own[root].cost):
                own[root] = option

    def _shared(self, entries: Sequence[Entry]) -> dict[str, list[Entry]]:
        """The equations that others use and that use no other, with those of these entries whose equations use them and nothing else."""
        found: dict[str, list[Entry]] = {}
        names = set(self._used)
        for root, used in self._used.items():
            own = [entry for name, others in self._used.items() if set(others) & names == {root} for entry in entries if entry[0] == name]
            if own and not used & names:
                found[root] = own
        return found

    def _printed(  # noqa: PLR0917 - what is edited, and where
        self,
        root: str,
        entries: Sequence[Entry],
        chunk: Chunk,
        values: Environment,
        programs: int,
        edits: Sequence[Edit],
        batch: int | None = None,
    ) -> Iterator[Block]:
        """What these edits of an equation print at these entries in some programs of a chunk, some edits at a time.

        ``batch`` is the size of the batch where the chunk holds other columns than that has.
        """
        columns = {name: [at for at, entry in enumerate(entries) if entry[0] == name] for name, _ in entries}
        users = [(name, at, self._weights(name, root, entries, chunk, values)) for name, at in columns.items()]
        most = 1 + AT_ONCE // programs
        for some in (edits[start : start + most] for start in range(0, len(edits), most)):
            block = np.full((len(some), programs, len(entries)), np.nan)
            for numbers, edit in zip(block, some, strict=True):
                value = evaluated(edit.formula if batch is None else BATCH_SIZE.sub(str(batch), edit.formula), chunk.space, values)
                if value is None or inner_shape(value) != inner_shape(values[root]):
                    continue
                for name, at, weights in users:
                    if weights is not None:
                        plain = np.asarray(value)
                        numbers[:, at] = plain.reshape(*plain.shape[:-2], -1) @ weights
                    else:
                        given = evaluated(self.texts[name], chunk.space, {**values, root: value})
                        for column in at if given is not None else ():
                            numbers[:, column] = entry_of(given, entries[column][1])
            yield some, block

    def _edits(self, root: str) -> Sequence[Edit]:
        return self.tables.variants.of_line(self.tables.cell, self._lines[root])

    def _weights(self, name: str, root: str, entries: Sequence[Entry], chunk: Chunk, values: Environment) -> Floats | None:
        """A right equation is linear in what it shares: the weights of its entries, where they are the same for all programs."""
        others = {own: values[own] for own in self._used[name] if own in values and own != root}
        if any(isinstance(value, Stack) for value in others.values()):
            return None
        shape = inner_shape(values[root])
        ones = np.eye(shape[0] * shape[1]).reshape(-1, *shape).view(Stack)
        value = evaluated(self.texts[name], chunk.space, {**others, root: ones})
        numbers = [entry_of(value, index) for own, index in entries if own == name]
        return np.stack(np.broadcast_arrays(*numbers, np.empty(len(ones)))[:-1], axis=1)

    @cached_property
    def _usual_roots(self) -> dict[str, list[Entry]]:
        """The roots, and their entries among those that the course's check prints."""
        return self._shared(self.tables.singles.entries)

    def _kept_printed(self, number: int, root: str, entries: Sequence[Entry]) -> Block:
        """The same for all edits in the likeliest of all single mistakes that are in the chunk of this number."""
        kept = self.tables.kept_numbers("edited-shared", self._of_the_likeliest)
        every = self._usual_roots[root]
        return self._edits(root), kept[f"{number} {root}"][..., [every.index(entry) for entry in entries]]

    def _of_the_likeliest(self) -> dict[str, Floats]:
        before = before_of(self.tables)
        found: dict[str, Floats] = {}
        for number, chunk in enumerate(run(before, before.alone)):
            which = np.flatnonzero(chunk.at < LIKELIEST)
            values = with_right_equations(chunk, self.texts)
            few = {name: some_of(value, which) for name, value in values.items()}
            for root, entries in self._usual_roots.items() if len(which) else ():
                blocks = self._printed(root, entries, chunk, few, len(which), self._edits(root))
                found[f"{number} {root}"] = np.concatenate([block for _, block in blocks])
        return found


def with_right_equations(chunk: Chunk, texts: Mapping[str, str]) -> Environment:
    """What is given in a chunk, and what the right equations, by what they compute, make of it."""
    values = dict(chunk.values)
    for name, text in texts.items():
        values[name] = evaluated(text, chunk.space, values)
    return values
