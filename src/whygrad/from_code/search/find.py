"""From a function that is wrong to its mistakes: find the lines, name what is wrong there, say how sure that is."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.naming.entry_by_entry import at_entries
from whygrad.from_code.naming.exchanged import with_exchange
from whygrad.from_code.naming.handed_on import handed_on
from whygrad.from_code.naming.name import explains_all, two_orders
from whygrad.from_code.naming.restacked import one_refilled, one_restacked, restacked
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.contract import lost_caches, other_form, turned
from whygrad.from_code.observe.experiment import KINDS, Search
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.over_time import side_by_side
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.roles import options_for, put
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.observe.turned import as_it_lies
from whygrad.from_code.places.at_all_visits import handed_wrongly, hides_another
from whygrad.from_code.places.locate import find_all
from whygrad.from_code.places.masked import stored_by_a_mask
from whygrad.from_code.places.one_helper import still_needed
from whygrad.from_code.places.sources import behind
from whygrad.from_code.places.two_lines import in_two_lines
from whygrad.from_code.reference.parts import cell_of
from whygrad.from_code.search.at_their_entries import at_their_entries
from whygrad.from_code.search.by_each_name import by_each_name
from whygrad.from_code.search.copied_line import lines_copied
from whygrad.from_code.search.cut_in_parts import cut_in_parts
from whygrad.from_code.search.factor_of_its_siblings import with_their_siblings_factor
from whygrad.from_code.search.last_resort import between
from whygrad.from_code.search.prove import gives_anew, may_follow
from whygrad.from_code.search.told_of_found import finding_of, findings_of
from whygrad.from_code.search.told_together import each_once
from whygrad.from_code.search.too_early import one_line_too_early
from whygrad.from_code.search.unlike_its_siblings import at_the_odd_lines
from whygrad.from_code.slips.branches import at_conditions, joined
from whygrad.from_code.slips.from_the_cache import taken_wrongly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.reference.parts import Chain
    from whygrad.sandbox.requests import Piece, Runner, Substitute, Value


_MANY = 3
"""So many findings in a cell are looked at again, the first of them, and a place of so many turns."""


def find(
    runner: Runner,
    pieces: Sequence[Piece],
    function: str,
    case: Case,
    caches_of_own: tuple[Value, ...] | Chain | None = None,
    *,
    at_work: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """The mistakes of one function that gives wrong numbers, in the order of their lines.

    Where no experiment mends anything, one finding without an ``id`` says between which lines it goes wrong.

    Args:
        runner: Runs the learner's functions; its places must be those of ``pieces``.
        pieces: The learner's program.
        function: The function to look into; all others are the reference's.
        case: Arguments on which its answer is wrong.
        caches_of_own: The same with caches of the learner's own layout, which the learner's own cell reads too, or what makes these, if
            they can be handed to nobody else.
        at_work: Helpers that are right, for functions that are go through them.
    """
    subject = subject_of(runner, pieces, function, case, caches_of_own)
    subject.at_work = at_work
    if caches_of_own is not None and not subject.run():
        return ()
    search, found = _searched(subject, case)
    if (one := _one_for_all(search, case, found)) is not None:
        return (_alone(search, case, one),)
    return _told(search, case, found)


def subject_of(
    runner: Runner, pieces: Sequence[Piece], function: str, case: Case, caches_of_own: tuple[Value, ...] | Chain | None
) -> Subject:
    """The function as it is run among the reference's, or the learner's own, with these caches."""
    match caches_of_own:
        case None:
            return Subject(runner, pieces, function, case.arguments, frozenset({function}))
        case tuple():
            return Subject(runner, pieces, function, caches_of_own, frozenset({function, cell_of(function)}), own_cell=True)
        case chain:
            return Subject(runner, pieces, function, case.arguments, chain.own, own_cell=True, chain=chain.arguments)


def _searched(subject: Subject, case: Case) -> tuple[Search, list[Found]]:
    """The search of which the findings explain most, and these."""
    search = Search(subject, side_by_side(subject, as_it_lies(subject, quantities(subject.function, case))))
    search.expected = observed.without(search.expected, case.unasked)
    _only_outputs(search, case)
    asked = search.expected
    search = _behind_a_helper(_fewer(search, _begun(search), asked), asked)
    found = joined(search.found, subject.pieces, search.last)
    source = handed_on(search, found)
    if source is not None:
        search.found = found = [source]
    fewer = with_exchange(search, found)
    return (search, found) if fewer is search else (fewer, joined(fewer.found, subject.pieces, fewer.last))


def _told(search: Search, case: Case, found: list[Found]) -> tuple[Finding, ...]:
    """What is told of the findings, or of others in their places of which more can be told."""
    findings = findings_of(search, case, found)
    unclear = len(found) > 1 and any(finding.id is None for finding in findings)
    if unclear and search.subject.cell == search.subject.function and (each := _at_each_turn(search)) is not None:
        return (_alone(each, case, each.found[0]),)
    pair = next((pair for one in search.doubtful if (pair := _in_two_lines(search, one, found)) is not None), None)
    otherwise = pair or _one_of_them_restacked(search, found, findings)
    if otherwise is not None:
        search.found = otherwise
        search.found, findings = one_line_too_early(search, otherwise, findings_of(search, case, otherwise))
        found = search.found
    search.found, findings = at_the_odd_lines(search, case, found, findings)
    search.found, findings = with_their_siblings_factor(search, case, search.found, findings)
    search.found, findings = at_their_entries(search, case, search.found, findings)
    search.found, findings = by_each_name(search, case, search.found, findings)
    search.found, findings = lines_copied(search, search.found, findings)
    if may_follow(search, search.found):
        findings = tuple(finding for finding in findings if finding.id is not None)
    findings = at_conditions(search, findings)
    told = _of_another_line(search, case, search.found, findings)
    if told is not findings:
        return each_once(told)
    search.found, findings = cut_in_parts(search, search.found, findings)
    return each_once(at_entries(search, search.found, findings))


def _alone(search: Search, case: Case, one: Found) -> Finding:
    """What is told of the one finding that explains all."""
    search.found = [one]
    return finding_of(search, case, one, search.found)


def _one_for_all(search: Search, case: Case, found: Sequence[Found]) -> Found | None:
    """Of several findings the one that they follow from: a stack in another order, or a line of which a change makes all right."""
    lines = {search.subject.places[sub.place].statement for one in found for sub in one.substitutes}
    if len(found) < 2 and not (found and found[0].how == "swapped" and len(lines) > 1):  # noqa: PLR2004 - several, or two lines
        return None
    if all(one.how in {"value", "swapped"} for one in found) and (stack := one_restacked(search)) is not None:
        search.complete = True
        return stack
    return next((one for one in found if one.how == "value" and explains_all(search, one, case.arguments)), None)


def _begun(search: Search) -> list[Found]:
    """What the search finds; it begins with names that get each other's entries of the cache, if that explains all."""
    first = taken_wrongly(search)
    if first is not None:
        search.found, search.substitutes = [first], first.substitutes
    return find_all(search)


