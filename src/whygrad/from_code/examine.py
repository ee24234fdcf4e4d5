"""The main path from code: a verdict for each function, then the line, what is wrong there, and how that is known."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.broken import Breach, broken
from whygrad.from_code.observe.contract import lost_caches, no_arrays
from whygrad.from_code.reference.inputs import OUTPUTS, SIZES
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.search.cells_named import with_cells
from whygrad.from_code.search.looked_for import (
    behind_the_error,
    beside_a_name,
    by_another_name,
    left_early,
    looked_for,
    looked_for_with_own_caches,
    where_it_changes,
    where_it_stops,
)
from whygrad.from_code.verdict.gone import gone
from whygrad.from_code.verdict.isolate import Examination
from whygrad.from_code.verdict.own_calls import OwnCells
from whygrad.from_code.verdict.own_inputs import of_own_inputs
from whygrad.from_code.verdict.reasons import at, with_reason
from whygrad.from_code.verdict.saved import older_outputs
from whygrad.from_code.verdict.unmade import from_a_file, unmade
from whygrad.mistakes.words import listed
from whygrad.records import FunctionVerdict, Location, Mistake, Result, Sandbox, Search
from whygrad.sandbox.requests import Request
from whygrad.shadowing import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.from_code.verdict.known import Known
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.read.source import Source, Unparsed
    from whygrad.records import Errors
    from whygrad.sandbox.requests import Host, Piece, Reply

NOT_DONE = {"missing", "not reached"}
_OTHER_NUMBER = re.compile(r"returns \d+ values?, expected")


def examine(source: Source, host: Host, tier: str, known: Known | None = None, sizes: tuple[Sizes, Sizes] = SIZES) -> Result:
    """Say of each of the eight functions whether it is right, and of those that are not where and why.

    What earlier programs have told is taken from ``known``, and what this one tells is put there. ``sizes`` are those of the two cases that
    every function must get right.
    """
    counting = _Counting(host)
    examination = Examination(counting, source.pieces, sizes)
    examination.host = counting
    examination.where = lambda piece: at(source.location(piece.source, piece.line, 1))
    examination.line = lambda where, line: at(source.location(where, line, 1))
    examination.live = bool(source.live)
    examination.trials.definitions.computed = frozenset(source.computed)
    examination.trials.own |= source.live.keys() & set(FUNCTIONS)  # of live functions the text may not be to be had
    examination.trials.cells = OwnCells(counting, source.cells, examination.trials.own)
    if known is not None:
        trials = examination.trials
        trials.known = known.program(source, counting, single=trials.definitions.single)
    functions = tuple(with_reason(source, verdict, examination.raised.get(verdict.function)) for verdict in examination.verdicts())
    taken = _taken_outside(examination, functions)
    mistakes = [mistake for verdict in functions if verdict.verdict != "right" for mistake in _mistakes(examination, verdict, taken)]
    told = {mistake.function for mistake in mistakes}
    wrong = {verdict.function for verdict in functions if verdict.verdict not in NOT_DONE and verdict.verdict != "right"}
    untold = wrong - told - examination.helpers.through - taken.keys()
    if not wrong:
        said = {verdict.verdict for verdict in functions}
        verdict = "right" if "right" in said and "not reached" not in said else "unknown"
    else:
        verdict = ("partly" if untold else "explained") if mistakes else "unknown"
    place, sizes_told = _placed(source), of_own_inputs(examination.trials, mistakes)
    return Result(
        verdict=verdict,
        assignment=SEQUENCE_MODELS.id,
        checks=tuple(verdict.function for verdict in functions if verdict.verdict != "missing"),
        mistakes=tuple(replace(mistake, location=place(mistake.location)) for mistake in mistakes),
        search=Search(counting.runs, not examination.faults, tuple(examination.faults)),
        exonerated=tuple(verdict.function for verdict in functions if verdict.verdict == "right"),
        unexplained=tuple(name for name in FUNCTIONS if name in untold),
        notes=tuple(dict.fromkeys([*_notes(source, functions), *_older(source, examination), *examination.faults, *sizes_told])),
        functions=tuple(replace(verdict, location=place(verdict.location)) for verdict in functions),
        sandbox=Sandbox(tier),
        errors=_pictures(examination, functions) if wrong else (),
    )


def _pictures(examination: Examination, verdicts: tuple[FunctionVerdict, ...]) -> tuple[Errors, ...]:
    from whygrad.from_code.picture import pictures  # noqa: PLC0415 - where all is right there is none

    return pictures(examination.trials, verdicts)


def _taken_outside(examination: Examination, verdicts: tuple[FunctionVerdict, ...]) -> dict[str, tuple[Finding, ...]]:
    if all(verdict.verdict != "raises" for verdict in verdicts):
        return {}
    from whygrad.from_code.search.taken_outside import taken_outside  # noqa: PLC0415 - where nothing raises nothing is said of it

    return taken_outside(examination, verdicts)


class _Counting:
    """A host that counts its runs."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.runs = 0

    def run(self, request: Request) -> Reply:
        self.runs += 1
        return self._host.run(request)

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Host]:
        with self._host.holding(pieces) as other:
            before, self._host = self._host, other
            try:
                yield self
            finally:
                self._host = before


