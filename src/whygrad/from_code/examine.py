"""The main path from code: a verdict for each function, then the line, what is wrong there, and how that is known."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import WhygradError
from whygrad.from_code.broken import Breach, broken
from whygrad.from_code.gone import gone
from whygrad.from_code.inputs import OUTPUTS, names_in_notebook
from whygrad.from_code.isolate import Examination
from whygrad.from_code.own_calls import OwnCells
from whygrad.from_code.parts import FUNCTIONS
from whygrad.from_code.reasons import at, with_reason
from whygrad.from_code.saved import older_outputs
from whygrad.from_code.unmade import unmade
from whygrad.mistakes.words import listed
from whygrad.records import FunctionVerdict, Location, Mistake, Result, Sandbox, Search
from whygrad.shadowing import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.known import Known
    from whygrad.from_code.trials import Trial
    from whygrad.read.source import Source
    from whygrad.records import Errors
    from whygrad.sandbox.requests import Raised, Reply, Request, Runner, Value

NOT_DONE = {"missing", "not reached"}
_OTHER_NUMBER = re.compile(r"returns \d+ values?, expected")
_OF_VALUES = {
    "ValueError",
    "IndexError",
    "KeyError",
    "AxisError",
    "TypeError",
    "NameError",
    "UnboundLocalError",
    "AttributeError",
    "UFuncTypeError",
}
"""What is raised where something does not fit, or is not there, which may come from a line before."""


def examine(source: Source, runner: Runner, tier: str, known: Known | None = None) -> Result:
    """Say of each of the eight functions whether it is right, and of those that are not where and why.

    What earlier programs have told is taken from ``known``, and what this one tells is put there.
    """
    counting = _Counting(runner)
    examination = Examination(counting, source.pieces)
    examination.where = lambda piece: at(source.location(piece.source, piece.line, 1))
    examination.trials.computed = frozenset(source.computed)
    examination.trials.own |= source.live.keys() & set(FUNCTIONS)  # of live functions the text may not be to be had
    examination.trials.cells = OwnCells(counting, source.cells, examination.trials.own)
    if known is not None:
        trials = examination.trials
        trials.known = known.program(source, counting, single=trials.definitions.single)
    functions = tuple(with_reason(source, examination.verdict(name), examination.raised.get(name)) for name in FUNCTIONS)
    mistakes = [mistake for verdict in functions if verdict.verdict != "right" for mistake in _mistakes(examination, verdict)]
    told = {mistake.function for mistake in mistakes}
    wrong = {verdict.function for verdict in functions if verdict.verdict not in NOT_DONE and verdict.verdict != "right"}
    untold = wrong - told - examination.helpers.through
    if not wrong:
        said = {verdict.verdict for verdict in functions}
        verdict = "right" if "right" in said and "not reached" not in said else "unknown"
    else:
        verdict = ("partly" if untold else "explained") if mistakes else "unknown"
    place = _placed(source)
    return Result(
        verdict=verdict,
        assignment=SEQUENCE_MODELS.id,
        checks=tuple(verdict.function for verdict in functions if verdict.verdict != "missing"),
        mistakes=tuple(replace(mistake, location=place(mistake.location)) for mistake in mistakes),
        search=Search(counting.runs, not examination.faults, tuple(examination.faults)),
        exonerated=tuple(verdict.function for verdict in functions if verdict.verdict == "right"),
        unexplained=tuple(name for name in FUNCTIONS if name in untold),
        notes=tuple(dict.fromkeys([*_notes(source, functions), *_older(source, examination), *examination.faults])),
        functions=tuple(replace(verdict, location=place(verdict.location)) for verdict in functions),
        sandbox=Sandbox(tier),
        errors=_pictures(examination, functions) if wrong else (),
    )


def _pictures(examination: Examination, verdicts: tuple[FunctionVerdict, ...]) -> tuple[Errors, ...]:
    from whygrad.from_code.picture import pictures  # noqa: PLC0415 - where all is right there is none

    return pictures(examination.trials, verdicts)


class _Counting:
    """A runner that counts its runs."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.runs = 0

    def run(self, request: Request) -> Reply:
        self.runs += 1
        return self._runner.run(request)


class _WithNotebook:
    """A runner in whose runs the notebook holds these names."""

    def __init__(self, runner: Runner, names: tuple[tuple[str, Value], ...]) -> None:
        self._runner, self._names = runner, names

    def run(self, request: Request) -> Reply:
        return self._runner.run(replace(request, notebook=self._names))


