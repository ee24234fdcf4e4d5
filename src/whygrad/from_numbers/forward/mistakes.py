"""The mistakes of a forward pass apart: those around the forward cell (in its loop, in the check, other weights), those in its equations.

There are millions of pairs and triples of them, too many to run each. What the loop does to the states is the same whatever the cell
computes, so it is found once, by running the edited loop with a stand-in cell and looking up what it handed on, views and overwritten
buffers included. `sets` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import fits
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.linewise import NAME, Linewise, expression_code
from whygrad.from_numbers.programs.overwritten import as_expressions
from whygrad.from_numbers.programs.wanted import places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

Atom = tuple[str, int]
"""("xt", step), (one of ``STARTS`` or an argument of the cell, 0), or (what the cell computes, number of the call)."""
STARTS: dict[str, Callable[[Any], Any]] = {
    "a0": np.array,
    "zero": np.zeros_like,
    "one": np.ones_like,
    "minus a0": np.negative,
    "tanh of a0": np.tanh,
}
"""What a loop may start from, made of a0."""
AFTER = 1000
"""A line's number and this: what the line has computed is overwritten behind the last equation."""
MOST_LOOPS = 120
"""So many forward loops with two mistakes are met with a third one, likeliest first."""


@dataclass(frozen=True)
class Links:
    """What a forward loop hands on: the atom that is each argument of each call, and that which is each field of the cache in question."""

    calls: tuple[tuple[Atom, ...], ...]
    fields: tuple[Atom, ...]


@dataclass(frozen=True)
class Base:
    """Mistakes around the forward cell: how the loop links the calls, and what the check draws; ``da`` is shaped (rows, steps).

    ``given`` are the states with which the loop begins, by the name that the cell has for them.
    """

    edits: Edits
    links: Links
    x: Floats
    a0: Floats
    da: Floats
    parameters: dict[str, Floats]
    given: dict[str, Floats]


