"""The runs of one notebook: each is made when it is asked for, judged, and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from whygrad.from_code.observe import contract
from whygrad.from_code.reference.inputs import (
    COURSE_SIZES,
    ENTRIES,
    OUTPUTS,
    SIZES,
    Case,
    answer,
    case,
    inputs_of_cells,
    names_in_notebook,
    notebook_values,
    same_at_every_step,
)
from whygrad.from_code.reference.parts import ARGUMENTS, FUNCTIONS, Chain, cell_of, chain_of, partner
from whygrad.from_code.text.endless import endless, may_not_end
from whygrad.from_code.text.written import Definitions
from whygrad.from_code.verdict import audit
from whygrad.from_code.verdict.cache_forms import unpacks_as_the_course_does
from whygrad.from_code.verdict.own_calls import OwnCells
from whygrad.from_code.verdict.problems import Problem, problem_of
from whygrad.sandbox.requests import Odd, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.from_code.verdict.known import Program
    from whygrad.sandbox.requests import Piece, Reply, Runner, Value

_CALLED = frozenset(("function", "method", "partial"))
"""The types of what is called."""
_WITHOUT_END, _MAY_NOT_END = 20, 4
"""Parts of the time that is allowed, of which a call with a loop that cannot end gets one, and one with a loop that may not end."""


@dataclass(frozen=True)
class Trial:
    """One case, what the function answered, and what is not right about it. What is seen in the answer is looked for once."""

    case: Case
    reply: Reply
    problem: Problem | None

    @cached_property
    def wrong_entries(self) -> tuple[audit.WrongEntry, ...]:
        """The entries of a forward function's caches that are wrong."""
        return tuple(audit.wrong_entries(self.case, self.reply.value))


