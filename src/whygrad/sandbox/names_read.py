"""Which names of the notebook a function reads, itself or through the learner's other functions, by its compiled code."""

from __future__ import annotations

from functools import lru_cache
from opcode import opmap
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from whygrad.sandbox.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_GLOBAL, _NAME, _LONG = (opmap[name] for name in ("LOAD_GLOBAL", "LOAD_NAME", "EXTENDED_ARG"))
_WATCH = "whygrad.sandbox.noted"
"""The module whose functions stand before a watched one."""


def names_read(functions: Mapping[str, Callable[..., Any]], space: Mapping[str, object]) -> frozenset[str]:
    """The global names that these functions, and those they use in turn, read as values: no functions, classes or modules."""
    codes = [code for function in functions.values() for code in _codes_of(function)]
    done: set[CodeType] = set()
    names: set[str] = set()
    while codes:
        code = codes.pop()
        if code in done:
            continue
        done.add(code)
        codes += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
        told = [name for name in code.co_names if name in space and _tells(name, space[name])]
        for name in _global_names(code).intersection(told) if told else ():
            value = space[name]
            if isinstance(value, (FunctionType, type)):
                codes += _codes_of(value)
            else:
                names.add(name)
    return frozenset(names)


def data_read(functions: Mapping[str, Callable[..., Any]], space: Mapping[str, object]) -> frozenset[str]:
    """Those of the names read that may hold data: no switches, no texts, such as a tuple of the gates' letters, no tables of functions."""
    return frozenset(name for name in names_read(functions, space) if not isinstance(space[name], bool) and not _only_words(space[name]))


def _only_words(value: object) -> bool:
    """Whether it is a text, or holds nothing but texts, functions and rows of texts."""
    if isinstance(value, dict):
        value = list(cast("Mapping[object, object]", value).values())
    items = list(cast("Iterable[object]", value)) if isinstance(value, (tuple, list, set, frozenset)) else [value]
    rows = [cast("tuple[object, ...]", one) if isinstance(one, tuple) else (one,) for one in items]
    return any(rows) and all(isinstance(part, str) or callable(part) for row in rows for part in row)


def _tells(name: str, value: object) -> bool:
    """Whether it tells something that a name is read: it is a value, or may use some."""
    if isinstance(value, (FunctionType, type)):
        return True
    return not callable(value) and not isinstance(value, (Recorder, ModuleType)) and not name.startswith("__")


@lru_cache(maxsize=1000)
def _global_names(code: CodeType) -> frozenset[str]:
    """The names that this code looks up outside of it, as ``dis.get_instructions`` tells them in twenty times the time."""
    names, found, long = code.co_names, set[str](), 0
    steps = iter(code.co_code)
    for operation, short in zip(steps, steps, strict=True):
        number = long | short
        long = number << 8 if operation == _LONG else 0
        if operation == _GLOBAL:
            found.add(names[number >> 1])  # the lowest bit tells of something else
        elif operation == _NAME:
            found.add(names[number])
    return frozenset(found)


def _codes_of(thing: object) -> list[CodeType]:
    """The code of a function or of a class's methods; a watched function's is found behind the watch."""
    if isinstance(thing, MethodType):
        thing = thing.__func__
    if isinstance(thing, FunctionType):
        hidden = [cell.cell_contents for cell in thing.__closure__ or ()] if thing.__module__ == _WATCH else [thing]
        return [inner.__code__ for inner in hidden if isinstance(inner, FunctionType)]
    if isinstance(thing, type):
        inside = cast("dict[str, object]", vars(cast("Any", thing)))
        return [inner.__code__ for inner in inside.values() if isinstance(inner, FunctionType)]
    return []
