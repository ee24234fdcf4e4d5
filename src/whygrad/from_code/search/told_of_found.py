"""From a place that was found to what is told of it: its line, what is wrong there, how that is known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.blame.so_it_raises import raises_because, so_it_raises, where_it_raises
from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.at_which_step import step_of
from whygrad.from_code.naming.ideas import ideas_of
from whygrad.from_code.naming.name import named, row_of
from whygrad.from_code.naming.stretch import of_found, results
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.experiment import STATED, last_name
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.observe.subject import by_place
from whygrad.from_code.places.locate import parts_within, put_over
from whygrad.from_code.places.sources import plainly_right
from whygrad.from_code.places.used_rightly import seen_now
from whygrad.from_code.search.prove import CARRIED, makes_up_for_more, proof, reads_right
from whygrad.from_code.stops.raising import as_read_now
from whygrad.from_code.words import which_step
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.blame.so_it_raises import Where
    from whygrad.from_code.line_to_blame import Cause
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Substitute

_AT_A_STEP = frozenset(("name-replaced",))
"""Mistakes whose sentence does not tell by itself at which step they show."""
EXCHANGED = frozenset(("name-replaced", "kind-replaced", "names-exchanged"))
"""Mistakes of a line that holds what belongs elsewhere."""
_A_WORD = re.compile(
    r"(?:(?<= has )|(?<= and )|(?<= where ))(?:a|do|i|it)(?= (?:where another value|itself) belongs)"
    r"|^(?:a|do|i|it)(?= (?:gets|has|is|lacks|stands) )"
)
"""A name that reads as a word of the sentence."""
OF_ANOTHER_STEP = frozenset(("cache-of-wrong-step", "upstream-wrong-step", "input-of-wrong-step"))
"""Mistakes of an argument that another line chooses, where a loop goes over just these."""


def findings_of(search: Search, case: Case, found: Sequence[Found]) -> tuple[Finding, ...]:
    """What is told of each of the places found; of several also the ideas that they may have in common."""
    told = tuple(replace(finding := finding_of(search, case, one, found), whole=_whole(search, one, finding, found)) for one in found)
    if len(told) == 1:
        return told
    return tuple(replace(finding, ideas=ideas_of(search, one, finding.id)) for finding, one in zip(told, found, strict=True))


def _whole(search: Search, one: Found, finding: Finding, found: Sequence[Found]) -> bool | None:
    """Whether all comes right with what was found.

    Of what is computed behind the end of a loop that is left early nothing is known, nor of a name that belongs there at one visit only,
    nor of lines that add to what one begins, nor of a call that reads a name which is wrong even where the call is given what is right; nor
    is it where a helper's line was changed as fits most of its visits.
    """
    beside = search.spread and one.record.place.function == search.subject.function
    unknown = beside or one.how == "early" or makes_up_for_more(search, one) or _reads_what_is_wrong(search, one, finding, found)
    unknown = unknown or (finding.id in EXCHANGED and not _belongs_at_each_visit(search, one, found))
    return None if search.complete and unknown else search.complete


def _belongs_at_each_visit(search: Search, one: Found, found: Sequence[Found]) -> bool:
    """Whether, where some name holds what belongs at the first visit of a place, one name does so at each, once all is mended.

    Of a place that never came to a value of its own, since it raises, that is not asked.
    """
    rights = {sub.visit: sub.value for sub in one.substitutes if sub.place == one.record.place.id and not sub.copy}
    if len(rights) < 2 or all(record.place.id != one.record.place.id for record in search.last):  # noqa: PLR2004 - one visit and more
        return True
    records = search.subject.traced(tuple(sub for other in found for sub in other.substitutes))[1]
    visits = [(at, rights[at.visit]) for at in records if at.place.id == one.record.place.id and at.visit in rights]
    named = [{name for name, value in scope(search, at, records).items() if same(value, right, search.tolerance)} for at, right in visits]
    return not named or not named[0] or bool(set[str].intersection(*named))


def _reads_what_is_wrong(search: Search, one: Found, finding: Finding, found: Sequence[Found]) -> bool:
    """Whether a call of a backward cell computes with a name that is not right, at any turn, in the run in which it is given what is.

    So is a carry that stays zero, if the finding tells of something else.
    """
    place = one.record.place
    if (
        len(found) > 1
        or one.how not in {"argument", "swapped"}
        or not search.subject.calling
        or not search.subject.function.endswith("backward")
    ):
        return False
    records = search.subject.traced(tuple(sub for other in found for sub in other.substitutes))[1]
    here = [read for read in records if read.place.kind == "read" and read.place.statement == place.statement]
    reads = [read for read in here if one.how == "swapped" or read.place.text in re.findall(r"\w+", place.text)]
    turns = [visits for visits in by_place(read for read in reads if shape_of(read.value) is not None).values() if len(visits) > 1]
    stay_zero = any(not any(np.any(read.value) for read in visits) for visits in turns)
    wrong = any(not search.quantities.recognised(read.value, search.tolerance) for visits in turns for read in visits)
    return wrong or (stay_zero and finding.id not in CARRIED)


def finding_of(search: Search, case: Case, one: Found, all_found: Sequence[Found]) -> Finding:
    """What is told of one place; all the others that were found are mended for it."""
    over = put_over(search, one)  # with these nothing would be seen of it
    others = tuple(sub for other in all_found if other is not one and other not in over for sub in other.substitutes)
    observations, records, _ = search.subject.traced(others)
    one = seen_now(search, one, records)
    if one.how == "raises" and not one.inputs:
        one = as_read_now(search, one, records, others)
    remaining = {name: value for name, value in observations.items() if observed.is_result(name)}
    one, name = _named(search, case, one, remaining, others)
    if name.id is None or name.slips > 1:
        search.doubtful.append(one)
    kind = proof(search, one, name, remaining, records)
    early = _ends_early(search, one, records) if name.id == "examples-left-out" else None
    header = _header(search, one) if name.id in OF_ANOTHER_STEP else early
    row = row_of(search, one, case.arguments, remaining, others) if header is None else 0
    line, column, text = (None if row else where_it_raises(search, one, others)) or _in_row(header or one.record.place, row)
    name, raises = _with_what_it_raises(search, one, name, others)
    source, because = one.record.place.source, raises_because(search, name, others)
    if because is not None:
        name = _because(search, name, because, (source, line))
        source, line, column = because.line
        text = _text_at(search, source, line) or text
    stretch = of_found(search, one) if name.id is None else None
    if stretch is not None and makes_up_for_more(search, one):  # what belongs at this line alone is not known
        stretch = replace(stretch, came_out=results(search.expected, observations))
    function, within = search.subject.function, _function_at(search, source, line) or one.record.place.function
    if last_name(within) != function:  # a helper's line
        name = replace(name, hints=(name.hints[0].replace(f" in {function}", f" in {last_name(within)}, for {function}"), *name.hints[1:]))
    return Finding(
        function=function, within=within, source=source, line=line, column=column,
        text=" ".join(text.split())[:200], id=name.id, quantity=name.quantity, step=_step(search, one), says=name.says,
        hints=name.hints, proof=kind, stretch=stretch, lines=name.lines,
        raises=raises, shared=_shared(search, one, name.id, records), reads_right=kind != "contract" and reads_right(one),
        instead=name.instead,
    )  # fmt: skip


def _named(search: Search, case: Case, one: Found, remaining: Observations, others: tuple[Substitute, ...]) -> tuple[Found, Name]:
    """The name of what was found, or of a part of it of which more can be said; without one it is not sure that all it reads is right."""
    name = named(search, one, case.arguments, remaining, others)
    for part in parts_within(search, one, others) if name.id is None or name.slips > 1 else ():
        inner = named(search, part, case.arguments, remaining, others)
        if inner.id is not None and (name.id is None or inner.slips < name.slips):
            return one, inner
    if name.id is None and one.inputs and one.how != "raises" and not plainly_right(search, one):
        doubted = replace(one, inputs=False)
        return doubted, named(search, doubted, case.arguments, remaining, others)
    return one, name


def _with_what_it_raises(search: Search, one: Found, name: Name, others: tuple[Substitute, ...]) -> tuple[Name, Where]:
    """The name with at which step it shows, and what the line raises, and where; of one error that several names raise with the others."""
    says = f"{name.says}{_at_one_step(search, one)}" if name.id in _AT_A_STEP else name.says
    told, raises = so_it_raises(search, one, replace(name, says=_A_WORD.sub(r"the name \g<0>", says)), others)
    same = list(dict.fromkeys(one.names))[1:] if one.how == "raises" else []
    return (replace(told, says=f"{told.says}; the same holds for {listed(same)}") if same else told), raises


def _because(search: Search, name: Name, cause: Cause, raised: tuple[str, int]) -> Name:
    """The name with the cause of what is raised."""
    where, what, asks = name.hints
    lines = tuple(dict.fromkeys((*name.lines, raised)))
    return replace(name, says=f"{search.subject.function} {cause.says}", hints=(where, cause.hint or what, asks), lines=lines)


def _text_at(search: Search, source: str, line: int) -> str:
    """What stands in a line of the program, if it has it."""
    within = (piece for piece in search.subject.pieces if piece.source == source and 0 <= line - piece.line < len(piece.lines))
    return next((piece.lines[line - piece.line] for piece in within), "")


def _shared(search: Search, one: Found, known: str | None, records: Sequence[Record]) -> bool:
    """Whether a line of a helper, through which the function goes several times, is told to hold what belongs elsewhere."""
    place = one.record.place
    inside = known in EXCHANGED and place.function != search.subject.function
    return inside and sum(record.place.id == place.id for record in records) > 1


def _in_row(place: Place, row: int) -> tuple[int, int, str]:
    """Line, column and text of one of the lines of a place, from 0."""
    if not row:
        return place.line, place.column, place.text
    text = place.text.split("\n")[row]
    return place.line + row, len(text) - len(text.lstrip()) + 1, text


def _function_at(search: Search, source: str, line: int) -> str | None:
    """The function of the learner's in which a line stands, if it has places."""
    return next((place.function for place in search.subject.places if place.source == source and place.line == line), None)


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


def _ends_early(search: Search, one: Found, records: Sequence[Record]) -> Place | None:
    """The loop around a line that does not go over all examples."""
    examples = shape_of(search.subject.arguments[0]) or (0, 0)
    around = next((r for r in records if r.place.id in one.record.place.loops[-1:]), None)
    if around is None or not isinstance(around.value, list):
        return None
    return around.place if len(cast("Any", around).value) < examples[1] else None


def _at_one_step(search: Search, one: Found) -> str:
    """Where a line of the loop is wrong at one step only: at which."""
    steps, place = len(search.quantities.calls), one.record.place
    visits = sum(record.place.id == place.id for record in search.last)
    once = len(one.substitutes) == 1 and visits == steps > 1 and place.function == search.subject.function
    if not once or one.how != "value" or not search.subject.calling or not search.complete:
        return ""
    backward = search.subject.function.endswith("backward")
    return f", at {which_step(steps - 1 - one.record.visit if backward else one.record.visit, steps)} alone"


def _step(search: Search, one: Found) -> int | None:
    """The time step at which the place is first wrong; None in a cell, and before or after the loop."""
    if not search.subject.calling or one.how in {"loop", "unfilled", *STATED}:
        return None
    return step_of(search, one)
