"""What else is wrong in a function whose loop has lost the call of the cell, or what takes a gradient: that is put back, and it goes on."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.blame.lost_call import loop_without_call
from whygrad.from_code.blame.taken_from_a_call import names_of_outputs, never_taken
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import HOLDS, Search
from whygrad.from_code.observe.over_time import side_by_side
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.places.locate import find_all
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.search.told_of_found import findings_of
from whygrad.sandbox.requests import Piece, Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.observe.stopped import Stopped

_LINE = re.compile(r"(?<=\bline )\d+\b")


class _PutBack(NamedTuple):
    """A program with a call of the cell in a line of its own, which is this one of this source; and the line of the loop around it.

    Of a line that only takes something from a call the loop is 0.
    """

    pieces: tuple[Piece, ...]
    source: str
    line: int
    loop: int = 0


def find_behind(mending: Mending, stopped: Stopped) -> tuple[Finding, ...]:
    """The other mistakes of a function whose loop has lost the call of the cell, if they are sure and explain all that is left.

    A call is put back, as an experiment, that is given the right arguments at each step; its line is nothing of the learner's. So is the
    line that takes a gradient from a call of which nobody does.
    """
    function, case = mending.function, mending.case
    right, own = quantities(function, case), frozenset({function})
    mended = _put_back(stopped, mending.pieces) or _taken_back(stopped, mending.pieces)
    if mended is None:
        return ()
    with mending.host.holding(mended.pieces) as other:
        subject = Subject(other, mended.pieces, function, case.arguments, own)
        subject.always = tuple(_arguments(subject, right.calls, mended.line)) if mended.loop else ()
        search = Search(subject, side_by_side(subject, right))
        found = find_all(search)
        told = findings_of(search, case, found) if search.complete and (subject.always or not mended.loop) else ()
    carried = any(one.cured and one.cured <= {"da0"} for one in found)  # the calls get their arguments, so nothing tells what is carried
    if mended.loop and carried and not _is_held(search, "da0"):
        return ()
    if any(finding.proof == "located" or _is_of_the_order(finding, mended.loop) for finding in told):
        return ()
    return tuple(_in_the_first_program(one, mended) for one in told if (one.source, one.line) != (mended.source, mended.line))


def _is_held(search: Search, result: str) -> bool:
    """Whether a name of the function gets the right value of a result, lying either way, so that what is handed out is wrong by itself."""
    right = search.quantities.results[result]
    gives = (record.value for record in search.last if record.place.kind in HOLDS and record.place.function == search.subject.function)
    arrays = (array for value in gives if (array := array_of(value)) is not None)
    return any(same(array, right) or same(array.T, right) for array in arrays)


def _put_back(stopped: Stopped, pieces: Sequence[Piece]) -> _PutBack | None:
    """The program with a call at the start of the loop that has lost it, if it is known which names should get what it gives."""
    lost, cell = loop_without_call(stopped), stopped.subject.cell
    if lost is None or not lost[1]:
        return None
    loop, name = lost
    gets = names_of_outputs(stopped.function, loop, stopped.subject.function, cell) if cell in OUTPUTS else [name]
    if name not in gets or loop.body[0].lineno == loop.lineno:
        return None
    given = ", ".join(name for _ in ARGUMENTS[cell])
    program = _with_line(stopped, pieces, loop.body[0], f"{name} = 1; {', '.join(gets)} = {cell}({given})", behind=False)
    return program and program._replace(loop=loop.lineno + stopped.shift)


def _taken_back(stopped: Stopped, pieces: Sequence[Piece]) -> _PutBack | None:
    """The program with a line behind the call of the cell that takes from it what nobody does."""
    missed = never_taken(stopped)
    lines = () if missed is None else (one for one in ast.walk(stopped.function) if isinstance(one, ast.Assign))
    for line in lines:
        first, last = stopped.line_of(line), stopped.line_of(line) + (line.end_lineno or line.lineno) - line.lineno
        if missed is not None and first <= missed.call.line <= last and isinstance(line.targets[0], ast.Name):
            return _with_line(stopped, pieces, line, f"{missed.name} = {line.targets[0].id}.pop({missed.key!r})", behind=True)
    return None


def _with_line(stopped: Stopped, pieces: Sequence[Piece], beside: ast.stmt, text: str, *, behind: bool) -> _PutBack | None:
    """The program with one more line before a statement, or behind it."""
    source, number = stopped.raised.source or "", beside.lineno + stopped.shift
    where = next((piece for piece in pieces if piece.source == source and 0 <= number - piece.line < len(piece.lines)), None)
    if where is None:
        return None
    lines, first = where.lines, beside.lineno
    indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    new = (beside.end_lineno or first) + 1 if behind else first
    lines.insert(new - 1, f"{indent}{text}")
    others = (replace(one, line=one.line + (one.source == source and one.line > where.line)) for one in pieces)
    changed = tuple(replace(one, text="\n".join(lines)) if old is where else one for old, one in zip(pieces, others, strict=True))
    return _PutBack(changed, source, new + stopped.shift)


def _is_of_the_order(finding: Finding, loop: int) -> bool:
    """Whether it is told at the loop's own line in which order its steps are stored: nothing tells that from the order of its steps."""
    return finding.id == "input-gradient-stored-wrong" and finding.line == loop


def _arguments(subject: Subject, calls: Sequence[tuple[object, ...]], line: int) -> Iterator[Substitute]:
    """The right arguments at every visit of the call in this line; none where that is given fewer or more."""
    given = [place for place in subject.places if place.kind == "argument" and place.line == line and place.function == subject.function]
    for step, call in enumerate(calls):
        if len(call) == len(given):
            yield from (Substitute(place.id, step, value) for place, value in zip(given, call, strict=True))


def _in_the_first_program(finding: Finding, mended: _PutBack) -> Finding:
    """A finding with the lines as they are without the one that was put back."""

    def before(source: str, line: int) -> int:
        return line - (source == mended.source and line > mended.line)

    def moved(text: str) -> str:
        return _LINE.sub(lambda number: str(before(finding.source, int(number[0]))), text)

    where, what, asks = map(moved, finding.hints)
    lines = tuple((source, before(source, line)) for source, line in finding.lines)
    line = before(finding.source, finding.line)
    return replace(finding, line=line, says=moved(finding.says), hints=(where, what, asks), lines=lines)
