"""What is wrong in the functions that are not right, as far as it is known: the findings of the search, or what is broken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.blame.so_it_raises import stopped_at, with_complaint
from whygrad.from_code.naming.broken import Breach, broken
from whygrad.from_code.observe.contract import WrongCaches, lost_caches, no_arrays, other_form
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import partner
from whygrad.from_code.search.beside_the_blanks import beside_the_blanks
from whygrad.from_code.search.cells_named import with_cells
from whygrad.from_code.search.looked_for import by_its_argument, looked_for, looked_for_with_own_caches, where_it_changes
from whygrad.from_code.search.spoilt_before_kept import spoilt_before_kept
from whygrad.from_code.search.taken_outside import taken_outside
from whygrad.from_code.search.where_it_stops import behind_the_error, beside_a_name, by_another_name, mended_by_an_edit, where_it_stops
from whygrad.from_code.verdict.reasons import COULD_NOT
from whygrad.records import Location, Mistake
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.records import FunctionVerdict

_OTHER_NUMBER = re.compile(r"returns \d+ values?, expected")
_ENDS_THERE = frozenset(("raises", "called-otherwise", "returned-otherwise", "whole-numbers", "half-precision", "draws-random"))
"""What is broken where nothing that is computed, or kept, behind it or beside it is judged."""


def what_is_wrong(examination: Examination, verdicts: Sequence[FunctionVerdict]) -> tuple[list[Mistake], frozenset[str]]:
    """The mistakes in functions with such verdicts, and the functions that raise for a line outside of them."""
    taken = taken_outside(examination, verdicts)
    return [mistake for verdict in verdicts for mistake in _of_one(examination, verdict, taken)], frozenset(taken)


def _of_one(examination: Examination, verdict: FunctionVerdict, taken: dict[str, tuple[Finding, ...]]) -> tuple[Mistake, ...]:  # noqa: PLR0911 - one for each kind of verdict
    """What is wrong in one function, as far as it is known; ``taken`` is told of those that raise for a line outside of them."""
    if verdict.function in taken or (examination.live and _is_another(examination, verdict.function)):
        return _told(examination, taken.get(verdict.function, ()))
    trials, breach = examination.trials, examination.broken.get(verdict.function)
    if verdict.verdict == "raises" and COULD_NOT in verdict.says:
        return (_broken(examination, verdict, Breach("raises", error="SyntaxError")),)
    if verdict.function in examination.unlocated:
        own = looked_for_with_own_caches(examination, verdict.function)
        vague = not any(finding.id is not None for finding in own)
        return (_broken(examination, verdict, breach),) if breach is not None and vague else _told(examination, own)
    if breach is None and verdict.function not in OUTPUTS and trials.own_layout(verdict.function):
        own = looked_for_with_own_caches(examination, verdict.function)
        if own or not trials.reads_either(verdict.function):
            return _told(examination, own)
    failed = trials.failed(verdict.function)
    argument = () if failed is None else by_its_argument(examination, verdict, failed)
    held = failed is not None and not argument and bool(trials.held(verdict.function))
    known = argument or held or verdict.verdict != "raises"
    beside = () if failed is None or known else beside_a_name(examination, verdict.function, failed)
    found = argument if argument or failed is None or beside else where_it_stops(examination, verdict, failed)
    if found or held:
        return (*_told(examination, found), *([_broken(examination, verdict, breach, known=bool(found))] if held and breach else []))
    found = () if failed is None else _searched(examination, verdict, failed, breach)
    if breach is None or any(finding.id is not None for finding in found):  # what is returned says more than "somewhere here"
        return _with_what_is_returned(examination, verdict, failed, breach, found)
    return _what_is_broken(examination, verdict, failed, breach, beside)


def _what_is_broken(
    examination: Examination, verdict: FunctionVerdict, failed: Trial | None, breach: Breach, beside: tuple[Finding, ...]
) -> tuple[Mistake, ...]:
    """What is broken, and what is wrong behind it, or ``beside`` it."""
    function = verdict.function
    behind, known = (), breach.caches == "reversed"
    if failed is not None and breach.id == "not-filled-in":
        behind = beside_the_blanks(examination, function, failed)
    if failed is not None and breach.id == "raises" and failed.reply.raised == examination.raised.get(function) is not None:
        breach, behind, known = _with_complaint(examination, function, failed, breach, beside)
    if breach.id == "changed-in-place":
        breach = replace(breach, line=where_it_changes(examination, function))
    return (_broken(examination, verdict, breach, known=known), *_told(examination, behind))


def _with_what_is_returned(
    examination: Examination, verdict: FunctionVerdict, failed: Trial | None, breach: Breach | None, found: Sequence[Finding]
) -> tuple[Mistake, ...]:
    """The findings, and what is wrong with the caches, or with how much is returned, if no finding is at a return."""
    told = _told(examination, found)
    returned = any(one.id == "returned-wrong" or (one.location and one.location.text.startswith("return")) for one in told)
    if told and not returned:
        told = (*told, *_wrong_caches(examination, verdict, failed))
    if breach is None or verdict.function not in OUTPUTS or not _OTHER_NUMBER.match(verdict.says):
        return told
    also = _broken(examination, verdict, breach)
    return told if returned or also.location in {mistake.location for mistake in told} else (*told, also)


def _broken(examination: Examination, verdict: FunctionVerdict, breach: Breach, *, known: bool = False) -> Mistake:
    """What is broken, with a note of it where nothing else can be judged, if not all is ``known`` that is wrong besides."""
    if breach.id in _ENDS_THERE and not known:
        examination.hidden.append(verdict.function)
    return broken(breach, verdict, examination.trials.definitions)


def _wrong_caches(examination: Examination, verdict: FunctionVerdict, failed: Trial | None) -> tuple[Mistake, ...]:
    """What is wrong with what a forward function caches, of which more than that is wrong, where its form shows that.

    A cell's may have another form than the assignment's, if its backward cell does not read just that one.
    """
    function, trials = verdict.function, examination.trials
    if failed is None or failed.problem is None or failed.problem.kind in {"cache", "contract"} or function not in OUTPUTS:
        return ()
    lost = lost_caches(function, failed.reply, failed.case.arguments[0].shape[-1])
    if lost is None and other_form(function, failed.reply.value, failed.case.expected) and not trials.own_layout(function):
        lost = WrongCaches("form", f"returns a cache that is not the one which the assignment's {partner(function)} reads")
    if lost is None:
        return ()
    breach = Breach("returned-otherwise", caches=lost.fault)
    return (_broken(examination, replace(verdict, says=lost.says), breach),)


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
    if breach is not None and breach.kept:  # what it keeps is proved by a run
        return spoilt_before_kept(examination, function)
    if breach is not None and breach.id != "returned-otherwise":
        return ()
    value = failed.reply.value
    if breach is not None and function not in OUTPUTS and (not isinstance(value, dict) or no_arrays(value)):  # a tuple has no keys
        return ()
    named = by_another_name(examination, function, failed, verdict.says) if breach is not None and function in OUTPUTS else ()
    return named or looked_for(examination, function, failed)


def _with_complaint(
    examination: Examination, function: str, failed: Trial, breach: Breach, beside: tuple[Finding, ...]
) -> tuple[Breach, tuple[Finding, ...], bool]:
    """What did not fit, in the learner's own names, what is wrong behind it, if nothing is known ``beside`` it, and whether that is all.

    That a name is read from the notebook is said already.
    """
    if (breach.elsewhere or "").startswith("reads "):
        return breach, beside, bool(beside)
    trials = examination.trials
    stopped = stopped_at(trials.runner, trials.definitions.pieces, function, failed.case)
    breach = with_complaint(breach, stopped)
    if breach.line is not None and breach.elsewhere is not None:
        raised = (stopped.raised.source or "", stopped.raised.line or 0)
        breach = replace(breach, elsewhere=with_cells(breach.elsewhere, breach.line[0], [raised], examination.line))
    elif breach.elsewhere is not None:
        breach = replace(breach, elsewhere=with_cells(breach.elsewhere, stopped.raised.source or "", breach.lines, examination.line))
    behind = beside or behind_the_error(examination, function, failed, stopped)
    return breach, behind, bool(behind) or mended_by_an_edit(examination, function, failed, stopped)


def _told(examination: Examination, found: Sequence[Finding]) -> tuple[Mistake, ...]:
    """The findings as mistakes; where one of them may hide more, that is noted: the right value put in there does, if it has no name."""
    nameless = [one for one in found if one.proof == "located" and one.id in {None, "call-argument-wrong", "raises"}]
    examination.hidden += [one.function for one in found if one.whole is None or one in nameless]
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
        within=name if (name := last_name(finding.within)) != finding.function and name.isidentifier() else None,
    )
