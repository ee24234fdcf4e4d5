"""What is worked out once for an assignment and used by every search: variants, right runs, single mistakes, loop forms, forward passes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.edited import Program, Record
from whygrad.from_numbers.forms import Form, Forms
from whygrad.from_numbers.singles import Singles
from whygrad.from_numbers.variants import Variants

if TYPE_CHECKING:
    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]


class Tables:
    """The tables of one assignment, each made when first asked for."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.variants = Variants(assignment)
        self._checks: dict[str, CheckTables] = {}

    def of(self, check: str) -> CheckTables:
        """The tables of one check."""
        if check not in self._checks:
            self._checks[check] = CheckTables(self, check)
        return self._checks[check]


class CheckTables:
    """What belongs to one check."""

    def __init__(self, tables: Tables, check: str) -> None:
        self.tables = tables
        self.assignment = tables.assignment
        self.variants = tables.variants
        self.check = check
        roles = self.assignment.vocabulary.roles
        self.chain = self.assignment.chain(check)
        self.sequence = roles[check] == "backward"
        self.cell = next(name for name in self.chain if roles[name] == "cell backward")

    @cached_property
    def right(self) -> Record:
        """The right run."""
        record = Program(self.assignment).record(self.check)
        if record is None:
            raise RuntimeError(self.check)
        return record

    @cached_property
    def singles(self) -> Singles:
        """What every single mistake prints."""
        return Singles(self.variants, self.check, self.right)

    @cached_property
    def forms(self) -> Forms:
        """The loop's forms."""
        return Forms(self.assignment, self.check, self.right.arguments[0].shape[2], len(self.right.arguments[1][0]))

    @cached_property
    def loops(self) -> list[tuple[Form, Edits]]:
        """Every different form that one loop mistake gives, or the same slip at both carries, with the likeliest edits; the right loop is not among them."""
        right = self.forms.of(())
        found: dict[Form, Edits] = {}
        candidates: list[Edits] = [(edit,) for edit in self.variants.of_function(self.check)]
        candidates += self.variants.groups(self.check)
        for edits in candidates:
            form = self.forms.of(edits)
            if form is not None and form != right and (form not in found or self.variants.set_cost(edits) < self.variants.set_cost(found[form])):
                found[form] = edits
        return list(found.items())

    @cached_property
    def loop_pairs(self) -> list[tuple[Form, Edits]]:
        """Every further form that two loop mistakes give together."""
        known = {form for form, _ in self.loops}
        found: dict[Form, Edits] = {}
        singles = [edits for _, edits in self.loops]
        for place, one in enumerate(singles):
            lines = {line[:2] for edit in one for line in edit.lines}
            for other in singles[place + 1 :]:
                if lines & {line[:2] for edit in other for line in edit.lines}:
                    continue
                edits = (*one, *other)
                form = self.forms.of(edits)
                if form is not None and form not in known and (form not in found or self.variants.set_cost(edits) < self.variants.set_cost(found[form])):
                    found[form] = edits
        return list(found.items())

    @cached_property
    def contexts(self) -> list[tuple[Edits, Record]]:
        """Every different forward pass that one mistake before the backward function gives, with the likeliest edits; weights are the right ones."""
        first = self.right.arguments
        weights = first[1][0][0][-1]
        found: dict[bytes, tuple[Edits, Record]] = {}
        for edits in self.singles.edits:
            if any(edit.function in {self.check, self.cell} for edit in edits):
                continue
            record = Program(self.assignment, edits).record(self.check)
            if record is None:
                continue
            da, caches = record.arguments[0], record.arguments[1][0]
            if da.shape != first[0].shape or any(not np.array_equal(caches[0][-1][name], weights[name]) for name in weights if name not in {"Wy", "by", "Wya"}):
                continue
            if any(np.shape(value) != np.shape(right) for cache in caches for value, right in zip(cache[:-1], first[1][0][0][:-1], strict=True)):
                continue
            key = da.tobytes() + b"".join(np.asarray(value).tobytes() for cache in caches for value in cache[:-1])
            if key not in found or self.variants.set_cost(edits) < self.variants.set_cost(found[key][0]):
                found[key] = (edits, record)
        return list(found.values())
