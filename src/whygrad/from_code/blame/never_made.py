"""A name that lines of a loop read, or an array that they fill, and none makes: the loop is to blame, for these lines are right."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause
from whygrad.from_code.observe.stopped import without_a_value
from whygrad.from_code.reference.inputs import names_in_notebook
from whygrad.sandbox.trees import is_name

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped

_ALIKE = 0.6
"""Names that are so much alike may be one name misspelt."""
_HINT_OF_A_VALUE = "Read the lines of this loop from its first: which of them should give this name its value, and from what?"
_HINT = "Read the lines of this loop from its first: which of them makes the array, with its shape, into which the others store?"


def never_made(stopped: Stopped) -> Cause | None:
    """The loop to blame for a name without a value, if all lines that have it stand in the loop, and several do.

    A name that one line alone has, or that is like one that gets a value, is misspelt there.
    """
    name, function = without_a_value(stopped.raised), stopped.function
    if not name or function is None or name in stopped.subject.text.signatures.get(function.name, ()):
        return None
    nodes = list(ast.walk(function))
    uses = sorted((one for one in nodes if isinstance(one, ast.Name) and one.id == name), key=lambda one: (one.lineno, one.col_offset))
    into = {id(one.value) for one in nodes if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store)}
    if len({one.lineno for one in uses}) < 2 or any(isinstance(one.ctx, ast.Store) for one in uses):  # noqa: PLR2004 - once it is misspelt
        return None
    indices = {id(part) for one in nodes if isinstance(one, ast.Subscript) for part in ast.walk(one.slice)}
    if all(id(one) in indices for one in uses):  # a step's number, which the loop has under another name
        return None
    loops = [one for one in nodes if isinstance(one, ast.For | ast.While) and _holds_all(one, uses)]
    filled = id(uses[0]) in into
    given = {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    if not loops or get_close_matches(name, stopped.subject.text.unread if filled else given, 1, cutoff=_ALIKE):
        return None
    if not filled and (name in names_in_notebook() or _is_called(nodes, name)):
        return None
    loop = max(loops, key=lambda one: one.lineno)
    needs = "which stores into it" if filled else "which reads it"
    says = f"makes no {name} in this loop, nor before it, and so line {stopped.raised.line}, {needs}, raises {stopped.error}"
    return Cause(stopped.at(loop), says, _HINT if filled else _HINT_OF_A_VALUE)


def _is_called(nodes: list[ast.AST], name: str) -> bool:
    """Whether something of this name, or within it, is called: then a function, or a module, is not there."""
    called = [one.func for one in nodes if isinstance(one, ast.Call)]
    return any(is_name(part, name) for one in called for part in ast.walk(one))


def _holds_all(loop: ast.For | ast.While, uses: list[ast.Name]) -> bool:
    return all(loop.lineno < one.lineno <= (loop.end_lineno or 0) for one in uses)
