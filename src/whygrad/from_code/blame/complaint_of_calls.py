"""What an error says of a call, in the learner's own names: how many values it is given, which one is missing, which one does not fit."""

from __future__ import annotations

import ast
import re
from difflib import get_close_matches
from inspect import signature
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.stopped import NOT_KNOWN
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.words import kind
from whygrad.mistakes.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Value

_MAKES = frozenset(("zeros", "ones", "empty"))
TOGETHER = frozenset(("concatenate", "vstack", "hstack", "stack", "dstack", "column_stack"))
_OTHERS = (
    ("dtype", "the type of the numbers", re.compile(r"as a data type")),
    ("out", "an array that it stores into", re.compile(r"must be of ArrayType|'out' must be an array")),
)
"""Arguments of NumPy's functions that stand behind what is computed with, and what is complained of where something else is given."""
_NUMBER = re.compile(r"takes|missing|positional argument|expected (at most|exactly|at least)|too many arguments")


def called_wrongly(stopped: Stopped) -> str | None:
    """What does not fit in the call that raised, or within which something raised."""
    call = stopped.node
    if not isinstance(call, ast.Call):
        return None
    function = stopped.text(call.func)
    name = function.rpartition(".")[2]
    of_cell = name == stopped.subject.cell != stopped.subject.function
    if "cell" in name and name in ARGUMENTS and stopped.subject.cell not in {name, stopped.subject.function}:
        return f"{name} is called here, and that is not the cell of {stopped.subject.function}"
    if stopped.raised.type == "TypeError":
        says = _in_brackets(stopped, call, function) or _named_otherwise(stopped, call, function) or _as_another(stopped, call, function)
        if says is not None:
            return says
        if _NUMBER.search(stopped.raised.text):
            return _too_many_or_few(stopped, call, function, name)
    return _does_not_fit(stopped, call, name) if of_cell else None


def _in_brackets(stopped: Stopped, call: ast.Call, function: str) -> str | None:
    """Sizes, or arrays, that NumPy takes together, and that are given one by one."""
    library, _, name = function.rpartition(".")
    given = call.args
    if library not in {"np", "numpy"} or len(given) < 2 or isinstance(given[0], (ast.Tuple, ast.List)):  # noqa: PLR2004
        return None
    what = "the sizes" if name in _MAKES else "the arrays" if name in TOGETHER else None
    if what is None or any(isinstance(one, ast.Starred) for one in given) or not _alike(stopped, given):
        return None
    return f"{function} takes {what} together, in brackets of their own, and here they stand one by one"


def _alike(stopped: Stopped, given: Sequence[ast.expr]) -> bool:
    """Whether the first two arguments are of one kind: two sizes, or two arrays."""
    one, other = (stopped.worth(node) for node in given[:2])
    return one is not NOT_KNOWN and type(one) is type(other)


def _named_otherwise(stopped: Stopped, call: ast.Call, function: str) -> str | None:
    """An argument under a name that the function does not know."""
    found = re.search(r"unexpected keyword argument '(\w+)'", stopped.raised.text)
    if found is None:
        return None
    parameters = _parameters(stopped, call, function)
    if found[1] in parameters and call.args:
        method = function.rpartition(".")[2]
        return f"{stopped.text(call.args[0])} is no plain array, perhaps a np.matrix: its own {method} has no argument called {found[1]}"
    near = get_close_matches(found[1], parameters, 1)
    return f"{function} has no argument called {found[1]}{f' (there is {near[0]})' if near else ''}"


def _as_another(stopped: Stopped, call: ast.Call, function: str) -> str | None:
    """A value that stands where NumPy takes something else: ``np.sum(x, 1, True)``, ``np.tanh(x, 2)``."""
    parameters = _parameters(stopped, call, function)
    for name, what, complains in _OTHERS:
        place = parameters.index(name) if name in parameters else len(call.args)
        if complains.search(stopped.raised.text) and place < len(call.args):
            return f"{stopped.text(call.args[place])} stands where {function} takes {name}, {what}"
    return None


def _parameters(stopped: Stopped, call: ast.Call, function: str) -> list[str]:
    """The names of the parameters of what is called; none where that is not known."""
    own = stopped.subject.text.signatures.get(function)
    if own is not None:
        return own
    library = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id in {"np", "numpy"}
    try:
        return list(signature(getattr(np, call.func.attr)).parameters) if library else []  # type: ignore[attr-defined]
    except (AttributeError, TypeError, ValueError):
        return []


