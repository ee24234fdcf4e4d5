"""Small edits of the part of a line that raises, as text, of which one may make the function go on: another name, another index.

They are tried, and never told: they show what else is wrong behind the line.
"""

from __future__ import annotations

import ast
import re
from difflib import get_close_matches
from itertools import chain, islice, permutations
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.observe.arrays import shape_of
from whygrad.from_code.observe.stopped import NOT_KNOWN, operands, without_a_value
from whygrad.from_code.reference.parts import FUNCTIONS, cell_of
from whygrad.from_code.stops.started import handed_out_as
from whygrad.from_code.text.small_edits import NUMPY
from whygrad.from_code.words import alike, kind, likest
from whygrad.sandbox.trees import holds, names_in, parameters, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Value

Edit: TypeAlias = tuple[ast.expr | ast.stmt | ast.keyword, str]
"""A node and the text that stands in its place."""
_MOST = 30
_NEAR = 3
"""Functions of NumPy that are tried for one that it has not."""
_ARGUMENTS = ("axis", "keepdims", "dtype", "shape")
"""What functions of NumPy are told by a name."""


def edits(stopped: Stopped, results: Mapping[str, Value]) -> list[Edit]:
    """The edits, the likeliest first; none where it is not known what raised. Of the right ``results`` the shapes are used."""
    if stopped.node is None or stopped.function is None or _may_not_end(stopped):
        return []
    found: dict[tuple[int, str], Edit] = {}
    of_kinds = chain(
        _of_a_start(stopped, results), _never_made(stopped, results), of_another_cell(stopped),
        _other_indices(stopped), turned(stopped), _cut_along_another_axis(stopped), _of_another_shape(stopped), _other_names(stopped),
    )  # fmt: skip
    for node, text in of_kinds:
        found.setdefault((id(node), text), (node, text))
    return list(islice(found.values(), _MOST))


def _may_not_end(stopped: Stopped) -> bool:
    """Whether a ``while`` loop tests what the line, or one around it, gives a value: edited, it may have no end."""
    tests = [one.test for one in ast.walk(stopped.function) if isinstance(one, ast.While)]
    tested = {name for test in tests for name in names_in(test)}
    if any(isinstance(test, ast.Constant) or holds(test, stopped.node) for test in tests):
        return True
    line = stopped.line
    return line is not None and any(isinstance(one, ast.Name) and one.id in tested for one in ast.walk(line))


def _of_a_start(stopped: Stopped, results: Mapping[str, Value]) -> Iterator[Edit]:
    """Before the loops a name may start with zeros of its result's shape, or with the number 0, to which anything can be added."""
    loops, line = [one for one in ast.walk(stopped.function) if isinstance(one, ast.For | ast.While)], stopped.line
    before = isinstance(line, ast.Assign) and any(one.lineno > line.lineno for one in loops)
    if not before or any(one is line for loop in loops for one in ast.walk(loop)):
        return
    match line:
        case ast.Assign([ast.Tuple(names)], value):
            yield value, f"({'0, ' * len(names)})"
        case ast.Assign(targets, value) if all(isinstance(one, ast.Name) for one in targets):
            name = ast.unparse(targets[0])
            shape = shape_of(results.get(handed_out_as(stopped).get(name, name)))
            if shape:
                first = any(_chooses_first(one, name) for one in ast.walk(stopped.function))
                yield value, f"np.zeros({(shape[-1], *shape[:-1]) if first else shape})"
            yield value, "0"
        case ast.Assign([ast.Subscript(_, ast.Constant(str(key)))], value) if shape := shape_of(results.get(key)):
            yield value, f"np.zeros({shape})"
        case _:
            pass


def _chooses_first(node: ast.AST, name: str) -> bool:
    """Whether it is a part of an array that a single index along its first axis chooses."""
    match node:
        case ast.Subscript(ast.Name(other), index, ast.Store()):
            return other == name and not isinstance(index, ast.Tuple | ast.Slice)
        case _:
            return False


def _never_made(stopped: Stopped, results: Mapping[str, Value]) -> Iterator[Edit]:
    """A result's array without a value into which the line stores: made there, with that shape; and one to which it adds begun."""
    name, line = without_a_value(stopped.raised), stopped.line
    if name in results and isinstance(line, ast.AugAssign | ast.Assign) and holds(line, stopped.node):
        yield line, f"{name} = {name} if {name!r} in locals() else 0; {ast.unparse(line)}"
    shapes = {shape for key, value in results.items() if key.startswith(name) and (shape := shape_of(value))}
    if name and len(shapes) == 1 and isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Subscript):
        yield line, f"{name} = np.zeros({next(iter(shapes))}); {ast.unparse(line)}"


