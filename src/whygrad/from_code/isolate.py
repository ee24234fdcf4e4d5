"""A verdict for each of the eight functions: run alone, with the reference's functions around it, then with the learner's own.

A function that is right alone is right. One that is not may still be: a forward and a backward function that fit each other and give the
right gradients may lay out their caches as they like, and a backward pass may be the derivative of another forward pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from whygrad.from_code import audit, contract
from whygrad.from_code.compare import Difference, difference, single
from whygrad.from_code.inputs import COURSE_SIZES, OUTPUTS, SIZES, Case, answer, case, notebook_values, upstream
from whygrad.from_code.own_forward import is_derivative_of_own_forward
from whygrad.from_code.parts import FUNCTIONS, cell_of, chain_of, partner
from whygrad.from_code.written import Definitions
from whygrad.records import FunctionVerdict, Location
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.requests import Piece, Reply, Value

Kind = Literal["raises", "contract", "numbers", "cache"]


class Runner(Protocol):
    """Whatever runs the learner's functions: in place or in a child process."""

    def run(self, request: Request) -> Reply:
        """One call; its arguments are copied before it."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not right about one run; ``empty`` where nothing was computed (a blank may be why)."""

    kind: Kind
    says: str
    location: Location | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One case (its ``number``), what the function answered, and what is not right about it."""

    number: int
    case: Case
    reply: Reply
    problem: Problem | None


def verdicts(runner: Runner, pieces: Sequence[Piece]) -> tuple[FunctionVerdict, ...]:
    """The verdicts, in the notebook's order; about 26 runs where all is right, up to 60 where little is."""
    examination = Examination(runner, pieces)
    return tuple(examination.verdict(function) for function in FUNCTIONS)


