"""Forward passes with two or three mistakes: those around the forward cell with those in its equations, the likeliest first.

Each pass is a column. All columns whose loops make as many calls and that work with the same weights are computed side by side, by the
program's own lines, up to the cache that the backward pass takes first; only the edited lines are evaluated apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.candidates.cost_limit import limit_for
from whygrad.from_numbers.forward.mistakes import AFTER, STARTS
from whygrad.from_numbers.programs.edited import read_too_early
from whygrad.from_numbers.programs.linewise import expression_code, names_in
from whygrad.mistakes import Edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_numbers.forward.mistakes import Atom, Base, Forwards
    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.programs.linewise import Environment

Inner = tuple[Edits, dict[int, str]]
"""Mistakes in the equations of the forward cell, and the edited expressions by line."""
MOST_SETS = 200_000
"""So many passes are computed, likeliest first."""
A_THIRD = 0.8
"""A third mistake counts for so much less likely than it is: what two explain is told before."""
MOST_INNER = 40_000
"""So many pairs of mistakes in the equations, likeliest first."""
AT_ONCE = 2_000
"""So many are computed side by side."""


@dataclass(frozen=True)
class Chunk:
    """Some of the passes: their numbers; the arrays of the cache, (rows, passes); the upstream gradient, (rows, passes, steps)."""

    passes: Ints
    arrays: dict[str, Floats]
    da: Floats


class ForwardSets:
    """The likeliest forward passes with two or three mistakes."""

    def __init__(self, forwards: Forwards) -> None:
        self.forwards = forwards
        self._cost = forwards.tables.variants.set_cost
        single = forwards.around()
        self.bases = [forwards.right, *single, *forwards.composed(single)]
        alone = forwards.inner()
        own = [self._cost(edits) for edits, _ in alone]
        self._pairs, together = self._paired(alone, np.array(own))
        twice = forwards.twice()
        self._inner: list[Inner] = [((), {}), *alone, *twice]
        """What may be wrong in the equations of one pass: nothing, one mistake, two in one equation."""
        self._first, self._second = self._numbered(1 + len(alone), len(twice))
        self._outer = np.array([self._cost(base.edits) for base in self.bases])
        self._own = np.array([0.0, *own, *together, *(self._cost(edits) for edits, _ in twice)])
        self.base, self.own = self._likeliest(1 + len(single), 1 + len(alone), 1 + len(alone) + len(self._pairs))
        self.costs = self._outer[self.base] + self._own[self.own]
        self._group = self._groups()

    def edits(self, number: int) -> Edits:
        """The mistakes of one of the passes."""
        base, own = int(self.base[number]), int(self.own[number])
        return (*self.bases[base].edits, *self._inner[int(self._first[own])][0], *self._inner[int(self._second[own])][0])

    def _numbered(self, alone: int, twice: int) -> tuple[Ints, Ints]:
        """For each number in ``own`` the two of ``_inner`` that it is; the second is nothing unless they are two in different equations."""
        pairs = 1 + np.array(self._pairs, int).reshape(-1, 2)
        apart = np.arange(alone + twice)
        nothing = np.zeros_like(apart)
        first = np.concatenate([apart[:alone], pairs[:, 0], apart[alone:]])
        return first, np.concatenate([nothing[:alone], pairs[:, 1], nothing[alone:]])

    def _paired(self, alone: Sequence[Inner], costs: Floats) -> tuple[list[tuple[int, int]], list[float]]:
        """The likeliest two mistakes in different equations, as their numbers, and what they cost: the same slip is paid once."""
        slips = [{edit.slip for edit in edits} for edits, _ in alone]
        one, other = np.triu_indices(len(alone), 1)
        sums = costs[one] + costs[other]
        places = np.argsort(sums, kind="stable")[: 2 * MOST_INNER]
        firsts: list[int] = one[places].tolist()
        seconds: list[int] = other[places].tolist()
        found: list[tuple[int, int]] = []
        own: list[float] = []
        for first, second, cost in zip(firsts, seconds, sums[places].tolist(), strict=True):
            if alone[first][1].keys().isdisjoint(alone[second][1]):
                found.append((first, second))
                apart = slips[first].isdisjoint(slips[second])
                own.append(cost if apart else self._cost((*alone[first][0], *alone[second][0])))
        return found[:MOST_INNER], own[:MOST_INNER]

    def _likeliest(self, single: int, alone: int, pairs: int) -> tuple[Ints, Ints]:
        """Which base with which mistakes of the equations, in order of cost: two and three mistakes together, the likeliest.

        Two within one equation are all there beside nothing else: they are few.
        """
        further: Floats = np.where(np.arange(len(self._own)) >= alone, A_THIRD, 0.0)
        blocks = [
            (np.zeros(1, int), np.arange(alone, pairs), np.zeros(pairs - alone)),
            (np.arange(1, single), np.arange(1, len(self._own)), further[1:]),
            (np.arange(single, len(self.bases)), np.arange(alone), np.where(np.arange(alone) > 0, A_THIRD, 0.0)),
        ]
        sorted_blocks: list[tuple[Ints, Ints, Floats]] = []
        for outer, inner, more in blocks:
            ranks: Floats = self._own[inner] + more
            order = np.argsort(ranks, kind="stable")
            if len(outer) and len(inner):
                sorted_blocks.append((outer, inner[order], ranks[order]))

        def counts(most: float) -> list[Ints]:
            return [np.searchsorted(ranks, most - self._outer[outer], "right") for outer, _, ranks in sorted_blocks]

        highest = float(self._outer.max() + self._own.max()) + A_THIRD + 1.0
        limit = limit_for(MOST_SETS, lambda most: sum(int(own.sum()) for own in counts(most)), highest)
        base: list[Ints] = [np.zeros(len(self._own) - pairs, int)]
        own: list[Ints] = [np.arange(pairs, len(self._own))]
        for (outer, inner, _), count in zip(sorted_blocks, counts(limit), strict=True):
            base.append(np.repeat(outer, count))
            own += [inner[:some] for some in count]
        return np.concatenate(base), np.concatenate(own)

    def chunks(self, some: Ints) -> Iterator[Chunk]:
        """These of them, computed."""
        order = some[np.lexsort((self.own[some], self._group[self.base[some]]))]
        ends = np.flatnonzero(np.diff(self._group[self.base[order]])) + 1
        made: list[Chunk] = []
        for members in np.split(order, ends):
            for start in range(0, len(members), AT_ONCE):
                made.append(self._computed(members[start : start + AT_ONCE]))
                if sum(len(chunk.passes) for chunk in made) >= AT_ONCE:
                    yield _merged(made)
                    made = []
        if made:
            yield _merged(made)

    def _groups(self) -> Ints:
        """Which bases make as many calls and work with the same weights: the number of its group for each."""
        numbers: dict[tuple[int, bytes], int] = {}
        keys = [(len(base.links.calls), b"".join(base.parameters[name].tobytes() for name in self.forwards.weights)) for base in self.bases]
        return np.array([numbers.setdefault(key, len(numbers)) for key in keys])

    def _computed(self, some: Ints) -> Chunk:
        which, place = np.unique(self.base[some], return_inverse=True)
        columns = _Columns(self.forwards, [self.bases[int(number)] for number in which], place)
        return Chunk(some, columns.cached(self._texts(self.own[some])), columns.da)

    def _texts(self, own: Ints) -> dict[int, dict[str, list[int]]]:
        """Which columns compute which edited expressions, by line; ``own`` says what each column has wrong in its equations."""
        inner = np.concatenate([self._first[own], self._second[own]])
        order = np.argsort(inner, kind="stable")
        starts = np.flatnonzero(np.diff(inner[order], prepend=0))
        texts: dict[int, dict[str, list[int]]] = {}
        for columns in np.split(order, starts)[1:]:
            at: list[int] = (columns % len(own)).tolist()
            for line, text in self._inner[inner[columns[0]]][1].items():
                texts.setdefault(line, {}).setdefault(text, []).extend(at)
        return texts


def _merged(chunks: list[Chunk]) -> Chunk:
    """Several as one."""
    return Chunk(
        np.concatenate([chunk.passes for chunk in chunks]),
        {name: np.concatenate([chunk.arrays[name] for chunk in chunks], axis=1) for name in chunks[0].arrays},
        np.concatenate([chunk.da for chunk in chunks], axis=1),
    )


class _Columns:
    """Loops of as many calls that work with the same weights, side by side: column i is that of ``bases[place[i]]``."""

    def __init__(self, forwards: Forwards, bases: Sequence[Base], place: Ints) -> None:
        self.forwards = forwards
        self.bases = bases
        self.place = place
        self.da = np.stack([base.da for base in bases], axis=1)[:, place]
        x = np.stack([base.x for base in bases], axis=1)[:, place]
        self._known: dict[Atom, Floats] = {("xt", step): x[:, :, step] for step in range(x.shape[2])}
        a0 = np.stack([base.a0 for base in bases], axis=1)[:, place]
        self._known |= {(name, 0): start(a0) for name, start in STARTS.items()}
        self._known |= {(name, 0): np.stack([base.given[name] for base in bases], axis=1)[:, place] for name in bases[0].given}
        self._constants: Environment = dict(bases[0].parameters)

    def _filled(self, atoms: Sequence[Atom], known: dict[Atom, Floats]) -> Floats:
        """The array that is in each column what its base's atom says."""
        different = list(dict.fromkeys(atoms))
        if len(different) == 1:
            return known[different[0]]
        code = np.array([different.index(atom) for atom in atoms])[self.place]
        out = np.empty_like(known[different[0]])
        for number, atom in enumerate(different):
            at = np.flatnonzero(code == number)
            out[:, at] = known[atom][:, at]
        return out

    def cached(self, texts: dict[int, dict[str, list[int]]]) -> dict[str, Floats]:
        """The arrays in the cache that the backward loop takes first; ``texts`` says which columns compute which edited lines."""
        known = dict(self._known)
        edited = {line: [(text, _slice(columns)) for text, columns in own.items()] for line, own in texts.items()}
        early = {
            line: [(text, _slice(columns)) for text, columns in own.items()]
            for line, own in read_too_early(texts, {number: target for number, target, _ in self.forwards.equations}).items()
        }
        with np.errstate(all="ignore"):
            for call in range(len(self.bases[0].links.calls)):
                env = dict(self._constants)
                for place, name in enumerate(self.forwards.arguments):
                    env[name] = self._filled([base.links.calls[call][place] for base in self.bases], known)
                if early:
                    env = {**self._computed(env, early), **env}
                env = self._computed(env, edited)
                known |= {(target, call): env[target] for _, target, _ in self.forwards.equations}
        names = self.forwards.fields[:-1]
        return {name: self._filled([base.links.fields[at] for base in self.bases], known) for at, name in enumerate(names)}

    def _computed(self, known: Environment, edited: Mapping[int, Sequence[tuple[str, Any]]]) -> Environment:
        """What the equations of one call compute from what is known, line by line, some of them edited in some columns."""
        env = dict(known)
        for number, target, text in self.forwards.equations:
            value = np.array(eval(expression_code(text), self.forwards.space, env))  # noqa: S307 - our own program
            for new, at in edited.get(number, ()):
                value[:, at] = self._few(new, at, env, len(value))
            env[target] = value
        for number, target, _ in self.forwards.equations:
            for new, at in edited.get(AFTER + number, ()):
                value = np.array(env[target])
                value[:, at] = self._few(new, at, env, len(value))
                env[target] = value
        return env

    def _few(self, text: str, at: Any, env: Environment, rows: int) -> Any:
        """An edited expression in some of the columns; NaN where it raises or has not so many rows."""
        few = {name: env[name] if name in self._constants else env[name][:, at] for name in names_in(text) if name in env}
        try:
            value = np.asarray(eval(expression_code(text), self.forwards.space, few))  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - an edited equation may raise anything
            return np.nan
        width = len(self.place[at])
        return value if value.shape in {(rows, width), (rows, 1)} else np.nan


def _slice(columns: Sequence[int]) -> Any:
    """The columns as a slice where they stand together."""
    first, last = min(columns), max(columns)
    return slice(first, last + 1) if last - first + 1 == len(columns) else np.array(columns)
