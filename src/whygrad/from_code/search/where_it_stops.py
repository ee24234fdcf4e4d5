"""What is looked for in a function that ends with an error: the line behind it, another name, what is wrong beside it or past it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whygrad.from_code.blame import another_name
from whygrad.from_code.blame.so_it_raises import stopped_at
from whygrad.from_code.naming.broken import hints_of_error
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.stopped import operands
from whygrad.from_code.reference.inputs import SIZE_NAMES, names_in_notebook, notebook_values, same_at_every_step
from whygrad.from_code.search.find import find
from whygrad.from_code.search.looked_for import looked_for
from whygrad.from_code.search.past_the_error import an_edit_mends_all, find_past
from whygrad.from_code.search.prove import CARRIED
from whygrad.from_code.search.searches import case_of, faults_told, kept, mending_of

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.records import FunctionVerdict
    from whygrad.sandbox.requests import Raised, Reply, Request, Runner, Value

_BEHIND, _NAMED, _GIVEN = 2, 4, 6
"""What is told of the cases by number behind an error, of its names, beside a lost name: so many numbers later."""
_HAS_A_NAME = re.compile(r"\w+(\[[^\[\]]*\])?")
_OF_VALUES = {
    "ValueError", "IndexError", "KeyError", "AxisError", "TypeError", "NameError", "UnboundLocalError", "AttributeError", "UFuncTypeError",
    "AssertionError",
}  # fmt: skip
"""What is raised where something does not fit, or is not there, which may come from a line before."""


class _WithNotebook:
    """A runner in whose runs the notebook holds these names."""

    def __init__(self, runner: Runner, names: tuple[tuple[str, Value], ...]) -> None:
        self._runner, self._names = runner, names

    def run(self, request: Request) -> Reply:
        return self._runner.run(replace(request, notebook=self._names))


def _asks_for_weights(raised: Raised) -> bool:
    """Whether the notebook's name of a weight is not there: then the others will not be there either, which is one mistake."""
    return raised.type == "NameError" and re.fullmatch(r"[Wb]\w{1,2}", raised.name or "") is not None and raised.name in names_in_notebook()


def where_it_stops(examination: Examination, verdict: FunctionVerdict, failed: Trial) -> tuple[Finding, ...]:
    """What the search finds in a function that ends with an error: if that is its cause, or if it goes on with the notebook's names."""
    if examination.trials.held(verdict.function):
        return _looked_for_with_the_notebook(examination, verdict.function, failed)
    raised = failed.reply.raised
    if verdict.verdict != "raises" or raised is None or raised.type not in _OF_VALUES or _asks_for_weights(raised):
        return ()
    before = len(examination.faults)
    found = looked_for(examination, verdict.function, failed)
    told = _that_raise(found)
    named = () if len(told) == 1 and _is_sure(told[0]) else by_another_name(examination, verdict.function, failed)
    if named or (found and not told):  # nor is told that there is more
        del examination.faults[before:]
        examination.helpers.forget(verdict.function)
    there = tuple(one for one in told if one.at in {other.at for other in named})
    found = tuple(_of_the_notebook(examination, failed, one) for one in there or named or told)
    if _stays_unclear(examination, verdict.function, failed, found):
        examination.hidden.append(verdict.function)
    return found


def _of_the_notebook(examination: Examination, failed: Trial, finding: Finding) -> Finding:
    """What is told of a name that no line of a function gives a value: where a cell of the notebook does, nothing need raise there."""
    raised, problem = failed.reply.raised, failed.problem
    if raised is None or raised.type != "NameError" or raised.name not in examination.trials.definitions.computed:
        return finding
    if problem is None or problem.elsewhere is None or finding.id != "raises":
        return finding
    says = f"{finding.function} {problem.elsewhere}"
    return replace(finding, says=says, hints=hints_of_error(finding.function, raised, says))


