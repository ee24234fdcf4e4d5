"""Backward functions that read caches of the learner's own form or layout: with whom they can be judged, and when they can't be yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import cell_of, chain_of, partner
from whygrad.from_code.verdict.cache_forms import asks_past_the_end, takes_another_form, unpacks_otherwise
from whygrad.from_code.verdict.without_the_tanh import right_without_the_tanh

if TYPE_CHECKING:
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.problems import Problem
    from whygrad.from_code.verdict.trials import Trial, Trials
    from whygrad.records import FunctionVerdict


def in_a_form_of_its_own(examination: Examination, verdict: FunctionVerdict, problem: Problem) -> FunctionVerdict | None:
    """A backward function that stops where the reference is around it, and does not with the learner's own functions."""
    trials = examination.trials
    function, cell = verdict.function, cell_of(verdict.function)
    with_cell = trials.trial(function, frozenset({function, cell}), 0) if cell != function and cell in trials.own else None
    if with_cell is not None and (with_cell.problem is None or with_cell.problem.kind == "numbers"):
        if with_cell.problem is not None and examination.verdict(cell).verdict == "right":
            examination.unlocated.add(function)
            return examination.wrong(verdict, replace(with_cell.problem, says=f"{with_cell.problem.says} (with your own {cell})"), [])
        says = f"takes what {cell} returns in a form of its own, so it can be judged only after {cell} is right"
        return replace(verdict, verdict="not reached", says=says)
    forward = partner(function)
    with_forward = _with_own_forward(trials, function) if forward in trials.own else None
    if with_forward is None:
        return _stops_later(examination, verdict, problem)
    for name in (forward, cell_of(forward), cell):
        if name == function or name not in trials.own or trials.alone(name).problem is None or examination.verdict(name).verdict == "right":
            continue
        if name != cell or trials.needs_its_cell(function):  # a loop may compute the cell's gradients itself
            return _only_after(verdict, name, "form")
    if with_forward.problem is not None:
        known = _of_another_pass(trials, verdict, "form") or examination.handed_out_again(verdict)
        if known is not None:
            return known
    examination.unlocated.add(function)
    says = "" if with_forward.problem is None else f"{with_forward.problem.says} (with the caches of your own {forward})"
    return replace(verdict, verdict="wrong", says=says) if says else verdict


def needs_its_own_cell(examination: Examination, verdict: FunctionVerdict, problem: Problem) -> FunctionVerdict | None:
    """A forward sequence that stops at what the reference's cell keeps in its cache, and not at what the learner's own does."""
    trials, function = examination.trials, verdict.function
    cell = cell_of(function)
    if problem.kind != "raises" or cell == function or cell not in trials.own:
        return None
    tried = [trials.trial(function, frozenset({function, cell}), number) for number in (0, 1)]
    if any(trial.reply.status != "returned" for trial in tried):
        return None
    if examination.verdict(cell).verdict != "right":
        return _only_after(verdict, cell, "form")
    wrong = next((trial.problem for kind in ("numbers", "cache") for trial in tried if trial.problem and trial.problem.kind == kind), None)
    if wrong is None:
        return None
    backward = (cell_of(partner(function)), partner(function))
    unread = next((name for name in backward if name not in trials.own or not trials.right_with_own_caches(name)), None)
    if wrong.kind == "cache" and unread is not None:
        when = "is right" if unread in trials.own else "is there"
        says = f"keeps caches in a form of its own, so it can be judged only after {unread} {when}"
        return replace(verdict, verdict="not reached", says=says)
    examination.unlocated.add(function)
    return examination.wrong(verdict, replace(wrong, says=f"{wrong.says} (with your own {cell})"), [])


def _stops_later(examination: Examination, verdict: FunctionVerdict, problem: Problem) -> FunctionVerdict | None:
    """The verdict by what is raised with caches of the learner's own form, where the reference's are not even read."""
    trials = examination.trials
    function, written = verdict.function, trials.definitions.functions.get(verdict.function)
    forward, cell = partner(function), cell_of(function)
    if written is None or problem.raised is None or not takes_another_form(written, problem.raised):
        return None
    later = trials.chain(function, 0).problem if forward in trials.own else None
    if later is None or later.raised is None or later.raised.line == problem.raised.line:
        return None
    before = (name for name in (forward, cell) if name != function and name in trials.own)
    first = next((name for name in before if examination.verdict(name).verdict != "right"), None)
    if first is not None:
        return _only_after(verdict, first, "form")
    examination.unlocated.add(function)
    return examination.wrong(verdict, later, [])


