"""What else is wrong in a function of which no more is known than the line that raises: that line is edited, and the search goes on."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.from_code.blame.edits_of_error import edits, of_another_cell, written_otherwise
from whygrad.from_code.blame.raised_elsewhere import cause
from whygrad.from_code.observe.edited import edited
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.search.what_else import what_else
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.blame.edits_of_error import Edit
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Edited, Mending
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Piece

_SEARCHED = 2
"""Edited programs in which the search goes on."""


def find_past(mending: Mending, stopped: Stopped) -> tuple[Finding, ...]:
    """The other mistakes of a function that raises, if they are sure and explain all that is left once the line is edited.

    Of the edits those are gone on from with which most comes right; what is then told of the edited line itself speaks against the edit,
    if it is not the call of another cell.
    """
    right = quantities(mending.function, mending.case)
    tried: list[tuple[int, Edited]] = []
    line = [node for part in _head(stopped.line) for node in ast.walk(part)]
    made = {one.id for one in line if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    parts = (one.value for one in line if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store))
    filled = {one.id for one in parts if isinstance(one, ast.Name)}
    sure = bool(of_another_cell(stopped))
    for program in _edited(stopped, mending.pieces, edits(stopped, right.results)):
        reply = mending.answer(program.pieces)
        number, of = mending.number_right(reply)
        if number == of:
            return ()
        if number or reply.status == "returned":
            tried.append((number, program))
    for _, program in sorted(tried, key=lambda one: -one[0])[:_SEARCHED]:
        told = what_else(mending, program.pieces)
        if told and all(one.proof in {"proved", "contract"} and one.id is not None for one in told):
            follow = (_may_follow(one, program, made | filled if one.proof == "contract" else made) for one in told)
            keys = any(one.proof == "contract" for one in told) and _is_of_the_results(stopped)
            return () if keys or (any(follow) and not sure) else told
    return ()


def an_edit_mends_all(mending: Mending, stopped: Stopped) -> bool:
    """Whether one of the edits of the line makes all results right."""
    likeliest = edits(stopped, quantities(mending.function, mending.case).results)
    programs = _edited(stopped, mending.pieces, (*likeliest, *written_otherwise(stopped)))
    return any(mending.all_right(mending.answer(program.pieces)) for program in programs)


def _head(line: ast.stmt | None) -> list[ast.AST]:
    """What a statement does itself: of a loop, a condition or a ``with`` what stands before the lines within."""
    match line:
        case None:
            return []
        case ast.For(target, around) | ast.AsyncFor(target, around):
            return [target, around]
        case ast.While(test) | ast.If(test):
            return [test]
        case ast.With(items) | ast.AsyncWith(items):
            return list(items)
        case _:
            return [line]


def _edited(stopped: Stopped, pieces: Sequence[Piece], tried: Sequence[Edit]) -> Iterator[Edited]:
    """The programs with one edit each."""
    source, number = stopped.raised.source or "", (stopped.raised.line or 0)
    where = next((one for one in pieces if one.source == source and 0 <= number - one.line < len(one.lines)), None)
    if where is not None:
        yield from (edited(pieces, where, node, text) for node, text in tried)


def _may_follow(finding: Finding, program: Edited, made: set[str]) -> bool:
    """Whether a finding may only make up for the edit.

    It does if it is at the edited line, tells that steps are left out, or reads what the line makes or fills.
    """
    here = finding.source == program.source and program.first <= finding.line <= program.last
    here = here or (finding.id == "loop-wrong" and finding.proof == "contract")  # it may end early since it goes over something else
    return here or not made.isdisjoint(re.findall(r"\w+", finding.text.partition("=")[2] or finding.text))


def _is_of_the_results(stopped: Stopped) -> bool:
    """Whether the key that is not there is lost where what is handed out gets its keys: then results are missing for that reason."""
    before = cause(stopped, "") if stopped.raised.type == "KeyError" else None
    texts = [one.lines[before.line[1] - one.line] for one in stopped.subject.pieces if before is not None and before.line[0] == one.source
             and 0 <= before.line[1] - one.line < len(one.lines)]  # fmt: skip
    returned = [one.value for one in ast.walk(stopped.function) if isinstance(one, ast.Return) and one.value is not None]
    names = {name for value in returned for name in names_in(value)}
    return any(not names.isdisjoint(re.findall(r"\w+", text)) for text in texts)