def _mistakes(examination: Examination, verdict: FunctionVerdict, taken: dict[str, tuple[Finding, ...]]) -> tuple[Mistake, ...]:
    """What is wrong in one function, as far as it is known; ``taken`` is told of those that raise for a line outside of them."""
    if verdict.verdict in NOT_DONE or verdict.function in taken or (examination.live and _is_another(examination, verdict.function)):
        return _told(examination, taken.get(verdict.function, ()))
    trials, breach = examination.trials, examination.broken.get(verdict.function)
    if verdict.function in examination.unlocated:
        found = _told(examination, looked_for_with_own_caches(examination, verdict.function))
        return _raises_with_own_caches(examination, verdict, breach) if breach is not None and not found else found
    if verdict.verdict == "raises" and breach is None:  # it could not be parsed
        breach = Breach("raises", error="SyntaxError")
    if breach is None and verdict.function not in OUTPUTS and trials.own_layout(verdict.function):
        own = looked_for_with_own_caches(examination, verdict.function)
        if own or not trials.reads_either(verdict.function):
            return _told(examination, own)
    failed = trials.failed(verdict.function)
    held = failed is not None and bool(trials.held(verdict.function))
    beside = () if failed is None or held or verdict.verdict != "raises" else beside_a_name(examination, verdict.function, failed)
    found = () if failed is None or beside else where_it_stops(examination, verdict, failed)
    if found or held:
        return (*_told(examination, found), *([broken(breach, verdict, trials.definitions)] if held and breach else []))
    found = () if failed is None else _searched(examination, verdict, failed, breach)
    if breach is None or any(finding.id is not None for finding in found):  # what is returned says more than "somewhere here"
        told = _told(examination, found)
        returned = any(one.location is not None and one.location.text.startswith("return") for one in told)
        told = told if returned or not told else (*told, *_lost_caches(examination, verdict, failed))
        too_few = breach is not None and verdict.function in OUTPUTS and _OTHER_NUMBER.match(verdict.says) is not None
        also = broken(breach, verdict, trials.definitions) if breach is not None and too_few else None
        return told if also is None or returned or also.location in {mistake.location for mistake in told} else (*told, also)
    behind: tuple[Finding, ...] = ()
    if failed is not None and breach.id == "raises" and failed.reply.raised == examination.raised.get(verdict.function) is not None:
        breach, behind = _with_complaint(examination, verdict.function, failed, breach, beside)
    if breach.id == "changed-in-place":
        breach = replace(breach, line=where_it_changes(examination, verdict.function))
    return (broken(breach, verdict, trials.definitions), *_told(examination, behind))


def _lost_caches(examination: Examination, verdict: FunctionVerdict, failed: Trial | None) -> tuple[Mistake, ...]:
    """What is wrong with the list of caches of a forward sequence of which more than that is wrong."""
    lost = None if failed is None else lost_caches(verdict.function, failed.reply, failed.case.arguments[0].shape[-1])
    if lost is None:
        return ()
    breach = Breach("returned-otherwise", caches=lost.fault)
    return (broken(breach, replace(verdict, says=lost.says), examination.trials.definitions),)


def _is_another(examination: Examination, function: str) -> bool:
    """Whether a function that is there already does something else than its text, which alone can be looked into.

    The file has been edited since, or two functions read something else by one name, each in the function within which it was made.
    """
    trials = examination.trials
    failed = trials.failed(function)
    if function not in trials.definitions.names or failed is None or failed.reply.status not in {"returned", "raised"}:
        return False
    reply = trials.runner.run(Request(function, failed.case.arguments, frozenset({function}), trace=True, wanted=frozenset()))
    if (reply.status, repr(reply.value)) == (failed.reply.status, repr(failed.reply.value)):
        return False
    examination.faults.append(f"{function} gives something else when its text alone is run, so no line was looked for")
    return True


