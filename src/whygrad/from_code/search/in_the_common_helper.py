"""One line of a helper through which several wrong functions go, in the place of what each of them would be told of its own.

A right value can be put at another line, at the caller's or further up. An edit of the text by which one function comes right, and of
another one more than was, is likelier the cause.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.search.behind_a_helper import edits_of, mended_by_text
from whygrad.from_code.search.one_edit import holds, lines_of, mends_all, told_of
from whygrad.from_code.search.reaches import Reach
from whygrad.from_code.search.searches import as_searched
from whygrad.from_code.search.spoils_another import sharing_a_helper
from whygrad.from_code.text.called_by import functions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece

_MOST, _BESIDE_ONE, _OF_A_LINE = 500, 200, 60
"""Edited programs that are run, also where one line of a helper is all that is told, and edits of one line."""


def in_the_common_helper(examination: Examination, mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The finding at that line; those given where there is none, or more than one, or the only one found is of that kind."""
    sharing = (as_searched(examination, other) for other in sharing_a_helper(examination, mending.function) if other not in OUTPUTS)
    others = [one for one in sharing if one is not None]
    shared = _shared(mending, others)
    if not found or not shared or all(one.all_right(one.answer(one.pieces)) for one in others):
        return found
    at = [one for one in found if any(holds(piece, line, one) for piece, _, line in shared)]
    most = _MOST
    if len(found) == len(at) == 1:
        told = at[0].at in examination.helpers.lines(mending.function)
        program = None if told else mended_by_text(at[0], mending)
        if told or (program is not None and better(others, program)):
            return found
        most = _BESIDE_ONE
        shared = [(piece, around, line) for piece, around, line in shared if not holds(piece, line, at[0])]
        shared.sort(key=lambda one: abs(one[2].lineno + one[0].line - 1 - at[0].line))
    mends: dict[int, Finding] = {}
    reach, tried = Reach(mending), 0
    for piece, around, line in shared:
        for edit in edits_of(mending, line, around, _OF_A_LINE):
            if id(line) in mends or tried >= most or not reach.may_mend(piece, line, edit.node):
                continue
            tried += 1
            if mends_all(mending, piece, edit) and better(others, edited(mending.pieces, piece, edit.node, edit.text).pieces):
                here = next((one for one in at if holds(piece, line, one) and one.id is not None), None)
                mends[id(line)] = (
                    told_of(mending.function, around, piece, edit) if here is None else replace(here, proof="proved", whole=True)
                )
    return tuple(mends.values()) if len(mends) == 1 and next(iter(mends.values())).id else found


def _shared(mending: Mending, others: Sequence[Mending]) -> list[Line]:
    """The lines of helpers that others call too, but for the activations, which all call."""
    helpers = {id(around) for one in others for _, around in functions(one.pieces, one.function)}
    lines = lines_of(mending.pieces, mending.function)
    return [line for line in lines if id(line[1]) in helpers and line[1].name not in {*FUNCTIONS, *ACTIVATIONS}]


def better(others: Sequence[Mending], program: tuple[Piece, ...]) -> bool:
    """Whether in one of the others more is right in another program, and in none of them less."""
    counts = [(one.number_right(one.answer(one.pieces))[0], one.number_right(one.answer(program))[0]) for one in others]
    return all(before <= after for before, after in counts) and any(before < after for before, after in counts)
