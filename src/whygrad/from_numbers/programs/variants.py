"""All edits of an assignment's program, line by line, each once, and what it costs to believe in one.

The cost of an edit is minus the decimal logarithm of how often people make it: the operator's share of the programs that were read,
divided by the number of different slips that the operator can make in this function.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from math import log10
from typing import TYPE_CHECKING

from whygrad.from_numbers.programs.compound import compounds, with_slip
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import ENTRY, NAME
from whygrad.mistakes import OPERATORS, Edit, Site
from whygrad.mistakes.operator import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edits

MOST_SUBSETS = 5
"""Up to how many sibling equations every subset is tried."""
MOST_TWICE = 4_000
"""So many edits that are two at once are kept, a few megabytes: each equation has some thousands, and those of few are asked for again."""
SOME_SIBLINGS = 0.6
"""What it costs that a slip was made in some of the sibling equations, but neither in one nor in all; or in both cells."""


class Variants:
    """The edits of one assignment; made when asked for and kept. Those of functions that it shares with ``others`` are made there."""

    def __init__(self, assignment: Assignment, others: Variants | None = None) -> None:
        self.assignment = assignment
        self._shared: dict[str, Variants] = {}
        if others is not None:
            changed = {name for name, lines in assignment.functions.items() if others.assignment.functions.get(name) != lines}
            changed |= {name.removesuffix("_check") for name in changed}  # whose edits may be edits of its check as well
            self._shared = dict.fromkeys(assignment.functions.keys() - changed, others)
        self.lines: dict[tuple[str, int], tuple[Edit, ...]] = {}
        self.made: dict[tuple[str, int, str], list[Edit]] = {}
        self.places: dict[int, tuple[str, int, str, int]] = others.places if others else {}
        """For the identity of every edit that was made: function, line, operator, and the how manieth of these it is."""
        self._expressions: dict[tuple[str, int, str], tuple[tuple[Edit, str], ...]] = {}
        self._twice: Last[tuple[Edit, ...]] = Last(MOST_TWICE, len)
        self._costs: dict[tuple[str, str, str, str], float] = {}
        self._sites: dict[tuple[str, int], Site] = {}
        self._slips: dict[str, tuple[dict[str, int], dict[tuple[str, str], int]]] = {}

    def of_line(self, function: str, number: int) -> tuple[Edit, ...]:
        """Every different edit that stands at this line, in a fixed order; of equal texts the one whose operator makes it likelier."""
        key = (function, number)
        if function in self._shared:
            return self._shared[function].of_line(function, number)
        if key not in self.lines:
            searched = (name for name, operator in OPERATORS.items() if not operator.twin)
            made = [edits for name in searched if (edits := self.of_operator(function, number, name))]
            best: dict[tuple[tuple[str, int, str], ...], Edit] = {}
            right = _closed_up(self._sites[key].line)
            for edits in sorted(made, key=lambda edits: len(edits) / self.share(function, edits[0].operator, edits[0].quantity)):
                for edit in edits:
                    text = tuple((name, line, _closed_up(new)) for name, line, new in edit.lines)
                    if [new for _, _, new in text] != [right]:
                        best.setdefault(text, edit)
            self.lines[key] = tuple(best.values())
        return self.lines[key]

    def of_quantity(self, function: str, number: int, quantity: str) -> tuple[tuple[Edit, str], ...]:
        """Every edit of this one line that gives this quantity otherwise, with the expression that it is then.

        Where results are returned that is what stands under its key.
        """
        key = (function, number, quantity)
        if key not in self._expressions:
            edits = [edit for edit in self.of_line(function, number) if edit.quantity == quantity and len(edit.lines) == 1]
            self._expressions[key] = tuple((edit, _expression(edit, quantity)) for edit in edits)
        return self._expressions[key]

    def of_operator(self, function: str, number: int, operator: str) -> list[Edit]:
        """Every edit that one operator makes at this line: to name a known mistake, no other operator is needed."""
        key = (function, number, operator)
        if function in self._shared:
            return self._shared[function].of_operator(function, number, operator)
        if key not in self.made:
            if key[:2] not in self._sites:
                self._sites[key[:2]] = Site(self.assignment, function, number, self.assignment.functions[function][number])
            self.made[key] = list(OPERATORS[operator].at(self._sites[key[:2]]))
            for k, edit in enumerate(self.made[key]):
                self.places.setdefault(id(edit), (*key, k))
        return self.made[key]

    def twins(self, function: str) -> list[Edit]:
        """The edits of a function that are tried only in place of a mistake in another."""
        lines = range(len(self.assignment.functions[function]))
        twins = [name for name, operator in OPERATORS.items() if operator.twin]
        return [edit for number in lines for name in twins for edit in self.of_operator(function, number, name)]

    def of_function(self, function: str) -> list[Edit]:
        """Every edit of a function that a search begins with."""
        return [edit for number in range(len(self.assignment.functions[function])) for edit in self.of_line(function, number)]

    def share(self, function: str, operator: str, quantity: str) -> float:
        """In how many of the read programs this kind of mistake was found, in such a function, at this quantity."""
        habits = self.assignment.habits
        role = self.assignment.vocabulary.roles.get(function, "check")
        for key in ((f"{operator}, {role}", ""), (operator, quantity), (operator, ""), ("", "")):
            if key in habits:
                return habits[key]
        return 1.0

    def cost(self, edit: Edit) -> float:
        """Minus the decimal logarithm of how often people make this very edit; of two within one equation, of both."""
        key = (edit.function, edit.operator, edit.quantity, edit.slip)
        if key not in self._costs:
            very = self.assignment.habits.get((edit.slip, edit.quantity))
            if very is None:
                parts = edit.operator.split(" + ")
                self._costs[key] = sum(self._usual_cost(edit.function, operator, edit.quantity) for operator in parts)
            else:
                self._costs[key] = -log10(very / self.assignment.programs)
        return self._costs[key]

    def _usual_cost(self, function: str, operator: str, quantity: str) -> float:
        slips = self._slips_of(function)[0].get(operator, 1)
        return -log10(self.share(function, operator, quantity) / self.assignment.programs) + log10(max(1, slips))

    def twice(self, function: str, number: int) -> tuple[Edit, ...]:
        """The edits of one equation, as the program has it, that are two likely ones at once."""
        return self._twice.get((function, number), lambda: self._made_twice(function, number))

    def beside_siblings(self, function: str, quantity: str, options: Iterable[list[Edits]]) -> Iterator[Edit]:
        """The edits of a quantity's equation made beside the one slip in it that explains several of its siblings, by their ``options``."""
        kind, siblings = self.assignment.vocabulary.kind(quantity), Counter[str]()
        for choices in options:
            edits = [edit for choice in choices for edit in choice if edit.function == function and self._kind(edit) == kind]
            siblings.update({edit.slip for edit in edits})
        common = {slip for slip, count in siblings.items() if count > 1}
        for number in range(len(self.assignment.functions[function])) if common else ():
            own = [edit for edit in self.of_line(function, number) if edit.quantity == quantity and len(edit.lines) == 1]
            for one in (edit for edit in own if edit.slip in common):
                for edit in own:
                    if edit.slip != one.slip:
                        yield from with_slip(self.assignment, edit, one)

    def _made_twice(self, function: str, number: int) -> tuple[Edit, ...]:
        lines = [edit for edit in self.of_line(function, number) if len(edit.lines) == 1 and "\n" not in edit.lines[0][2]]
        written = [edit for edit in lines if edit.formula and not self._respelled(edit)]
        return tuple(compounds(self.assignment, function, number, written))

    def known_slips(self) -> str:
        """The counts of slips that were made so far, as JSON: what a kept table needs so that costs are known without making every edit."""
        return json.dumps(
            {
                function: [slips, [[*key, count] for key, count in lines.items() if count > 1]]
                for function, (slips, lines) in self._slips.items()
            }
        )

    def learn_slips(self, text: str) -> None:
        """Take counts that were kept."""
        for function, (slips, lines) in json.loads(text).items():
            self._slips.setdefault(function, (slips, {(slip, kind): count for slip, kind, count in lines}))

    def _slips_of(self, function: str) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """Of a function: operator -> number of different slips; (slip, kind of quantity) -> number of equations that it can stand in."""
        if function not in self._slips:
            found: dict[str, set[str]] = {}
            lines: dict[tuple[str, str], set[int]] = {}
            for edit in self.of_function(function):
                found.setdefault(edit.operator, set()).add(edit.slip)
                lines.setdefault((edit.slip, self._kind(edit)), set()).add(edit.lines[0][1])
            self._slips[function] = ({name: len(slips) for name, slips in found.items()}, {slip: len(at) for slip, at in lines.items()})
        return self._slips[function]

    def _kind(self, edit: Edit) -> str:
        return self.assignment.vocabulary.kind(edit.quantity) or ""

    def set_cost(self, edits: tuple[Edit, ...]) -> float:
        """What it costs to believe in all of these together: the same slip in siblings counts once, in the other cell hardly more."""
        if len(edits) == 1:
            return 0.001 + self.cost(edits[0])
        groups: dict[tuple[str, str], list[Edit]] = {}
        for edit in edits:
            groups.setdefault((edit.function, edit.alike), []).append(edit)
        total = 0.001 * len(edits)
        paid: dict[str, float] = {}
        for (function, alike), members in groups.items():
            least = min(map(self.cost, members))
            key = alike if self.assignment.vocabulary.roles.get(function, "").startswith("cell") else f"{function}: {alike}"
            total += SOME_SIBLINGS + max(0.0, least - paid[key]) if key in paid else least
            paid[key] = least
            if len(members) == 1:
                continue
            for slip, kind in {(edit.slip, self._kind(edit)) for edit in members}:
                made = sum(edit.slip == slip and self._kind(edit) == kind for edit in members)
                if 1 < made < self._slips_of(function)[1].get((slip, kind), 0):
                    total += SOME_SIBLINGS
        twice = [(function, members[0]) for (function, _), members in groups.items() if BETWEEN in members[0].slip]
        paid_for = [(edit, part) for function, edit in twice for part in edit.parts if (function, part.alike) in groups]
        return total - sum(self._usual_cost(edit.function, part.operator, edit.quantity) for edit, part in paid_for)

    def groups(self, function: str) -> list[tuple[Edit, ...]]:
        """The same slip made in several equations of a function: in every subset of few; of many in all or all but one.

        Also in the gradients of the parameters, or of their weights or biases; in all as they are written, without those that hold the
        slip only in another right spelling; and in all gates, whose slips differ by their activation.
        """
        lines: dict[str, dict[int, Edit]] = {}
        for edit in self.of_function(function):
            if len(edit.lines) == 1:
                lines.setdefault(edit.slip, {}).setdefault(edit.lines[0][1], edit)
        found: list[tuple[Edit, ...]] = []
        for members in lines.values():
            edits = tuple(members.values())
            if len(edits) <= MOST_SUBSETS:
                sizes = range(2, len(edits) + 1)
                found += [some for size in sizes for some in combinations(edits, size)]
            else:
                found += [edits, *(edits[:place] + edits[place + 1 :] for place in range(len(edits)))]
                written = tuple(edit for edit in edits if not self._respelled(edit))
                if 1 < len(written) < len(edits) - 1:
                    found.append(written)
                found += self._of_parameters(edits)
        alike: dict[str, list[Edit]] = {}
        for members in lines.values():
            for edit in members.values():
                alike.setdefault(edit.alike, []).append(edit)
        return found + [tuple(edits) for edits in alike.values() if len({edit.slip for edit in edits}) > 1]

    def _of_parameters(self, edits: tuple[Edit, ...]) -> Iterator[tuple[Edit, ...]]:
        """Of these the gradients of all parameters, of the weights and of the biases alone, where that is not all."""
        parameters = [edit for edit in edits if self.assignment.vocabulary.at_parameter(edit.quantity)]
        kinds = [*dict.fromkeys(self._kind(edit) for edit in parameters)]
        for some in (kinds, *([kind] for kind in kinds if len(kinds) > 1)):
            group = tuple(edit for edit in parameters if self._kind(edit) in some)
            if 1 < len(group) < len(edits) - 1:
                yield group

    def _respelled(self, edit: Edit) -> bool:
        """Whether an edit is one of another right spelling of its equation: it holds several names that only that one has."""
        function, number, text = edit.lines[0]
        target = text.strip().partition(" = ")[0]
        own = set(NAME.findall(self.assignment.functions[function][number]))
        others = [set(NAME.findall(other)) - own for other in self.assignment.spellings.get((function, target), ())]
        return any(len(other & set(NAME.findall(text))) > 1 for other in others)


def _closed_up(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def _expression(edit: Edit, quantity: str) -> str:
    """The expression for a gradient: the right side of its equation, or its entry in the dictionary that is returned."""
    text = edit.formula
    return dict(ENTRY.findall(text)).get(quantity, quantity) if text.startswith("{") else text
