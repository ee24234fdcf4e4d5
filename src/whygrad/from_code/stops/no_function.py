"""A name that a line calls, or takes for NumPy, and that another line has given something else to hold: every line that calls it raises."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.stopped import NOT_KNOWN, Complaint
from whygrad.from_code.words import kind
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped

BY_TYPE = {
    "numpy.ndarray": "an array", "ndarray": "an array", "int": "a number", "float": "a number", "numpy.float64": "a number",
    "list": "a list", "tuple": "a tuple", "dict": "a dictionary", "str": "a text", "NoneType": "None",
}  # fmt: skip
"""What sort of thing it is, by the name of its type in an error."""


def overwritten_name(stopped: Stopped) -> tuple[str, ...]:
    """The name of a function, or of NumPy, that holds something else where the line raises; none if that is not what raised."""
    node, text = stopped.node, stopped.raised.text
    if isinstance(node, ast.Call) and "not callable" in text and isinstance(node.func, ast.Name) and _is_a_function(node.func.id):
        return (node.func.id,)
    return (node.value.id,) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and _is_no_numpy(stopped) else ()


def _is_a_function(name: str) -> bool:
    """Whether NumPy, Python or the course has a function of this name."""
    return name in HELPERS or callable(getattr(np, name, None)) or callable(getattr(builtins, name, None))


def _is_numpys(function: ast.expr) -> bool:
    """Whether it is a function of NumPy's, within which something else is called."""
    library, _, name = ast.unparse(function).rpartition(".")
    return library in {"np", "numpy"} and callable(getattr(np, name, None))


def _is_no_numpy(stopped: Stopped) -> bool:
    """Whether what NumPy has is looked for in something else that is called np."""
    node, name = stopped.node, stopped.raised.name
    np_called = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy"}
    return np_called and name is not None and hasattr(np, name) and "module 'numpy'" not in stopped.raised.text


def of_no_function(stopped: Stopped) -> Complaint | str | None:
    """Round brackets behind what is no function."""
    node = stopped.node
    if "not callable" not in stopped.raised.text or not isinstance(node, ast.Call):
        return None
    held, text = _held(stopped, node.func), stopped.text(node.func)
    if held is None or _is_numpys(node.func):
        return None
    if held.startswith("an array") and not overwritten_name(stopped):
        return f"{text} is {held}, and round brackets behind it call it like a function: something may be missing before them"
    return since(stopped, node.func, f"{text} is {held}", "and round brackets behind it call it like a function")


def of_no_numpy(stopped: Stopped) -> Complaint | None:
    """A dot behind a name that is NumPy's no more."""
    node, name = stopped.node, stopped.raised.name
    if not isinstance(node, ast.Attribute) or not _is_no_numpy(stopped):
        return None
    held = _held(stopped, node.value) or "something else"
    return since(stopped, node.value, f"{stopped.text(node.value)} is {held} here", f"and not NumPy, whose {name} is looked for in it")


def given_away(stopped: Stopped) -> Complaint | None:
    """That a line outside of the functions gives such a name to something else: what it holds from there on, and the line."""
    node, names = stopped.node, overwritten_name(stopped)
    taken = node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Attribute) else None
    given = _given_outside(stopped, taken) if names and taken is not None and stopped.given_at(taken) is None else None
    held = None if given is None or taken is None else _held(stopped, taken)
    if given is None or held is None:
        return None
    then = "round brackets behind it call it like a function" if isinstance(node, ast.Call) else "NumPy is looked for in it"
    return Complaint(f"{names[0]} is {held} from this line on, and {then}", (given,))


def _held(stopped: Stopped, node: ast.expr) -> str | None:
    """What sort of thing stands there; None where that is not known."""
    module = re.match(r"module '([\w.]+)' has no attribute", stopped.raised.text)
    if module is not None:
        return f"the module {module[1]}"
    value = stopped.worth(node)
    if value is not NOT_KNOWN:
        return kind(value)
    found = re.search(r"'([\w.]+)' object", stopped.raised.text)
    return None if found is None else BY_TYPE.get(found[1])


def since(stopped: Stopped, node: ast.expr, says: str, then: str) -> Complaint:
    """What something is, the line that gave it this value, and what cannot be done with it."""
    given = stopped.given_at(node) or _given_outside(stopped, node)
    here = given is None or given[1] == getattr(stopped.node, "lineno", 0) + stopped.shift
    return Complaint(
        f"{says}{'' if given is None or here else f', since line {given[1]}'}, {then}", () if given is None or here else (given,)
    )


def _given_outside(stopped: Stopped, node: ast.expr) -> tuple[str, int] | None:
    """The last line outside of the functions that gives a name a value, by an assignment or an import."""
    if not isinstance(node, ast.Name) or stopped.function is None:
        return None
    name, own = node.id, {one.arg for one in ast.walk(stopped.function) if isinstance(one, ast.arg)}
    assigns = re.compile(rf"{re.escape(name)}\s*=[^=]|(?:from|import)\b.*\b{re.escape(name)}\b")
    pieces = [piece for piece in stopped.subject.pieces if name not in own and assigns.match(piece.text)]
    return (pieces[-1].source, pieces[-1].line) if pieces else None