def _too_many_or_few(stopped: Stopped, call: ast.Call, function: str, name: str) -> str | None:
    """A call with another number of values than the function takes."""
    if any(isinstance(one, ast.Starred) for one in call.args) or any(keyword.arg is None for keyword in call.keywords):
        return None
    takes = list(ARGUMENTS.get(name, ())) or stopped.subject.text.signatures.get(function) or []
    given = len(call.args) + len(call.keywords)
    if name == "append" and not takes:
        return f"{function} takes 1 value, and {_are(given)} given here"
    if not takes or given == len(takes):
        return None
    says = f"{name} takes {counted(len(takes), 'value')} ({', '.join(takes)}), and {_are(given)} given here"
    left = _left_out(stopped, call, takes) if given == len(takes) - 1 and not call.keywords else None
    return f"{says}: {left} is missing" if left else says


def _are(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def _left_out(stopped: Stopped, call: ast.Call, takes: list[str]) -> str | None:
    """The parameter without which what is given stands in its place; None where that is not just one."""
    rights = stopped.right_arguments
    given = [stopped.worth(one) for one in call.args]
    if rights is None or len(rights) != len(takes):
        return None
    fits: list[str] = []
    for left, name in enumerate(takes):
        others = [*rights[:left], *rights[left + 1 :]]
        if all(_fits(value, right) for value, right in zip(given, others, strict=True)):
            fits.append(name)
    if len(fits) > 1:  # states of one shape: which of them it is, the values tell
        equal = {name: sum(same(value, right) for value, right in zip(given, _without(rights, takes, name), strict=True)) for name in fits}
        fits = [name for name in fits if equal[name] == max(equal.values())]
    return fits[0] if len(fits) == 1 else None


def _without(rights: Sequence[Value], takes: list[str], name: str) -> list[Value]:
    return [right for other, right in zip(takes, rights, strict=True) if other != name]


def _fits(value: Value, right: Value) -> bool:
    """Whether a value could stand where another is right: it is of its kind, and of its shape."""
    if value is NOT_KNOWN:
        return False
    one, other = array_of(value), array_of(right)
    if one is None or other is None:
        return one is other and type(value) is type(right) and len(value) == len(right)
    return one.shape == other.shape


def misfits(stopped: Stopped) -> list[tuple[ast.expr, Value, Value]]:
    """What the cell is given and cannot use, of the call that raised: what is written there, its value, and what belongs there."""
    return [(one, value, right) for one, value, _, right in _misfits(stopped, stopped.node)]


def _misfits(stopped: Stopped, call: ast.AST | None) -> list[tuple[ast.expr, Value, str, Value]]:
    name = stopped.text(call.func).rpartition(".")[2] if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or name != stopped.subject.cell or name == stopped.subject.function:
        return []
    rights, takes = stopped.right_arguments, ARGUMENTS[name]
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    nodes = [*call.args, *(named[one] for one in takes[len(call.args) :] if one in named)]
    if rights is None or len(nodes) != len(takes) or len(call.args) + len(named) != len(takes):
        return []
    each = [(one, stopped.worth(one), parameter, right) for one, parameter, right in zip(nodes, takes, rights, strict=True)]
    return [one for one in each if one[1] is not NOT_KNOWN and not _fits(one[1], one[3])]


def _does_not_fit(stopped: Stopped, call: ast.Call, name: str) -> str | None:
    """What the cell is given and cannot use, since it is of another kind, or of another shape."""
    found = _misfits(stopped, call)
    moved = any(all(_fits(one[1], other[3]) for one, other in zip(found, order, strict=True)) for order in permutations(found))
    if moved and len(found) > 1 and not call.keywords:
        texts = listed(stopped.text(one[0]) for one in found)
        return f"{texts} stand in another order than {name} takes them: {', '.join(ARGUMENTS[name])}"
    wrong: list[str] = []
    for one, value, parameter, right in found:
        array, other = array_of(value), array_of(right)
        has, should = kind(value), kind(right)
        if array is not None and other is not None:
            has, should = f"of shape {array.shape}", f"of shape {other.shape}"
        wrong.append(f"{stopped.text(one)} goes into {name} as {parameter} and is {has}, not {should}")
    return listed(wrong) if wrong else None
