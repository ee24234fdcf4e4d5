"""What the search finds in one function of an examination, and on what it is run there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.reference.parts import cell_of
from whygrad.from_code.search.asked_in_a_helper import asked_in_a_helper
from whygrad.from_code.search.behind_a_helper import at_work_elsewhere, behind_a_helper, beside_a_helper
from whygrad.from_code.search.between_two_lines import between_two_lines
from whygrad.from_code.search.changed_in_place import where_changed
from whygrad.from_code.search.default_of_several import default_of_several
from whygrad.from_code.search.fewer_beside import fewer_beside
from whygrad.from_code.search.find import find
from whygrad.from_code.search.in_one_line import in_one_line
from whygrad.from_code.search.in_the_common_helper import in_the_common_helper
from whygrad.from_code.search.kept_for_the_backward import kept_for_the_backward
from whygrad.from_code.search.leaves_the_loop import leave_the_loop
from whygrad.from_code.search.made_as_another import made_as_another
from whygrad.from_code.search.misspelt_argument import misspelt_argument
from whygrad.from_code.search.one_edit import by_one_edit
from whygrad.from_code.search.other_letters import told_by_the_text
from whygrad.from_code.search.out_of_order import out_of_order
from whygrad.from_code.search.pair_for_one import pair_for_one
from whygrad.from_code.search.pair_kept import not_taken_apart
from whygrad.from_code.search.returns_early import return_early
from whygrad.from_code.search.searches import case_of, faults_told, kept, mending_of
from whygrad.from_code.search.slips_tried import mended, options
from whygrad.from_code.search.spoils_another import at_work_in, right_ones, right_with_own_caches, wrong_ones
from whygrad.from_code.search.stores_nothing import store_nothing
from whygrad.from_code.search.third_argument import taken_for_a_third
from whygrad.from_code.search.where_made import where_made
from whygrad.from_code.search.with_its_edit import with_its_edit
from whygrad.from_code.search.written_by_entries import written_by_entries
from whygrad.from_code.search.written_out import written_out
from whygrad.from_code.verdict.by_the_cells_name import as_written, by_the_cells_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.reference.parts import Chain
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.records import FunctionVerdict
    from whygrad.sandbox.requests import Raised, Value


def looked_for(examination: Examination, function: str, failed: Trial) -> tuple[Finding, ...]:
    """What the search for the line finds."""
    trials, mending = examination.trials, mending_of(examination, function, failed.case)

    def search() -> tuple[Finding, ...]:
        for by_its_form in (taken_for_a_third, not_taken_apart, pair_for_one):
            found = () if mending is None else by_its_form(mending, failed.reply)
            if found:
                return found
        works = at_work_in(right)
        found = find(trials.runner, trials.definitions.pieces, function, failed.case, at_work=works)
        if mending is None:
            return found
        if more := at_work_elsewhere([*wrong, *right], mending, found):
            found = find(trials.runner, mending.pieces, function, failed.case, at_work=works | more)
        found = written_out(mending, in_one_line(mending, found), works)
        slips = store_nothing, leave_the_loop, partial(return_early, found)
        found = mended(mending, found, [option for some in slips for option in options(mending, some)])
        by_default = mended(mending, found, list(default_of_several(mending)))
        found = by_default if by_default is not found else told_by_the_text(mending, found)
        if failed.reply.status != "returned":
            made = by_one_edit([mending], found) if any(one.id in {None, "left-at-zero"} for one in found) else found
            if made == found or any(one.id == "name-replaced" for one in made):  # what the error tells of a name says more
                made = where_made([mending], found)
            return found if made == found or len(made) != 1 else (_so_it_raises(made[0], failed.reply.raised),)
        others = (one for one in map(partial(trials.alone, function), (0, 1)) if one.reply is not failed.reply)
        beside = [replace(one.case, unasked=failed.case.unasked) for one in others]
        tried = [mending, *(mending._replace(case=case) for case in beside[:1])]
        found = written_by_entries(tried, between_two_lines(tried, found))
        made = made_as_another(tried, where_made(tried, by_one_edit(tried, found, right)), right)
        made = asked_in_a_helper(tried, made, right, wrong)
        found = beside_a_helper(mending, out_of_order(tried, made))
        return with_its_edit(mending, fewer_beside(mending, found))

    right, wrong = right_ones(examination, function), wrong_ones(examination, function)
    before = len(examination.faults)
    if mending is not None and _runs(examination, function, failed, examination.helpers.lines(function)):
        behind = faults_told(examination, function, partial(behind_a_helper, examination, mending))
        if behind:
            return behind
    found = kept(examination, function, case_of(examination, function, failed), search, frozenset(one.function for one in (*right, *wrong)))
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


def by_its_argument(examination: Examination, verdict: FunctionVerdict, failed: Trial) -> tuple[Finding, ...]:
    """The argument that a function reads by a name which is not its own, and what is wrong beside it."""
    function = verdict.function
    mending = mending_of(examination, function, failed.case)
    if mending is None:
        return ()
    first, *rest = faults_told(examination, function, partial(misspelt_argument, mending, failed.reply)) or (None,)
    if first is None:
        return ()
    return (_so_it_raises(first, failed.reply.raised) if verdict.verdict == "raises" else first, *rest)


def where_it_changes(examination: Examination, function: str) -> tuple[str, int, int] | None:
    """The line at which a function changes what it was given, if whatever is edited can be run."""
    mending = mending_of(examination, function, examination.trials.alone(function).case)
    if mending is None:
        return None
    return where_changed(mending)


def _runs(examination: Examination, function: str, failed: Trial, lines: Collection[tuple[str, int]]) -> bool:
    """Whether a function that is wrong runs one of these lines, which are known to be wrong: all else may follow from that."""
    if not lines:
        return False
    trials = examination.trials
    subject = Subject(trials.runner, trials.definitions.pieces, function, failed.case.arguments, frozenset({function}))
    return any((record.place.source, record.place.line) in lines for record in subject.traced()[1])


def _by_the_cells_name(examination: Examination, function: str) -> tuple[Finding, ...]:
    """What is found where caches are functions, and the loop is written as one that hands them to its cell."""
    with by_the_cells_name(examination, function) as named:
        if named is None:
            return ()
        other, written = named
        failed = other.trials.failed(function)
        found = () if failed is None or failed.reply.status != "returned" else looked_for(other, function, failed)
    examination.faults += other.faults if found else ()
    return examination.helpers.once(function, as_written(examination.trials.definitions.pieces, found, written))


def looked_for_with_own_caches(examination: Examination, function: str) -> tuple[Finding, ...]:
    """The same for a function that cannot read the course's caches: it is given those of the learner's own forward functions."""
    trials = examination.trials
    own, pieces = trials.wrong_with_own_caches(function), trials.definitions.pieces
    if own is not None and trials.run(function, own[1], trials.own & {function, cell_of(function)}).status != "returned":
        own = trials.through_own_forward(function) or own  # its own loop keeps other caches than its cell

    def search(what: Case, caches: tuple[Value, ...] | Chain) -> tuple[Finding, ...]:
        mending = mending_of(examination, function, what)
        if mending is None:
            return find(trials.runner, pieces, function, what, caches)
        tried = [mending._replace(own=caches)]
        if argument := misspelt_argument(tried[0], tried[0].answer(pieces)):
            return argument
        if behind := behind_a_helper(examination, tried[0]):
            return behind
        found = written_out(tried[0], in_one_line(tried[0], find(trials.runner, pieces, function, what, caches)))
        found = in_the_common_helper(examination, tried[0], mended(tried[0], found, list(default_of_several(tried[0]))))
        right = right_with_own_caches(examination, function)
        made = by_one_edit(tried, found, right)
        if right and found and made == found and all(one.id is None and one.within != function for one in found):
            made = by_one_edit(tried, (), right) or found  # a right function goes through the helper: the caller's lines come first
        found = with_its_edit(tried[0], out_of_order(tried, where_made(tried, made)))
        return kept_for_the_backward(examination, tried[0], found)

    found = _by_the_cells_name(examination, function) or (own and faults_told(examination, function, partial(search, *own)))
    through = None if found else trials.through_own_forward(function)  # the learner's caches can be handed to nobody else
    return found or (() if through is None else faults_told(examination, function, partial(search, *through)))
