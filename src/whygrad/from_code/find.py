"""From a function that is wrong to its mistakes: find the lines, name what is wrong there, say how sure that is."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code import observed
from whygrad.from_code.branches import joined
from whygrad.from_code.contract import course_layout, one_twice
from whygrad.from_code.entry_by_entry import at_entries
from whygrad.from_code.exchanged import with_exchange
from whygrad.from_code.experiment import STATED
from whygrad.from_code.finding import Finding
from whygrad.from_code.from_the_cache import taken_wrongly
from whygrad.from_code.handed_on import handed_on
from whygrad.from_code.last_resort import between
from whygrad.from_code.locate import Search
from whygrad.from_code.name import explains_all, named, two_orders
from whygrad.from_code.over_time import side_by_side
from whygrad.from_code.parts import cell_of
from whygrad.from_code.prove import may_follow, proof
from whygrad.from_code.quantities import quantities
from whygrad.from_code.restacked import one_restacked, restacked
from whygrad.from_code.so_it_raises import so_it_raises, where_it_raises
from whygrad.from_code.stretch import of_found
from whygrad.from_code.subject import Subject, same, shape_of
from whygrad.from_code.turned import as_it_lies
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.experiment import Found
    from whygrad.from_code.inputs import Case
    from whygrad.from_code.subject import Observations
    from whygrad.from_code.trials import Chain
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Runner, Value


_AT_A_STEP = frozenset(("name-replaced",))
"""Mistakes whose sentence does not tell by itself at which step they show."""
_CHOSEN = frozenset(("cache-of-wrong-step", "upstream-wrong-step", "input-of-wrong-step"))
"""Mistakes of an argument that another line chooses, where a loop goes over just these."""
_MANY = 3
"""So many findings in a cell are looked at again, the first of them."""


def find(
    runner: Runner, pieces: Sequence[Piece], function: str, case: Case, caches_of_own: tuple[Value, ...] | Chain | None = None
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
    """
    right = quantities(function, case)
    match caches_of_own:
        case None:
            subject = Subject(runner, pieces, function, case.arguments, frozenset({function}))
        case tuple():
            subject = Subject(runner, pieces, function, caches_of_own, frozenset({function, cell_of(function)}), own_cell=True)
        case _:
            chain = caches_of_own
            subject = Subject(runner, pieces, function, case.arguments, chain.own, own_cell=True, chain=chain.arguments)
    if caches_of_own is not None and not subject.run():
        return ()
    search = Search(subject, side_by_side(subject, as_it_lies(subject, right)))
    _only_outputs(search, case)
    asked = search.expected
    search = _fewer(search, _begun(search), asked)
    found = joined(search.found, pieces, search.last)
    source = handed_on(search, found)
    if source is not None:
        search.found = found = [source]
    fewer = with_exchange(search, found)
    if fewer is not search:
        search, found = fewer, joined(fewer.found, pieces, fewer.last)
    if (one := _one_for_all(search, case, found)) is not None:
        search.found = [one]
        return (_finding(search, case, one, search.found, pieces),)
    findings = _findings(search, case, found, pieces)
    pair = next((pair for one in search.doubtful if (pair := _in_two_lines(search, one, found)) is not None), None)
    otherwise = pair or _one_of_them_restacked(search, found, findings)
    if otherwise is not None:
        search.found = found = otherwise
        findings = _findings(search, case, found, pieces)
    if may_follow(search, found):
        findings = tuple(finding for finding in findings if finding.id is not None)
    told = _of_another_line(search, case, found, findings, pieces)
    return at_entries(search, found, findings) if told is findings else told


def _one_for_all(search: Search, case: Case, found: Sequence[Found]) -> Found | None:
    """Of several findings the one that they follow from: a stack in another order, or a line of which a change makes all right."""
    if len(found) < 2:  # noqa: PLR2004 - several
        return None
    if all(one.how == "value" for one in found) and (stack := one_restacked(search)) is not None:
        search.complete = True
        return stack
    return next((one for one in found if one.how == "value" and explains_all(search, one, case.arguments)), None)


def _begun(search: Search) -> list[Found]:
    """What the search finds; it begins with names that get each other's entries of the cache, if that explains all."""
    first = taken_wrongly(search)
    if first is not None:
        search.found, search.substitutes = [first], first.substitutes
    return search.run()


