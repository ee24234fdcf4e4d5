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
from whygrad.from_code.text.called_by import functions
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
    """Those whose name is another one's, and the one that is left with that put right.

    A program that does not run so, or in which less is right, tells nothing: then the name is not all that its line has otherwise.
    """
    names = {node.id for _, around in functions(mending.pieces, mending.function) for node in walk(around) if isinstance(node, ast.Name)}
    meant = {one.instead[1] for one in renamed}
    if len(meant) < len(renamed) or not meant <= names:  # a sum can have another name than its key
        return found
    most, best = mending.number_right(mending.answer(mending.pieces))[0], None
    for program in _with_names(mending, renamed):
        reply = mending.answer(program)
        if mending.all_right(reply):
            return found
        right = mending.number_right(reply)[0]
        if reply.status == "returned" and right >= most:
            most, best = right + 1, program
    if best is None:
        return found
    left = _left(mending, best, {one.at for one in renamed})
    if len(left) == 1:
        return tuple(sorted((*renamed, *left), key=lambda one: (one.line, one.column)))
    return found if len(found) > len(renamed) else tuple(replace(one, whole=None) for one in found)


def _with_names(mending: Mending, renamed: Sequence[Finding]) -> Iterator[tuple[Piece, ...]]:
    """The program with the names that belong there: at these lines, or also where others read what they are told to make, or in keys."""
    lines = [(one, *line) for one in renamed for line in lines_of(mending.pieces, mending.function) if holds(line[0], line[2], one)]
    for everywhere, keys in ((False, False), (True, False), (False, True)):
        parts: dict[tuple[str, int, int], tuple[Piece, ast.Name | ast.Constant, str]] = {}
        for one, piece, around, line in lines:
            own, meant = one.instead
            for node in walk(around) if everywhere else nodes_of(line):
                if isinstance(node, ast.Name) and node.id == own:
                    parts[piece.source, node.lineno, node.col_offset] = piece, node, meant
                elif keys and isinstance(node, ast.Constant) and node.value == own:
                    parts[piece.source, node.lineno, node.col_offset] = piece, node, repr(meant)
        yield edited_at(mending.pieces, parts.values())


def _beside_a_call(mending: Mending, one: Finding) -> tuple[Finding, ...]:
    """A call that reads what is wrong, and that: with an edit of the call with which one line is left."""
    for program in islice(_programs(mending, one), _MOST):
        left = _left(mending, program, {one.at})
        if len(left) == 1:
            return tuple(sorted((replace(one, whole=True), *left), key=lambda one: one.line))
    return ()


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
