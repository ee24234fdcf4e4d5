"""A name that holds None since the line that gives it its value takes what a call hands back, and that call hands back nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause
from whygrad.sandbox.trees import defining, holds, is_name, names_in, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Piece

_IN_PLACE = frozenset(("reverse", "sort", "append", "extend", "insert", "update", "clear", "remove"))
"""Methods of lists and dictionaries that change these, and hand back None."""
_CHANGED = "Some methods change the thing itself, and hand nothing back. Print what this line gives the name, just behind it: what is it?"
_RETURNED = "Read this helper to its end: what does it hand back, and to which name does the line that calls it give that?"


def hands_back_none(stopped: Stopped) -> Cause | None:
    """The line to blame for a name that holds None there: a call that changes something in place, or a helper without a result."""
    names = names_in(stopped.node) if stopped.node is not None else set[str]()
    for name in sorted(names if stopped.function is not None else ()):
        line = _gave_last(stopped, name)
        match _given(line, name):
            case ast.Call(ast.Attribute(base, method)) as call if method in _IN_PLACE:
                where = stopped.at(call)
                says = f"gives {name} here what {method} hands back, and that is None: {stopped.text(base)} itself is changed by it, and so"
                return Cause(where, f"{says} {stopped.so}", _CHANGED)
            case ast.Call(ast.Name(helper)):
                where = _ends_with_nothing(stopped.subject.pieces, helper)
                if where is not None:
                    return Cause(
                        where, f"gets nothing from {helper}, which hands nothing back here: {name} is None, and so {stopped.so}", _RETURNED
                    )
            case _:
                pass
    return _of_a_call(stopped)


def _of_a_call(stopped: Stopped) -> Cause | None:
    """The same for what is called right where something raises, without a name for what it hands back."""
    nodes = ast.walk(stopped.node) if stopped.node is not None and "NoneType" in stopped.raised.text else ()
    for call in nodes:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            helper, where = call.func.id, _ends_with_nothing(stopped.subject.pieces, call.func.id)
            says = f"gets nothing from {helper}, which hands nothing back here: {stopped.text(call)} is None, and so {stopped.so}"
            if where is not None:
                return Cause(where, says, _RETURNED)
    return None


def _gave_last(stopped: Stopped, name: str) -> ast.stmt | None:
    """The last statement before the one that raises that gives a name its value, if it is run in any case."""
    line = stopped.line
    above = [one for one in ast.walk(stopped.function) if isinstance(one, ast.stmt) and line is not None and one.lineno < line.lineno]
    around = [one for one in ast.walk(stopped.function) if holds(one, line)]
    always = {id(child) for one in around for child in ast.iter_child_nodes(one)}
    stores = [one for one in above if isinstance(one, ast.Assign) and any(name in stored_in(target) for target in one.targets)]
    last = max(stores, key=lambda one: one.lineno, default=None)
    return last if last is not None and id(last) in always else None


def _given(line: ast.stmt | None, name: str) -> ast.expr | None:
    """What a line gives a name; of several names, each of which has its own value, that of this one."""
    match line:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values):
            pairs = zip(targets, values, strict=True)
            return next((value for target, value in pairs if is_name(target, name)), None)
        case ast.Assign(_, value):
            return value
        case _:
            return None


def _ends_with_nothing(pieces: Sequence[Piece], helper: str) -> tuple[str, int, int] | None:
    """The line with which a helper ends that hands nothing back: its only return, or its last line, if that only computes something."""
    for piece, node in defining(pieces, helper):
        returns = [one for one in walk(node) if isinstance(one, ast.Return | ast.Yield | ast.YieldFrom)]
        last = node.body[-1]
        computes = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call | ast.Constant)
        names = isinstance(last, ast.Assign) and all(isinstance(one, ast.Name) for one in last.targets)
        bare = [one for one in returns if isinstance(one, ast.Return) and one.value is None]
        end = bare[0] if len(returns) == len(bare) == 1 else last if not returns and (computes or names) else None
        return None if end is None else (piece.source, end.lineno + piece.line - 1, end.col_offset + 1)
    return None
