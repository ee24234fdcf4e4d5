"""A slip that many lines go through, beside another mistake: each of these lines is told, with slips that it has not.

With two names of one line in each other's place, or another head of the loop, fewer mistakes explain all that is wrong.
"""

from __future__ import annotations

import ast
import re
from itertools import combinations, islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.search.one_edit import lines_of, may_be_wrong, told_of
from whygrad.from_code.search.told_together import told_together
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.small_edits import Edit, edits, head, in_another_order, in_each_others_place, with_exchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending

_LEAST, _MOST = 3, 8
"""So many mistakes are told where two may be enough, and so many edits are searched beside."""


def fewer_beside(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Such a line and what is left beside it, if that is less than what was found; what was found otherwise."""
    least = len(told_together(found))
    if least < _LEAST or mending.own is not None:
        return found
    named = {word for one in found for word in re.findall(r"\w+", one.says)}
    lines = lines_of(mending.pieces, mending.function)
    right = mending.number_right(mending.answer(mending.pieces))[0]
    tried = (
        (piece, around, edit)
        for piece, around, line in lines
        for edit in _edits(line, named)
        if may_be_wrong(mending.pieces, around, line, edit) and mending.number_right(mending.ran(piece, edit.node, edit.text))[0] >= right
    )
    best = found
    for piece, around, edit in islice(tried, _MOST):
        program = edited(mending.pieces, piece, edit.node, edit.text).pieces
        left = what_else(mending, program)
        told = told_of(mending.function, around, piece, edit)
        known = all(one.sure and one.at != told.at for one in left)
        if left and known and (fewer := len(told_together(left)) + 1) < least:
            least = fewer
            best = tuple(sorted((*left, told), key=lambda one: one.at))
    return best


def _edits(line: ast.stmt, named: set[str]) -> Iterator[Edit]:
    """The loop's other heads, and exchanges of two of these names in what a statement unpacks, or in what a call in it is given."""
    if isinstance(line, ast.For):
        yield from (edit for edit in edits(line) if edit.id == "loop-wrong")
        return
    for part in head(line):
        for node in ast.walk(part):
            match node:
                case ast.Tuple(names, ast.Store()):
                    unpacked = True
                case ast.Call(ast.Name(), names):
                    unpacked = False
                case _:
                    continue
            of_these = [name for name in names if isinstance(name, ast.Name) and name.id in named]
            for one, other in combinations(of_these, 2):
                says = in_another_order((one.id, other.id)) if unpacked else in_each_others_place(one, other)
                yield Edit(node, with_exchanged(node, one, other, "id"), "name-replaced" if unpacked else "names-exchanged", says)
