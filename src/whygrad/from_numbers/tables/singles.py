"""What every single mistake prints: the table in which a learner's numbers are looked up first.

A row is one mistake: an edit, or the same slip in several sibling equations. For a sequence a row holds the numbers that the walk
through time decides (the gradients of inputs and initial state); the parameters' gradients are explained afterwards, each alone. For a
cell it holds all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import entry, fits
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.programs.again import Again
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.linewise import ENTRY
from whygrad.from_numbers.programs.rows import Rows
from whygrad.from_numbers.side_by_side.backward_stack import BackwardStack
from whygrad.from_numbers.side_by_side.columns import OF_EXAMPLES, Cell, LineTexts, walk
from whygrad.from_numbers.side_by_side.forward_runs import ForwardRuns
from whygrad.from_numbers.side_by_side.right_loop import RightLoop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.numbers.arrays import Arrays, Bools, Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.programs.second_half import SecondHalf
    from whygrad.from_numbers.programs.variants import Variants
    from whygrad.mistakes import Edit, Edits

Entry = tuple[str, tuple[int, ...]]
DECIMALS = 12
"""Rows that agree to so many decimals print the same: the last bits depend on the order of summation."""


def entries_of(assignment: Assignment, check: str, record: Record) -> list[Entry]:
    """The single numbers that a check prints, in order, with their full index."""
    found: list[Entry] = []
    for name, index in assignment.printed[check]:
        array = record.gradients[name]
        rest = array.shape[len(index) :]
        found += [(name, (*index, *more)) for more in np.ndindex(*rest)]
    return found


def wide_edit(variants: Variants, check: str, edit: Edit) -> bool:
    """Whether an edit bears on more than the one parameter's gradient that it computes or sums."""
    roles = variants.assignment.vocabulary.roles
    role = roles.get(edit.function, "check")
    if role in {"check", "forward", "cell forward"}:
        return True
    words = variants.assignment.vocabulary
    parameter = words.at_parameter(edit.quantity)
    if roles.get(check) == "backward":
        return not parameter and (role == "cell backward" or edit.operator not in {"initial-gradient-wrong", "returned-wrong"})
    return True


@dataclass(frozen=True)
class Singles:
    """The rows for one check: ``rows[i]`` print ``numbers[i]`` at ``entries`` (NaN where the row was not asked for that number), at a cost.

    ``columnwise`` marks edited cells that treat each example alone. ``narrow`` counts the edits that are in no row, by the gradient that
    alone they change.
    """

    entries: list[Entry]
    rows: Rows
    numbers: Floats
    costs: Floats
    columnwise: Bools
    narrow: Mapping[str, int]

    def near(self, target: Target, places: Iterable[int]) -> tuple[list[int], Bools]:
        """Which rows print these numbers, but for rounding: the places of those that are finite and known here, (rows, such places)."""
        named = {entry: at for at, entry in enumerate(self.entries)}
        entries = {place: (target.names[place], target.block.numbers[place].index) for place in places if target.finite[place]}
        known = [place for place, entry in entries.items() if entry in named]
        numbers = self.numbers[:, [named[entries[place]] for place in known]]
        with np.errstate(invalid="ignore"):
            return known, (numbers >= target.low[known] - SIDE_BY_SIDE) & (numbers <= target.high[known] + SIDE_BY_SIDE)

    def kept(self) -> Arrays:
        """The table as arrays."""
        entries = np.array([f"{name} {' '.join(map(str, index))}" for name, index in self.entries])
        slips = np.array(self.rows.variants.known_slips())
        return {
            "entries": entries,
            "rows": self.rows.array,
            "numbers": self.numbers,
            "costs": self.costs,
            "columnwise": self.columnwise,
            "slips": slips,
            "narrow": np.array([f"{name} {count}" for name, count in self.narrow.items()], str),
        }

    @classmethod
    def from_kept(cls, variants: Variants, kept: Arrays) -> Singles:
        """The table that was kept."""
        entries = [(name, tuple(map(int, index))) for name, *index in (str(text).split() for text in kept["entries"])]
        variants.learn_slips(str(kept["slips"]))
        narrow = {name: int(count) for name, _, count in (str(text).rpartition(" ") for text in kept["narrow"])}
        return cls(entries, Rows(variants, kept["rows"]), kept["numbers"], kept["costs"], kept["columnwise"], narrow)