class Trials:
    """All runs of one notebook's functions, on inputs of two sizes from one seed; a third size is the course's own."""

    def __init__(self, runner: Runner, pieces: Sequence[Piece], sizes: tuple[Sizes, Sizes] = SIZES, seed: int = 0) -> None:
        """Nothing is run yet. In the first of the ``sizes`` T is less than T_x, in the second they are equal."""
        self.definitions = Definitions(pieces)
        self.own = frozenset(FUNCTIONS) & self.definitions.names
        self.sizes, self.seed = (*sizes, COURSE_SIZES), seed
        self.runner = runner
        self._may_not_end = any(map(may_not_end, pieces))
        self.cells = OwnCells(runner, (), self.own)
        """The notebook's own cells; none at first."""
        self.known: Program | None = None
        """What earlier programs have told of this one; nothing at first."""
        self._kept: dict[tuple[str, frozenset[str], int], Trial] = {}
        self._with_notebook: dict[str, Trial | None] = {}
        self._held: dict[str, tuple[tuple[str, Value], ...]] = {}
        self._misnamed: dict[str, dict[str, str]] = {}
        self._stopped: list[tuple[frozenset[str], Reply]] = []

    def run(
        self,
        name: str,
        arguments: tuple[Value, ...],
        own: frozenset[str],
        notebook: tuple[tuple[str, Value], ...] = (),
        watched: frozenset[str] = frozenset(),
    ) -> Reply:
        """One run that is not kept."""
        return self._ask(Request(name, arguments, own, watched, notebook=notebook))

    def _ask(self, request: Request) -> Reply:
        """Functions that never came to an end, or ended the process, are not run again: that would take the time that others need."""
        for own, reply in self._stopped:
            if own <= request.own:
                return reply
        endlessly = any(endless(self.definitions, name) for name in request.own)
        part = _WITHOUT_END if endlessly else _MAY_NOT_END if self._may_not_end else 1
        reply = self.runner.run(replace(request, part=part) if part > 1 else request)
        if reply.status in {"timeout", "died"}:
            self._stopped.append((request.own, reply))
        return reply

    def trial(self, name: str, own: frozenset[str], number: int) -> Trial:
        """Run one of the eight functions, of the chains or of the doubled calls, those of ``own`` being the learner's.

        ``number``: 0 and 1 are the two sizes, 2 the course's. Where several functions are the learner's, those that are right only with
        the case's own values in the notebook find them there.
        """
        key = (name, own, number)
        if key not in self._kept:
            planted = self.planted(own, number)
            make = partial(self._made, name, own, number, planted)
            self._kept[key] = make() if self.known is None or planted else self.known.trial(name, own, number, make)
        return self._kept[key]

    def _made(self, name: str, own: frozenset[str], number: int, planted: tuple[tuple[str, Value], ...]) -> Trial:
        function = name.removesuffix("_twice")
        what = case(function, self.sizes[number], self.seed)
        watched = frozenset({cell_of(name)} if name in OUTPUTS else ())
        reply = self._ask(Request(name, what.arguments, own, watched, seed=number, notebook=planted))
        return Trial(what, reply, problem_of(function.replace("chain", "backward"), what, reply, self.definitions))

    def planted(self, own: frozenset[str], number: int) -> tuple[tuple[str, Value], ...]:
        """What several functions of the learner's find in the notebook when they run together; nothing where one runs alone."""
        read = {name: function for function in own for name in self.reads(function)} if len(own) > 1 else {}
        return tuple((name, notebook_values(read[name], self.sizes[number], self.seed)[name]) for name in sorted(read))

    def reads(self, function: str) -> tuple[str, ...]:
        """The names that a function reads from the notebook and not from its arguments, if it is right when both are the same."""
        trial = self.with_notebook(function)
        return tuple(sorted(trial.reply.globals & same_at_every_step(function))) if trial and trial.problem is None else ()

    def reads_of_a_step(self, function: str) -> tuple[str, ...]:
        """The same of a cell that stops alone, for names under which the notebook holds what only one of its calls is given."""
        alone, each = self.alone(function), names_in_notebook() - same_at_every_step(function)
        raised, computed = alone.reply.raised, self.definitions.computed
        if raised is None or raised.type != "NameError" or raised.name not in computed & each:
            return ()
        values = notebook_values(function, self.sizes[0], self.seed)
        held = tuple((name, values[name]) for name in sorted(computed & values.keys()))
        reply = self.run(function, alone.case.arguments, frozenset({function}), held)
        right = problem_of(function, alone.case, reply, self.definitions) is None
        return tuple(sorted(reply.globals & each)) if right else ()

    def with_notebook(self, function: str) -> Trial | None:
        """A function that is wrong alone, with the case's own values in the notebook; None where it reads nothing there."""
        if function not in self._with_notebook:
            self._with_notebook[function] = self._planted_alone(function)
        return self._with_notebook[function]

    def held(self, function: str) -> tuple[tuple[str, Value], ...]:
        """What the notebook has to hold for a function that stops alone to run to its end, with wrong numbers; nothing for any other."""
        alone, trial = self.alone(function).problem, self.with_notebook(function)
        stops = alone is not None and alone.kind == "raises"
        return self._held[function] if stops and trial and trial.problem and trial.problem.kind != "raises" else ()

    def _planted_alone(self, function: str) -> Trial | None:
        alone, known = self.alone(function), same_at_every_step(function)
        names = alone.reply.globals & known
        if alone.problem is None or alone.reply.status == "refused":
            return None
        raised = alone.reply.raised
        if raised is not None and raised.type == "NameError":
            if not any(f"'{name}'" in raised.text for name in self.definitions.computed & known):
                return None
            names |= self.definitions.computed & known
        if not names:
            return None
        values = notebook_values(function, self.sizes[0], self.seed)
        self._held[function] = tuple((name, values[name]) for name in sorted(names))
        reply = self.run(function, alone.case.arguments, frozenset({function}), self._held[function])
        return Trial(alone.case, reply, problem_of(function, alone.case, reply, self.definitions))

    def alone(self, function: str, number: int = 0) -> Trial:
        """A function with the reference's functions around it."""
        return self.trial(function, frozenset({function}), number)

    def failed(self, function: str) -> Trial | None:
        """The first run of a function alone in which it is wrong, be it with the first size of inputs or with the second.

        Where the function's text has a number for one of the first sizes it is the second, at which that shows beside what else is wrong.
        """
        first = next((trial for number in (0, 1) if (trial := self.alone(function, number)).problem), None)
        written = self.definitions.functions.get(function)
        numbers = () if first is None or written is None else written.sizes
        if numbers and first is self.alone(function) and _has_one_of(self.sizes[0], numbers) and not _has_one_of(self.sizes[1], numbers):
            other = self.alone(function, 1)
            return other if other.problem and other.reply.status == "returned" else first
        return first

    def chain(self, function: str, number: int) -> Trial:
        """The learner's own forward and backward function together, of one step or of the sequence."""
        return self.trial(chain_of(function), self.members(function), number)

    def members(self, function: str) -> frozenset[str]:
        """The learner's own functions that take part in the chain of ``function``."""
        members = self.own & {function, partner(function), cell_of(function), cell_of(partner(function))}
        return members | {sequence for name in members if (sequence := self.called_by(name)) is not None}

    def called_by(self, cell: str) -> str | None:
        """The learner's own sequence, where a cell is that with one step; None for any other function."""
        sequence = self._sequences.get(cell)
        return sequence if sequence in self.own else None

    @cached_property
    def _sequences(self) -> dict[str, str]:
        """By the cells that read its name, the sequence of the same kind."""
        pairs = [(name, name.replace("_cell", ""), written) for name, written in self.definitions.functions.items() if name in FUNCTIONS]
        return {name: sequence for name, sequence, written in pairs if sequence != name and written.reading(sequence) is not None}

    def own_layout(self, function: str) -> bool:
        """Whether the learner's cells of the family of ``function`` have caches of another layout than the course's.

        Not where the backward cell has more results right with the course's caches: then it is the content that is wrong.
        """
        forward = cell_of(function if function in OUTPUTS else partner(function))
        if forward not in self.own or self._only_hands_on(function):
            return False
        alone = self.alone(forward)
        value, expected = alone.reply.value, alone.case.expected
        if alone.problem is None or alone.problem.kind not in {"cache", "numbers"} or self._reads_the_course_layout(partner(forward)):
            return False
        if alone.problem.kind == "numbers":  # whatever it computes, the entries may lie elsewhere
            return not contract.course_layout(forward, value[-1], expected[-1])
        if not contract.course_layout(forward, value[-1], expected[-1]):
            return not contract.one_twice(value[-1], expected[-1])
        return not unpacks_as_the_course_does(self.definitions.functions.get(partner(forward)), forward) and self._exchanged(forward)

    def _exchanged(self, forward: str) -> bool:
        """Whether the entries of a forward cell's cache stand in another order than the course's, all or all but one that is spoilt."""
        wrong = self.alone(forward).wrong_entries
        return {entry.name for entry in wrong} == {entry.holds for entry in wrong} or (
            self.one_spoilt(forward) and bool(self.misnamed(forward))
        )

    def one_spoilt(self, forward: str) -> bool:
        """Whether all but one of the entries of a forward cell's cache that are not where the course has them stand in another place."""
        wrong = self.alone(forward).wrong_entries
        names = {entry.name for entry in wrong}
        lost, spoilt = names - {entry.holds for entry in wrong}, [entry for entry in wrong if entry.holds not in names]
        return len(lost) == len(spoilt) == 1 and len(wrong) > 2  # noqa: PLR2004 - two that are exchanged, and one more

    def right_with_own_caches(self, function: str) -> bool:
        """Whether a backward function is right with the learner's own cell, and caches as the learner's own forward cell makes them."""
        return all(self._right_with_own_caches(function, number) for number in (1, 0))

    def _right_with_own_caches(self, function: str, number: int) -> bool:
        given = self.with_own_caches(function, number)
        if given is None:
            return False
        what, arguments = given
        reply = self.run(function, arguments, self.own & {function, cell_of(function)})
        return problem_of(function, what, reply, self.definitions) is None

    def wrong_with_own_caches(self, function: str) -> tuple[Case, tuple[Value, ...]] | None:
        """What ``with_own_caches`` gives at the size at which the function is wrong; that of more steps than ``da`` has last.

        Where it only needs the learner's own cell the caches are the course's, with which it is wrong too.
        """
        if cell_of(function) != function and not self.own_layout(function):
            with_cell = self.trial(function, self.own & {function, cell_of(function)}, 0)
            if with_cell.problem is not None and with_cell.problem.kind == "numbers":
                return with_cell.case, with_cell.case.arguments
        return self.with_own_caches(function, int(not self._right_with_own_caches(function, 1)))

    def with_own_caches(self, function: str, number: int = 1) -> tuple[Case, tuple[Value, ...]] | None:
        """A case of a backward function, and its arguments with caches of the learner's own forward cell.

        A sequence's are kept as the assignment keeps them, a list beside x. A forward sequence is given no caches, its own cell makes them.
        """
        if function in OUTPUTS:
            what = case(function, self.sizes[number], self.seed)
            return what, what.arguments
        forward, what = cell_of(partner(function)), case(function, self.sizes[number], self.seed)
        given = inputs_of_cells(function, self.sizes[number], self.seed)
        replies = [self.run(forward, arguments, self.own & {forward}) for arguments in given]
        if any(reply.status != "returned" or contract.returned(forward, reply.value, ()) for reply in replies):
            return None
        caches: list[Value] = [reply.value[-1] for reply in replies]
        kept: Value = caches[0] if "cell" in function else (caches, what.arguments[-1][1])
        return what, (*what.arguments[:-1], kept)

    def calls_its_cell_by_the_caches(self, function: str) -> bool:
        """Whether a sequence's caches are functions, made by the learner's own forward cell: who calls one calls the backward cell."""
        cell, forward = cell_of(function), cell_of(partner(function))
        if function in OUTPUTS or cell == function or not {forward, cell} <= self.own or self.needs_its_cell(function):
            return False
        returned: Any = self.alone(forward).reply.value
        kept: Any = returned[-1] if returned.__class__ is tuple and returned else None
        return isinstance(kept, Odd) and kept.type in _CALLED

    def misnamed(self, function: str) -> dict[str, str]:
        """Where a forward function keeps something else than belongs there, to the harm of its backward one: keys, fields or indices."""
        if function not in self._misnamed:
            from whygrad.from_code.verdict.kept_wrongly import kept_wrongly  # noqa: PLC0415 - needed where something is wrong
            from whygrad.from_code.verdict.unlike_its_cells import unlike_its_cells  # noqa: PLC0415

            found = self._under_the_courses_keys(function) or kept_wrongly(self, function)
            self._misnamed[function] = found or unlike_its_cells(self, function)
        return self._misnamed[function]

    def _under_the_courses_keys(self, function: str) -> dict[str, str]:
        """The same of a dictionary with the course's names, if the backward cell comes nearer to right without."""
        backward, value = partner(function), self.alone(function).reply.value
        found = audit.misnamed(self.alone(function).case, value[-1]) if "cell" in function and isinstance(value, tuple) and value else {}
        own = self.with_own_caches(backward) if found and backward in self.own else None
        if own is None:
            return {}
        what, (*above, cache) = own
        right = dict(zip(ENTRIES[function.partition("_")[0]], what.arguments[-1], strict=True))
        before, after = (
            problem_of(backward, what, self.run(backward, (*above, kept), frozenset({backward})), self.definitions)
            for kept in (cache, {**cache, **{key: right[key] for key in found}})
        )
        return found if before is not None and (after is None or after.right > before.right) else {}

    def needs_its_cell(self, function: str) -> bool:
        """Whether a sequence's function gives something else with the reference's cell in the place of the learner's own."""
        members = self.members(function)
        own, reference = (self.trial(chain_of(function), names, 0).reply for names in (members, members - {cell_of(function)}))
        return own.status != "returned" or reference.status != "returned" or not audit.unchanged(own.value, reference.value)

    def through_own_forward(self, function: str) -> tuple[Case, Chain] | None:
        """A case of a backward function on which it is wrong, and the chain that makes its caches with the learner's own functions."""
        own = self.members(function)
        for number in (0, 1) if function not in OUTPUTS else ():
            trial = self.chain(function, number)
            if trial.problem is not None and trial.problem.kind == "numbers":
                arguments = trial.case.arguments
                forward = len(ARGUMENTS[partner(function)])
                caches = answer(partner(function), arguments[:forward])[-1]
                return Case(function, (*arguments[forward:], caches), trial.case.expected), Chain(arguments, own)
        return None

    def reads_either(self, function: str) -> bool:
        """Whether a wrong backward function has as much right with the course's caches as with the learner's own: it can read both."""
        with_the_course, with_own = self.alone(function).problem, self.chain(function, 0).problem
        if with_the_course is None or with_own is None or not with_the_course.kind == with_own.kind == "numbers":
            return False
        return with_the_course.right == with_own.right > 0

    def _only_hands_on(self, function: str) -> bool:
        """Whether a sequence's backward function runs with any caches that its cell can read, and the learner's own cell is not there."""
        if function in OUTPUTS or cell_of(function) in self.own:
            return False
        with_the_course, with_own = self.alone(function).problem, self.chain(function, 0).problem
        return with_the_course is not None and with_the_course.kind == "numbers" and with_own is not None and with_own.kind == "raises"

    def _reads_the_course_layout(self, backward: str) -> bool:
        if backward not in self.own:
            return False
        with_the_course, with_own = self.alone(backward).problem, self.chain(backward, 0).problem
        if with_the_course is None or with_own is None:
            return with_the_course is None
        return with_the_course.right > with_own.right


def _has_one_of(sizes: Sizes, numbers: frozenset[int]) -> bool:
    """Whether a number is one of those that gradients and states have in a case: features, units, examples, or units and features."""
    n_x, n_a, m = sizes[:3]
    return not numbers.isdisjoint((n_x, n_a, m, n_a + n_x))
