"""A quoted line that may run well with right values: what it reads that has no value, or holds something else, so that it stops.

Each name in turn, and each entry that is asked for by its key, is given None, another size or an array of another shape, or is taken away.
If the line then stops with the same error, and with that of one name alone, this is it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.from_traceback.fragment import entries_or_names, read_in
from whygrad.from_traceback.spliced import asked, spliced
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_traceback.fragment import Fragment
    from whygrad.from_traceback.runs import Runs
    from whygrad.from_traceback.told import Text
    from whygrad.records import Mistake
    from whygrad.sandbox.requests import Value

_SHAPE = re.compile(r"\((\d{1,4}(?:, ?\d{1,4})*),?\)")
_SIZE = re.compile(r"\b\d{1,4}\b")
_AXIS = re.compile(r"axis (\d) with size (\d{1,4})")
_NAME = re.compile(r"['\"](\w+)['\"]")
_MODULES = frozenset(("np", "numpy", "math"))
_NO_VALUE = frozenset(("NameError", "UnboundLocalError"))
_NONE = "is None"
_MOST_AXES, _MOST_STATES = 3, 2


@dataclass(frozen=True, slots=True)
class _Held:
    """What is read, the line that gives it something else, and what that is in words."""

    read: str
    line: str
    says: str


def has_no_value(text: Text, fragment: Fragment) -> Mistake | None:
    """The mistake that a name which the last line reads has no value; None where the error says something else."""
    missing = _NAME.search(text.stopped.text) if text.stopped.type in _NO_VALUE else None
    if missing is None:
        return None
    name = missing[1]
    names = [part for part in ast.walk(fragment.stopped) if isinstance(part, ast.Name) and part.id == name]
    if not names:
        return None
    outside = {id(part.func) for part in ast.walk(fragment.stopped) if isinstance(part, ast.Call)}
    outside |= {id(part.value) for part in ast.walk(fragment.stopped) if isinstance(part, ast.Attribute) and name in _MODULES}
    if any(id(part) in outside for part in names):
        says = f"{name} is not there when {text.function} comes to this line: no cell that was run has defined or imported it"
        return text.mistake(says, name=name, hint=run_the_cell(name))
    says = f"{text.function} has given {name} no value when it comes to this line: no line above does, or it calls it otherwise"
    return text.mistake(says, name=name)


def run_the_cell(name: str) -> str:
    """The hint where a name is not there that some cell defines."""
    return f"Run the cell that defines or imports {name} before this one, and compare the two names letter by letter."


def holds_something_else(text: Text, fragment: Fragment, runs: Runs) -> Mistake | None:
    """The mistake that what the last line reads holds something else than its name says; None where that is not known."""
    if not runs.runs_on(text, next(spliced(text.function, fragment))):
        return None
    found: list[_Held] = []
    for read, value in _values(text, fragment, runs):
        found += [
            held for held in _others(text.stopped.text, read, value) if runs.stops(text, next(asked(text.function, fragment, held.line)))
        ]
    reads = tuple(dict.fromkeys(held.read for held in found))
    if len(reads) == 1:
        return _said(text, found)
    return _one_is_none(text, reads) if reads and all(held.says == _NONE for held in found) else None


def _values(text: Text, fragment: Fragment, runs: Runs) -> Iterator[tuple[str, Value]]:
    """What the line reads, with its value in the course's own program; what that does not have is left out."""
    for read in dict.fromkeys((*read_in(fragment.stopped), *entries_or_names(fragment.stopped))):
        value = runs.answer(text, next(asked(text.function, fragment, f"return {{'it': {read}}}")))
        if isinstance(value, dict) and "it" in value:
            yield read, cast("dict[str, Value]", value)["it"]


def _others(error: str, read: str, value: Value) -> Iterator[_Held]:
    """What may stand in the place of a value, by what the error says and what is easily made by mistake."""
    yield _Held(read, f"{read} = None", _NONE)
    if read.endswith("]"):
        yield _Held(read, f"del {read}", "is not there")
    if isinstance(value, int):
        for size in dict.fromkeys(map(int, _SIZE.findall(error))):
            if size != value:
                yield _Held(read, f"{read} = {size}", f"is {size} and not {value}")
        yield _Held(read, f"{read} = {value}.0", "is no whole number")
    if isinstance(value, np.ndarray):
        right = cast("np.ndarray[Any, Any]", value).shape
        for shape in dict.fromkeys(_shapes(error, right)):
            if shape != right:
                yield _Held(read, f"{read} = np.ones({shape})", f"has the shape {shape} and not {right}")


def _shapes(error: str, right: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The shapes that the error names, then the right one turned, without an axis, and with another size along one."""
    yield from (tuple(map(int, shape.split(","))) for shape in _SHAPE.findall(error))
    yield from permutations(right) if len(right) <= _MOST_AXES else ()
    yield from (right[:-1], right[1:])
    sizes = sorted({size for shape in _SHAPE.findall(error) for size in map(int, shape.split(","))})
    one_other = [(int(axis), int(size)) for axis, size in _AXIS.findall(error)] or [
        (axis, size) for axis in range(len(right)) for size in sizes
    ]
    yield from ((*right[:axis], size, *right[axis + 1 :]) for axis, size in one_other)


def _said(text: Text, found: list[_Held]) -> Mistake:
    """One sentence for all that was found of one name."""
    read, states = found[0].read, list(dict.fromkeys(held.says for held in found))
    name, _, key = read.partition("[")
    if len(states) > _MOST_STATES:
        states = ["is None, or has another shape than its name says" if _NONE in states else "has another shape than its name says"]
    hint = f"Print {name} just before this line{' with its keys' if key else ', and its shape'}. Which line gave it what it holds?"
    says = f"{read} {' or '.join(states)} when {text.function} comes to this line: {where_given(text.function, name, key)}"
    return text.mistake(says, name=name, hint=hint)


def where_given(function: str, name: str, key: str) -> str:
    """Where to look for what gave a name its value."""
    if name == "caches" and function.endswith("backward"):
        return f"what calls {function} hands it in so, or a line above takes it apart otherwise"
    if name in SEQUENCE_MODELS.arguments(function):
        return f"it comes in so, and what calls {function} is to be looked at"
    if name in ENTRIES[function.partition("_")[0]] and "cell_backward" in function:
        return "it comes out of the cache so, and what was put there is to be looked at"
    if key:
        return f"look at what gives {name} its value, and at what that has under this key"
    return "the line that gives it its value is to be looked at"


def _one_is_none(text: Text, reads: tuple[str, ...]) -> Mistake:
    says = f"one of {listed(reads)} is None when {text.function} comes to this line: look at what gives them their values"
    return text.mistake(says, name=reads[0], hint="Print each of them just before this line. Which line gave it what it holds?")