def _one_of_them_restacked(search: Search, found: Sequence[Found], findings: tuple[Finding, ...]) -> list[Found] | None:
    """The findings, with a stack whose parts do not stand as what they meet in the place of a line behind it that has no name."""
    for number, one in enumerate(found):
        if len(found) > 1 and one.how == "value" and findings[number].id is None and search.complete:
            others = tuple(sub for other in found if other is not one for sub in other.substitutes)
            stacks = (stack for earlier in search.behind(one) if (stack := restacked(search, earlier, others)) is not None)
            if (stack := next(stacks, None)) is not None:
                return [*found[:number], stack, *found[number + 1 :]]
    return None


def _only_outputs(search: Search, case: Case) -> None:
    """A forward cell with wrong outputs whose cache has a layout of its own: what is in the cache is not asked for."""
    if not search.subject.function.endswith("cell_forward"):
        return
    observations, _, reply = search.subject.traced()
    outputs = {name: value for name, value in search.expected.items() if not observed.is_cached(name)}
    wrong, returned = outputs.keys() - search.right_results(observations), reply.value
    kept = cast("Any", returned)[-1] if isinstance(returned, tuple) and returned else None
    right = case.expected[-1]
    if wrong and kept is not None and not course_layout(search.subject.function, kept, right) and not one_twice(kept, right):
        search.expected = outputs


def _of_another_line(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...], pieces: Sequence[Piece]
) -> tuple[Finding, ...]:
    """The findings, or what says more than a line that has no name, or that only hands on what is wrong already, or than nothing."""
    if len(found) == 1 and found[0].how == "value" and findings[0].id is None:
        made = _made_wrongly(search, case, found[0], pieces)
        if made is not None:
            return (made,)
    if len(found) > 1 and any(finding.id is None for finding in findings) and (stack := one_restacked(search)) is not None:
        search.found, search.complete = [stack], True
        return (_finding(search, case, stack, search.found, pieces),)
    handed = all(one.how == "value" and one.record.place.text.removeprefix("return").strip().isidentifier() for one in found)
    if not handed or any(finding.proof != "located" or finding.id == "call-argument-wrong" for finding in findings):
        return findings
    stack = one_restacked(search)
    if stack is not None:
        search.found, search.complete = [stack], True
        return (_finding(search, case, stack, search.found, pieces),)
    unexplained = between(search, search.subject.runner, pieces, sure=bool(found))
    return findings if unexplained is None else (unexplained,)


def _made_wrongly(search: Search, case: Case, found: Found, pieces: Sequence[Piece]) -> Finding | None:
    """The line before the one found of which a change makes all right; of two such lines, that their parts do not fit each other."""
    lines = list(islice((earlier for earlier in search.behind(found) if explains_all(search, earlier, case.arguments)), 2))
    lines = lines or list(islice((stack for earlier in search.behind(found) if (stack := restacked(search, earlier)) is not None), 1))
    if not lines:
        return None
    one, *others = lines
    search.found = [one]
    told = _finding(search, case, one, search.found, pieces)
    if not others:
        return told
    name = two_orders(search, one, case.arguments, others[0])
    return replace(told, id=name.id, says=name.says, hints=name.hints, lines=name.lines)


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
        other.run()
        fewer = len(other.found) < len(best.found) + (one in named and best is search)
        if other.complete and fewer and _unknown(other.found) <= _unknown(found):
            best = other
    return best


def _unknown(found: Sequence[Found]) -> int:
    """Of how many findings it is not known what belongs there."""
    return sum(one.how == "value" and one.right is None for one in found)


def _by_its_name(search: Search, one: Found) -> Found | None:
    """A finding with what the reference calls by the name at its place, where another quantity was put there."""
    record, shape = one.record, shape_of(one.right)
    belongs = next((q for q in search.quantities.named(record.name, record.phase) if shape_of(q.value) == shape), None)
    if belongs is None or shape is None or one.quantity is None or len(one.substitutes) != 1 or same(belongs.value, one.right):
        return None
    put = (replace(one.substitutes[0], place=record.place.id, visit=record.visit, value=belongs.value),)
    return replace(one, right=belongs.value, quantity=belongs, substitutes=put, visits=((record.value, belongs.value),))


def _findings(search: Search, case: Case, found: Sequence[Found], pieces: Sequence[Piece]) -> tuple[Finding, ...]:
    """What is told of each of the places found."""
    return tuple(replace(_finding(search, case, one, found, pieces), whole=search.complete) for one in found)


