"""What is told of a loop whose findings say how a line should read: what else is wrong in the program in which it does.

A right value put into a call makes up for all that is wrong in what the call is given. The line edited does not.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited, edited_at
from whygrad.from_code.search.one_edit import holds, lines_of
from whygrad.from_code.search.prove import CARRIED
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.name_edits import names_of_the_line, turns
from whygrad.from_code.text.small_edits import edits, nodes_of
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_MOST = 12
"""Edits of a call in which the search goes on."""


def with_its_edit(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with what else is wrong once those lines are edited; where that is not found, it is not known whether they are all."""
    renamed = tuple(one for one in found if one.instead and one.proof == "proved")
    if renamed:
        return _renamed(mending, found, renamed)
    if len(found) == 1 and found[0].sure and found[0].whole is None:
        return _beside_a_call(mending, found[0]) or found
    return found


def _renamed(mending: Mending, found: tuple[Finding, ...], renamed: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those whose name is another one's, and what is left with that put right."""
    most, best = -1, mending.pieces
    for program in _with_names(mending, renamed):
        reply = mending.answer(program)
        if mending.all_right(reply):
            return found
        most, best = max((most, best), (mending.number_right(reply)[0], program), key=lambda way: way[0])
    left = _left(mending, best, {one.at for one in renamed})
    if left:
        return tuple(sorted((*renamed, *left), key=lambda one: (one.line, one.column)))
    return found if len(found) > len(renamed) else tuple(replace(one, whole=None) for one in found)


def _with_names(mending: Mending, renamed: Sequence[Finding]) -> Iterator[tuple[Piece, ...]]:
    """The program with the names that belong there: at these lines, or also where others read what they are told to make, or in keys."""
    lines = [(one, *line) for one in renamed for line in lines_of(mending.pieces, mending.function) if holds(line[0], line[2], one)]
    for everywhere, keys in ((False, False), (True, False), (False, True)):
        parts: list[tuple[Piece, ast.Name | ast.Constant, str]] = [
            (piece, node, one.instead[1] if isinstance(node, ast.Name) else repr(one.instead[1]))
            for one, piece, around, line in lines
            for node in (walk(around) if everywhere else nodes_of(line))
            if (isinstance(node, ast.Name) and node.id == one.instead[0])
            or (keys and isinstance(node, ast.Constant) and node.value == one.instead[0])
        ]
        yield edited_at(mending.pieces, parts)


def _beside_a_call(mending: Mending, one: Finding) -> tuple[Finding, ...]:
    """A call that reads what is wrong, and that: with the edit of the call with which fewest lines are left."""
    ways = [(one, *left) for program in islice(_programs(mending, one), _MOST) if (left := _left(mending, program, {one.at}))]
    best = min(ways, key=len, default=())
    return tuple(sorted((replace(one, whole=True) for one in best), key=lambda one: one.line))


def _programs(mending: Mending, one: Finding) -> Iterator[tuple[Piece, ...]]:
    """The program with each small edit of the line that is told, if it runs."""
    for piece, around, line in lines_of(mending.pieces, mending.function):
        if holds(piece, line, one) and not isinstance(line, ast.For):
            for edit in (*edits(line), *turns(line, around), *names_of_the_line(line, around)):
                program = edited(mending.pieces, piece, edit.node, edit.text).pieces
                if mending.answer(program).status == "returned":
                    yield program


def _left(mending: Mending, program: Sequence[Piece], told: set[tuple[str, int]]) -> tuple[Finding, ...]:
    """What is wrong in a program besides the lines told, if it is all known; what a loop lacks is told at the call that misses it."""
    left = what_else(mending, program)
    return left if all(one.sure and one.whole and (one.at not in told or one.id in CARRIED) for one in left) else ()