class Examination:
    """The runs of one notebook; each is made when it is asked for, and kept."""

    def __init__(self, runner: Runner, pieces: Sequence[Piece]) -> None:
        """Nothing is run yet."""
        self.runner = runner
        self.definitions = Definitions(pieces)
        self.own = frozenset(FUNCTIONS) & self.definitions.names
        self._trials: dict[tuple[str, frozenset[str], int], Trial] = {}
        self._verdicts: dict[str, FunctionVerdict] = {}
        self._single = any(word in self.definitions.text for word in ("float32", "float16", "'f4'", '"f4"'))

    def verdict(self, function: str) -> FunctionVerdict:
        """The verdict of one function."""
        if function not in self._verdicts:
            self._verdicts[function] = self._judge(function)
        return self._verdicts[function]

    def trial(self, function: str, own: frozenset[str], number: int) -> Trial:
        """Run one of the eight functions or a chain, those of ``own`` being the learner's, on the case of this number (2: the course's sizes)."""
        key = (function, own, number)
        if key not in self._trials:
            what = case(function, (*SIZES, COURSE_SIZES)[number])
            reply = self.runner.run(Request(function, what.arguments, own, seed=number))
            self._trials[key] = Trial(number, what, reply, self._problem(what, reply, self._backward_like(function)))
        return self._trials[key]

    def chain(self, function: str) -> Trial:
        """The learner's own forward and backward function together, of one step or of the sequence."""
        return self.trial(chain_of(function), self._chain_members(function), 1 if "cell" in function else 0)

    # -- one function ---------------------------------------------------------------------------------------------------

    def _judge(self, function: str) -> FunctionVerdict:
        if function not in self.own:
            return self._missing(function)
        written = self.definitions.functions.get(function)
        location = written.location if written else None
        alone = frozenset({function})
        trials = [self.trial(function, alone, number) for number in (0, 1)]
        first = trials[0]
        again = self.runner.run(Request(f"{function}_twice", first.case.arguments, alone))
        trials.append(Trial(0, first.case, again, self._problem(first.case, again, function)))
        failed = next((trial for trial in trials if trial.problem), None)
        facts = audit.facts(first.case, first.reply, again, right=failed is None)
        notes = tuple(f"{function} {fact.says}" for fact in facts if not fact.harmful)
        if failed is None or failed.problem is None:
            return self._together(FunctionVerdict(function, "right", _right(function), location, notes), first)
        problem = failed.problem
        blanks = written.blanks() if written and problem.empty else []
        if blanks:
            return FunctionVerdict(function, "blank", _blank(blanks), blanks[0])
        excuse = self._excuse(function, failed)
        if excuse is not None:
            return FunctionVerdict(function, "right", excuse[0], location, (*notes, *excuse[1:]))
        return self._wrong(FunctionVerdict(function, "wrong", "", location, notes), failed, facts)

    def _missing(self, function: str) -> FunctionVerdict:
        other = self.definitions.similar(function, FUNCTIONS)
        if other is None:
            return FunctionVerdict(function, "missing", "is not there")
        return FunctionVerdict(function, "missing", f"is not there, but there is {other}", self.definitions.functions[other].location)

    def _wrong(self, verdict: FunctionVerdict, failed: Trial, facts: list[audit.Fact]) -> FunctionVerdict:
        """The sentence for a function that nothing excuses: the most certain one there is."""
        function, problem = verdict.function, failed.problem
        assert problem is not None  # noqa: S101 - a failed trial has one
        written = self.definitions.functions.get(function)
        asked = contract.signature(function, written) if written else None
        if asked:
            return replace(verdict, says=asked)
        if self._own_layout(function):
            return self._wrong_with_own_caches(verdict)
        kind: Literal["wrong", "raises"] = "raises" if problem.kind == "raises" else "wrong"
        harm = [fact.says for fact in facts if fact.harmful] if kind == "wrong" else []
        return replace(verdict, verdict=kind, says="; it ".join([problem.says, *harm]), location=problem.location or verdict.location)

    def _wrong_with_own_caches(self, verdict: FunctionVerdict) -> FunctionVerdict:
        """A backward function that reads caches of the learner's own layout can only be judged together with what makes them."""
        function = verdict.function
        cell = cell_of(function)
        if cell != function and cell in self.own and self.verdict(cell).verdict != "right":
            says = f"reads caches of your own layout, so it can be judged only after {cell} is right"
            return replace(verdict, verdict="not reached", says=says)
        problem = self.chain(function).problem
        assert problem is not None  # noqa: S101 - a chain that is right excuses
        kind: Literal["wrong", "raises"] = "raises" if problem.kind == "raises" else "wrong"
        return replace(
            verdict, verdict=kind, says=f"{problem.says} (with the caches of your own {partner(function)})", location=problem.location
        )

    # -- what may still make it right -----------------------------------------------------------------------------------

    def _excuse(self, function: str, failed: Trial) -> tuple[str, ...] | None:
        """Why a function that is not right alone is right all the same: what to say, then notes; None where nothing makes it so."""
        problem = failed.problem
        if problem is None or problem.kind == "contract" and cell_of(function) == function and function not in OUTPUTS:
            return None
        for excuse in (self._fits_its_partner, self._right_with_notebook, self._own_derivative, self._course_sizes):
            found = excuse(function, failed)
            if found is not None:
                return found
        return None

    def _fits_its_partner(self, function: str, failed: Trial) -> tuple[str, ...] | None:
        """Together with the learner's own functions the results are right."""
        problem, other = failed.problem, partner(function)
        if function in OUTPUTS and problem is not None and problem.kind != "cache":
            with_cell = self.own & {function, cell_of(function)}
            if with_cell == {function}:
                return None
            trial = self.trial(function, with_cell, 0)
            if trial.problem is not None and trial.problem.kind != "cache":
                return None
        if other in self.own:
            if self.chain(function).problem is not None:
                return None
            return _right(function), f"{function} and {other} lay out their caches in a way of their own, and fit each other"
        if problem is not None and problem.kind == "cache" and self._own_layout(other):
            return _right(function), f"{function} lays out its cache in a way of its own"
        return None

    def _right_with_notebook(self, function: str, failed: Trial) -> tuple[str, ...] | None:
        """The values it reads from the notebook are there, and with ours in their place the results are right."""
        read = sorted(failed.reply.globals)
        if not read or (failed.reply.raised is not None and failed.reply.raised.type == "NameError"):
            return None
        values = notebook_values(function, SIZES[0])
        planted = tuple((name, values[name]) for name in read if name in values)
        if not planted:
            return None
        what = case(function, SIZES[0])
        reply = self.runner.run(Request(function, what.arguments, frozenset({function}), notebook=planted))
        if self._problem(what, reply, function) is not None:
            return None
        names = ", ".join(name for name, _ in planted)
        return _right(
            function
        ), f"{function} reads {names} from the notebook, not from its arguments: right only as long as both are the same"

    def _own_derivative(self, function: str, failed: Trial) -> tuple[str, ...] | None:
        """The forward function computes something else than the assignment's, and this is its derivative."""
        del failed
        forward = partner(function)
        if function in OUTPUTS or forward not in self.own or not self._other_outputs(forward):
            return None
        own = self._chain_members(function)
        trial = self.trial(chain_of(function), own, 1)
        if trial.reply.status != "returned" or trial.problem is None or trial.problem.kind != "numbers":
            return None

        def run(name: str, arguments: tuple[Value, ...]) -> Reply:
            return self.runner.run(Request(name, arguments, own))

        if not is_derivative_of_own_forward(run, function, trial.case, trial.reply.value):
            return None
        return (f"returns the right derivative of your own {forward}, which computes something else than the assignment's",)

    def _course_sizes(self, function: str, failed: Trial) -> tuple[str, ...] | None:
        """It is right at the notebook's sizes: they are written into it as numbers."""
        del failed
        if self.trial(function, frozenset({function}), 2).problem is not None:
            return None
        return _right(function), f"{function} is right at the notebook's sizes only: some size is written into it as a number"

    def _other_outputs(self, forward: str) -> bool:
        own = self.own & {forward, cell_of(forward)}
        problem = self.trial(forward, own, 1).problem
        return problem is not None and problem.kind == "numbers"

    def _own_layout(self, function: str) -> bool:
        """Whether a backward function's own forward function makes caches of another layout than the course's."""
        forward = cell_of(partner(function))
        if function in OUTPUTS or forward not in self.own:
            return False
        trial = self.trial(forward, frozenset({forward}), 0)
        value = trial.reply.value
        if trial.reply.status != "returned" or contract.returned(forward, value, trial.case.expected):
            return False
        return not contract.course_layout(forward, value[-1], trial.case.expected[-1])

    def _together(self, verdict: FunctionVerdict, alone: Trial) -> FunctionVerdict:
        """A function that is right alone must be right together with the learner's other functions that are."""
        function, other = verdict.function, partner(verdict.function)
        if function in OUTPUTS:
            return self._cache_read(verdict, alone)
        chain = self.chain(function)
        members = self._chain_members(function) - {function}
        if chain.problem is None or not members or any(self.verdict(name).verdict != "right" for name in members):
            return verdict
        smaller = (frozenset({function, name}) for name in (cell_of(function), other) if name in members)
        guilty = next(
            (own for own in smaller if self.trial(chain_of(function), own, chain.number).problem), frozenset({function, *members})
        )
        says = f"{chain.problem.says} when it runs together with {_listed(sorted(guilty - {function}))}, though each of them is right alone"
        return replace(verdict, verdict="wrong", says=f"{says}: one changes in place what another still needs")

    def _cache_read(self, verdict: FunctionVerdict, alone: Trial) -> FunctionVerdict:
        """An entry of a forward function's cache that the reference's backward function does not read may be read by the learner's."""
        function, other = verdict.function, partner(verdict.function)
        entries = audit.wrong_entries(alone.case, alone.reply.value)
        if not entries:
            return verdict
        pair = frozenset({function, other})
        if (
            pair <= self.own
            and self.trial(other, frozenset({other}), 0).problem is None
            and self.trial(chain_of(function), pair, 0).problem
        ):
            return replace(verdict, verdict="wrong", says=_cache_sentence(function, self._cache_says(alone.case, alone.reply, function)))
        return replace(verdict, notes=(*verdict.notes, f"{function}: {entries[0].says}; nothing reads it"))

    # -- one run --------------------------------------------------------------------------------------------------------

    def _problem(self, what: Case, reply: Reply, function: str) -> Problem | None:
        """What is not right about one run of ``function`` (for a chain: its backward function)."""
        if reply.status != "returned":
            return self._stopped(reply)
        asked = contract.returned(function, reply.value, what.expected)
        if asked:
            return Problem("contract", asked, empty=True)
        floats = self._single or single(reply.value)
        names = OUTPUTS[function][:-1] if function in OUTPUTS else tuple(what.expected)
        keys = range(len(names)) if function in OUTPUTS else names
        found = [difference(name, reply.value[key], what.expected[key], single=floats) for name, key in zip(names, keys, strict=True)]
        wrong = [one for one in found if one.level == "wrong"]
        if wrong:
            return Problem("numbers", _says(wrong, len(found)), empty=any(one.empty for one in wrong))
        if function not in OUTPUTS:
            return None
        if reply.random:
            says = "draws random numbers, so what the notebook draws after it is not what the expected numbers come from"
            return Problem("numbers", _cache_sentence(function, f"it {says}"))
        return self._cache_problem(what, reply, function, single_precision=floats)

    def _stopped(self, reply: Reply) -> Problem:
        raised = reply.raised
        if raised is None:
            says = {"timeout": "does not come to an end in the time allowed", "died": "ends the process that runs it"}
            return Problem("raises", says.get(reply.status, reply.problem or "could not be run"))
        where = self.definitions.where(raised)
        at = f" at line {where.line}" if where else ""
        says = f"raises {raised.type}{at}: {raised.text.splitlines()[0] if raised.text else 'without a message'}"
        if raised.type == "NameError":
            name = raised.text.partition("'")[2].partition("'")[0]
            if name in notebook_values("lstm_forward", SIZES[0]) or name in notebook_values("rnn_forward", SIZES[0]):
                says = f"reads {name} from the notebook instead of from its arguments{at}: there is no {name} in the function"
        return Problem("raises", says, where, empty=True)

    def _cache_problem(self, what: Case, reply: Reply, function: str, *, single_precision: bool) -> Problem | None:
        """The caches are judged by the gradients that the reference's backward function computes from them."""
        sizes = next(sizes for sizes in (*SIZES, COURSE_SIZES) if case(function, sizes).arguments[0] is what.arguments[0])
        steps = what.arguments[0].shape[-1]
        asked = contract.caches(function, reply.value[-1], steps)
        if asked:
            return Problem("cache", asked)
        backward, above = partner(function), upstream(function, sizes)
        right = answer(backward, (*above, what.expected[-1]))
        try:
            got = answer(backward, (*above, reply.value[-1]))
            wrong = any(difference(key, got[key], right[key], single=single_precision).level == "wrong" for key in right)
        except Exception:  # noqa: BLE001 - somebody's cache may hold anything
            wrong = True
        if not wrong:
            return None
        return Problem("cache", _cache_sentence(function, self._cache_says(what, reply, function)))

    def _cache_says(self, what: Case, reply: Reply, function: str) -> str:
        rows = [reply.value[-1]] if "cell" in function else reply.value[-1][0]
        courses = [what.expected[-1]] if "cell" in function else what.expected[-1][0]
        if not all(contract.course_layout(function, row, course) for row, course in zip(rows, courses, strict=True)):
            return f"its cache is not the one that the assignment's {partner(function)} reads"
        entries = audit.wrong_entries(what, reply.value)
        if not entries:
            return "its cache is not right"
        shared = audit.shared(entries[0], what, reply)
        more = f" ({len(entries)} entries of the caches are wrong)" if len(entries) > 1 else ""
        if shared:
            return f"{entries[0].says}{more}: it shares memory with {shared}, whose content changed after it was cached"
        return entries[0].says + more

    @staticmethod
    def _backward_like(function: str) -> str:
        return function.replace("chain", "backward")

    def _chain_members(self, function: str) -> frozenset[str]:
        members = {function, partner(function), cell_of(function), cell_of(partner(function))}
        return self.own & members


def _cache_sentence(function: str, says: str) -> str:
    return f"returns the right {_listed(OUTPUTS[function][:-1])}, but {says}"


@cache
def _right(function: str) -> str:
    return "returns the right gradients" if function not in OUTPUTS else f"returns the right {_listed((*OUTPUTS[function],))}"


def _blank(blanks: Sequence[Location]) -> str:
    lines = sorted({place.line for place in blanks})
    if blanks[0].text.startswith("def "):
        return "is not filled in yet"
    return f"is not filled in yet: see line{'' if len(lines) == 1 else 's'} {_listed(tuple(map(str, lines)))}"


def _says(wrong: Sequence[Difference], number: int) -> str:
    """One sentence about all arrays that differ."""
    if len(wrong) == 1:
        return f"{wrong[0].name} {wrong[0].says}"
    names = _listed(tuple(one.name for one in wrong))
    which = f"all {number} results are wrong" if len(wrong) == number else f"{names} are wrong"
    return f"{which}; {wrong[0].name} {wrong[0].says}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