def _searched(examination: Examination, verdict: FunctionVerdict, failed: Trial, breach: Breach | None) -> tuple[Finding, ...]:
    """What the search finds where what comes back is not right; nothing where that, or an error, says all."""
    function = verdict.function
    if breach is not None and (breach.id != "returned-otherwise" or breach.kept):  # what it keeps is proved by a run
        return ()
    value = failed.reply.value
    if breach is not None and function not in OUTPUTS and (not isinstance(value, dict) or no_arrays(value)):  # a tuple has no keys
        return left_early(examination, function, failed)
    named = by_another_name(examination, function, failed, verdict.says) if breach is not None and function in OUTPUTS else ()
    return named or looked_for(examination, function, failed)


def _raises_with_own_caches(examination: Examination, verdict: FunctionVerdict, breach: Breach) -> tuple[Mistake, ...]:
    from whygrad.from_code.search.raises_with_own_caches import raises_with_own_caches  # noqa: PLC0415 - where nothing raises nothing is said of it

    breach, found = raises_with_own_caches(examination, verdict.function, breach)
    return _told(examination, found) or (broken(breach, verdict, examination.trials.definitions),)


def _with_complaint(
    examination: Examination, function: str, failed: Trial, breach: Breach, beside: tuple[Finding, ...]
) -> tuple[Breach, tuple[Finding, ...]]:
    """What did not fit, in the learner's own names, and what is wrong behind it, if nothing is known to be wrong ``beside`` it.

    That a name is read from the notebook is said already.
    """
    from whygrad.from_code.blame.so_it_raises import stopped_at, with_complaint  # noqa: PLC0415 - where nothing raises nothing is said of it

    if (breach.elsewhere or "").startswith("reads "):
        return breach, beside
    trials = examination.trials
    stopped = stopped_at(trials.runner, trials.definitions.pieces, function, failed.case)
    breach = with_complaint(breach, stopped)
    if breach.line is not None and breach.elsewhere is not None:
        raised = (stopped.raised.source or "", stopped.raised.line or 0)
        breach = replace(breach, elsewhere=with_cells(breach.elsewhere, breach.line[0], [raised], examination.line))
    elif breach.elsewhere is not None:
        breach = replace(breach, elsewhere=with_cells(breach.elsewhere, stopped.raised.source or "", breach.lines, examination.line))
    return breach, beside or behind_the_error(examination, function, failed, stopped)


def _told(examination: Examination, found: Iterable[Finding]) -> tuple[Mistake, ...]:
    return tuple(_mistake(one, with_cells(one.says, one.source, one.lines, examination.line)) for one in found)


def _mistake(finding: Finding, says: str) -> Mistake:
    return Mistake(
        finding.id or "unnamed",
        finding.function,
        finding.quantity,
        finding.step,
        says,
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


def _unread(source: Source, unparsed: Unparsed) -> str | None:
    """What is said of code that Python does not take; of a function's only where another text of it stands above and was judged."""
    above = [name for name in unparsed.functions if (taken := source.definition(name)) and _order(taken) < _order(unparsed.location)]
    if unparsed.functions and not above:
        return None
    stand = "was judged as it stands" if len(above) == 1 else "were judged as they stand"
    taken = f"; {listed(above)} {stand} above" if above else ""
    return f"{at(unparsed.location)} could not be read: {unparsed.reason.removesuffix('.') if above else unparsed.reason}{taken}"


def _order(place: Location) -> tuple[int, int]:
    return place.cell or 0, place.line


def _notes(source: Source, functions: Iterable[FunctionVerdict]) -> list[str]:
    """Facts that do no harm, of the reading and of the functions."""
    notes = [note for verdict in functions for note in verdict.notes]
    for twice in source.duplicates:
        which = "the last one that takes this assignment's arguments" if twice.later else "the last one"
        notes.append(f"{twice.name} is defined {len(twice.earlier) + len(twice.later) + 1} times; {which}, at {at(twice.kept)}, was taken")
    notes += [note for unparsed in source.unparsed if (note := _unread(source, unparsed)) is not None]
    notes += [says for says in (unmade(source), from_a_file(source), gone(source)) if says is not None]
    if source.libraries:
        notes.append(said_of(list(source.libraries), "the file's folder"))
    if source.methods:
        notes.append("the methods of your class were judged as functions, each by itself")
    if source.numbers:
        what_to_do = "put them into a file whose name ends in .txt to have them explained"
        notes.append(f"the file also holds printed numbers of {listed(source.numbers)}, which were not looked at; {what_to_do}")
    notes += [f"{name} has no text that could be looked into, so only its results were judged" for name in source.without_source]
    return notes