class Forwards:
    """The forward pass of a check. ``cache`` says which the backward loop takes first."""

    def __init__(self, tables: CheckTables, cache: int) -> None:
        self.tables = tables
        self.cache = cache
        assignment = tables.assignment
        roles = assignment.vocabulary.roles
        self.cell = next(name for name in tables.chain if roles[name] == "cell forward")
        self.loop = next(name for name in tables.chain if roles[name] == "forward")
        lines = assignment.functions[self.cell]
        self.arguments = assignment.arguments(self.cell)[:-1]
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
        used = {name for _, _, text in self.equations for name in NAME.findall(text)}
        self.weights = [target for _, target, _ in self.parameters if target in used]
        self.space = assignment.namespace()

    # -- the two kinds of mistakes ------------------------------------------------------------------------------------------------

    def inner(self) -> list[tuple[Edits, dict[int, str]]]:
        """The different mistakes in the equations of the forward cell, likeliest first, and the edited expressions by line.

        Where a line overwrites what an earlier one has computed, the cache holds that: under the earlier line's number and ``AFTER``.
        """
        rows = self.tables.passes.rows
        found: list[tuple[Edits, dict[int, str]]] = []
        for row in range(1, len(rows)):
            texts: dict[int, str] = {}
            for name, number, text in (place for edit in rows[row] for place in edit.lines):
                own = self._expressions(number, text) if name == self.cell else None
                if own is None:
                    break
                texts |= own
            else:
                found.append((rows[row], texts))
        return found

    def _expressions(self, number: int, text: str) -> dict[int, str] | None:
        """What an edited line computes, by line; None where it is no equation, or does something else too."""
        targets = {at: target for at, target, _ in self.equations}
        known = as_expressions(text, targets[number]) if number in targets and "random" not in text else None
        if known is None:
            return None
        value = known.pop(targets[number])
        made = {target: at for at, target in targets.items()}
        handed_on = {*self.returned, *(name for at, _, other in self.equations if at > number for name in NAME.findall(other))}
        if not known.keys() <= made.keys() - handed_on:
            return None
        return {number: value, **{AFTER + made[name]: other for name, other in known.items()}}

    def twice(self) -> list[tuple[Edits, dict[int, str]]]:
        """Two mistakes within one of these equations."""
        edits = [edit for number, *_ in self.equations for edit in self.tables.variants.twice(self.cell, number)]
        return [((edit,), {edit.lines[0][1]: edit.formula}) for edit in edits]

    def around(self) -> list[Base]:
        """The different mistakes around the equations of the forward cell, likeliest first."""
        rows = self.tables.passes.rows
        inside = {number for number, *_ in self.equations}
        first_half = FirstHalf(self.tables.assignment, self.tables.check)
        found: list[Base] = []
        for row in range(1, len(rows)):
            places = [place for edit in rows[row] for place in edit.lines]
            if any(name == self.cell and number in inside and not self._adds(number, text) for name, number, text in places):
                continue
            links = self._links(rows[row])
            record = first_half.run(rows[row])
            if links is not None and record is not None:
                found.append(self._base(rows[row], links, record))
        return found

    def _adds(self, number: int, text: str) -> bool:
        """Whether a line is the right one with statements before it that change nothing in it: they draw."""
        return "random" in text and text.endswith("\n" + self.tables.assignment.functions[self.cell][number])

    def composed(self, single: Sequence[Base]) -> list[Base]:
        """Two or three of these: in the loop, in the weights that the cell reads, in what is drawn."""
        right = self.right
        changed = [{edit.function for edit in base.edits} for base in single]
        loops = [base for base, own in zip(single, changed, strict=True) if own == {self.loop} and np.array_equal(base.da, right.da)]
        weights = [base for base, own in zip(single, changed, strict=True) if own == {self.cell} and self._other(base)]
        draws = [
            base
            for base, own in zip(single, changed, strict=True)
            if not self._other(base)
            and (not own & set(self.tables.chain) or (base.links == right.links and not np.array_equal(base.da, right.da)))
        ]
        found = self._twice(loops)
        pairs = [*loops, *found]
        found += [replace(loop, edits=(*loop.edits, *other.edits), parameters=other.parameters) for loop in pairs for other in weights]
        found += [
            replace(draw, edits=(*loop.edits, *draw.edits), links=loop.links)
            for loop in pairs
            for draw in draws
            if places_of(loop.edits).isdisjoint(places_of(draw.edits))
        ]
        return found + [
            replace(draw, edits=(*other.edits, *draw.edits), parameters={**draw.parameters, **self._used(other)})
            for draw in draws
            for other in weights
        ]

    def _twice(self, loops: Sequence[Base]) -> list[Base]:
        """The likeliest loops with two mistakes."""
        known = {edit for base in loops for edit in base.edits}
        rows = self.tables.double_passes.rows
        found: list[Base] = []
        for row in range(1, len(rows)):
            if known.issuperset(rows[row]) and (links := self._links(rows[row])) is not None:
                found.append(replace(self.right, edits=rows[row], links=links))
                if len(found) == MOST_LOOPS:
                    break
        return found

    @cached_property
    def right(self) -> Base:
        """The right forward pass."""
        links = self._links(())
        if links is None:
            raise RuntimeError(self.loop)
        return self._base((), links, self.tables.right)

    def _used(self, base: Base) -> dict[str, Floats]:
        """The weights that the forward cell's equations use."""
        return {name: base.parameters[name] for name in self.weights}

    def _other(self, base: Base) -> bool:
        """Whether the forward cell works with other weights than it should."""
        return any(not np.array_equal(value, self.right.parameters[name]) for name, value in self._used(base).items())

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
        a0 = first["a_prev"]
        begun = dict(zip(self.fields, record.arguments[1][0][0], strict=False))
        states = {name: begun.get(name, np.nan) for name in self.arguments[1:]}
        given = {name: np.broadcast_to(value if fits(value, a0) else np.nan, a0.shape)[:, column] for name, value in states.items()}
        return Base(edits, links, own[1][1][:, column, :], a0[:, column], record.arguments[0][:, column], parameters, given)

    def _links(self, edits: Edits) -> Links | None:
        """Run the loop of these edits with a stand-in cell; None where it hands on anything but arrays as they are."""
        lines = edited_lines(self.tables.assignment, edits)
        stored = self._stored(lines or {})
        if lines is None or stored is None:
            return None
        right = self.tables.right.arguments
        x, first = right[1][1], dict(zip(self.fields, right[1][0][0], strict=True))
        a0 = first["a_prev"]
        known: dict[bytes, Atom] = {x[:, :, step].tobytes(): ("xt", step) for step in range(x.shape[2])}
        known |= {start(a0).tobytes(): (name, 0) for name, start in STARTS.items()}
        calls: list[list[Atom]] = []
        draw = np.random.default_rng(5)

        def atom(value: Any) -> Atom:
            return known[np.asarray(value).tobytes()]

        def cell(*arguments: Any) -> Any:
            *given, parameters = arguments
            if not calls:  # what is drawn for the first call is that argument of it
                drawn = zip(self.arguments[1:], given[1:], strict=True)
                known.update(
                    (value.tobytes(), (name, 0)) for name, value in drawn if value.shape == a0.shape and value.tobytes() not in known
                )
            calls.append([atom(value) for value in given])
            made: dict[str, Any] = {target: draw.normal(size=a0.shape) for _, target, _ in self.equations}
            known.update((array.tobytes(), (name, len(calls) - 1)) for name, array in made.items())
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
        last = max(self.cache, *(number for name, number in fields if name not in {"xt", *self.arguments, *STARTS}))
        return Links(tuple(tuple(call) for call in calls[: last + 1]), fields) if len(calls) > last else None

    def _stored(self, lines: Mapping[str, Sequence[str]]) -> list[str] | None:
        """The names of what the edited cell puts into its cache; None where it is more than names, or something else is done there too."""
        cell = lines.get(self.cell, self.tables.assignment.functions[self.cell])
        line = next((line for line in cell if line.strip().startswith("cache = ")), "")
        names = NAME.findall(line.partition(" = ")[2])
        known = {*self.arguments, *(target for _, target, _ in self.equations), "parameters"}
        plain = line.strip() == f"cache = ({', '.join(names)})" and known.issuperset(names) and names[-1] == "parameters"
        return names if plain and len(names) == len(self.fields) else None
