"""A line that raises because it gets another kind of thing than it can use: from the loop around it, or from the call of its helper."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.observe.experiment import GIVES, callee, last_name
from whygrad.from_code.observe.stopped import NOT_KNOWN, Stopped
from whygrad.from_code.words import kind
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.signatures import parameter
from whygrad.sandbox.trees import parameters

if TYPE_CHECKING:
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_KEYS = "Print what this loop gives at each turn. The lines in it ask for keys with that: of which dictionary, and which keys has it?"
_GIVEN = "Hold this call beside the def line of what it calls, name by name. Print the type of each thing that is handed over."


def goes_over_no_keys(stopped: Stopped) -> Cause | None:
    """A loop over what holds no text, or only keys of another dictionary, where a line asks for keys with what it gives."""
    if stopped.function is None or stopped.line is None or not isinstance(stopped.node, ast.expr | ast.AugAssign):
        return None
    asked = {node.id for part in ast.walk(stopped.node) for node in _in_a_key(part, stopped)}
    loops = [node for node in ast.walk(stopped.function) if isinstance(node, ast.For)]
    for loop in loops:
        around = loop.lineno < stopped.line.lineno <= (loop.end_lineno or 0)
        if not around or not isinstance(loop.target, ast.Name) or loop.target.id not in asked:
            continue
        value = stopped.worth(loop.iter)
        items: list[Any] = list(cast("Any", value)) if isinstance(value, (list, tuple)) else []
        if value is NOT_KNOWN or isinstance(value, str) or any(isinstance(item, str) for item in items):
            return None
        if isinstance(value, dict) and not _has_other_keys(stopped, stopped.text(loop.iter)):
            return None
        so = f"{stopped.so} because it asks for a key with what the loop gives"
        where = stopped.at(loop)
        return Cause(where, f"goes over {stopped.text(loop.iter)} here, which is {kind(value)}, and so {so}", _KEYS)
    return None


def _has_other_keys(stopped: Stopped, name: str) -> bool:
    """Whether a dictionary that the function was given shares no key with the one that is asked for what it has not."""
    base: Any = stopped.worth(stopped.node.value) if isinstance(stopped.node, ast.Subscript) else None
    given = name in stopped.subject.text.signatures.get(stopped.subject.function, ())
    held, keys = (set(cast("dict[str, Any]", one)) if isinstance(one, dict) else set[str]() for one in (stopped.held.get(name), base))
    return given and bool(held) and bool(keys) and held.isdisjoint(keys)


def _in_a_key(node: ast.AST, stopped: Stopped) -> list[ast.Name]:
    """The names of which the key of a dictionary is made, or a text that may be one."""
    match node:
        case ast.Subscript(base, index) if isinstance(stopped.worth(base), dict):
            parts: list[ast.AST] = [index]
        case ast.BinOp(left, ast.Add(), right) if any(
            isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (left, right)
        ):
            parts = [left, right]
        case _:
            parts = []
    return [name for part in parts for name in ast.walk(part) if isinstance(name, ast.Name)]


def handed_another(stopped: Stopped) -> Cause | None:
    """A call in the function that hands a helper another kind of thing than the function has under the name of the parameter."""
    function = stopped.subject.function
    if stopped.function is None or stopped.function.name == function:
        return None
    held = _held(stopped)
    for record in reversed(stopped.records):
        place, name = record.place, _parameter(stopped, record)
        if place.kind != "argument" or last_name(place.function) != function or name == place.text or not place.text.isidentifier():
            continue
        if name in held and _sort(held[name]) != _sort(record.value) and _goes_on(stopped, record, held[name]):
            says = f"hands {place.text}, which is {kind(record.value)}, to {callee(place.target)} as {name}, and so {stopped.so}"
            return Cause(at(place), says, _GIVEN)
    return None


def _goes_on(stopped: Stopped, record: Record, value: Value) -> bool:
    """Whether the run gets past what raises now if the helper is handed this."""
    after = Stopped(stopped.subject, (*stopped.substitutes, Substitute(record.place.id, record.visit, value)))
    return not after.raised.type or after.function is None or after.function.name != stopped.function.name


def _held(stopped: Stopped) -> dict[str, Value]:
    """What the names of the function hold, its arguments among them."""
    subject = stopped.subject
    given = dict(zip(subject.text.signatures.get(subject.function, ()), subject.arguments, strict=False))
    made = {
        one.place.target: one.value
        for one in stopped.records
        if one.place.kind in GIVES and last_name(one.place.function) == subject.function
    }
    return {**given, **made}


def _parameter(stopped: Stopped, record: Record) -> str:
    """The parameter of a helper that an argument goes to; of a class that of its ``__init__``."""
    called = callee(record.place.target)
    if called == stopped.function.name:  # several classes may have one of that name
        names = parameters(stopped.function.args)
        return parameter(names[names[:1] == ["self"] :], record.place.target)
    known = stopped.subject.text.signatures
    fitting = [names for full, names in known.items() if full.rpartition(".")[2] == called or full == f"{called}.__init__"]
    return parameter(fitting[0], record.place.target) if len(fitting) == 1 else record.name


def _sort(value: Value) -> str:
    """What sort of thing a value is, whatever its size."""
    return kind(value).partition(" of ")[0]
