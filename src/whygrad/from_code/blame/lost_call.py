"""A loop that has lost the call of the cell, so that what the cell should hand back has no value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause
from whygrad.from_code.observe.stopped import without_a_value
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped


_HINT = "Print something at the start of each turn of this loop. Which line of it computes a step, by which function, and of what?"


def cell_not_called(stopped: Stopped) -> Cause | None:
    """The loop to blame for what has no value, if nothing in it calls the cell."""
    lost = loop_without_call(stopped)
    if lost is None:
        return None
    loop, name = lost
    why = f" because no line gives {name} a value{' by then' if stopped.error == 'UnboundLocalError' else ''}" if name else ""
    says = f"never calls {stopped.subject.cell} in this loop, and so {stopped.so}{why}"
    return Cause(stopped.at(loop), says, _HINT)


def loop_without_call(stopped: Stopped) -> tuple[ast.For | ast.While, str] | None:
    """A loop that reads what no line gives a value by then, and the name, or "" where it is a key.

    It neither calls the cell nor computes what that does.
    """
    subject, name = stopped.subject, without_a_value(stopped.raised)
    function = stopped.function
    nothing = not name and stopped.raised.type != "KeyError"
    if nothing or function is None or subject.cell == subject.function or subject.last_arguments:
        return None
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    if not loops or stopped.line is None:
        return None
    around = [loop for loop in loops if loop.lineno <= stopped.line.lineno <= (loop.end_lineno or 0)]
    loop = around[0] if around else loops[-1]
    named = subject.cell in names_in(function)  # it may be called by another name
    return None if named or _may_be_another(function, name, loop.end_lineno or 0) else (loop, name)


def _may_be_another(function: ast.FunctionDef, name: str, end: int) -> bool:
    """Whether a name gets a value up to this line, is called, or misspelt; or whether the function computes anything but sums by itself."""
    for node in ast.walk(function):
        match node:
            case ast.Name(other, ast.Store()) if node.lineno <= end and other.lower() == name.lower():
                return True
            case ast.Call(ast.Name(called)) if called == name or called.endswith("sigmoid") or "cell" in called:
                return True
            case ast.Call(ast.Attribute(_, "dot" | "matmul" | "einsum" | "tanh")) | ast.BinOp(_, ast.MatMult()):
                return True
            case _:
                pass
    return False
