"""Of a forward loop that has lost the call of the cell: which names should get what the call gives, as the other lines use them."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher

from whygrad.from_code.inputs import OUTPUTS

_SLOTS = {"a": "a_next", "c": "c_next", "y": "yt_pred", "y_pred": "yt_pred", "caches": "cache"}
"""What the cell calls a step of each result."""


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
        if name and (twin is None or _alike(name, slot) > _alike(name, twin)):
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
    given = {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    given |= {one.arg for one in function.args.args} | {"np", "range", "reversed", "len", "zip", "enumerate"}
    called = {one.func.id for one in ast.walk(loop) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    read = [one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and one.id not in given | called]
    return list(dict.fromkeys(read))


def _alike(name: str, other: str) -> float:
    return SequenceMatcher(None, name, other).ratio()