def _one_of_them_restacked(search: Search, found: Sequence[Found], findings: tuple[Finding, ...]) -> list[Found] | None:
    """The findings, with a stack whose parts do not stand as what they meet in the place of a line behind it that has no name."""
    for number, one in enumerate(found):
        if len(found) > 1 and one.how == "value" and findings[number].id is None and search.complete:
            others = tuple(sub for other in found if other is not one for sub in other.substitutes)
            if (stack := _stack_behind(search, one, others)) is not None:
                needed = still_needed(search, [other for other in found if other is not one], stack.substitutes)
                return [stack if other is one else other for other in found if other is one or other in needed]
    return None


def _only_outputs(search: Search, case: Case) -> None:
    """With wrong outputs, where caches have a layout of their own, or a sequence's are lost: what is in them is not asked for."""
    if not search.subject.function.endswith("forward"):
        return
    observations, _, reply = search.subject.traced()
    outputs = {name: value for name, value in search.expected.items() if not observed.is_cached(name)}
    wrong, returned = set(observed.results(outputs)) - search.right_results(observations), reply.value
    if "cell" not in search.subject.function:
        lost = lost_caches(search.subject.function, reply, case.arguments[0].shape[-1])
        other = lost is not None or turned(observations, search.expected)
    else:
        other = other_form(search.subject.function, returned, case.expected)
    if wrong and other:
        search.expected = outputs