def _finding(search: Search, case: Case, one: Found, all_found: Sequence[Found], pieces: Sequence[Piece]) -> Finding:
    others = tuple(sub for other in all_found if other is not one for sub in other.substitutes)
    observations, records, _ = search.subject.traced(others)
    one = search.seen_now(one, records)
    if one.how == "raises" and not one.inputs:
        one = replace(one, inputs=search.reads_rightly(one, records, others))
    remaining = {name: value for name, value in observations.items() if observed.is_result(name)}
    name = named(search, one, case.arguments, remaining, others)
    for part in search.within(one, others) if name.id is None or name.slips > 1 else ():
        inner = named(search, part, case.arguments, remaining, others)
        if inner.id is not None and (name.id is None or inner.slips < name.slips):
            name = inner
            break
    if name.id is None and one.inputs and one.how != "raises" and not search.plainly_right(one):
        one = replace(one, inputs=False)
        name = named(search, one, case.arguments, remaining, others)
    if name.id is None or name.slips > 1:
        search.doubtful.append(one)
    place, (kind, facts) = one.record.place, proof(search, one, name, remaining, records)
    header = _header(search, one) if name.id in _CHOSEN else None
    at = place if header is None else header
    line, column, text = where_it_raises(search, one, others) or (at.line, at.column, at.text)
    says = f"{name.says}{_at_one_step(search, one)}" if name.id in _AT_A_STEP else name.says
    name, raises = so_it_raises(search, one, replace(name, says=says), others)
    if one.how == "raises" and len(one.names) > 1:
        name = replace(name, says=f"{name.says}; the same holds for {listed(one.names[1:])}")
    stretch = of_found(search, one, search.subject.runner, pieces) if name.id is None else None
    return Finding(
        function=search.subject.function, within=place.function, source=place.source, line=line, column=column,
        text=" ".join(text.split())[:200], id=name.id, quantity=name.quantity, step=_step(search, one), says=name.says,
        hints=name.hints, proof=kind, facts=facts, stretch=stretch, lines=name.lines,
        raises=raises,
    )  # fmt: skip


def _header(search: Search, one: Found) -> Place | None:
    """What gives a call's argument its value: the loop, if it goes over caches or steps in the wrong order, or a line that takes one."""
    place = one.record.place
    if one.how != "argument" or not place.text.isidentifier():
        return None
    gives = [
        other
        for other in search.subject.places
        if other.function == place.function and other.line < place.line and place.text in re.findall(r"\w+", other.target)
        if other.kind in {"loop", "assign", "target", "after"}
    ]
    last = gives[-1] if gives else None
    takes = last is not None and last.kind == "assign" and re.fullmatch(rf"{place.text}\s*=\s*\w+\[.*\]", last.text) is not None
    return last if last is not None and (last.kind == "loop" or takes) else None


def _in_two_lines(search: Search, one: Found, found: Sequence[Found]) -> list[Found] | None:
    """The findings with two in the place of one, if what is wrong there are two lines."""
    at = next((n for n, other in enumerate(found) if other.substitutes == one.substitutes), None)
    others = tuple(sub for n, other in enumerate(found) if n != at for sub in other.substitutes)
    pair = search.in_two_lines(one, others) if at is not None and search.complete else None
    return None if pair is None or at is None else [*found[:at], *pair, *found[at + 1 :]]


def _at_one_step(search: Search, one: Found) -> str:
    """Where a line of the loop is wrong at one step only: at which."""
    steps, place = len(search.quantities.calls), one.record.place
    visits = sum(record.place.id == place.id for record in search.last)
    once = len(one.substitutes) == 1 and visits == steps > 1 and place.function == search.subject.function
    if not once or one.how != "value" or not search.subject.calling or not search.complete:
        return ""
    backward = search.subject.function.endswith("backward")
    return f", at step {steps - 1 - one.record.visit if backward else one.record.visit} alone"


def _step(search: Search, one: Found) -> int | None:
    """The time step at which the place is first wrong; None in a cell, and before or after the loop."""
    steps, phase = len(search.quantities.calls), one.record.phase
    if not search.subject.calling or not steps or one.record.place.function != search.subject.function:
        return None
    call = phase if one.how == "argument" else phase - 1
    if not 0 <= call < steps or one.how in {"loop", "unfilled", *STATED}:
        return None
    return steps - 1 - call if search.subject.function.endswith("backward") else call