def _mistakes(examination: Examination, verdict: FunctionVerdict) -> tuple[Mistake, ...]:
    """What is wrong in one function, as far as it is known."""
    if verdict.verdict in NOT_DONE:
        return ()
    trials, breach = examination.trials, examination.broken.get(verdict.function)
    if verdict.function in examination.unlocated:
        found = tuple(map(_mistake, _looked_for_with_own_caches(examination, verdict.function)))
        return (broken(breach, verdict, trials.definitions),) if breach is not None and not found else found
    if verdict.verdict == "raises" and breach is None:  # it could not be parsed
        breach = Breach("raises", error="SyntaxError")
    if breach is None and verdict.function not in OUTPUTS and trials.own_layout(verdict.function):
        own = _looked_for_with_own_caches(examination, verdict.function)
        if own or not trials.reads_either(verdict.function):
            return tuple(_mistake(finding) for finding in own)
    failed = trials.failed(verdict.function)
    found = () if failed is None else _where_it_stops(examination, verdict, failed)
    held = failed is not None and bool(trials.held(verdict.function))
    if found or held:
        return (*map(_mistake, found), *([broken(breach, verdict, trials.definitions)] if held and breach else []))
    of_its_kind = failed is not None and (isinstance(failed.reply.value, dict) or verdict.function in OUTPUTS)  # a tuple has no keys
    if failed is not None and (breach is None or (breach.id == "returned-otherwise" and of_its_kind)):
        found = _looked_for(examination, verdict.function, failed)
    if breach is None or any(finding.id is not None for finding in found):  # what is returned says more than "somewhere here"
        told = tuple(map(_mistake, found))
        too_few = breach is not None and verdict.function in OUTPUTS and _OTHER_NUMBER.match(verdict.says) is not None
        also = broken(breach, verdict, trials.definitions) if breach is not None and too_few else None
        return told if also is None or also.location in {mistake.location for mistake in told} else (*told, also)
    if failed is not None and breach.id == "raises" and failed.reply.raised == examination.raised.get(verdict.function) is not None:
        breach = _with_complaint(examination, verdict.function, failed, breach)
    return (broken(breach, verdict, trials.definitions),)


def _with_complaint(examination: Examination, function: str, failed: Trial, breach: Breach) -> Breach:
    """What did not fit, in the learner's own names."""
    from whygrad.from_code.so_it_raises import with_complaint  # noqa: PLC0415 - where nothing raises nothing is said of it

    trials = examination.trials
    return with_complaint(breach, trials.runner, trials.definitions.pieces, function, failed.case)


def _asks_for_weights(raised: Raised) -> bool:
    """Whether the notebook's name of a weight is not there: then the others will not be there either, which is one mistake."""
    return raised.type == "NameError" and re.fullmatch(r"[Wb]\w{1,2}", raised.name or "") is not None and raised.name in names_in_notebook()


def _where_it_stops(examination: Examination, verdict: FunctionVerdict, failed: Trial) -> tuple[Finding, ...]:
    """What the search finds in a function that ends with an error: if that is its cause, or if it goes on with the notebook's names."""
    if examination.trials.held(verdict.function):
        return _looked_for_with_the_notebook(examination, verdict.function, failed)
    raised = failed.reply.raised
    if verdict.verdict != "raises" or raised is None or raised.type not in _OF_VALUES or _asks_for_weights(raised):
        return ()
    before = len(examination.faults)
    found = _looked_for(examination, verdict.function, failed)
    told = _that_raise(found)
    if found and not told:  # nor is told that there is more
        del examination.faults[before:]
        examination.helpers.forget(verdict.function)
    return told


