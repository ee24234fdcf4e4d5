"""Forward passes with two mistakes: one around the forward cell (in its loop, in the check, other weights) and one in its equations.

There are a hundred thousand such pairs, too many to run each. What the loop does to the states is the same whatever the cell computes, so
it is found once, by running the edited loop with a stand-in cell and looking up what it handed on, views and overwritten buffers included.
Then each edited cell is computed for all loops at once, a column for each, up to the cache that the backward pass takes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.edited import Program, edited_lines
from whygrad.from_numbers.linewise import NAME, Linewise, expression_code
from whygrad.from_numbers.numbers import is_array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.linewise import Environment
    from whygrad.from_numbers.numbers import Floats
    from whygrad.from_numbers.tables import CheckTables
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
Atom = tuple[str, int]
"""("xt", step), ("a0", 0), ("zero", 0), or (what the cell computes, number of the call)."""
MOST_PAIRS = 25_000
"""So many pairs are computed, likeliest first."""
SMALL = 4
WITH_FEW = 40
"""Where fewer loops than the first work with the same weights, they meet so many mistakes of the cell only: few are as dear as many."""


@dataclass(frozen=True)
class Links:
    """What a forward loop hands on: the atom that is each argument of each call, and that which is each field of the cache in question."""

    calls: tuple[tuple[Atom, ...], ...]
    fields: tuple[Atom, ...]


@dataclass(frozen=True)
class Base:
    """A mistake around the forward cell: how its loop links the calls, and what its check draws."""

    edits: Edits
    links: Links
    x: Floats
    a0: Floats
    da: Floats
    parameters: dict[str, Floats]


@dataclass(frozen=True)
class Pairs:
    """Pairs of mistakes in the forward pass: ``edits[i]``, and in column i what the backward loop's first call gets.

    ``arrays`` are the cached arrays and ``da`` the upstream gradient, shaped (rows, pairs).
    """

    edits: list[Edits]
    arrays: dict[str, Floats]
    da: Floats


class Forwards:
    """The forward pass of a check, for pairs of mistakes in it. ``cache`` and ``step`` say what the backward loop takes first."""

    def __init__(self, tables: CheckTables, cache: int, step: int) -> None:
        self.tables = tables
        self.cache, self.step = cache, step
        assignment = tables.assignment
        roles = assignment.vocabulary.roles
        self.cell = next(name for name in tables.chain if roles[name] == "cell forward")
        self.loop = next(name for name in tables.chain if roles[name] == "forward")
        lines = assignment.functions[self.cell]
        self.arguments = NAME.findall(lines[0].split("(", 1)[1])[:-1]
        parts = [(number, *line.strip().partition(" = ")[::2]) for number, line in enumerate(lines)]
        self.fields = NAME.findall(next(text for _, target, text in parts if target == "cache"))
        self.returned = NAME.findall(lines[-1].strip().removeprefix("return "))
        self.parameters = [(number, target, text) for number, target, text in parts if text.startswith("parameters[")]
        needed = {*self.fields} - {"parameters", *self.arguments}
        self.equations: list[tuple[int, str, str]] = []
        for number, target, text in reversed(parts):
            if target in needed and not text.startswith("parameters["):
                needed |= set(NAME.findall(text))
                self.equations.insert(0, (number, target, text))
        self.space = assignment.namespace()

    # -- the two kinds of mistakes ------------------------------------------------------------------------------------------------

    def inner(self) -> list[tuple[Edits, dict[int, str]]]:
        """The different mistakes in the equations of the forward cell, likeliest first."""
        rows = self.tables.passes.rows
        lines = {number for number, *_ in self.equations}
        found: list[tuple[Edits, dict[int, str]]] = []
        for row in range(1, len(rows)):
            places = [place for edit in rows[row] for place in edit.lines]
            if all(name == self.cell and number in lines and "\n" not in text and "random" not in text for name, number, text in places):
                found.append((rows[row], {number: text.strip().partition(" = ")[2] for _, number, text in places}))
        return found

    def around(self) -> list[Base]:
        """The different mistakes around the equations of the forward cell, likeliest first."""
        rows = self.tables.passes.rows
        inside = {number for number, *_ in self.equations}
        found: list[Base] = []
        for row in range(1, len(rows)):
            places = [place for edit in rows[row] for place in edit.lines]
            if any(name == self.cell and number in inside for name, number, _ in places):
                continue
            links = self._links(rows[row])
            record = Program(self.tables.assignment, rows[row]).record_of_first_half(self.tables.check)
            if links is not None and record is not None:
                found.append(self._base(rows[row], links, record))
        return found

    def _composed(self, single: Sequence[Base]) -> list[Base]:
        """Two of these: one in the loop, one in the weights that the cell reads, one in what the check draws."""
        right = self._base((), single[0].links, self.tables.right) if single else None
        if right is None:
            return []
        loops = [base for base in single if {edit.function for edit in base.edits} == {self.loop} and np.array_equal(base.da, right.da)]
        weights = [base for base in single if {edit.function for edit in base.edits} == {self.cell} and _other(base, right)]
        draws = [base for base in single if not {edit.function for edit in base.edits} & set(self.tables.chain)]
        found = [replace(loop, edits=(*loop.edits, *other.edits), parameters=other.parameters) for loop in loops for other in weights]
        found += [replace(draw, edits=(*loop.edits, *draw.edits), links=loop.links) for loop in loops for draw in draws]
        return found + [
            replace(draw, edits=(*other.edits, *draw.edits), parameters=other.parameters)
            for draw in draws
            for other in weights
            if not _other(draw, right)
        ]

    def _base(self, edits: Edits, links: Links, record: Record) -> Base:
        column = self.tables.column
        own = record.arguments if any(edit.function not in self.tables.chain for edit in edits) else self.tables.right.arguments
        parameters = dict(own[1][0][0][-1])
        for edit in edits:
            for name, number, text in edit.lines:
                target = next((target for at, target, _ in self.parameters if at == number), None) if name == self.cell else None
                if target is not None:
                    parameters[target] = eval(expression_code(text.strip().partition(" = ")[2]), self.space)  # noqa: S307 - our own edit
        first = dict(zip(self.fields, own[1][0][0], strict=True))
        return Base(
            edits, links, own[1][1][:, column, :], first["a_prev"][:, column], record.arguments[0][:, column, self.step], parameters
        )

    def _links(self, edits: Edits) -> Links | None:
        """Run the loop of these edits with a stand-in cell; None where it hands on anything but arrays as they are."""
        lines = edited_lines(self.tables.assignment, edits)
        stored = self._stored(lines or {})
        if lines is None or stored is None:
            return None
        right = self.tables.right.arguments
        x, first = right[1][1], dict(zip(self.fields, right[1][0][0], strict=True))
        a0 = first["a_prev"]
        known: list[tuple[Atom, Floats]] = [(("xt", step), x[:, :, step]) for step in range(x.shape[2])]
        known += [(("a0", 0), a0), (("zero", 0), np.zeros_like(a0))]
        calls: list[list[Atom]] = []
        draw = np.random.default_rng(5)

        def atom(value: Any) -> Atom:
            return next(name for name, array in known if np.array_equal(array, value))

        def cell(*arguments: Any) -> Any:
            *given, parameters = arguments
            calls.append([atom(value) for value in given])
            made: dict[str, Any] = {target: draw.normal(size=a0.shape) for _, target, _ in self.equations}
            known.extend(((name, len(calls) - 1), array.copy()) for name, array in made.items())
            made |= {**dict(zip(self.arguments, given, strict=True)), "parameters": parameters}
            made["cache"] = tuple(made[name] for name in stored)
            return tuple(made.get(name, np.zeros((2, a0.shape[1]))) for name in self.returned)

        space = {**self.space, self.cell: cell}
        try:
            loop = Linewise(lines.get(self.loop, self.tables.assignment.functions[self.loop]))
            *_, (caches, _) = loop.call(space, (x.copy(), a0.copy(), first["parameters"]))
            fields = tuple(atom(value) for value in caches[self.cache][:-1])
        except Exception:  # noqa: BLE001 - an edited loop may raise anything, or hand on what is no array as it was
            return None
        last = max(self.cache, *(number for name, number in fields if name not in {"xt", "a0", "zero"}))
        return Links(tuple(tuple(call) for call in calls[: last + 1]), fields) if len(calls) > last else None

    def _stored(self, lines: Mapping[str, Sequence[str]]) -> list[str] | None:
        """The names of what the edited cell puts into its cache; None where it is more than names."""
        line = next(
            line for line in lines.get(self.cell, self.tables.assignment.functions[self.cell]) if line.strip().startswith("cache = ")
        )
        names = NAME.findall(line.partition(" = ")[2])
        known = {*self.arguments, *(target for _, target, _ in self.equations), "parameters"}
        plain = line.strip() == f"cache = ({', '.join(names)})" and known.issuperset(names) and names[-1] == "parameters"
        return names if plain and len(names) == len(self.fields) else None

    # -- together -----------------------------------------------------------------------------------------------------------------

    def pairs(self) -> Pairs:
        """The likeliest pairs, likeliest first."""
        single = self.around()
        around = [*single, *self._composed(single)]
        inner: list[tuple[Edits, dict[int, str]]] = [((), {}), *self.inner()]
        cost = self.tables.variants.set_cost
        outer, own = np.array([cost(base.edits) for base in around]), np.array([cost(edits) for edits, _ in inner])
        total = outer[:, None] + own[None, :]
        total[: len(single), 0] = total[len(single) :, 1:] = np.inf  # one mistake, and three
        order = np.argsort(total, axis=None, kind="stable")[:MOST_PAIRS]
        wanted = np.zeros(total.shape, bool)
        wanted.flat[order] = True
        wanted &= np.isfinite(total)
        groups: dict[tuple[bytes, int, bool], list[int]] = {}
        for number, base in enumerate(around):
            key = b"".join(base.parameters[target].tobytes() for _, target, _ in self.parameters if target in base.parameters)
            groups.setdefault((key, len(base.links.calls), number < len(single)), []).append(number)
        edits: list[Edits] = []
        costs: list[float] = []
        made: dict[str, list[Floats]] = {name: [] for name in self.fields[:-1]}
        upstream: list[Floats] = []
        for members in groups.values():
            if len(members) < SMALL:
                wanted[members, WITH_FEW:] = False
            together = _Columns(self, [around[number] for number in members])
            for place, (slips, texts) in enumerate(inner):
                chosen = np.flatnonzero(wanted[members, place])
                got = together.cached(texts) if len(chosen) else None
                if got is None:
                    continue
                for name, values in got.items():
                    made[name].append(values[:, chosen])
                upstream.append(together.da[:, chosen])
                edits += [(*around[members[at]].edits, *slips) for at in chosen]
                costs += [total[members[at], place] for at in chosen]
        by_cost = np.argsort(costs, kind="stable")
        if not edits:
            return Pairs([], {}, np.zeros((0, 0)))
        arrays = {name: np.concatenate(parts, axis=1)[:, by_cost] for name, parts in made.items()}
        return Pairs([edits[at] for at in by_cost], arrays, np.concatenate(upstream, axis=1)[:, by_cost])


def _other(base: Base, right: Base) -> bool:
    """Whether the forward cell works with other weights than it should."""
    return any(not np.array_equal(value, right.parameters[name]) for name, value in base.parameters.items())


class _Columns:
    """Loops of as many calls that work with the same parameters, side by side."""

    def __init__(self, forwards: Forwards, bases: Sequence[Base]) -> None:
        self.forwards = forwards
        self.bases = bases
        self.da = np.stack([base.da for base in bases], axis=1)
        x = np.stack([base.x for base in bases], axis=1)
        self._known: dict[Atom, Floats] = {("xt", step): x[:, :, step] for step in range(x.shape[2])}
        self._known["a0", 0] = np.stack([base.a0 for base in bases], axis=1)
        self._known["zero", 0] = np.zeros_like(self._known["a0", 0])
        self._constants: Environment = dict(bases[0].parameters)
        self._given = [
            [self._sources([base.links.calls[call][place] for base in bases]) for place in range(len(forwards.arguments))]
            for call in range(len(bases[0].links.calls))
        ]
        self._fields = {
            name: self._sources([base.links.fields[place] for base in bases]) for place, name in enumerate(forwards.fields[:-1])
        }

    @staticmethod
    def _sources(atoms: Sequence[Atom]) -> list[tuple[Atom, Any]]:
        """Each different atom with the columns that it fills."""
        different = list(dict.fromkeys(atoms))
        if len(different) == 1:
            return [(different[0], slice(None))]
        return [(atom, np.array([at for at, own in enumerate(atoms) if own == atom])) for atom in different]

    def cached(self, texts: dict[int, str]) -> dict[str, Floats] | None:
        """The arrays in the cache that the backward loop takes first, (rows, bases) each; None where an equation raises."""
        known = dict(self._known)
        with np.errstate(all="ignore"):
            for call, given in enumerate(self._given):
                env = dict(self._constants)
                for name, sources in zip(self.forwards.arguments, given, strict=True):
                    env[name] = self._filled(sources, known)
                for number, target, text in self.forwards.equations:
                    try:
                        value = eval(expression_code(texts.get(number, text)), self.forwards.space, env)  # noqa: S307 - our own program, or an edit of it
                    except Exception:  # noqa: BLE001 - an edited equation may raise anything
                        return None
                    if not is_array(value) or value.shape[1:] != (len(self.bases),):
                        return None
                    env[target] = value
                    known[target, call] = value
        return {name: self._filled(sources, known) for name, sources in self._fields.items()}

    @staticmethod
    def _filled(sources: list[tuple[Atom, Any]], known: dict[Atom, Floats]) -> Floats:
        if len(sources) == 1:
            return known[sources[0][0]]
        out = np.empty_like(known[sources[0][0]])
        for atom, at in sources:
            out[:, at] = known[atom][:, at]
        return out