def singles_of(variants: Variants, check: str, record: Record, second_half: SecondHalf) -> tuple[Singles, dict[Edits, Record]]:
    """Run every single mistake of a check; and what each mistake in the forward pass of a sequence hands to the backward function."""
    run = _Run(variants, check, record, second_half)
    return run.table(), run.handed_on


def forward_singles(variants: Variants, check: str, right: Record) -> Singles:
    """What every single mistake in the functions of a forward check prints."""
    assignment = variants.assignment
    entries = entries_of(assignment, check, right)
    made: list[Edits] = []
    rows: list[Floats] = []
    for function in (*assignment.chain(check), f"{check}_check"):
        edits = [(edit,) for edit in variants.of_function(function)]
        for one in [*edits, *variants.groups(function)]:
            outputs = Program(assignment, one).run(check)
            if outputs is not None:
                made.append(one)
                rows.append(np.array([entry(outputs, name, index) for name, index in entries]))
    costs = np.array([variants.set_cost(edits) for edits in made])
    return Singles(entries, Rows.of(variants, made), np.array(rows), costs, np.zeros(len(made), bool), {})


class _Run:
    def __init__(self, variants: Variants, check: str, record: Record, second_half: SecondHalf) -> None:
        self.variants = variants
        self.check = check
        assignment = variants.assignment
        self.entries = entries_of(assignment, check, record)
        self._right = np.array([entry(record.gradients, name, index) for name, index in self.entries])
        self.functions = [*assignment.chain(check), f"{check}_check"]
        self.sequence = assignment.vocabulary.roles[check] == "backward"
        self.cell_name = next(name for name in self.functions if assignment.vocabulary.roles[name] == "cell backward")
        outputs = tuple(name for name in OF_EXAMPLES if f"'{name}'" in "".join(assignment.functions[self.cell_name]))
        self.cell = Cell(assignment.functions[self.cell_name], frozenset(assignment.vocabulary.words), outputs, record)
        self.again = Again(assignment.functions[self.cell_name], frozenset(assignment.vocabulary.words), record)
        self._forward_runs = ForwardRuns(assignment, check, record)
        self._second_half = second_half
        self.handed_on: dict[Edits, Record] = {}
        self._alike: dict[int, Record] = {}
        self._raising: set[tuple[int, str]] = set()
        """Edited equations that raise by themselves: they do so with others too."""

    @cached_property
    def _backward_stack(self) -> BackwardStack:
        carries = self.cell.carries if self.sequence else ()
        return BackwardStack(self.variants.assignment.functions[self.cell_name], self.again, self.entries, self._right, carries)

    @cached_property
    def _right_loop(self) -> RightLoop:
        return RightLoop(self.again, self.cell.fields, self.cell.carries)

    def _candidates(self) -> list[Edits]:
        found: list[Edits] = []
        for function in self.functions:
            found += [(edit,) for edit in self.variants.of_function(function) if wide_edit(self.variants, self.check, edit)]
            found += [
                group for group in self.variants.groups(function) if all(wide_edit(self.variants, self.check, edit) for edit in group)
            ]
        return found

    def _narrow(self) -> Mapping[str, int]:
        edits = (edit for function in self.functions for edit in self.variants.of_function(function))
        return Counter(edit.quantity for edit in edits if not wide_edit(self.variants, self.check, edit))

    def table(self) -> Singles:
        made: list[Edits] = []
        rows: list[Floats] = []
        fitting: list[tuple[Edits, LineTexts]] = []
        handed: list[tuple[int, Record]] = []
        equations = {number: target for number, target, *_ in self.again.equations}
        candidates = self._candidates()
        passed = self._passed(candidates)
        texts_of = [line_texts(edits, self.cell_name, equations) for edits in candidates]
        walked = [bool(self.sequence and texts and self.cell.columnwise(texts)) for texts in texts_of]
        of_cell = self._cells({place: texts for place, texts in enumerate(texts_of) if texts and not walked[place]})
        for place, edits in enumerate(candidates):
            if walked[place]:
                fitting.append((edits, self.cell.sized(texts_of[place])))
                continue
            record = passed.get(place)
            if record and self._right_loop.takes(record):
                handed.append((len(rows), record))
                row = self._right
            elif place in passed:
                row = self._row_of(self._forward_runs.after(record)) if record else None
            else:
                row = of_cell[place] if place in of_cell else self._row_of(self._second_half.run(edits))
            if row is not None:
                made.append(edits)
                rows.append(row)
        if handed:
            for (number, _), row in zip(handed, self._right_loop.entries([record for _, record in handed], self.entries), strict=True):
                rows[number] = row
        columnwise = np.zeros(len(made) + len(fitting), bool)
        columnwise[len(made) :] = True
        if fitting:
            made += [edits for edits, _ in fitting]
            rows += list(self._walked([texts for _, texts in fitting]))
        costs = np.array([self.variants.set_cost(edits) for edits in made])
        return Singles(self.entries, Rows.of(self.variants, made), np.array(rows), costs, columnwise, self._narrow())

    def _passed(self, candidates: list[Edits]) -> dict[int, Record | None]:
        """What wrong forward passes hand on, by the place of their mistakes; None where they raise."""
        passed = self._forward_runs.records(candidates)
        for place, record in passed.items() if self.sequence else ():
            if record:
                self.handed_on[candidates[place]] = passed[place] = self._alike.setdefault(record.handed_on, record)
        return passed

    def _cells(self, texts: dict[int, LineTexts]) -> dict[int, Floats | None]:
        """The rows of edited cells, by their places; None where they raise or what they hand on does not fit.

        What an equation does alone is known before it is made with others: one that raises does so with others too.
        """
        found: dict[int, Floats | None] = {}
        for few in ([place for place, own in texts.items() if len(own) == 1], [place for place, own in texts.items() if len(own) > 1]):
            left = {place: dict(texts[place]) for place in few if self._raising.isdisjoint(texts[place])}
            found |= {place: None for place in few if place not in left}
            found |= self._backward_stack.rows(left)
            for place in left.keys() - found.keys():
                found[place] = self._row_of_cell(left[place])
            self._raising.update(texts[place][0] for place in few if len(texts[place]) == 1 and found[place] is None)
        return found

    def _row_of_cell(self, edited: dict[int, str]) -> Floats | None:
        if self.variants.assignment.vocabulary.roles[self.check] == "cell backward":
            env = self.again.call(0, edited)
            return None if env is None else self._of_cell(env)
        calls = self.again.sequence(edited, self.cell.carries)
        right = self.again.record.calls[0]["dxt"]
        if calls is None or not fits(calls[0]["dxt"], right):
            return None
        (_, (row, column, _)), index0 = self.entries[0], next(own for name, own in self.entries if name == "da0")
        steps = [float(np.broadcast_to(env["dxt"], right.shape)[row, column]) for env in reversed(calls)]
        return np.array([*steps, entry(calls[-1], "da_prev", index0), *[np.nan] * (len(self.entries) - len(steps) - 1)])

    def _row_of(self, gradients: dict[str, Any] | None) -> Floats | None:
        return None if gradients is None else np.array([entry(gradients, name, index) for name, index in self.entries])

    def _of_cell(self, env: Environment) -> Floats:
        """The printed numbers: the right ones, and anew those of arrays that were computed anew."""
        right = self.again.record.calls[0]
        row = self._right.copy()
        for place, (name, index) in enumerate(self.entries):
            if env[name] is not right[name]:
                row[place] = entry(env, name, index)
        return row

    def _walked(self, hypotheses: list[LineTexts]) -> Floats:
        (_, (row, column, _)), (_, (row0, column0)) = self.entries[0], next(own for own in self.entries if own[0] == "da0")
        calls = list(walk(self.cell, hypotheses, [column, column0]))
        out = np.full((len(hypotheses), len(self.entries)), np.nan)
        steps = len(calls)
        for call, outputs in enumerate(calls):
            out[:, steps - 1 - call] = outputs["dxt"][:, row, 0]
        out[:, steps] = calls[-1]["da_prev"][:, row0, 1]
        return out


def line_texts(edits: Edits, cell: str, equations: Mapping[int, str]) -> LineTexts:
    """The edited expressions of the backward cell; empty where the edits touch anything but its equations.

    ``equations`` are the numbers of their lines and what each computes. A wrong name in the dictionary that is returned counts as a
    wrong equation of the entry: nothing else reads it.
    """
    found: list[tuple[int, str]] = []
    for edit in edits:
        for function, number, text in edit.lines:
            if function != cell or "\n" in text:
                return ()
            target, _, right = text.strip().partition(" = ")
            if number in equations:
                found.append((number, right))
            elif target == "gradients" and edit.quantity in equations.values():
                line = max(own for own, name in equations.items() if name == edit.quantity)
                found.append((line, dict(ENTRY.findall(right))[edit.quantity]))
            else:
                return ()
    return tuple(found)