def _of_another_line(search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, or what says more than a line that has no name, or that only hands on what is wrong already, or than nothing."""
    if len(found) == 1 and found[0].how == "value" and findings[0].id is None:
        made = _made_wrongly(search, case, found[0])
        if made is not None:
            return (made,)
    if len(found) == 1 and found[0].how == "value" and _only_takes(found[0]) and (stack := _stack_behind(search, found[0])) is not None:
        return (_alone(search, case, stack),)
    several = len(found) > 1 and any(finding.id is None for finding in findings)
    if several and (stack := one_restacked(search) or one_refilled(search)) is not None:
        search.complete = True
        return (_alone(search, case, stack),)
    handed = all(one.how == "value" and one.record.place.text.removeprefix("return").strip().isidentifier() for one in found)
    if not handed or any(finding.proof != "located" or finding.id == "call-argument-wrong" for finding in findings):
        return findings
    stack = one_restacked(search)
    if stack is not None:
        search.complete = True
        return (_alone(search, case, stack),)
    unexplained = between(search, sure=bool(found))
    return findings if unexplained is None else (unexplained,)


def _made_wrongly(search: Search, case: Case, found: Found) -> Finding | None:
    """The line before the one found of which a change makes all right; of two such lines, that their parts do not fit each other."""
    lines = list(islice((earlier for earlier in behind(search, found) if explains_all(search, earlier, case.arguments)), 2))
    one = lines[0] if lines else _stack_behind(search, found) or stored_by_a_mask(search, found)
    if one is None:
        return None
    told = _alone(search, case, one)
    if len(lines) < 2:  # noqa: PLR2004 - several
        return told
    name = two_orders(search, one, case.arguments, lines[1])
    return replace(told, id=name.id, says=name.says, hints=name.hints, lines=name.lines)


def _stack_behind(search: Search, one: Found, others: tuple[Substitute, ...] = ()) -> Found | None:
    """The last line before the one found that makes a stack whose parts do not stand as what they meet; ``others`` mend the rest."""
    stacks = (restacked(search, earlier, others) for earlier in behind(search, one))
    return next((stack for stack in stacks if stack is not None), None)


def _only_takes(found: Found) -> bool:
    """Whether a line does no more than take a part of something, or what one function gives of a part."""
    node = expression_of(found.record.place.computes)
    inner = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 else node
    return isinstance(inner, ast.Subscript)


def _fewer(search: Search, found: Sequence[Found], asked: Observations) -> Search:
    """Of many findings some may only make up for another one: the search that begins with one of them, if it needs fewer.

    So may one of two, where a name got what another name should hold: the search that begins with what belongs to the name, if it does not
    need more. ``asked`` is what should come right.
    """
    best = search
    several = len(found) > 1 and search.complete and search.subject.cell == search.subject.function
    values = [one for one in found if one.how == "value"][:_MANY] if several else []
    named = [right for one in values if (right := _by_its_name(search, one)) is not None]
    for one in (*named, *(values if len(found) >= _MANY else ())):
        other = Search(search.subject, search.quantities)
        other.expected, other.found, other.substitutes = asked, [one], one.substitutes
        find_all(other)
        fewer = len(other.found) < len(best.found) + (one in named and best is search)
        if other.complete and fewer and _unknown(other.found) <= _unknown(found):
            best = other
    return best


def _at_each_turn(search: Search) -> Search | None:
    """The search that finds one place alone: gone through for each gate, at every turn it holds a right quantity that belongs elsewhere."""
    other = Search(search.subject, search.quantities)
    other.expected, other.round = search.expected, other.look()
    turns: dict[int, list[Record]] = defaultdict(list)
    for record in other.now.records:
        if record.place.loops and record.place.kind in KINDS and shape_of(record.value):
            turns[record.place.id].append(record)
    for records in turns.values():
        belongs = [(record, right) for record in records if (right := _another_quantity(other, record)) is not None]
        one = other.attempt(records[0], "value", put(belongs), belongs[0][1]) if len(belongs) == len(records) >= _MANY else None
        if one is not None and one.cured >= other.now.wrong:
            other.found, other.substitutes = [one], one.substitutes
            find_all(other)
            return other
    return None


def _another_quantity(search: Search, record: Record) -> Value | None:
    """What belongs where another right quantity is."""
    if not search.quantities.recognised(record.value, search.tolerance, stacks=False):
        return None
    right = next((one.value for one in options_for(search, record)), None)
    return None if same(record.value, right, search.tolerance) else right


def _behind_a_helper(search: Search, asked: Observations) -> Search:
    """Where what is put at a helper's line hides another mistake: the search that begins with the line mended at all its visits."""
    one = hides_another(search)
    if one is None:
        return search
    here = next(found for found in search.found if found.record.place.id == one.record.place.id)
    if (handed := handed_wrongly(search, here)) is not None:
        search.found = [handed if found is here else found for found in search.found]
        return search
    other = Search(search.subject, search.quantities)
    other.spread = True
    others = [found for found in search.found if found is not here]
    other.expected, other.found = asked, [one, *others]
    other.substitutes = tuple(sub for found in other.found for sub in found.substitutes)
    find_all(other)
    if other.complete and len(other.found) > len(search.found):
        return other
    search.found = [one if found is here else found for found in search.found]
    search.complete = False
    return search


def _unknown(found: Sequence[Found]) -> int:
    """Of how many findings it is not known what belongs there."""
    return sum(one.how == "value" and one.right is None for one in found)


def _by_its_name(search: Search, one: Found) -> Found | None:
    """A finding with what the reference calls by the name at its place, where another quantity was put there.

    Where the name gets another value further down (first one path, then the other one added to it), it tells nothing.
    """
    record, shape = one.record, shape_of(one.right)
    if any(gives_anew(later, record) for later in search.last):
        return None
    belongs = next((q for q in search.quantities.named(record.name, record.phase) if shape_of(q.value) == shape), None)
    if belongs is None or shape is None or one.quantity is None or len(one.substitutes) != 1 or same(belongs.value, one.right):
        return None
    put = (replace(one.substitutes[0], place=record.place.id, visit=record.visit, value=belongs.value),)
    return replace(one, right=belongs.value, quantity=belongs, substitutes=put, visits=((record.value, belongs.value),))


def _in_two_lines(search: Search, one: Found, found: Sequence[Found]) -> list[Found] | None:
    """The findings with two in the place of one, if what is wrong there are two lines."""
    at = next((n for n, other in enumerate(found) if list(map(_put, other.substitutes)) == list(map(_put, one.substitutes))), None)
    others = tuple(sub for n, other in enumerate(found) if n != at for sub in other.substitutes)
    pair = in_two_lines(search, one, others) if at is not None and search.complete else None
    return None if pair is None or at is None else [*found[:at], *pair, *found[at + 1 :]]


def _put(substitute: Substitute) -> tuple[object, ...]:
    """What is put where, so that it can be held against another one: two arrays are the same if they are one."""
    return substitute.place, substitute.visit, substitute.copy, id(substitute.value)
