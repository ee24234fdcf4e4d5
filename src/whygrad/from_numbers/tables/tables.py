"""What is worked out once for an assignment and used by every search: variants, right runs, single mistakes, loop forms, forward passes."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from whygrad.from_numbers.loops.forms import Form, Forms
from whygrad.from_numbers.loops.packed import packed, unpacked
from whygrad.from_numbers.programs.again import Again
from whygrad.from_numbers.programs.edited import Program, Record
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.passes import Passes, Run, Runner
from whygrad.from_numbers.programs.rows import Rows
from whygrad.from_numbers.programs.second_half import SecondHalf
from whygrad.from_numbers.programs.variants import Variants
from whygrad.from_numbers.tables.building import building
from whygrad.from_numbers.tables.clock import Clock
from whygrad.from_numbers.tables.singles import Singles, forward_singles, singles_of
from whygrad.from_numbers.tables.store import Store
from whygrad.from_numbers.tables.tabulated import double_loops, double_passes, runs_alone, single_loops, single_passes
from whygrad.from_numbers.tables.weights_read import weights_read
from whygrad.mistakes import Edits, stands_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from whygrad.assignments.assignment import Assignment, Lines
    from whygrad.from_numbers.numbers.arrays import Arrays
    from whygrad.mistakes import Edit

Value = TypeVar("Value")
MOST_BYTES = 30_000_000
"""So many bytes of numbers that depend on none of those printed stay in memory."""
WHOLE = 120
"""So many forward passes are kept for all examples of the batch: formulas that mix examples need them."""
MOST_WHOLE = 480
"""So many are run for all examples where nothing is found with these."""


class Tables:
    """The tables of one assignment, each made when first asked for, and kept in ``folder`` if one is given."""

    def __init__(
        self, assignment: Assignment, folder: Path | None = None, clock: Clock | None = None, variants: Variants | None = None
    ) -> None:
        self.assignment = assignment
        self.variants = variants or Variants(assignment)
        self.store = Store(folder)
        self.folder = folder
        self.clock = clock or Clock()
        self._checks: dict[str, CheckTables] = {}
        self._changed: dict[str, Tables] = {}

    def of(self, check: str) -> CheckTables:
        """The tables of one check."""
        if check not in self._checks:
            self._checks[check] = CheckTables(self, check)
        return self._checks[check]

    def changed(self, check: str, lines: Lines, slip: str) -> Tables:
        """The tables of the assignment with the lines of one check changed by this slip."""
        name = sha256(slip.encode()).hexdigest()[:8]
        if name not in self._changed:
            assignment = self.assignment.with_check(check, lines, name)
            self._changed[name] = Tables(assignment, self.folder, self.clock, Variants(assignment, self.variants))
        return self._changed[name]


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
        self.computes_forward = roles[check].endswith("forward")
        self.cell = next((name for name in self.chain if roles[name] == "cell backward"), "")
        self._handed_on: dict[Edits, Record] = {}
        """What forward passes hand to the backward function, from when the single mistakes were run until it is asked for."""
        self._numbers: Last[Arrays] = Last(MOST_BYTES, lambda arrays: sum(array.nbytes for array in arrays.values()))
        self._beside: dict[str, Any] = {}

    def beside(self, what: str, made: Callable[[], Value]) -> Value:
        """What a search keeps beside these tables for later blocks, under ``what``: of a kind that only the search knows."""
        if what not in self._beside:
            self._beside[what] = made()
        return self._beside[what]

    @cached_property
    def right(self) -> Record:
        """The right run."""
        program = Program(self.assignment)
        if self.computes_forward:
            outputs = program.run(self.check)
            record = None if outputs is None else Record(outputs, [], {}, [])
        else:
            record = program.record(self.check)
        if record is None:
            raise RuntimeError(self.check)
        return record

    def run(self, edits: Edits) -> dict[str, Any] | None:
        """The gradients that the check computes under these edits; None where the program raises."""
        if self.computes_forward:
            return Program(self.assignment, edits).run(self.check)
        return self._second_half.run(edits)

    def record(self, edits: Edits, *, copied: bool = False) -> Record | None:
        """The same run with what each call of the cell computes; ``copied`` as for `Program.record`."""
        return self._second_half.record(edits, copied=copied)

    @cached_property
    def _second_half(self) -> SecondHalf:
        return SecondHalf(self.assignment, self.check, self.right)

    @cached_property
    @building
    def singles(self) -> Singles:
        """What every single mistake prints."""
        name = f"{self.assignment.id}-{self.check}-singles"
        kept = self.tables.store.load(name)
        if kept is not None:
            with suppress(KeyError, ValueError, TypeError):
                return Singles.from_kept(self.variants, kept)
        if self.computes_forward:
            singles = forward_singles(self.variants, self.check, self.right)
        else:
            singles, self._handed_on = singles_of(self.variants, self.check, self.right, self._second_half)
        self.tables.store.save(name, singles.kept)
        return singles

    @cached_property
    def again(self) -> Again:
        """The backward cell's equations, on the right run."""
        return Again(self.assignment.functions[self.cell], frozenset(self.assignment.vocabulary.words), self.right)

    @cached_property
    def equations(self) -> dict[int, str]:
        """The lines of the backward cell that are equations, and what each computes."""
        return {number: target for number, target, *_ in self.again.equations}

    @cached_property
    def readings(self) -> list[tuple[Edits, dict[str, Any]]]:
        """The ways in which the backward cell can get its weights from elsewhere, likeliest first, with the weights that it then has."""
        return weights_read(self)

    @cached_property
    def forms(self) -> Forms:
        """The loop's forms."""
        return Forms(self.assignment, self.check, self.right.arguments[0].shape, len(self.right.arguments[1][0]))

    @cached_property
    def loops(self) -> list[tuple[Form, Edits]]:
        """Every wrong form that one loop mistake gives, or the same slip at both carries, with the likeliest edits."""
        return self._all_loops[0]

    @cached_property
    def loop_pairs(self) -> list[tuple[Form, Edits]]:
        """Every further form that two loop mistakes give together."""
        return self._all_loops[1]

    @cached_property
    @building
    def _all_loops(self) -> tuple[list[tuple[Form, Edits]], list[tuple[Form, Edits]]]:
        name = f"{self.assignment.id}-{self.check}-loops"
        kept = self.tables.store.load(name)
        if kept is not None:
            with suppress(KeyError, ValueError, TypeError, IndexError):
                forms = unpacked(kept)
                rows = Rows(self.variants, kept["rows"])
                pairs = [(form, rows[number]) for number, form in enumerate(forms)]
                count = int(kept["singles"])
                return pairs[:count], pairs[count:]
        singles = single_loops(self)
        both = singles + double_loops(self, singles)

        def made() -> Arrays:
            rows = Rows.of(self.variants, [edits for _, edits in both])
            return {**packed([form for form, _ in both]), "rows": rows.array, "singles": np.array(len(singles))}

        vars(self).pop("forms", None)  # with all that it has looked up
        self.tables.store.save(name, made)
        return singles, both[len(singles) :]

    @cached_property
    def passes(self) -> Passes:
        """The right forward pass, and every different one that a single mistake before the backward functions gives, likeliest first."""
        if "singles" not in vars(self):
            return self._kept_passes("passes", lambda: runs_alone(self))
        return self._kept_passes("passes", lambda: self._runner.runs(single_passes(self), self._handed_on))

    @cached_property
    def double_passes(self) -> Passes:
        """The right forward pass, and the different ones that two mistakes give: in the loop, in the check, or likely ones of the cell."""
        return self._kept_passes("double-passes", lambda: self._runner.runs(double_passes(self)))

    @building
    def _kept_passes(self, name: str, runs: Callable[[], Iterable[Run]]) -> Passes:
        name = f"{self.assignment.id}-{self.check}-{name}"
        kept = self.tables.store.load(name)
        if kept is not None:
            with suppress(KeyError, ValueError, TypeError):
                return Passes.from_kept(self.variants, kept)
        passes = self._runner.different(runs(), self.column)
        self._handed_on.clear()
        vars(self).pop("_runner", None)  # with what its cell has computed
        self.tables.store.save(name, lambda: passes.kept(self.variants))
        return passes

    def kept_numbers(self, what: str, made: Callable[[], Arrays], *, between_runs: bool = True) -> Arrays:
        """Numbers that depend on none of those printed, kept under ``what`` in this process, and between runs where many ask for them."""
        return self._numbers.get(what, lambda: self._loaded(f"{self.assignment.id}-{self.check}-{what}" if between_runs else "", made))

    @building
    def mapped_numbers(self, what: str, shape: tuple[int, ...], made: Callable[[], NDArray[np.uint32]]) -> NDArray[np.uint32] | None:
        """The same for more of them than there is memory for; None where nothing is kept between runs."""
        return self.tables.store.mapped(f"{self.assignment.id}-{self.check}-{what}", shape, made)

    @building
    def _loaded(self, name: str, made: Callable[[], Arrays]) -> Arrays:
        numbers = self.tables.store.load(name) if name else None
        if numbers is None:
            kept = numbers = made()
            if name:
                self.tables.store.save(name, lambda: kept)
        return numbers

    @cached_property
    def with_more_places(self) -> list[Edit]:
        """The mistakes of the sequence function and its check that give numbers at places which a right program does not have."""
        edits = [*self.variants.of_function(self.check), *self.variants.of_function(f"{self.check}_check")]
        edits = [edit for edit in edits if not stands_alone((edit,))]
        name = f"{self.assignment.id}-{self.check}-more-places"
        more = self._loaded(name, lambda: {"more": np.array([self._has_more_places(edit) for edit in edits], float)})["more"]
        return [edits[place] for place in np.flatnonzero(more)]

    def _has_more_places(self, edit: Edit) -> bool:
        gradients = Program(self.assignment, (edit,)).run(self.check) or {}
        right = {name: np.shape(value) for name, value in self.right.gradients.items()}
        return any(
            name not in right or len(shape) > len(right[name]) or any(own > other for own, other in zip(shape, right[name], strict=False))
            for name, shape in ((name, np.shape(value)) for name, value in gradients.items())
        )

    @cached_property
    def _runner(self) -> Runner:
        return Runner(self.assignment, self.check, self.right, self.forms.fields)

    @cached_property
    def whole_passes(self) -> Passes:
        """The right forward pass and the likeliest wrong ones, in all columns."""
        rows = self.passes.rows
        return self.run_whole(rows[row] for row in range(1, min(WHOLE, len(rows))))

    def further_whole_passes(self) -> Iterator[Passes]:
        """The less likely ones too, so many at a time: they are not kept."""
        rows = self.passes.rows
        for start in range(WHOLE, min(MOST_WHOLE, len(rows)), WHOLE):
            yield self.run_whole(rows[row] for row in range(start, min(start + WHOLE, len(rows))))

    def forward(self, edits: Edits) -> Record | None:
        """The run of an edited forward pass, up to the call of the backward function; None where it raises."""
        return self._runner.run(edits)

    def run_passes(self, edits: Iterable[Edits]) -> Passes:
        """The right forward pass, and those of these edits that run and differ."""
        return self._runner.different(self._runner.runs(edits), self.column)

    def run_whole(self, edits: Iterable[Edits]) -> Passes:
        """The right forward pass, and those of these edits that run, for all examples of the batch."""
        return self._runner.whole(edits)

    @property
    def column(self) -> int:
        """The example of the batch whose dx is printed."""
        return next(index[1] for name, index in self.assignment.printed[self.check] if name == "dx")
