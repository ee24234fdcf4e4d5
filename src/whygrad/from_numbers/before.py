"""What can be wrong before the equations of a cell's backward pass, many such programs side by side.

Before the equations run the check's draws, the forward cell, and the cache that hands its results on. Mistakes there change every number,
so they are not found number by number. But with one of them made rightly, the numbers of every right equation come right as they stand.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.edited import Program, read_too_early
from whygrad.from_numbers.halving import limit_for
from whygrad.from_numbers.linewise import NAME, Environment
from whygrad.from_numbers.stacked import Stack, evaluated, some_of, stack_of, stacked_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_numbers.found import Trail
    from whygrad.from_numbers.looptree import Ints
    from whygrad.from_numbers.tables import CheckTables
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_PAIRS = 200_000
"""So many pairs of mistakes before the equations are run, the likeliest first."""
MOST_TRIPLES = 150_000
"""So many triples."""
LIKELY_PAIRS = 8000
LIKELY = 400
"""Triples are made from so many likeliest pairs and single mistakes."""
AT_ONCE = 1000
"""So many programs are run at once: their arrays should fit into the processor's cache."""
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

    @cached_property
    def places(self) -> frozenset[tuple[str, int]]:
        """The lines that it changes."""
        return frozenset(line[:2] for edit in self.edits for line in edit.lines)


