"""What the search finds in one function of an examination, and on what it is run there."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whygrad.errors import WhygradError
from whygrad.from_code.naming.broken import hints_of_error
from whygrad.from_code.reference.inputs import SIZE_NAMES, names_in_notebook, notebook_values, same_at_every_step
from whygrad.from_code.search.prove import CARRIED, READS_RIGHT
from whygrad.from_code.search.told_together import told_together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.reference.parts import Chain
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.records import FunctionVerdict
    from whygrad.sandbox.requests import Raised, Reply, Request, Runner, Value

_BEHIND, _NAMED, _GIVEN, _LEFT = 2, 4, 6, 8
"""What is told of the cases by number behind an error, of its names, beside a lost name, of a return: so many numbers later."""
_HAS_A_NAME = re.compile(r"\w+(\[[^\[\]]*\])?")
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
    "AssertionError",
}
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
    there = tuple(one for one in told if (one.source, one.line) in {(other.source, other.line) for other in named})
    return tuple(_of_the_notebook(examination, failed, one) for one in there or named or told)


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
    raised, trials, number = failed.reply.raised, examination.trials, int(failed is not examination.trials.alone(function))
    known = same_at_every_step(function)
    if raised is None or raised.type != "NameError" or raised.name not in known.union(SIZE_NAMES):
        return ()
    from whygrad.from_code.observe.quantities import quantities  # noqa: PLC0415 - as above
    from whygrad.from_code.search.find import find  # noqa: PLC0415 - where all is right nothing is looked for

    def search() -> tuple[Finding, ...]:
        values = notebook_values(function, trials.sizes[number], trials.seed)
        sizes = {name: one.value for name in SIZE_NAMES for one in quantities(function, failed.case).named(name, 0)}
        held = {name: values[name] for name in sorted(known)} | sizes
        found = find(_WithNotebook(trials.runner, tuple(held.items())), trials.definitions.pieces, function, failed.case)
        return found if all(one.whole and one.proof == "proved" and one.id is not None and not one.raises for one in found) else ()

    key = _GIVEN + number
    return _faults_told(examination, function, search if trials.known is None else partial(trials.known.findings, function, key, search))


def _is_sure(finding: Finding) -> bool:
    """Whether a line that makes a function raise reads nothing wrong, or another line does.

    What a helper is given, or what only has a name, was made before.
    """
    before = finding.within != finding.function or _HAS_A_NAME.fullmatch(finding.text) is not None
    if finding.raises == "elsewhere":
        return finding.id not in CARRIED  # what should be carried on may be given to another
    return READS_RIGHT in finding.facts and not before


def by_another_name(examination: Examination, function: str, failed: Trial, returned: str = "") -> tuple[Finding, ...]:
    """The one line of which another name mends all; where nothing raises ``returned`` says what is wrong with what is handed back."""
    trials, host = examination.trials, examination.host
    if host is None:
        return ()
    from whygrad.from_code.blame import another_name  # noqa: PLC0415 - as below
    from whygrad.from_code.blame.so_it_raises import stopped_at  # noqa: PLC0415 - as below

    def search() -> tuple[Finding, ...]:
        stopped = stopped_at(trials.runner, trials.definitions.pieces, function, failed.case)
        return another_name.by_another_name(host, function, failed.case, stopped, returned=returned, traced=examination.live)

    number = _NAMED + int(failed is not trials.alone(function))
    return _faults_told(examination, function, search if trials.known is None else partial(trials.known.findings, function, number, search))


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


def looked_for(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """What the search for the line finds."""
    from whygrad.from_code.observe.edited import Mending  # noqa: PLC0415 - where all is right nothing is looked for
    from whygrad.from_code.search.fewer_beside import fewer_beside  # noqa: PLC0415 - as above
    from whygrad.from_code.search.find import find  # noqa: PLC0415 - as above
    from whygrad.from_code.search.leaves_the_loop import leave_the_loop  # noqa: PLC0415 - as above
    from whygrad.from_code.search.mended import mended  # noqa: PLC0415 - as above
    from whygrad.from_code.search.one_edit import by_one_edit  # noqa: PLC0415 - as above
    from whygrad.from_code.search.other_letters import told_by_the_text  # noqa: PLC0415 - as above
    from whygrad.from_code.search.out_of_order import out_of_order  # noqa: PLC0415 - as above
    from whygrad.from_code.search.pair_kept import not_taken_apart  # noqa: PLC0415 - as above
    from whygrad.from_code.search.returns_early import return_early  # noqa: PLC0415 - as above
    from whygrad.from_code.search.spoils_another import right_ones  # noqa: PLC0415 - as above
    from whygrad.from_code.search.stores_nothing import store_nothing  # noqa: PLC0415 - as above
    from whygrad.from_code.search.third_argument import taken_for_a_third  # noqa: PLC0415 - as above
    from whygrad.from_code.search.where_made import where_made  # noqa: PLC0415 - as above

    trials, host, live = examination.trials, examination.host, examination.live
    pieces = trials.definitions.pieces

    def search() -> tuple[Finding, ...]:
        for by_its_form in (taken_for_a_third, not_taken_apart):
            found = () if host is None else by_its_form(host, pieces, function, failed.case, failed.reply, traced=live)
            if found:
                return found
        found = find(trials.runner, pieces, function, failed.case)
        if host is None:
            return found
        options = [*store_nothing(pieces, function), *leave_the_loop(pieces, function), *return_early(pieces, function, found)]
        found = mended(host, function, failed.case, found, options, traced=live) if options else found
        found = told_by_the_text(host, pieces, function, failed.case, found, traced=live)
        if failed.reply.status != "returned":
            tried = [Mending(host, pieces, function, failed.case, live)]
            made = by_one_edit(tried, found) if any(one.id is None for one in found) else found
            if made == found or any(one.id == "name-replaced" for one in made):  # what the error tells of a name says more
                made = where_made(tried, found)
            return found if made == found or len(made) != 1 else (_so_it_raises(made[0], failed.reply.raised),)
        beside = [trials.alone(function, other).case for other in (0, 1) if trials.alone(function, other) is not failed]
        tried = [Mending(host, pieces, function, case, live) for case in (failed.case, *beside[:1])]
        return fewer_beside(tried[0], out_of_order(tried, where_made(tried, by_one_edit(tried, found, kept))))

    kept = right_ones(examination, function)
    beside = frozenset(one.function for one in kept)
    known, number, before = trials.known, int(failed is not trials.alone(function)), len(examination.faults)
    if host is not None and _runs(examination, function, failed, examination.helpers.lines(function)):
        from whygrad.from_code.search.behind_a_helper import behind_a_helper  # noqa: PLC0415 - as above

        behind = _faults_told(
            examination, function, partial(behind_a_helper, examination, Mending(host, pieces, function, failed.case, live))
        )
        if behind:
            return behind
    found = _faults_told(examination, function, search if known is None else partial(known.findings, function, number, search, beside))
    return _unless_they_follow(examination, function, failed, found, before)


def _unless_they_follow(
    examination: Examination, function: str, failed: Trial, found: tuple[Finding, ...], before: int
) -> tuple[Finding, ...]:
    """The findings; none where they are unclear and may follow from a helper's line, told of another function; ``before`` counts faults."""
    lines, through = examination.helpers.lines(function), examination.helpers.through
    unclear = len(found) > 1 or any(finding.id is None for finding in found)
    if unclear and lines.isdisjoint((finding.source, finding.line) for finding in found) and _runs(examination, function, failed, lines):
        del examination.faults[before:]
        examination.helpers.forget(function)
        through.add(function)
        found = ()
    if not found and function in through:
        more = "if more is wrong in it, that shows when the line is mended"
        examination.faults.append(f"{function} goes through a helper's line that is told of another function: {more}")
    return found


