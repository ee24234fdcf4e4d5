"""A call of the cell that raises, since a line of the loop, or its head, makes of an argument of the function what does not fit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.blame.complaint_of_calls import misfits
from whygrad.from_code.line_to_blame import Cause
from whygrad.from_code.observe.arrays import shape_of
from whygrad.from_code.words import kind
from whygrad.sandbox.chains import is_chain
from whygrad.sandbox.trees import holds, names_in

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Value

_HINT = (
    "Print the shape of {name} just behind this line, beside the shape that the cell asks for. Which axis is too many or missing, or of "
    "another length, and what chooses that axis in this line?"
)
_OF_PYTHON = frozenset(("np", "numpy", "range", "len", "zip", "enumerate", "reversed", "list", "tuple"))


def made_for_the_call(stopped: Stopped, complaint: str) -> Cause | None:
    """The line that makes the only thing that does not fit, of nothing but arguments of the function; ``complaint`` says what does not."""
    found = misfits(stopped)
    node, value, right = found[0] if len(found) == 1 else (None, None, None)
    if not isinstance(node, ast.Name):
        return None
    line = _gives(stopped, node.id, value) or _head(stopped, node, value, right)
    if line is None:
        return None
    shape = shape_of(value)
    what = kind(value) if shape is None else f"an array of shape {shape}"
    says = f"gives {node.id} {what} here, and so {stopped.so}"
    says = f"{says} because {complaint}" if complaint else says
    return Cause(stopped.at(line), says, _HINT.format(name=node.id) if shape is not None else "")


def _gives(stopped: Stopped, name: str, value: Value) -> ast.stmt | None:
    """The line of the loop that gave the name its value, which is an argument, or a part of one."""
    gave = stopped.gave(name)
    if not gave or gave[-1].place.kind != "assign" or not gave[-1].place.loops or shape_of(gave[-1].value) != shape_of(value):
        return None
    line = stopped.statement_at(gave[-1].place)
    whole = isinstance(line, ast.Assign) and is_chain(line.value) and _of_arguments(stopped, line.value)
    return line if whole else None


def _head(stopped: Stopped, node: ast.Name, value: Value, right: Value) -> ast.stmt | None:
    """The loop around the call whose head gives the name its value; one that is only turned the call may turn back."""
    shape, meant = shape_of(value), shape_of(right)
    loops = [one for one in ast.walk(stopped.function) if isinstance(one, ast.For) and holds(one, node)]
    own = [one for one in loops if node.id in names_in(one.target)]
    turned = shape is None or meant is None or shape == meant[::-1]
    return own[-1] if own and not turned and not stopped.gave(node.id)[1:] and _of_arguments(stopped, own[-1].iter) else None


def _of_arguments(stopped: Stopped, node: ast.expr) -> bool:
    """Whether all that is read there, numbers and indices apart, are arguments of the function as they came in."""
    indices = {id(part) for one in ast.walk(node) if isinstance(one, ast.Subscript) for part in ast.walk(one.slice)}
    read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and id(one) not in indices} - _OF_PYTHON
    given = stopped.subject.text.signatures.get(stopped.subject.function, ())
    arrays = [name for name in read if not isinstance(stopped.held.get(name), int)]
    return bool(arrays) and all(name in given and not stopped.gave(name) for name in arrays)
