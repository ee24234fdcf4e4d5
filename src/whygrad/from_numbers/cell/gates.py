"""The equations of a cell, gate by gate: which printed numbers stand and fall together, and what can be wrong with each."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import chain, islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.cell.one_reader import inlined
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import around
from whygrad.from_numbers.programs.compound import compounds
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.linewise import names_in
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.from_numbers.side_by_side.stack import Stack, entry_of, evaluated, stacked_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.cell.lookup import Lookup
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

AT_ONCE = 5000
"""So many ways of two edits within one equation are evaluated before those that give nothing are dropped."""
MOST_OWN = 3
"""So many explanations of a number by its own equation are kept, likeliest first."""
MOST_BUILT = 12
"""So many of a number that sees several gates: such numbers often share one slip, which may not be the likeliest of either."""
NEARLY_RIGHT = "gradient-clipped"
"""Made in one of the equations that share a quantity, what leaves most entries as they are would take another's mistake away."""


class Gates:
    """The equations of the cell, seen from one program.

    ``parts`` are (printed gradients, the one gate that they depend on, or an empty text); ``built`` the gradients that see several gates.
    ``lookup`` is given where the program is the right one: its single edits need not be run. Only if ``thorough`` are other weights
    tried together with an edit although they leave something else wrong.
    """

    def __init__(  # noqa: PLR0917 - what is explained, seen from where
        self, tables: CheckTables, target: Target, base: Edits, record: Record, trail: Trail, lookup: Lookup | None, *, thorough: bool
    ) -> None:
        self.tables = tables
        self.thorough = thorough
        self.trail = trail
        self.lookup = lookup
        self.target = target
        self.record = record
        self.variants = tables.variants
        self.tried = 0
        vocabulary = tables.assignment.vocabulary
        self.taken = places_of(base)
        self.base = base
        self.lines: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(tables.assignment.functions[tables.cell]):
            name, _, text = line.strip().partition(" = ")
            if name in vocabulary.words and not text.startswith("parameters["):
                self.lines[name] = (number, text)
        printed = list(dict.fromkeys(target.names))
        returned = {name for name in self.lines if f"'{name}'" in tables.assignment.functions[tables.cell][-2]}
        self.inner = [name for name in self.lines if name not in returned]
        self.wanted = {name: [(target.block.numbers[place].index, place) for place in target.of(name)] for name in self.lines}
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
        return [name for name in dict.fromkeys(names_in(text)) if name in self.inner]

    def shared_by(self, head: str) -> list[str]:
        """What an equation shares with others: the inner quantities that it uses and that are no gate's gradient."""
        return [own for own in self._uses(self.lines[head][1]) if self.tables.assignment.vocabulary.kind(own) != "gate gradient"]

    def effort(self, part: tuple[list[str], str]) -> int:
        """How many edits there are of the equation on which these numbers depend."""
        names, gate = part
        return len(self.variants.of_line(self.tables.cell, self.lines[gate or names[0]][0]))

    def right(self, name: str) -> bool:
        """Whether all printed numbers of a gradient agree already."""
        return self.target.gives(self.record.calls[0], name)

    @cached_property
    def _innocent(self) -> list[Mapping[str, Any]]:
        """What the equations give without the base's mistakes in this cell, all of them or one; none where it has none there."""
        own = [edit for edit in self.base if edit.function == self.tables.cell]
        without = [own, *([edit] for edit in own if len(own) > 1)]
        bases = [tuple(edit for edit in self.base if edit not in some) for some in without if some]
        records = [Program(self.tables.assignment, base).record(self.tables.check) if base else self.tables.right for base in bases]
        return [record.calls[0] for record in records if record is not None]

    def _is_innocent(self, name: str, value: Any) -> bool:
        """Whether an edited equation gives what the right one does: it mends what the base spoils, so it is no mistake."""
        return any(_same(value, calls.get(name)) for calls in self._innocent)

    def options(self, names: list[str], gate: str, *, deep: bool) -> list[Edits]:
        """What can be wrong with these numbers, which depend on one gate (or on none): nothing, if they are right.

        Only what leaves the fewest of them wrong: what explains a part by itself is likelier than what explains all, and would hide it.
        ``deep`` looks for two edits within one equation where no single one gives all.
        """
        wrong = sorted((name for name in names if not self.right(name)), key=lambda name: "dot(" in self.lines[name][1])
        if not wrong:
            return [()]
        found = self._own(names, {}, ())
        if len(wrong) == len(names) or not found:  # the gate that they share is wrong, in some entries perhaps right
            found += self._of_head(names, gate, wrong, deep=False)
            if deep and not any(not left and len(edits) == 1 for left, edits in found):
                found += self._of_head(names, gate, wrong, deep=True)
        fewest = min((left for left, _ in found), default=0)
        return [edits for left, edits in found if left == fewest]

    def _of_head(self, names: list[str], gate: str, wrong: list[str], *, deep: bool) -> list[tuple[int, Edits]]:
        """What the numbers share edited, and what is still wrong explained by its own equation; with how many are left."""
        found: list[tuple[int, Edits]] = []
        for edit, value in self._heads(gate or names[0], wrong, deep=deep):
            values = {name: self.record.evaluate(self.lines[name][1], 0, **{gate: value}) if gate else value for name in names}
            hits = [self.target.gives(values, name) for name in names]
            if all(hits):
                found.append((0, (edit,)))
            elif any(hits):
                found += self._own(names, {gate: value, **values}, (edit,))
        return found

    def _own(self, names: list[str], replaced: dict[str, Any], edits: Edits) -> list[tuple[int, Edits]]:
        """Each number that is still wrong explained by its own equation; where only some can be, these, with how many are left."""
        choices: list[list[Edits]] = []
        left = 0
        for name in names:
            value = self.record.evaluate(self.lines[name][1], 0, **replaced)
            if not self.target.gives({name: value}, name):
                own = self.own(name, replaced)
                if own:
                    choices.append(own)
                elif not edits and len(names) == 1:
                    return []
                else:
                    left += 1
        return [(left, (*edits, *chain.from_iterable(some))) for some in product(*choices)] if choices else []

    def own(self, name: str, replaced: dict[str, Any], most: int = MOST_OWN) -> list[Edits]:
        """What can be wrong with one number alone: its own equation, its entry in the result, or the weights that it uses."""
        found: list[Edits] = [(edit,) for edit in self.own_edits(name, replaced)]
        number, text = self.lines[name]
        used = set(names_in(text))
        readings = [
            (edits, weights) for edits, weights in self.tables.readings if used & weights.keys() and self.taken.isdisjoint(places_of(edits))
        ]
        for edits, weights in readings:
            self.tried += 1
            if self.target.gives({name: self.record.evaluate(text, 0, **{**replaced, **weights})}, name):
                found.append(edits)
        if not found and (self.tables.cell, number) not in self.taken:
            for edits, weights in readings:
                if self.thorough or self._explains_others(name, {**replaced, **weights}):
                    found += [(*edits, edit) for edit in self.own_edits(name, {**replaced, **weights})]
        found.sort(key=self.variants.set_cost)
        return list(self.trail.likeliest(found, most, f"mistakes that give {name}"))

    def _explains_others(self, name: str, replaced: dict[str, Any]) -> bool:
        """Whether other weights give all other wrong numbers that are computed from them: else two more mistakes would go with them."""
        return all(
            self.target.gives({other: self.record.evaluate(self.lines[other][1], 0, **replaced)}, other)
            for other in self.wanted
            if other != name and self.wanted[other] and not replaced.keys().isdisjoint(names_in(self.lines[other][1]))
        )

    def own_edits(self, name: str, replaced: dict[str, Any]) -> list[Edit]:
        """The edits of a number's own equation, or of its entry in the result, under which it comes right."""
        number, _ = self.lines[name]
        returned = len(self.tables.assignment.functions[self.tables.cell]) - 2
        lines = [line for line in (number, returned) if (self.tables.cell, line) not in self.taken]
        known = None if replaced else self._looked_up(lines, [name])
        if known is not None:
            return [edit for edit in known if edit.quantity == name and len(edit.lines) == 1]
        made = [one for line in lines for one in self.variants.of_quantity(self.tables.cell, line, name)]
        self.tried += len(made)
        evaluate = self.record.evaluation(0, replaced)
        return [
            edit
            for edit, text in made
            if (value := evaluate(text)) is not None and self.target.gives({name: value}, name) and not self._is_innocent(name, value)
        ]

    def beside_siblings(self, options: list[list[Edits]]) -> Iterator[list[Edits]]:
        """For each printed number that is wrong alone of what its gate gives: two slips within its equation, of which siblings have one."""
        for names, gate in self.parts:
            wrong = [name for name in names if not self.right(name)]
            if (
                gate
                and len(wrong) == 1
                and len(names) > 1
                and not any(edit.quantity in wrong for some in options for own in some for edit in own)
            ):
                made = list(self.variants.beside_siblings(self.tables.cell, wrong[0], options))
                self.tried += len(made)
                found = [(edit,) for edit in made if self.target.gives({wrong[0]: self.record.evaluate(edit.formula, 0)}, wrong[0])]
                if found:
                    yield found

    def _looked_up(self, lines: list[int], names: list[str]) -> list[Edit] | None:
        """The edits of these lines that give all numbers of one of these gradients; None where the table does not hold them."""
        places = [self.target.of(name) for name in names]
        if self.lookup is None or not all(self.lookup.known[own].all() for own in places):
            return None
        self.tried += len(lines)
        return self.lookup.edits(lines, places)

    def _heads(self, head: str, wrong: list[str], *, deep: bool) -> list[tuple[Edit, Any]]:
        """The edits of one equation, its own and those of what it shares with other equations, with the value that each gives.

        Left out are those that give none of the ``wrong`` gradients. ``deep`` ones are two edits within the equation each.
        """
        number, _ = self.lines[head]
        if (self.tables.cell, number) in self.taken:
            return []
        shared = self.shared_by(head)
        edits = None if deep else self._looked_up([number], wrong)
        others = None if edits is None else {own: self._looked_up([self.lines[own][0]], wrong) or [] for own in shared}
        if edits is None or others is None:
            edits = list(self.variants.of_line(self.tables.cell, number))
            others = {own: self.variants.of_line(self.tables.cell, self.lines[own][0]) for own in shared}
        line = self.tables.assignment.functions[self.tables.cell][number]
        edits += [inlined(edit, line, number) for some in others.values() for edit in some if edit.operator != NEARLY_RIGHT]
        more = compounds(self.tables.assignment, self.tables.cell, number, edits) if deep else iter(edits)
        found: list[tuple[Edit, Any]] = []
        for some in iter(lambda: list(islice(more, AT_ONCE)), []):
            self.tried += len(some)
            values = [(edit, value) for edit in some if (value := self.record.evaluate(edit.formula, 0)) is not None]
            found += [(edit, value) for edit, value in self._giving(head, wrong, values) if not self._is_innocent(head, value)]
            if self.tables.tables.clock.up:
                break
        return found

    def _giving(self, head: str, wrong: list[str], edits: list[tuple[Edit, Any]]) -> list[tuple[Edit, Any]]:
        """Of edits of a gate those that may give all numbers of a wrong gradient that uses it; those of another shape too."""
        right = self.record.calls[0][head]
        fitting = [at for at, (_, value) in enumerate(edits) if is_array(value) and value.shape == right.shape]
        if head in wrong or not fitting:
            return edits
        values = np.stack([edits[at][1] for at in fitting]).view(Stack)
        kept = np.ones(len(edits), bool)
        kept[fitting] = False
        for name in wrong:
            computed: Any = evaluated(self.lines[name][1], stacked_space(self.record.space), {**self.record.calls[0], head: values})
            agree = np.full(len(fitting), computed is not None)
            for index, place in self.wanted[name]:
                if computed is not None and self.target.finite[place]:
                    low, high = around(self.target, place)
                    got = entry_of(computed, index)
                    agree &= (got >= low) & (got <= high)
            kept[fitting] |= agree
        return [edits[at] for at in np.flatnonzero(kept)]

    def merged(self, edits: Edits) -> Edits:
        """Where every printed equation that uses a shared quantity has the same slip in it, the slip is in the shared quantity."""
        slips = Counter(edit.slip for edit in edits)
        for shared in self.inner:
            users = [head for head in self._heads_printed() if shared in self._uses(self.lines[head][1])]
            if self.tables.assignment.vocabulary.kind(shared) == "gate gradient" or len(users) < 2:  # noqa: PLR2004
                continue
            for original in self.variants.of_line(self.tables.cell, self.lines[shared][0]):
                if slips[original.slip] < len(users):
                    continue
                same = [edit for edit in edits if edit.slip == original.slip and edit.quantity in users]
                if len(same) == len(users):
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


def _same(value: Any, right: Any) -> bool:
    if not is_array(value) or not is_array(right) or value.shape != right.shape:
        return False
    first = abs(value.item(0) - right.item(0)) <= 1e-12 + 1e-9 * abs(right.item(0))  # nearly all miss it, and it costs little to see
    return first and bool(np.allclose(value, right, 1e-9, 1e-12))