def _so_it_raises(finding: Finding, raised: Raised | None) -> Finding:
    """A finding at a line that makes another one raise."""
    if raised is None:
        return finding
    says = f"{finding.says}, and so line {raised.line} raises {raised.type}"
    return replace(finding, says=says, lines=((raised.source or "", raised.line or 0),), raises="elsewhere")


def left_early(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """The return under a condition without which a function is right that hands back something of another kind."""
    trials, host = examination.trials, examination.host
    if host is None:
        return ()
    from whygrad.from_code.search.mended import mended  # noqa: PLC0415 - as above
    from whygrad.from_code.search.returns_early import return_early  # noqa: PLC0415 - as above

    def search() -> tuple[Finding, ...]:
        options = return_early(trials.definitions.pieces, function, ())
        return mended(host, function, failed.case, (), options, traced=examination.live) if options else ()

    number = _LEFT + int(failed is not trials.alone(function))
    return _faults_told(examination, function, search if trials.known is None else partial(trials.known.findings, function, number, search))


def where_it_changes(examination: Examination, function: str) -> tuple[str, int, int] | None:
    """The line at which a function changes what it was given, if whatever is edited can be run."""
    trials, host = examination.trials, examination.host
    if host is None:
        return None
    from whygrad.from_code.search.changed_in_place import where_changed  # noqa: PLC0415 - as above

    return where_changed(host, trials.definitions.pieces, function, trials.alone(function).case, traced=examination.live)


def _runs(examination: Examination, function: str, failed: Trial, lines: Collection[tuple[str, int]]) -> bool:
    """Whether a function that is wrong runs one of these lines, which are known to be wrong: all else may follow from that."""
    if not lines:
        return False
    from whygrad.from_code.observe.subject import Subject  # noqa: PLC0415 - as above

    trials = examination.trials
    subject = Subject(trials.runner, trials.definitions.pieces, function, failed.case.arguments, frozenset({function}))
    return any((record.place.source, record.place.line) in lines for record in subject.traced()[1])


def behind_the_error(examination: Examination, function: str, failed: Trial, stopped: Stopped) -> tuple[Finding, ...]:
    """What the search finds in a function of which no more is known than its error: with a lost call put back, or the line edited."""
    trials, raised, host = examination.trials, failed.reply.raised, examination.host
    if host is None or raised is None or raised.type not in _OF_VALUES or _asks_for_weights(raised):
        return ()
    from whygrad.from_code.search.behind_lost_call import find_behind  # noqa: PLC0415 - as above
    from whygrad.from_code.search.past_the_error import find_past  # noqa: PLC0415 - as above

    def search() -> tuple[Finding, ...]:
        lost = raised.type in {"NameError", "UnboundLocalError"}
        found = find_behind(host, trials.definitions.pieces, function, failed.case, stopped) if lost else ()
        return found or find_past(host, trials.definitions.pieces, function, failed.case, stopped, traced=examination.live)

    number = _BEHIND + int(failed is not trials.alone(function))
    return _faults_told(examination, function, search if trials.known is None else partial(trials.known.findings, function, number, search))


def _looked_for_with_the_notebook(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """The same for a function that reads what its arguments hold from the notebook, which then holds that."""
    from whygrad.from_code.search.find import find  # noqa: PLC0415 - as above

    trials = examination.trials
    runner = _WithNotebook(trials.runner, trials.held(function))
    return _faults_told(examination, function, partial(find, runner, trials.definitions.pieces, function, failed.case))


def looked_for_with_own_caches(examination: Examination, function: str) -> tuple[Finding, ...]:
    """The same for a function that cannot read the course's caches: it is given those of the learner's own forward functions."""
    from whygrad.from_code.observe.edited import Mending  # noqa: PLC0415 - as above
    from whygrad.from_code.search.find import find  # noqa: PLC0415 - as above
    from whygrad.from_code.search.one_edit import by_one_edit  # noqa: PLC0415 - as above
    from whygrad.from_code.search.out_of_order import out_of_order  # noqa: PLC0415 - as above
    from whygrad.from_code.search.where_made import where_made  # noqa: PLC0415 - as above

    trials = examination.trials
    own, pieces = trials.wrong_with_own_caches(function), trials.definitions.pieces

    def search(what: Case, caches: tuple[Value, ...] | Chain) -> tuple[Finding, ...]:
        found = find(trials.runner, pieces, function, what, caches)
        if examination.host is None:
            return found
        tried = [Mending(examination.host, pieces, function, what, examination.live, caches)]
        return out_of_order(tried, where_made(tried, by_one_edit(tried, found)))

    found = own and _faults_told(examination, function, partial(search, *own))
    through = None if found else trials.through_own_forward(function)  # the learner's caches can be handed to nobody else
    return found or (() if through is None else _faults_told(examination, function, partial(search, *through)))


def _faults_told(examination: Examination, function: str, search: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """A fault of the search does not take the verdicts with it, it is told with them."""
    try:
        found = told_together(search())
    except WhygradError:
        raise
    except Exception as error:  # noqa: BLE001 - somebody's code can be anything
        fault = (
            f"the line in {function} was not found, because of a fault of whygrad ({type(error).__name__}); please report it with the file"
        )
        examination.faults.append(fault)
        return ()
    kept = examination.helpers.once(function, found)
    if any(finding.id is not None and not finding.whole for finding in kept):
        examination.faults.append(f"more is wrong in {function} than was found: with the right values at these lines it is still wrong")
    return kept