def turned(stopped: Stopped) -> Iterator[Edit]:
    """One of two matrices the other way, where their product has no shape."""
    for part in operands(stopped.node) or () if stopped.raised.type == "ValueError" else ():
        match part:
            case ast.Attribute(base, "T"):
                yield part, ast.unparse(base)
            case _:
                yield part, f"({ast.unparse(part)}).T"


def of_another_cell(stopped: Stopped) -> list[Edit]:
    """The cell of the function, where another one is called."""
    cell = cell_of(stopped.subject.function)
    match stopped.node:
        case ast.Call(ast.Name(name) as called) if name != cell and "_cell_" in name and name in FUNCTIONS:
            return [(called, cell)]
        case _:
            return []


def _cut_along_another_axis(stopped: Stopped) -> Iterator[Edit]:
    """Another axis where one is named, and all that the line cuts alike along one axis cut along the other."""
    if stopped.raised.type != "ValueError" or stopped.line is None or stopped.node is None:
        return
    for part in ast.walk(stopped.node):
        match part:
            case ast.keyword("axis", ast.Constant(0 | 1 as axis) as value):
                yield value, str(1 - axis)
            case ast.Subscript(_, ast.Tuple([ast.Slice() as rows, ast.Slice() as columns])):
                before, after = (f"[{ast.unparse(rows)}, {ast.unparse(columns)}]", f"[{ast.unparse(columns)}, {ast.unparse(rows)}]")
                yield stopped.line, ast.unparse(stopped.line).replace(before, after)
            case _:
                pass


def _of_another_shape(stopped: Stopped) -> Iterator[Edit]:
    """For one of two arrays that do not fit another name, or another key, that holds an array of the other's shape."""
    two = operands(stopped.node) or () if stopped.raised.type == "ValueError" else ()
    for part, beside in zip(two, two[::-1], strict=True):
        shaped = stopped.array(beside)
        names = (name for name, value in stopped.held.items() if shaped is not None and shape_of(value) == shaped.shape)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and shape_of(stopped.worth(part)) is not None:
            yield from sorted(((part, name) for name in names), key=lambda pair: -alike(pair[0].id, pair[1]))
        match part:
            case ast.Subscript(base, ast.Constant(str()) as key, ast.Load()) if isinstance(held := stopped.worth(base), dict):
                parts = cast("dict[str, Value]", held)
                fits = (other for other, value in parts.items() if shaped is not None and shape_of(value) == shaped.shape)
                yield from ((key, repr(other)) for other in fits)
            case _:
                pass


def written_otherwise(stopped: Stopped) -> Iterator[Edit]:
    """A power for ``^``, a product or a part for a call of what is no function, the cell's call, what has a name that is written alike."""
    match stopped.node:
        case ast.BinOp(_, ast.BitXor()):
            yield stopped.node, f"({stopped.written(stopped.node).replace('^', '**')})"
        case ast.Call(called, [given], []) if shape_of(stopped.worth(called)) is not None:
            yield stopped.node, f"(({ast.unparse(called)}) * ({ast.unparse(given)}))"
        case ast.Call(called, [given], []) if isinstance(stopped.worth(called), (dict, list, tuple)):
            yield stopped.node, f"{ast.unparse(called)}[{ast.unparse(given)}]"
        case ast.Attribute(base, key) if isinstance(stopped.worth(base), dict):
            yield stopped.node, f"{ast.unparse(base)}[{key!r}]"
        case ast.Name(name) if stopped.error == "UnboundLocalError":
            yield stopped.node, f"({name} if {name!r} in locals() else 0)"
        case ast.Call(ast.Name(name), given, []) if name == cell_of(stopped.subject.function):
            yield from ((stopped.node, f"{name}({', '.join(texts)})") for texts in _other_arguments(stopped, list(map(ast.unparse, given))))
        case ast.Call(_, _, keywords) if stopped.raised.type == "TypeError":
            named = ((one, get_close_matches(one.arg or "", _ARGUMENTS, 1)) for one in keywords)
            yield from ((one, f"{near[0]}={ast.unparse(one.value)}") for one, near in named if near and near[0] != one.arg)
        case ast.Name(name) if stopped.raised.type == "NameError":
            words = {*FUNCTIONS, *(word for piece in stopped.subject.pieces for word in re.findall(r"[A-Za-z_]\w*", piece.text))}
            yield from ((stopped.node, word) for word in get_close_matches(name, words - {name}, _NEAR))
            yield stopped.node, f"np.{name}"
        case ast.Attribute(ast.Name(base), name) if base in NUMPY:
            yield from ((stopped.node, f"{base}.{other}") for other in likest(name, dir(np))[:_NEAR])
        case _:
            pass


