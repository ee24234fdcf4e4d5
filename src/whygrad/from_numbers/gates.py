"""The equations of a cell, gate by gate: which printed numbers stand and fall together, and what can be wrong with each."""

from __future__ import annotations

from collections import Counter
from itertools import chain, product
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.compound import compounds
from whygrad.from_numbers.linewise import ENTRY, NAME
from whygrad.from_numbers.numbers import entry
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.found import Trail
    from whygrad.from_numbers.numbers import Target
    from whygrad.from_numbers.tables import CheckTables

Edits = tuple[Edit, ...]
MOST_OWN = 3
"""So many explanations of a number by its own equation are kept, likeliest first."""


class Gates:
    """The equations of the cell, seen from one program.

    ``parts`` are (printed gradients, the one gate that they depend on, or an empty text); ``built`` the gradients that see several gates.
    """

    def __init__(self, tables: CheckTables, target: Target, base: Edits, record: Record, trail: Trail) -> None:
        self.tables = tables
        self.trail = trail
        self.readings = readings_of(tables)
        self.target = target
        self.record = record
        self.variants = tables.variants
        self.tried = 0
        vocabulary = tables.assignment.vocabulary
        self.taken = {line[:2] for edit in base for line in edit.lines}
        self.lines: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(tables.assignment.functions[tables.cell]):
            name, _, text = line.strip().partition(" = ")
            if name in vocabulary.words and not text.startswith("parameters["):
                self.lines[name] = (number, text)
        printed = list(dict.fromkeys(target.names))
        returned = {name for name in self.lines if f"'{name}'" in tables.assignment.functions[tables.cell][-2]}
        self.inner = [name for name in self.lines if name not in returned]
        self._wanted = {name: [(target.block.numbers[place].index, place) for place in target.of(name)] for name in self.lines}
        self.parts: list[tuple[list[str], str]] = []
        self.built: list[str] = []
        for name in printed:
            if name not in self.lines:
                continue
            gates = [own for own in self._uses(self.lines[name][1]) if vocabulary.kind(own) == "gate gradient"]
            if len(gates) > 1:
                self.built.append(name)
            elif gates and (known := next((names for names, gate in self.parts if gate == gates[0]), None)) is not None:
                known.append(name)
            else:
                self.parts.append(([name], gates[0] if gates else ""))

    def _uses(self, text: str) -> list[str]:
        return [name for name in dict.fromkeys(NAME.findall(text)) if name in self.inner]

    def effort(self, part: tuple[list[str], str]) -> int:
        """How many edits there are of the equation on which these numbers depend."""
        names, gate = part
        return len(self.variants.of_line(self.tables.cell, self.lines[gate or names[0]][0]))

    def right(self, name: str) -> bool:
        """Whether all printed numbers of a gradient agree already."""
        return self._hit(name, self.record.calls[0].get(name))

    def _hit(self, name: str, value: Any) -> bool:
        """Whether a value has all the printed numbers of a gradient; one number at a time, because nearly all values miss the first."""
        for index, place in self._wanted[name]:
            got = entry({name: value}, name, index)
            if self.target.finite[place]:
                if not self.target.low[place] <= got <= self.target.high[place]:
                    return False
            elif not (np.isnan(got) if self.target.printed_nan[place] else got == self.target.printed_inf[place]):
                return False
        return True

    def options(self, names: list[str], gate: str, *, deep: bool) -> list[Edits]:
        """What can be wrong with these numbers, which depend on one gate (or on none): nothing, if they are right."""
        wrong = sorted((name for name in names if not self.right(name)), key=lambda name: "dot(" in self.lines[name][1])
        if not wrong:
            return [()]
        found = self._own(names, {}, ())
        if len(wrong) < len(names):  # the gate that they share is right
            return found
        head = gate or names[0]
        for edit, value in self._heads(head, deep=deep):
            self.tried += 1
            if not gate:
                if self._hit(head, value):
                    found.append((edit,))
                continue
            if deep and not self._hit(wrong[0], self.record.evaluate(self.lines[wrong[0]][1], 0, **{gate: value})):
                continue
            values = {name: self.record.evaluate(self.lines[name][1], 0, **{gate: value}) for name in names}
            hits = [self._hit(name, values[name]) for name in names]
            if all(hits):
                found.append((edit,))
            elif any(hit and name in wrong for hit, name in zip(hits, names, strict=True)):
                found += self._own(names, {gate: value, **values}, (edit,))
        return found

    def _own(self, names: list[str], replaced: dict[str, Any], edits: Edits) -> list[Edits]:
        """Each number that is still wrong explained by its own equation; where only some can be, these."""
        choices: list[list[Edits]] = []
        for name in names:
            value = self.record.evaluate(self.lines[name][1], 0, **replaced)
            if not self._hit(name, value):
                own = self.own(name, replaced)
                if own:
                    choices.append(own)
                elif not edits and len(names) == 1:
                    return []
        return [(*edits, *chain.from_iterable(some)) for some in product(*choices)] if choices else []

    def own(self, name: str, replaced: dict[str, Any]) -> list[Edits]:
        """What can be wrong with one number alone: its own equation, its entry in the result, or the weights that it uses."""
        found: list[Edits] = [(edit,) for edit in self.own_edits(name, self.record, replaced)]
        number, text = self.lines[name]
        used = set(NAME.findall(text))
        readings = [
            (edits, weights)
            for edits, weights in self.readings
            if used & weights.keys() and not self.taken & {line[:2] for edit in edits for line in edit.lines}
        ]
        for edits, weights in readings:
            self.tried += 1
            if self._hit(name, self.record.evaluate(text, 0, **{**replaced, **weights})):
                found.append(edits)
        if not found and (self.tables.cell, number) not in self.taken:
            for edits, weights in readings:
                found += [(*edits, edit) for edit in self.own_edits(name, self.record, {**replaced, **weights})]
        found.sort(key=self.variants.set_cost)
        return list(self.trail.likeliest(found, MOST_OWN, f"mistakes that give {name}"))

    def own_edits(self, name: str, record: Record, replaced: dict[str, Any]) -> list[Edit]:
        """The edits of a number's own equation, or of its entry in the result, under which it comes right."""
        number, _ = self.lines[name]
        lines = self.tables.assignment.functions[self.tables.cell]
        found: list[Edit] = []
        for line in (number, len(lines) - 2):
            for edit in self.variants.of_line(self.tables.cell, line):
                if edit.quantity != name or (self.tables.cell, line) in self.taken or len(edit.lines) > 1:
                    continue
                self.tried += 1
                text = edit.lines[0][2].strip().partition(" = ")[2]  # pyright: ignore[reportGeneralTypeIssues] - never empty
                if line != number:
                    text = next((other for key, other in ENTRY.findall(text) if key == name), name)
                value = record.evaluate(text, 0, **replaced)
                if value is not None and self._hit(name, value):
                    found.append(edit)
        return found

    def _heads(self, head: str, *, deep: bool) -> list[tuple[Edit, Any]]:
        """The edits of one equation, its own and those of what it shares with other equations, with the value that each gives."""
        number, text = self.lines[head]
        if (self.tables.cell, number) in self.taken:
            return []
        edits = list(self.variants.of_line(self.tables.cell, number))
        for shared in self._uses(text):
            if self.tables.assignment.vocabulary.kind(shared) != "gate gradient":
                edits += [self.inlined(edit, shared, head) for edit in self.variants.of_line(self.tables.cell, self.lines[shared][0])]
        if deep:
            edits += compounds(self.tables.assignment, self.tables.cell, number, edits)
        found: list[tuple[Edit, Any]] = []
        for edit in edits:
            value = self.record.evaluate(edit.lines[0][2].strip().partition(" = ")[2], 0)
            if value is not None:
                found.append((edit, value))
        return found

    def inlined(self, edit: Edit, shared: str, head: str) -> Edit:
        """An edit of a shared quantity made in one of the equations that use it: there its sum is written out."""
        number, text = self.lines[head]
        right = edit.lines[0][2].strip().partition(" = ")[2]
        whole = NAME.sub(lambda found: f"({right})" if found[0] == shared else found[0], text)
        return Edit(edit.operator, edit.function, head, ((self.tables.cell, number, f"    {head} = {whole}"),), edit.slip, edit.detail)

    def merged(self, edits: Edits) -> Edits:
        """Where every printed equation that uses a shared quantity has the same slip in it, the slip is in the shared quantity."""
        slips = Counter(edit.slip for edit in edits)
        for shared in self.inner:
            users = [head for head in self._heads_printed() if shared in self._uses(self.lines[head][1])]
            if self.tables.assignment.vocabulary.kind(shared) == "gate gradient" or len(users) < 2:  # noqa: PLR2004
                continue
            for original in self.variants.of_line(self.tables.cell, self.lines[shared][0]):
                same = [edit for edit in edits if edit.slip == original.slip and edit.quantity in users]
                if slips[original.slip] >= len(users) == len(same):
                    return (*(edit for edit in edits if edit not in same), original)
        return edits

    def shared(self, edits: Edits) -> list[Edits]:
        """Where several equations have the same slip, it may be in what they share, and the other equations be wrong otherwise."""
        slips = Counter(edit.slip for edit in edits)
        found: list[Edits] = []
        for name in self.inner:
            if self.tables.assignment.vocabulary.kind(name) != "gate gradient":
                found += [
                    (*(edit for edit in edits if edit.slip != original.slip), original)
                    for original in self.variants.of_line(self.tables.cell, self.lines[name][0])
                    if slips[original.slip] > 1
                ]
        return found

    def _heads_printed(self) -> list[str]:
        return [gate or names[0] for names, gate in self.parts]


def readings_of(tables: CheckTables) -> list[tuple[Edits, dict[str, Any]]]:
    """The ways in which the backward cell can get its weights from elsewhere, likeliest first, with the weights that it then has."""
    singles = tables.singles
    lines = tables.assignment.functions[tables.cell]
    reads = [number for number, line in enumerate(lines) if " = parameters[" in line]
    array = singles.rows.array
    rows = np.flatnonzero((array[:, 0, 0] == singles.rows.functions.index(tables.cell)) & np.isin(array[:, 0, 1], reads))
    found: dict[bytes, tuple[Edits, dict[str, Any]]] = {}
    for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
        parts = [text.strip().partition(" = ") for edit in singles.rows[row] for _, _, text in edit.lines]
        weights = {name: tables.right.evaluate(text, 0) for name, _, text in parts}
        weights = {name: value for name, value in weights.items() if not np.array_equal(value, tables.right.calls[0][name])}
        if weights:
            found.setdefault(
                b"".join(name.encode() + value.tobytes() for name, value in sorted(weights.items())), (singles.rows[row], weights)
            )
    return list(found.values())
