"""What can be wrong before the equations of a cell's backward pass: one such mistake, two and three.

Before the equations run the check's draws, the forward cell, and the cache that hands its results on. Mistakes there change every number,
so they are not found number by number. But with one of them made rightly, the numbers of every right equation come right as they stand.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.cost_limit import limit_for
from whygrad.from_numbers.programs.linewise import NAME
from whygrad.from_numbers.programs.overwritten import as_expressions
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.mistakes import Edits, stands_alone

if TYPE_CHECKING:
    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.numbers.arrays import Bools, Floats, Ints
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit

MOST_PAIRS = 700_000
"""So many pairs of mistakes before the equations are run, the likeliest first."""
MOST_TRIPLES = 150_000
"""So many triples."""
LIKELY_PAIRS = 8000
LIKELY = 400
"""Triples are made from so many likeliest pairs and single mistakes."""
TAKEN_APART = 1
"""The line of a backward cell that takes its cache apart: what stands there wrong is as if it had been stored so."""
DECIMALS = 10
"""Mistakes that print alike to so many decimals are one."""


@dataclass(frozen=True)
class Slip:
    """One mistake before the equations: ``origin`` if it changes what is drawn, ``texts`` lines of the forward, ``moved`` the cache.

    ``taken`` is what the backward cell makes of what it is given. One that is ``anew`` computes in several lines what the forward cell's
    equations do not: it is run by itself only.
    """

    edits: Edits
    cost: float
    origin: bool
    texts: tuple[tuple[int, str], ...]
    moved: tuple[tuple[str, str], ...]
    taken: tuple[tuple[str, str], ...] = ()
    anew: bool = False


@dataclass(frozen=True)
class Programs:
    """Programs with such mistakes, likeliest first: each row names some ``slips`` by their numbers, shaped (programs, most); -1 is none.

    Where every search asks for them, ``kept_as`` is a name under which what is run of them is kept: a few megabytes.
    """

    slips: list[Slip]
    rows: Ints
    kept_as: str = ""

    def __len__(self) -> int:
        """How many programs there are."""
        return len(self.rows)

    def of(self, number: int) -> list[Slip]:
        """The slips of one of them."""
        return [self.slips[slip] for slip in self.rows[number].tolist() if slip >= 0]

    def edits(self, number: int) -> tuple[Edit, ...]:
        """The edits of one of them."""
        return tuple(edit for slip in self.of(number) for edit in slip.edits)

    def some(self, which: Ints) -> Programs:
        """Some of them."""
        return Programs(self.slips, self.rows[which])


class Before:
    """The mistakes before the equations of one cell check."""

    def __init__(self, tables: CheckTables) -> None:
        self.tables = tables
        roles = tables.assignment.vocabulary.roles
        self.forward = next(name for name in tables.chain if roles[name] == "cell forward")
        self.lines = tables.assignment.functions[self.forward]
        cache = next(line for line in self.lines if line.strip().startswith("cache = ("))
        self.cached = _names(cache)
        self.arguments = tables.assignment.arguments(tables.cell)
        self.targets = {
            number: line.strip().partition(" = ")[0]
            for number, line in enumerate(self.lines)
            if re.match(r" +\w+ = ", line) and line != cache and not line.strip().startswith("yt_pred")
        }

    @cached_property
    def slips(self) -> list[Slip]:
        """The single mistakes that can be made together with others."""
        return [slip for slip in self._single if not slip.anew]

    @cached_property
    def _single(self) -> list[Slip]:
        """The single mistakes that change a printed number, likeliest first; of those that print alike the likeliest.

        Less likely ones only if they change fewer lines: with these, more can be made together.
        """
        singles = self.tables.singles
        right = np.array([self.tables.right.gradients[name][index] for name, index in singles.entries])
        functions = singles.rows.functions
        before = [name for name in (*self.tables.chain, f"{self.tables.check}_check") if name != self.tables.cell]
        unpacks = (singles.rows.array[:, 0, 0] == functions.index(self.tables.cell)) & (singles.rows.array[:, 0, 1] == TAKEN_APART)
        rows = np.flatnonzero(singles.rows.within(before) | unpacks)
        nothing = (right.round(DECIMALS) + 0.0).tobytes()
        checks = bool(singles.rows.within([f"{self.tables.check}_check"]).any())
        seen: dict[bytes, int] = {}
        found: list[Slip] = []
        for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
            key = (singles.numbers[row].round(DECIMALS) + 0.0).tobytes()
            if key == nothing:  # after a mistake of the check the same line may matter
                if not checks:
                    continue
                key = repr([line for edit in singles.rows[row] for line in edit.lines]).encode()
            lines = sum(len(edit.lines) for edit in singles.rows[row])
            if (
                lines < seen.get(key, inf)
                and not stands_alone(singles.rows[row])
                and (slip := self._slip(singles.rows[row], float(singles.costs[row]))) is not None
            ):
                seen[key] = lines
                found.append(slip)
        return found

    def _slip(self, edits: Edits, cost: float) -> Slip | None:
        texts: list[tuple[int, str]] = []
        moved: list[tuple[str, str]] = []
        taken: list[tuple[str, str]] = []
        origin = False
        for function, number, text in (line for edit in edits for line in edit.lines):
            first, *more = text.split("\n")
            if function == self.tables.cell and number != TAKEN_APART:
                return None
            if function == self.tables.cell:
                moved += zip(_names(first), self.cached, strict=True)
                taken += [_assigned(line) for line in more]
            elif function != self.forward or (more and more[-1].strip() == self.lines[number].strip()):
                origin = True
            elif first.strip().startswith("cache = ("):
                moved += zip(self.cached, _entries(text), strict=True)
            elif number in self.targets:
                known = as_expressions(text, self.targets[number])
                if known is None or not self._only_cached(known.keys() - {self.targets[number]}, number):
                    return Slip(edits, cost, origin=True, texts=(), moved=(), anew=True)
                texts.append((number, known.pop(self.targets[number])))
                moved += known.items()
            else:
                return None
        if origin:
            return Slip(edits, cost, origin=True, texts=(), moved=())
        changed = tuple((name, other) for name, other in moved if name != other)
        return Slip(edits, cost, origin=False, texts=tuple(texts), moved=changed, taken=tuple(taken))

    def _only_cached(self, names: set[str], number: int) -> bool:
        """Whether what a line overwrites is cached, and read by no line behind it."""
        later = {name for at in self.targets if at > number for name in NAME.findall(_assigned(self.lines[at])[1])}
        return names <= set(self.cached) and names.isdisjoint(later)

    @cached_property
    def alone(self) -> Programs:
        """None of the mistakes, and each by itself, likeliest first."""
        return Programs(self._single, np.arange(-1, len(self._single))[:, None], "alone")

    @cached_property
    def twice(self) -> Programs:
        """Two mistakes within one equation of the forward cell."""
        edits = [edit for number in self.targets for edit in self.tables.variants.twice(self.forward, number)]
        slips = [self._slip((edit,), self.tables.variants.cost(edit)) for edit in edits]
        found = [slip for slip in slips if slip is not None and not slip.anew]
        return Programs(found, np.arange(len(found))[:, None], "twice")

    @cached_property
    def _costs(self) -> Floats:
        return np.array([slip.cost for slip in self.slips])

    @cached_property
    def _apart(self) -> Bools:
        """Which two mistakes change no line both: shaped (slips, slips)."""
        lines = [places_of(slip.edits) for slip in self.slips]
        places = {place: at for at, place in enumerate(dict.fromkeys(place for own in lines for place in own))}
        having = np.zeros((len(lines), len(places)))
        for row, own in enumerate(lines):
            having[row, [places[place] for place in own]] = 1
        return having @ having.T == 0

    def pairs(self, trail: Trail, most: float) -> Programs:
        """Two of the mistakes, likeliest first; none that cost more than ``most``."""
        return self._up_to(self.all_pairs, MOST_PAIRS, most, trail, "two mistakes in what the backward cell is given")

    def triples(self, trail: Trail, most: float) -> Programs:
        """Each of the likeliest pairs with a third mistake that is less likely, likeliest first; none that cost more than ``most``."""
        return self._up_to(self.all_triples, MOST_TRIPLES, most, trail, "three mistakes in what the backward cell is given")

    def _up_to(self, programs: Programs, many: int, most: float, trail: Trail, what: str) -> Programs:
        count = bisect_right(programs.rows, most, key=lambda row: self._costs[row].sum())
        if count == many:
            trail.cut(f"{what}: only the likeliest {many} were tried")
        return Programs(programs.slips, programs.rows[:count])

    @cached_property
    def all_pairs(self) -> Programs:
        """Two of the mistakes, the likeliest."""
        one, other = np.nonzero(np.triu(self._apart, 1))
        order = np.argsort(self._costs[one] + self._costs[other], kind="stable")[:MOST_PAIRS]
        return Programs(self.slips, np.column_stack((one[order], other[order])))

    @cached_property
    def all_triples(self) -> Programs:
        """Each of the likeliest pairs with a third mistake that is less likely, the likeliest."""
        rows = self.all_pairs.rows[:LIKELY_PAIRS]
        costs = self._costs[:LIKELY]
        starts = 1 + rows[:, -1]
        of_pairs: Floats = np.sum(self._costs[rows], axis=1)

        def counts(limit: float) -> Ints:
            return np.maximum(np.searchsorted(costs, limit - of_pairs, "right") - starts, 0)

        many: Ints = counts(
            limit_for(2 * MOST_TRIPLES, lambda limit: int(counts(limit).sum()), 3 * float(np.max(self._costs, initial=0.0)))
        )
        firsts = np.repeat(np.arange(len(many)), many)
        thirds = np.arange(len(firsts)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(starts, many)
        apart = np.flatnonzero(self._apart[rows[firsts], thirds[:, None]].all(axis=1))
        order = apart[np.argsort((of_pairs[firsts] + costs[thirds])[apart], kind="stable")][:MOST_TRIPLES]
        return Programs(self.slips, np.column_stack((rows[firsts[order]], thirds[order])))


def before_of(tables: CheckTables) -> Before:
    """The mistakes before the equations of a cell's check; what is run of them stays with its tables."""
    return tables.beside("before the equations", lambda: Before(tables))


def _assigned(line: str) -> tuple[str, str]:
    """What a line assigns to, and its right side."""
    name, _, text = line.strip().partition(" = ")
    return name, text


def _entries(line: str) -> list[str]:
    """What a line puts into a cache, without the parameters."""
    whole = ast.parse(line.strip().partition(" = ")[2], mode="eval").body
    return [ast.unparse(one) for one in whole.elts[:-1]] if isinstance(whole, ast.Tuple) else []


def _names(line: str) -> list[str]:
    """The names of a cache's places, without the parameters."""
    return [name for name in NAME.findall(line) if name not in {"cache", "parameters"}]