def beside_a_name(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """What is wrong beside a name of the notebook that no line of a function gives a value, if that is sure and explains all.

    The notebook holds what the function's arguments do meanwhile, so that it goes on.
    """
    raised, trials, number = failed.reply.raised, examination.trials, case_of(examination, function, failed)
    known = same_at_every_step(function)
    if raised is None or raised.type != "NameError" or raised.name not in known.union(SIZE_NAMES):
        return ()

    def search() -> tuple[Finding, ...]:
        values = notebook_values(function, trials.sizes[number], trials.seed)
        sizes = {name: one.value for name in SIZE_NAMES for one in quantities(function, failed.case).named(name, 0)}
        held = {name: values[name] for name in sorted(known)} | sizes
        found = find(_WithNotebook(trials.runner, tuple(held.items())), trials.definitions.pieces, function, failed.case)
        sure = all(one.whole and one.sure and not one.raises for one in found)
        return tuple(one for one in found if not _is_of_the_name(one, raised)) if sure else ()

    return kept(examination, function, _GIVEN + number, search)


def _is_of_the_name(finding: Finding, raised: Raised) -> bool:
    """Whether a finding is at the line that raises, and tells of the name for which it does: another name belongs there."""
    here = finding.at == (raised.source, raised.line)
    return here and raised.name in re.findall(r"\w+", finding.says)


def _is_sure(finding: Finding) -> bool:
    """Whether a line that makes a function raise reads nothing wrong, or another line does.

    What a helper is given, or what only has a name, was made before.
    """
    before = finding.within != finding.function or _HAS_A_NAME.fullmatch(finding.text) is not None
    if finding.raises == "elsewhere":
        return finding.id not in CARRIED  # what should be carried on may be given to another
    return finding.reads_right and not before


def by_another_name(examination: Examination, function: str, failed: Trial, returned: str = "") -> tuple[Finding, ...]:
    """The one line of which another name mends all; where nothing raises ``returned`` says what is wrong with what is handed back."""
    mending = mending_of(examination, function, failed.case)
    if mending is None:
        return ()

    def search() -> tuple[Finding, ...]:
        stopped = stopped_at(examination.trials.runner, mending.pieces, function, failed.case)
        return another_name.by_another_name(mending, stopped, returned)

    return kept(examination, function, _NAMED + case_of(examination, function, failed), search)


def _that_raise(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of a function that ends with an error: findings that explain all, if those are proved that make it raise.

    A line of which nothing is said but its error is told in any case, and so are what is proved, or stated of the results, beside it.
    """
    errors = [finding for finding in found if finding.id == "raises" and finding.raises == "here"]
    beside = [finding for finding in found if finding not in errors]
    apart = len(errors) == 1 and not any(finding.raises or _may_follow(finding, errors[0]) for finding in beside)
    if beside and apart and all(finding.whole for finding in found):
        return found if all(finding.proof in {"proved", "contract"} for finding in beside) else ()
    told = all(finding.whole and finding.proof in {"proved", "located"} and (finding.proof == "proved" or finding.id) for finding in found)
    causes = [finding for finding in found if finding.raises]
    proved = all(cause.proof == "proved" and (cause.id is not None or cause.raises == "elsewhere") for cause in causes)
    return found if told and causes and proved else ()


def _may_follow(finding: Finding, error: Finding) -> bool:
    """Whether a finding is at a line that raises, or reads what that makes where it is not proved what belongs there."""
    made = set(re.findall(r"\w+", error.text.partition("=")[0])) if error.proof != "proved" else set[str]()
    return finding.line == error.line or not made.isdisjoint(re.findall(r"\w+", finding.text))


def behind_the_error(examination: Examination, function: str, failed: Trial, stopped: Stopped) -> tuple[Finding, ...]:
    """What the search finds in a function of which no more is known than its error, with the line edited."""
    raised, mending = failed.reply.raised, mending_of(examination, function, failed.case)
    if mending is None or raised is None or raised.type not in _OF_VALUES or _asks_for_weights(raised):
        return ()
    return kept(examination, function, _BEHIND + case_of(examination, function, failed), lambda: find_past(mending, stopped))


def mended_by_an_edit(examination: Examination, function: str, failed: Trial, stopped: Stopped) -> bool:
    """Whether an edit of the line that raises makes all right: then nothing else is wrong."""
    mending = mending_of(examination, function, failed.case)
    return mending is not None and failed.reply.raised is not None and an_edit_mends_all(mending, stopped)


def _stays_unclear(examination: Examination, function: str, failed: Trial, found: tuple[Finding, ...]) -> bool:
    """Whether of a line that computes something no more is known than what it raises, and more than that may be wrong in it.

    It is not where something is not filled in, or where an edit of the line makes all right.
    """
    if len(found) != 1 or (found[0].id, found[0].raises) != ("raises", "here"):
        return False
    stopped = stopped_at(examination.trials.runner, examination.trials.definitions.pieces, function, failed.case)
    blank = any(isinstance(part, ast.Constant) and part.value is None for part in operands(stopped.node) or ())
    computes = isinstance(stopped.line, (ast.Assign, ast.AugAssign, ast.Return)) and not blank
    return computes and not mended_by_an_edit(examination, function, failed, stopped)


def _looked_for_with_the_notebook(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """The same for a function that reads what its arguments hold from the notebook, which then holds that."""
    trials = examination.trials
    runner = _WithNotebook(trials.runner, trials.held(function))
    return faults_told(examination, function, partial(find, runner, trials.definitions.pieces, function, failed.case))