@dataclass(frozen=True)
class Chunk:
    """Programs side by side: ``slips[i]`` are those of the i-th, ``values`` what its backward cell is given, ``space`` global names."""

    slips: list[tuple[Slip, ...]]
    values: Environment
    space: Environment


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
        """The single mistakes that change a printed number, likeliest first, of those that print alike the likeliest."""
        singles = self.tables.singles
        right = np.array([self.tables.right.gradients[name][index] for name, index in singles.entries])
        functions = singles.rows.functions
        before = [name for name in (*self.tables.chain, f"{self.tables.check}_check") if name != self.tables.cell]
        unpacks = (singles.rows.array[:, 0, 0] == functions.index(self.tables.cell)) & (singles.rows.array[:, 0, 1] == 1)
        rows = np.flatnonzero(singles.rows.within(before) | unpacks)
        nothing = (right.round(DECIMALS) + 0.0).tobytes()
        checks = bool(singles.rows.within([f"{self.tables.check}_check"]).any())
        seen: set[bytes] = set()
        found: list[Slip] = []
        for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
            key = (singles.numbers[row].round(DECIMALS) + 0.0).tobytes()
            if key == nothing:  # after a mistake of the check the same line may matter
                key = repr([line for edit in singles.rows[row] for line in edit.lines]).encode() if checks else key
                seen |= set() if checks else {key}
            if key not in seen and (slip := self._slip(singles.rows[row], float(singles.costs[row]))) is not None:
                seen.add(key)
                found.append(slip)
        return found

    def _slip(self, edits: Edits, cost: float) -> Slip | None:
        lines = [line for edit in edits for line in edit.lines]
        if any(self._in_several_lines(*line) for line in lines):
            return Slip(edits, cost, origin=True, texts=(), moved=(), anew=True)
        if any(function not in {self.forward, self.tables.cell} or (function == self.forward and "\n" in text) for function, _, text in lines):
            return Slip(edits, cost, origin=True, texts=(), moved=())
        texts: list[tuple[int, str]] = []
        moved: list[tuple[str, str]] = []
        taken: list[tuple[str, str]] = []
        for function, number, text in lines:
            first, *more = text.split("\n")
            if function == self.tables.cell:
                moved += zip(_names(first), self.cached, strict=True)
                taken += [_assigned(line) for line in more]
            elif text.strip().startswith("cache = ("):
                moved += zip(self.cached, _entries(text), strict=True)
            elif number in self.targets:
                texts.append((number, _assigned(text)[1]))
            else:
                return None
        changed = tuple((name, other) for name, other in moved if name != other)
        return Slip(edits, cost, origin=False, texts=tuple(texts), moved=changed, taken=tuple(taken))

    def _in_several_lines(self, function: str, number: int, text: str) -> bool:
        return function == self.forward and "\n" in text and text.rpartition("\n")[2].strip() != self.lines[number].strip()

    def alone(self) -> list[tuple[Slip, ...]]:
        """None of the mistakes, and each by itself, likeliest first."""
        return [(), *((slip,) for slip in self._single)]

    def twice(self) -> list[tuple[Slip, ...]]:
        """Two mistakes within one equation of the forward cell."""
        edits = [edit for number in self.targets for edit in self.tables.variants.twice(self.forward, number)]
        slips = [self._slip((edit,), self.tables.variants.cost(edit)) for edit in edits]
        return [(slip,) for slip in slips if slip is not None and not slip.anew]

    def pairs(self, trail: Trail, most: float) -> list[tuple[Slip, ...]]:
        """Two of the mistakes, likeliest first; none that cost more than ``most``."""
        slips = self.slips
        costs = np.array([slip.cost for slip in slips])
        one, other = np.triu_indices(len(slips), 1)
        sums = costs[one] + costs[other]
        cheap = np.flatnonzero(sums <= most)
        found: list[tuple[Slip, ...]] = []
        for at in cheap[np.argsort(sums[cheap], kind="stable")]:
            first, second = slips[one[at]], slips[other[at]]
            if first.places.isdisjoint(second.places):
                if len(found) == MOST_PAIRS:
                    trail.cut(f"of two mistakes before the backward cell only the likeliest {MOST_PAIRS} pairs were tried")
                    break
                found.append((first, second))
        return found

    def triples(self, trail: Trail, pairs: list[tuple[Slip, ...]], most: float) -> list[tuple[Slip, ...]]:
        """Each of the likeliest pairs with a third mistake that is less likely, likeliest first; none that cost more than ``most``."""
        likely = self.slips[:LIKELY]
        costs = np.array([slip.cost for slip in likely])
        number = {id(slip): place for place, slip in enumerate(self.slips)}
        starts = 1 + np.array([number[id(pair[-1])] for pair in pairs[:LIKELY_PAIRS]], int)
        of_pairs = np.array([sum(slip.cost for slip in pair) for pair in pairs[:LIKELY_PAIRS]])

        def counts(limit: float) -> Ints:
            return np.maximum(np.searchsorted(costs, limit - of_pairs, "right") - starts, 0)

        highest = min(most, 3 * max((slip.cost for slip in self.slips), default=0.0))
        many = counts(limit_for(2 * MOST_TRIPLES, lambda limit: int(counts(limit).sum()), highest))
        firsts = np.repeat(np.arange(len(many)), many)
        thirds = np.arange(len(firsts)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(starts, many)
        found: list[tuple[Slip, ...]] = []
        for at in np.argsort(of_pairs[firsts] + costs[thirds], kind="stable"):
            pair, third = pairs[firsts[at]], likely[thirds[at]]
            if all(third.places.isdisjoint(slip.places) for slip in pair):
                found.append((*pair, third))
                if len(found) == MOST_TRIPLES:
                    trail.cut(f"of three mistakes before the backward cell only the likeliest {MOST_TRIPLES} were tried")
                    break
        return found

    def chunks(self, contexts: list[tuple[Slip, ...]]) -> Iterator[Chunk]:
        """Run these programs up to the equations."""

        def origin(context: tuple[Slip, ...]) -> tuple[bool, tuple[int, ...]]:
            return any(slip.moved or slip.taken for slip in context), tuple(id(slip) for slip in context if slip.origin)

        alike: dict[tuple[bool, tuple[int, ...]], list[tuple[Slip, ...]]] = {}
        for context in contexts:
            alike.setdefault(origin(context), []).append(context)
        for members in alike.values():
            edits = tuple(edit for slip in members[0] if slip.origin for edit in slip.edits)
            record = Program(self.tables.assignment, edits).record(self.tables.check)
            if record is None:
                continue
            first = record.calls[0]
            space = stacked_space(record.space)
            if any(slip.anew for slip in members[0]):
                yield Chunk(members, first, space)
                continue
            given = {name: value for name, value in first.items() if name in {*self.cached, *self.arguments, "parameters"}}
            for start in range(0, len(members), AT_ONCE):
                few = members[start : start + AT_ONCE]
                yield Chunk(few, {**first, **self._handed_on(few, given, space)}, space)

    def _handed_on(self, contexts: list[tuple[Slip, ...]], given: Environment, space: Environment) -> Environment:
        """The forward cell of each program, and what its cache hands to the backward cell. What can't be computed is NaN."""
        at_line: dict[int, dict[str, list[int]]] = {}
        moves: dict[str, dict[str, list[int]]] = {}
        takes: dict[str, dict[str, list[int]]] = {}
        for place, context in enumerate(contexts):
            for slip in context:
                for number, text in slip.texts:
                    at_line.setdefault(number, {}).setdefault(text, []).append(place)
                for name, text in slip.moved:
                    moves.setdefault(name, {}).setdefault(text, []).append(place)
                for name, text in slip.taken:
                    takes.setdefault(name, {}).setdefault(text, []).append(place)
        values: Environment = {
            "parameters": given["parameters"],
            **{name: given[name] for name in NAME.findall(self.lines[0]) if name in given},
        }
        early = read_too_early(at_line, self.targets)
        if early:
            values = {**self._computed(values, early, len(contexts), space), **values}
        values = self._computed(values, at_line, len(contexts), space)
        handed = {name: values[name] for name in self.cached}
        for name, texts in moves.items():
            handed[name] = _changed(handed[name], texts, values, len(contexts), space)
        for name, texts in takes.items():
            handed[name] = _changed({**given, **handed}[name], texts, {**given, **handed}, len(contexts), space)
        return handed

    def _computed(self, known: Environment, at_line: Mapping[int, Mapping[str, list[int]]], count: int, space: Environment) -> Environment:
        """What the lines of so many programs compute from what is known, line by line, some of them edited."""
        values = dict(known)
        for number, target in self.targets.items():
            right = eval(self.lines[number].strip().partition(" = ")[2], space, values)  # noqa: S307 - our own program
            if number in at_line:
                right = _changed(right, at_line[number], values, count, space)
            values[target] = right
        return values


def _changed(value: Any, texts: Mapping[str, list[int]], values: Environment, count: int, space: Environment) -> Stack:
    """A value of so many programs with that of an expression in its place in some of them; NaN where that does not fit."""
    whole = stack_of(value, count)
    for text, which in texts.items():
        few = {name: some_of(values[name], which) for name in NAME.findall(text) if name in values}
        whole[which] = _fitting(evaluated(text, space, few), whole.shape[1:])
    return whole.view(Stack)


def _fitting(value: Any, shape: tuple[int, ...]) -> Any:
    """The value where it has, or NumPy stretches it to, the shape that it should have for each program; else NaN."""
    plain = np.asarray(np.nan if value is None else value)
    inner = plain.shape[1:] if isinstance(value, Stack) else plain.shape
    fits = len(inner) == len(shape) and all(size in {1, wanted} for size, wanted in zip(inner, shape, strict=True))
    return plain if fits else np.nan


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
