"""A loop over the gates reads what was made for each of them before: of several findings in its lines each may be right.

So the loop is written out, one gate after another, and what is found outside of it is told, if that is less and explains all.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited_at
from whygrad.from_code.search.one_edit import holds, lines_of
from whygrad.from_code.search.told_together import told_together
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.put_for import put_for

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending


def gate_by_gate(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is told with the loops written out in which several findings stand; these where that is no less, or not sure."""
    loops = [
        (piece, loop, text)
        for piece, _, loop in lines_of(mending.pieces, mending.function)
        if isinstance(loop, ast.For) and sum(holds(piece, loop, one) for one in found) > 1 and (text := _written_out(loop))
    ]
    if not loops or "cell" not in mending.function:
        return found
    program = edited_at(mending.pieces, loops)
    if repr(mending.answer(program).value) != repr(mending.answer(mending.pieces).value):
        return found
    told = what_else(mending, program)
    outside = told and not any(holds(piece, loop, one) for one in told for piece, loop, _ in loops)
    sure = all(one.sure for one in told)
    return told if outside and sure and len(told_together(told)) < len(told_together(found)) else found


def _written_out(loop: ast.For) -> str:
    """The loop in one line, turn by turn; nothing where it goes over more than what stands there, or holds more than plain lines."""
    if loop.orelse or not all(isinstance(line, ast.Assign | ast.AugAssign | ast.Expr) for line in loop.body):
        return ""
    turns = [_meant(loop.target, entry) for entry in _entries(loop.iter)]
    return "; ".join(ast.unparse(put_for(line, turn)) for turn in turns for line in loop.body) if all(turns) else ""


def _entries(over: ast.expr) -> list[ast.expr]:
    """What a loop goes over, where that is written out."""
    match over:
        case ast.Constant(str(letters)):
            return [ast.Constant(letter) for letter in letters]
        case ast.Tuple(entries) | ast.List(entries):
            return entries
        case _:
            return []


def _meant(target: ast.expr, entry: ast.expr) -> dict[str, ast.expr]:
    """What each name in a loop's head is for one entry; nothing where that does not stand there."""
    match target, entry:
        case ast.Name(name), _:
            return {name: entry}
        case ast.Tuple(targets), ast.Tuple(parts) | ast.List(parts) if len(targets) == len(parts):
            each = [_meant(one, part) for one, part in zip(targets, parts, strict=True)]
            return {name: part for one in each for name, part in one.items()} if all(each) else {}
        case _:
            return {}
