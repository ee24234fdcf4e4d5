"""A function that raises, of which one small change of one line, at what raises or before, makes all results right: that line is told.

The nearest line comes first; it is told only if no other of the same distance does the same. What was put there is never told.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.blame.complaint import complaint
from whygrad.from_code.blame.slips_that_raise import undone
from whygrad.from_code.blame.so_it_raises import error_told
from whygrad.from_code.naming.broken import hints_of_error
from whygrad.from_code.observe.edited import finding_at

if TYPE_CHECKING:
    from whygrad.from_code.blame.made_before import Line
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.text.small_edits import Edit

_MOST, _FURTHEST = 250, 4
"""Edited programs that are run for one function; distances of their lines."""
_HINT = (
    "It shows only where this is used. Read this line part by part, and print what it makes: which part says something else than it should?"
)


def slip_before(mending: Mending, stopped: Stopped, distant: list[list[Line]]) -> tuple[Finding, ...]:
    """The finding at that line; nothing where there is none, or more than one of the same distance. ``distant`` are the lines by that."""
    tried: set[tuple[int, str]] = set()
    for lines in distant[:_FURTHEST]:
        found: list[tuple[Line, Edit]] = []
        for line in lines:
            for edit in undone(line.node, line.parts):
                if (id(edit.node), edit.text) in tried or not _may_be(stopped, line, edit):
                    continue
                if len(tried) == _MOST:
                    return ()
                tried.add((id(edit.node), edit.text))
                if mending.all_right(mending.ran(line.piece, edit.node, edit.text)):
                    found.append((line, edit))
                    break
        if found:
            return (_told(stopped, *found[0]),) if len(found) == 1 else ()
    return ()


def _may_be(stopped: Stopped, line: Line, edit: Edit) -> bool:
    """Whether an edit could undo a slip: a name that another line gives a number by arithmetic is one off there, if it is one off.

    Of what is made another size is tried where an index is not there, for else what is taken of it may as well be wrong.
    """
    others = [one for one in line.scope.statements if one is not line.node and isinstance(one, ast.Assign)]
    made = [one for one in others if isinstance(one.value, ast.BinOp)]
    counted = {target.id for one in made for target in one.targets if isinstance(target, ast.Name)}
    if edit.id == "wrong-size" and stopped.raised.type != "IndexError":
        return False
    return not isinstance(edit.node, ast.Name) or edit.node.id not in counted


def _told(stopped: Stopped, line: Line, edit: Edit) -> Finding:
    """The finding at a line before; at the line that raises itself what it says."""
    if line.node is stopped.line:
        return replace(error_told(stopped, None), proof="proved", whole=True)
    function, raised, told = stopped.subject.function, stopped.raised, complaint(stopped)
    so = f"line {raised.line} raises {stopped.says(told)}"
    where, _, asks = hints_of_error(function, raised, so)
    made = finding_at(
        line.piece, edit.node, function, edit.id, f"{edit.says}, and so {so}", hints=(where, _HINT, asks),
        within=line.scope.name, quantity=" ".join(ast.unparse(edit.node).split())[:60],
    )  # fmt: skip
    return replace(made, lines=((raised.source or "", raised.line or 0), *(told.lines if told else ())), raises="elsewhere")
