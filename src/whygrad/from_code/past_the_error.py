"""What else is wrong in a function of which no more is known than the line that raises: that line is edited, and the search goes on."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code import observed
from whygrad.from_code.edits_of_error import edits
from whygrad.from_code.locate import Search
from whygrad.from_code.over_time import side_by_side
from whygrad.from_code.quantities import quantities
from whygrad.from_code.raised_again import is_elsewhere, raised_again
from whygrad.from_code.raised_elsewhere import cause
from whygrad.from_code.subject import EXACT, SINGLE, Subject, array_of, same
from whygrad.from_code.told_of_found import findings_of
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.inputs import Case
    from whygrad.from_code.stopped import Stopped
    from whygrad.from_code.subject import Observations
    from whygrad.sandbox.requests import Host, Piece, Raised, Reply, Value

_SEARCHED = 2
"""Edited programs in which the search goes on."""


class _Edited(NamedTuple):
    """A program with one part of a line edited, from the first to the last line of that part."""

    pieces: tuple[Piece, ...]
    source: str
    first: int
    last: int


def find_past(
    host: Host, pieces: Sequence[Piece], function: str, case: Case, stopped: Stopped, *, traced: bool = False
) -> tuple[Finding, ...]:
    """The other mistakes of a function that raises, if they are sure and explain all that is left once the line is edited.

    Of the edits those are gone on from with which most comes right; what is then told of the edited line itself speaks against the edit.
    Where nothing is found so: what raises next, if the edit has nothing to do with that. Edits are tried in ``traced`` runs where no
    others run another text.
    """
    own, right = frozenset({function}), quantities(function, case)
    tried: list[tuple[int, _Edited]] = []
    raises: list[tuple[Raised, _Edited]] = []
    line = list(ast.walk(stopped.line)) if stopped.line is not None else []
    made = {one.id for one in line if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    parts = (one.value for one in line if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store))
    filled = {one.id for one in parts if isinstance(one, ast.Name)}
    for edited in _edited(stopped, pieces, right.results):
        with host.holding(edited.pieces) as other:
            reply = other.run(Request(function, case.arguments, own, trace=traced, wanted=frozenset() if traced else None))
        number, of = _right_of(function, reply, right.observations)
        if number == of:
            return ()
        if number:
            tried.append((number, edited))
        elif reply.raised is not None and is_elsewhere(stopped, reply.raised):
            raises.append((reply.raised, edited))
    for _, edited in sorted(tried, key=lambda one: -one[0])[:_SEARCHED]:
        with host.holding(edited.pieces) as other:
            subject = Subject(other, edited.pieces, function, case.arguments, own)
            search = Search(subject, side_by_side(subject, right))
            found = search.run()
            told = findings_of(search, case, found, edited.pieces) if search.complete else ()
        if told and all(one.proof in {"proved", "contract"} and one.id is not None for one in told):
            follow = (_may_follow(one, edited, made | filled if one.proof == "contract" else made) for one in told)
            keys = any(one.proof == "contract" for one in told) and _is_of_the_results(stopped)
            return () if keys or any(follow) else told
    for error, edited in raises[:_SEARCHED]:
        with host.holding(edited.pieces) as other:
            again = raised_again(stopped, Subject(other, edited.pieces, function, case.arguments, own), error, right)
        if again is not None:
            return (again,)
    return ()


def _edited(stopped: Stopped, pieces: Sequence[Piece], results: Mapping[str, Value]) -> Iterator[_Edited]:
    """The programs with one edit each."""
    source, number = stopped.raised.source or "", (stopped.raised.line or 0)
    where = next((one for one in pieces if one.source == source and 0 <= number - one.line < len(one.lines)), None)
    for node, text in edits(stopped, results) if where is not None else ():
        first, last = node.lineno, node.end_lineno or node.lineno
        lines = [line.encode() for line in where.lines] if where is not None else []
        before, after = lines[first - 1][: node.col_offset], lines[last - 1][node.end_col_offset :]
        lines[first - 1 : last] = [before + text.encode() + after, *([b""] * (last - first))]
        changed = "\n".join(line.decode() for line in lines)
        program = tuple(replace(one, text=changed) if one is where else one for one in pieces)
        yield _Edited(program, source, stopped.line_of(node), last + stopped.shift)


def _may_follow(finding: Finding, edited: _Edited, made: set[str]) -> bool:
    """Whether a finding is at the edited line, or reads what that makes or fills, so that it may only make up for the edit."""
    here = finding.source == edited.source and edited.first <= finding.line <= edited.last
    return here or not made.isdisjoint(re.findall(r"\w+", finding.text.partition("=")[2] or finding.text))


def _is_of_the_results(stopped: Stopped) -> bool:
    """Whether the key that is not there is lost where what is handed out gets its keys: then results are missing for that reason."""
    before = cause(stopped, "") if stopped.raised.type == "KeyError" else None
    texts = [one.lines[before.line[1] - one.line] for one in stopped.subject.pieces if before is not None and before.line[0] == one.source
             and 0 <= before.line[1] - one.line < len(one.lines)]  # fmt: skip
    returned = [one.value for one in ast.walk(stopped.function) if isinstance(one, ast.Return) and one.value is not None]
    names = {one.id for value in returned for one in ast.walk(value) if isinstance(one, ast.Name)}
    return any(not names.isdisjoint(re.findall(r"\w+", text)) for text in texts)


def _right_of(function: str, reply: Reply, expected: Observations) -> tuple[int, int]:
    """How many results of a run are right, of how many."""
    results = observed.in_result(function, reply.value) if reply.status == "returned" else {}
    arrays = {name: array for name, value in results.items() if (array := array_of(value)) is not None}
    tolerance = SINGLE if any(array.dtype == np.float32 for array in arrays.values()) else EXACT
    names = observed.results(expected)
    return sum(name in arrays and same(arrays[name], expected[name], tolerance) for name in names), len(names)