def _with_own_forward(trials: Trials, function: str) -> Trial | None:
    """The first run with the learner's own forward function, then with more of the learner's own, that comes to an end."""
    forward = partner(function)
    around = (frozenset({forward}), frozenset({forward, cell_of(forward)}), trials.members(function))
    number = 0 if trials.alone(function).problem else 1  # the size at which it stops
    for others in around:
        trial = trials.trial(chain_of(function), trials.own & (others | {function}), number)
        if trial.problem is None or trial.problem.kind == "numbers":
            return trial
    return None


def form_not_known(examination: Examination, verdict: FunctionVerdict, problem: Problem) -> FunctionVerdict | None:
    """A backward function that stops at the form of the course's caches, where no right forward cell of the learner's shows another."""
    trials = examination.trials
    written, forward = trials.definitions.functions.get(verdict.function), cell_of(partner(verdict.function))
    if written is None or problem.raised is None or not takes_another_form(written, problem.raised):
        return None
    if forward in trials.own and examination.verdict(forward).verdict == "right":
        return None
    cell = cell_of(verdict.function)
    reads = cell != verdict.function and cell in trials.own and trials.alone(cell).problem is None
    otherwise = asks_past_the_end(written, problem.raised) or unpacks_otherwise(written, problem.raised)
    if reads and otherwise:  # the learner's own cell shows how many entries a cache has
        return None
    when = "is right" if forward in trials.own else "is there"
    return _only_after(verdict, forward, "form", when)


def wrong_with_own_caches(examination: Examination, verdict: FunctionVerdict) -> FunctionVerdict:
    """A backward function that reads caches of the learner's own layout can only be judged together with what makes them."""
    trials = examination.trials
    function, cell = verdict.function, cell_of(verdict.function)
    if cell != function and cell in trials.own and examination.verdict(cell).verdict != "right" and trials.needs_its_cell(function):
        return _only_after(verdict, cell, "layout")
    made_by = cell_of(partner(function))
    if examination.verdict(made_by).verdict != "right":
        return _only_after(verdict, made_by, "layout")
    problem = next((trial.problem for number in (0, 1) if (trial := trials.chain(function, number)).problem), None)
    reads_its_cells = cell != function and trials.right_with_own_caches(function)
    follows = problem is not None and (problem.kind == "raises" or bool(trials.misnamed(partner(function))))
    if follows and not reads_its_cells:
        others = (name for name in (partner(function), cell) if name != function)
        first = next((name for name in others if examination.verdict(name).verdict != "right"), None)
        if first is not None:
            when = "is right" if first in trials.own else "is there"
            return _only_after(verdict, first, "layout", when)
    if problem is not None and problem.kind == "numbers":
        known = _of_another_pass(trials, verdict, "layout") or _together(examination, verdict, problem)
        if known is not None:
            return known
    if problem is None or reads_its_cells:
        return verdict
    if problem.kind == "raises":
        examination.unlocated.add(function)
    return examination.wrong(verdict, replace(problem, says=f"{problem.says} (with the caches of your own {partner(function)})"), [])


def _together(examination: Examination, verdict: FunctionVerdict, problem: Problem) -> FunctionVerdict | None:
    """The verdict where all others are right, and this one is with copies of the caches: then what they share is changed."""
    trials, function = examination.trials, verdict.function
    others = trials.members(function) - {function}
    if any(examination.verdict(name).verdict != "right" for name in others):
        return None
    lasting = examination.handed_out_again(verdict)
    if lasting is None and cell_of(function) != function and trials.right_with_own_caches(function):
        return examination.wrong_together(verdict, problem, others)
    return lasting


def _of_another_pass(trials: Trials, verdict: FunctionVerdict, form: str) -> FunctionVerdict | None:
    """Not reached, if the only caches that the function can be given are of a pass that has other gradients than the assignment's."""
    if not right_without_the_tanh(trials, cell_of(partner(verdict.function))):
        return None
    says = f"reads caches of your own {form}, made without the tanh: the gradients to hold it against are not the assignment's"
    return replace(verdict, verdict="not reached", says=says)


def _only_after(verdict: FunctionVerdict, other: str, form: str, when: str = "is right") -> FunctionVerdict:
    """Not reached, for what the function is given comes from another one first."""
    says = f"reads caches of your own {form}, so it can be judged only after {other} {when}"
    return replace(verdict, verdict="not reached", says=says)