def _other_arguments(stopped: Stopped, given: list[str]) -> Iterator[Sequence[str]]:
    """The cell's arguments in another order, with a step's part for a whole list, and with one more where one is missing."""
    lists = [name for name, value in stopped.held.items() if isinstance(value, (list, tuple))]
    parts = [f"{name}[{step}]" for target, _ in stopped.loops() for step in names_in(target) for name in lists]
    asked = len(SEQUENCE_MODELS.arguments(cell_of(stopped.subject.function)))
    if len(given) == asked:
        yield from permutations(given)
        yield from ([*given[:at], part, *given[at + 1 :]] for at in range(asked) for part in parts if part.startswith(f"{given[at]}["))
    elif len(given) == asked - 1:
        arrays = [name for name, value in stopped.held.items() if shape_of(value)]
        yield from ([*given[:at], more, *given[at:]] for at in range(asked) for more in (*parts, *arrays))


def _other_indices(stopped: Stopped) -> Iterator[Edit]:
    """What else is asked of the same thing in the function, and what the line itself asks of others."""
    node = stopped.node
    if not isinstance(node, ast.Subscript) or stopped.raised.type not in {"KeyError", "IndexError", "TypeError"}:
        return
    others = [one for one in ast.walk(stopped.function) if isinstance(one, ast.Subscript)]
    here = [one for one in ast.walk(stopped.line) if isinstance(one, ast.Subscript)] if stopped.line is not None else []
    same_base = [one for one in others if ast.dump(one.value) == ast.dump(node.value)]
    for text in dict.fromkeys(ast.unparse(one.slice) for one in (*here, *same_base)):
        if text != ast.unparse(node.slice):
            yield node.slice, text
    if "out of bounds" in stopped.raised.text or "out of range" in stopped.raised.text:
        yield from ((one, "0") for one in ast.walk(node.slice) if isinstance(one, ast.Name))


def _other_names(stopped: Stopped) -> Iterator[Edit]:
    """Another name of the function in the place of each that is read there: first where it holds another kind of thing."""
    if stopped.raised.type == "ValueError":  # what does not fit is seldom made by a wrong name alone
        return
    held = _within_reach(stopped)
    names = [one for one in ast.walk(cast("ast.AST", stopped.node)) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    pairs = [(one, other) for one in names if one.id in held or one.id not in NUMPY for other in held if other != one.id]
    pairs = [(one, other) for one, other in pairs if _may_stand(stopped, held.get(one.id, NOT_KNOWN), held[other])]
    target = stopped.line.target if isinstance(stopped.line, ast.AugAssign) else None
    into = target.value.id if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) else ""
    pairs = [(one, other) for one, other in pairs if other != into]  # added to itself it would not raise
    pairs = [(one, other) for one, other in pairs if held[other] is NOT_KNOWN or _has_its_place(stopped, one, held[other])]
    yield from sorted(pairs, key=lambda pair: (_is_usual(held.get(pair[0].id, NOT_KNOWN)), -alike(pair[0].id, pair[1])))


def _within_reach(stopped: Stopped) -> dict[str, Any]:
    """The names that the line could read, with what they held as far as it was seen: also those of a comprehension around it."""
    found = {name: value for name, value in stopped.held.items() if name.isidentifier()}
    found |= dict.fromkeys((name for name in parameters(stopped.function.args) if name not in found), NOT_KNOWN)
    for target, _ in stopped.loops():
        names = [one.id for one in walk(target) if isinstance(one, ast.Name)]
        found = {name: found.get(name, NOT_KNOWN) for name in names} | found
    return found


def _may_stand(stopped: Stopped, before: Any, other: Any) -> bool:  # noqa: ANN401 - whatever was seen
    """Whether a value can make up for another: it is of another kind, or the error is not of the kind."""
    if before is NOT_KNOWN or other is NOT_KNOWN or stopped.raised.type == "KeyError":
        return True
    return kind(before).partition(" of ")[0] != kind(other).partition(" of ")[0]


def _has_its_place(stopped: Stopped, name: ast.Name, value: Any) -> bool:  # noqa: ANN401 - as above
    """Whether what holds parts stands where a part is asked for, and what is no array where a part is chosen."""
    for node in ast.walk(cast("ast.AST", stopped.node)):
        if isinstance(node, ast.Subscript) and node.value is name:
            of_arrays = isinstance(node.slice, ast.Slice | ast.Tuple)
            return isinstance(value, np.ndarray) or (not of_arrays and isinstance(value, (dict, list, tuple)))
        if isinstance(node, ast.Subscript) and holds(node.slice, name):
            return isinstance(value, (int, str))
    return True


def _is_usual(value: Any) -> bool:  # noqa: ANN401 - as above
    """Whether it is an array, or not known: most of what a function reads is."""
    return value is NOT_KNOWN or isinstance(value, np.ndarray)
