"""What an error says of names, keys and kinds of things, in the learner's own names: what is not there, or is something else."""

from __future__ import annotations

import ast
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.stopped import NOT_KNOWN, Complaint, operands, without_a_value
from whygrad.from_code.reference.inputs import names_in_notebook
from whygrad.from_code.stops.no_function import of_no_numpy, since
from whygrad.from_code.text.unknown_names import unknown_name
from whygrad.from_code.words import kind
from whygrad.mistakes.words import listed
from whygrad.records import names_of_file

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped

_MUCH_ALIKE = 0.7
"""As much as ``concat`` is like ``concatenate``, and more than any name is like ``sigmoid``."""


def no_index(stopped: Stopped) -> str | None:
    """A list, a tuple or an array that is asked for something by what is no number."""
    node, text = stopped.node, stopped.raised.text
    if not isinstance(node, ast.Subscript) or not re.search(r"indices must be|only integers|not subscriptable|unhashable", text):
        return None
    base = stopped.worth(node.value)
    if base is NOT_KNOWN and "not subscriptable" not in text:
        return None
    whole, index = stopped.text(node.value), stopped.text(node.slice)
    if "NoneType" in text:
        return f"{whole} is None here, of which nothing can be taken"
    if re.search(r"'(function|numpy\.ufunc|method|builtin_function_or_method)' object is not subscriptable", text):
        return f"{whole} is a function, and square brackets behind it do not call it"
    if base is NOT_KNOWN:
        return None
    return f"{whole} is {kind(base)}, and cannot be asked for [{index}]"


def no_such_name(stopped: Stopped) -> Complaint | str | None:
    """A name that has no value, or none yet."""
    name = without_a_value(stopped.raised)
    if not name or stopped.function is None:
        return None
    nodes = list(ast.walk(stopped.function))
    stores = [node for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    defined = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name and node is not stopped.function]
    given = sorted(node.lineno for node in (*(node for node in stores if node.id == name), *defined))
    if given:
        says, line = f"{name} is read here before it has a value", given[0] + stopped.shift
        if given[0] == getattr(stopped.node, "lineno", 0):
            return f"{says}: the first line that gives it one is this one itself"
        return Complaint(f"{says}: the first that gives it one is line {line}", ((stopped.raised.source or "", line),))
    if (made := _made_outside(stopped, name)) is not None:
        return made
    if name in names_in_notebook():
        return f"{name} is not among its arguments, and there is no {name} in the function"
    known = SEQUENCE_MODELS.vocabulary.word(name) != name  # it is missing, and no other name misspelt
    here = {node.id for node in stores} | {one.arg for one in nodes if isinstance(one, ast.arg)}
    near = [] if known else get_close_matches(name, here, 2)
    called = any(isinstance(node, ast.Call) and node.func is stopped.node for node in nodes)
    like = f" (there is {listed(near)})" if near else f" (NumPy's own is np.{name})" if called and hasattr(np, name) else ""
    return f"no line gives {name} a value{like}"


def _made_outside(stopped: Stopped, name: str) -> Complaint | None:
    """A line outside of the functions that should give a name its value, and raises itself."""
    pieces = stopped.subject.pieces
    piece = next((piece for piece in pieces if name in piece.names), None)
    if piece is None:
        return None
    lacks = unknown_name(piece.text, {other for one in pieces for other in one.names} | names_of_file(piece.source).keys())
    why = "raises itself" if lacks is None else f"reads {lacks}, which has none either"
    return Complaint(f"{name} has no value, because line {piece.line}, which should give it one, {why}", ((piece.source, piece.line),))


def no_such_part(stopped: Stopped) -> Complaint | str | None:  # noqa: PLR0911 - one for each kind of thing
    """A dot behind something that has nothing of that name."""
    node, name = stopped.node, stopped.raised.name
    if not isinstance(node, ast.Attribute) or name is None:
        return None
    base, text = stopped.worth(node.value), stopped.text(node.value)
    if (taken := of_no_numpy(stopped)) is not None:
        return taken
    if text in {"np", "numpy"}:
        return f"NumPy has nothing called {name}{_instead_of_numpys(name)}"
    if "NoneType" in stopped.raised.text:
        return f"{text} is None here, and has no {name}"
    if base is NOT_KNOWN or base is None or hasattr(base, name):  # it was seen at another turn
        return None
    if isinstance(base, dict) and name in base:
        return f"{text} is a dictionary, whose entries stand in square brackets, and not behind a dot"
    return since(stopped, node.value, f"{text} is {kind(base)}", f"which has no {name}")


def _instead_of_numpys(name: str) -> str:
    """What somebody may have meant by a name that NumPy has not: a helper, the same letters in order, or one much like it."""
    if name in ACTIVATIONS:
        return f" ({name} is the notebook's own)"
    known = [one for one in dir(np) if not one.startswith("_")]
    near = [one for one in known if sorted(one) == sorted(name)] or get_close_matches(name, known, 1, _MUCH_ALIKE)
    return f" (there is {near[0]})" if near else ""


def no_such_key(stopped: Stopped) -> str | None:
    """A key that a dictionary has not."""
    node = stopped.node
    base = stopped.worth(node.value) if isinstance(node, ast.Subscript) else NOT_KNOWN
    if not isinstance(node, ast.Subscript) or not isinstance(base, dict):
        return None
    keys = [str(key) for key in cast("dict[Any, Any]", base)]
    key = stopped.raised.text.strip("'\"")
    near = get_close_matches(key, keys, 1)
    return f"{stopped.text(node.value)} has no key {stopped.raised.text}{f' (there is {near[0]!r})' if near else ''}"


def nothing_there(stopped: Stopped) -> str | None:
    """None where a number or an array belongs."""
    two = operands(stopped.node)
    if "NoneType" not in stopped.raised.text or two is None:
        return None
    kinds = re.findall(r"'([\w.]+)'", stopped.raised.text)
    none = next((stopped.text(node) for node, held in zip(two, kinds, strict=False) if held == "NoneType"), None)
    return none and f"{none} is None here: no number stands there yet"