def _that_raise(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of a function that ends with an error: findings that explain all, if those are proved that make it raise.

    A line of which nothing is said but its error is told in any case, and so are what is proved, or stated of the results, beside it.
    """
    errors = [finding for finding in found if finding.id == "raises" and finding.raises == "here"]
    beside = [finding for finding in found if finding not in errors]
    if beside and len(errors) == 1 and not any(finding.raises for finding in beside) and all(finding.whole for finding in found):
        return found if all(finding.proof in {"proved", "contract"} for finding in beside) else ()
    told = all(finding.whole and finding.proof in {"proved", "located"} and (finding.proof == "proved" or finding.id) for finding in found)
    causes = [finding for finding in found if finding.raises]
    proved = all(cause.proof == "proved" and (cause.id is not None or cause.raises == "elsewhere") for cause in causes)
    return found if told and causes and proved else ()


def _looked_for(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """What the search for the line finds."""
    from whygrad.from_code.find import find  # noqa: PLC0415 - where all is right nothing is looked for

    trials = examination.trials
    search = partial(find, trials.runner, trials.definitions.pieces, function, failed.case)
    known, number = trials.known, int(failed is not trials.alone(function))
    return _faults_told(examination, function, search if known is None else partial(known.findings, function, number, search))


def _looked_for_with_the_notebook(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """The same for a function that reads what its arguments hold from the notebook, which then holds that."""
    from whygrad.from_code.find import find  # noqa: PLC0415 - as above

    trials = examination.trials
    runner = _WithNotebook(trials.runner, trials.held(function))
    return _faults_told(examination, function, partial(find, runner, trials.definitions.pieces, function, failed.case))


def _looked_for_with_own_caches(examination: Examination, function: str) -> tuple[Finding, ...]:
    """The same for a function that cannot read the course's caches: it is given those of the learner's own forward functions."""
    from whygrad.from_code.find import find  # noqa: PLC0415 - as above

    trials = examination.trials
    own = trials.with_own_caches(function)
    found = own and _faults_told(examination, function, partial(find, trials.runner, trials.definitions.pieces, function, *own))
    return found or _looked_for_in_the_chain(examination, function)


def _looked_for_in_the_chain(examination: Examination, function: str) -> tuple[Finding, ...]:
    """The same where the learner's caches can be handed to nobody else."""
    from whygrad.from_code.find import find  # noqa: PLC0415 - as above

    trials = examination.trials
    through = trials.through_own_forward(function)
    if through is None:
        return ()
    return _faults_told(examination, function, partial(find, trials.runner, trials.definitions.pieces, function, *through))


def _faults_told(examination: Examination, function: str, search: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """A fault of the search does not take the verdicts with it, it is told with them."""
    try:
        found = search()
    except WhygradError:
        raise
    except Exception as error:  # noqa: BLE001 - somebody's code can be anything
        fault = (
            f"the line in {function} was not found, because of a fault of whygrad ({type(error).__name__}); please report it with the file"
        )
        examination.faults.append(fault)
        return ()
    if any(finding.id is not None and not finding.whole for finding in found):
        examination.faults.append(f"more is wrong in {function} than was found: with the right values at these lines it is still wrong")
    return examination.helpers.once(function, found)


def _mistake(finding: Finding) -> Mistake:
    return Mistake(
        finding.id or "unnamed",
        finding.function,
        finding.quantity,
        finding.step,
        finding.says,
        finding.hints,
        location=Location(finding.source, finding.line, finding.column, finding.text),
        proved=finding.proof == "proved",
        proof=finding.proof,
        stretch=finding.stretch,
    )


def _placed(source: Source) -> Callable[[Location | None], Location | None]:
    """From a place as the pieces count it to one as the user sees it."""

    def place(location: Location | None) -> Location | None:
        if location is None or location.file or location.source not in source.origins:
            return location
        return source.location(location.source, location.line, location.column)

    return place


def _older(source: Source, examination: Examination) -> list[str]:
    """The printed numbers in the notebook are evidence only if its code still prints them."""
    trials = examination.trials
    return [
        f"your printed numbers of {check} come from an older version of the code: the code was diagnosed as it is now"
        for check in older_outputs(source.outputs, trials.cells.printed, trials.own)
    ]


def _notes(source: Source, functions: Iterable[FunctionVerdict]) -> list[str]:
    """Facts that do no harm, of the reading and of the functions."""
    notes = [note for verdict in functions for note in verdict.notes]
    for twice in source.duplicates:
        which = "the last one that takes this assignment's arguments" if twice.later else "the last one"
        notes.append(f"{twice.name} is defined {len(twice.earlier) + len(twice.later) + 1} times; {which}, at {at(twice.kept)}, was taken")
    notes += [f"{at(unparsed.location)} could not be read: {unparsed.reason}" for unparsed in source.unparsed if not unparsed.functions]
    if (lacks := unmade(source)) is not None:
        notes.append(lacks)
    if (old := gone(source)) is not None:
        notes.append(old)
    if source.libraries:
        notes.append(said_of(list(source.libraries), "the file's folder"))
    if source.methods:
        notes.append("the methods of your class were judged as functions, each by itself")
    if source.numbers:
        what_to_do = "put them into a file whose name ends in .txt to have them explained"
        notes.append(f"the file also holds printed numbers of {listed(source.numbers)}, which were not looked at; {what_to_do}")
    notes += [f"the text of {name} is not to be had, so only its results were judged" for name in source.without_source]
    return notes
