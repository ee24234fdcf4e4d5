"""What a loop should take from the call of the cell: what nobody takes, and which names get it in a forward loop, as other lines use it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.observe.stopped import without_a_value
from whygrad.from_code.reference.inputs import COURSE_SIZES, OUTPUTS, case
from whygrad.from_code.words import alike
from whygrad.sandbox.trees import parameters, stored_in

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.places import Place

_SLOTS = {"a": "a_next", "c": "c_next", "y": "yt_pred", "y_pred": "yt_pred", "caches": "cache"}
"""What the cell calls a step of each result."""


class NeverTaken(NamedTuple):
    """The name that has no value, the key of what the cell hands back under which nobody takes that, and the call."""

    name: str
    key: str
    call: Place


def never_taken(stopped: Stopped) -> NeverTaken | None:
    """A name without a value that is called like a gradient of the cell's, of all of which this one alone is not taken."""
    subject, name = stopped.subject, without_a_value(stopped.raised)
    if stopped.function is None or subject.cell in {subject.function, *OUTPUTS}:
        return None
    nodes = list(ast.walk(stopped.function))
    keys = {node.value for node in nodes if isinstance(node, ast.Constant)}
    results = case(subject.cell, COURSE_SIZES, 0).expected.keys()
    missed = next((key for key in results - keys if name in {key, f"{key}t"}), None)
    calls = [place for place in subject.places if place.statement in subject.calling and place.id in subject.last_arguments]
    return (
        None
        if missed is None or name in stored_in(stopped.function) or not results & keys or not calls
        else NeverTaken(name, missed, calls[0])
    )


def names_of_outputs(function: ast.FunctionDef, loop: ast.For | ast.While, sequence: str, cell: str) -> list[str]:
    """The name of each output of the cell, "_" where none is known: what is stored, step by step, in what is handed out as its result.

    A name that would be two of them is the one that it is more like; one that only the loop reads is the one that is left.
    """
    returned = next((one.value for one in ast.walk(function) if isinstance(one, ast.Return)), None)
    parts = returned.elts if isinstance(returned, ast.Tuple) else []
    stored = _stored(loop)
    found: dict[str, str] = {}
    for result, part in zip(OUTPUTS[sequence], parts, strict=False):
        name = next((stored[one] for one in _made_of(function, part) if one in stored), "")
        slot = _SLOTS[result]
        twin = next((other for other, known in found.items() if known == name), None)
        if name and (twin is None or alike(name, slot) > alike(name, twin)):
            found.pop(twin or "", None)
            found[slot] = name
    slots = OUTPUTS[cell]
    left = [slot for slot in slots if slot not in found]
    idle = [name for name in _only_read(function, loop) if name not in found.values()]
    if len(left) == len(idle) == 1:
        found[left[0]] = idle[0]
    return [found.get(slot, "_") for slot in slots]


def _stored(loop: ast.For | ast.While) -> dict[str, str]:
    """The names that the loop stores in arrays and lists, by what these are called."""
    found: dict[str, str] = {}
    for node in ast.walk(loop):
        match node:
            case ast.Assign([ast.Subscript(ast.Name(into))], ast.Name(name)):
                found[into] = name
            case ast.Call(ast.Attribute(ast.Name(into), "append"), [ast.Name(name)]):
                found[into] = name
            case ast.AugAssign(ast.Name(into), _, ast.List([ast.Name(name)])):
                found[into] = name
            case _:
                pass
    return found


def _made_of(function: ast.FunctionDef, part: ast.expr) -> list[str]:
    """The names in what is returned, and those of which they are made behind the loop."""
    names = [one.id for one in ast.walk(part) if isinstance(one, ast.Name)]
    lines = [one for one in function.body if isinstance(one, ast.Assign) and not {ast.unparse(to) for to in one.targets}.isdisjoint(names)]
    return [*names, *(one.id for line in lines for one in ast.walk(line.value) if isinstance(one, ast.Name))]


def _only_read(function: ast.FunctionDef, loop: ast.For | ast.While) -> list[str]:
    """The names that the loop reads and that no line gives a value."""
    given = set(stored_in(function))
    given |= set(parameters(function.args)) | {"np", "range", "reversed", "len", "zip", "enumerate"}
    called = {one.func.id for one in ast.walk(loop) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    read = [one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and one.id not in given | called]
    return list(dict.fromkeys(read))
