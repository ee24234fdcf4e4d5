"""What a line does with an array's memory, undone as text: what is written into it, what it is made for or holds, a copy that is filled."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.text.small_edits import NUMPY, Edit, nodes_of
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import holds, names_in, parameters, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ZEROS = {"empty": "what was in this memory before", "ones": "ones"}
"""What an array holds that is made by one of NumPy's functions."""


def memory_edits(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """The edits of what a statement does itself; few lines have any, so they can be tried in every function that is wrong."""
    yield from _given_anew(line, around)
    yield from _begun_again(line, around)
    yield from _given_anothers(line, around)
    for node in nodes_of(line):
        if isinstance(node, ast.Call):
            yield from _written_into(line, node)
            yield from _made_otherwise(line, node)
    match line:
        case ast.AugAssign(ast.Subscript(ast.Call(ast.Attribute(base, "flatten"), []) as copy)) | ast.Assign(
            [ast.Subscript(ast.Call(ast.Attribute(base, "flatten"), []) as copy)]
        ):
            says = f"{ast.unparse(copy)} is a copy, and what is stored in it never comes to {ast.unparse(base)}"
            yield Edit(copy, f"{ast.unparse(base)}.ravel()", "left-at-zero", says)
        case _:
            pass


def _written_into(line: ast.stmt, call: ast.Call) -> Iterator[Edit]:
    """A result that is written into an array which is there already, made anew."""
    if not writes_into(call):
        return
    named = [one for one in call.keywords if one.arg == "out"]
    by_place = [] if named else call.args[-1:]
    anew = ast.Call(call.func, call.args[: len(call.args) - len(by_place)], [one for one in call.keywords if one not in named])
    into = ast.unparse(named[0].value if named else by_place[0])
    name = ast.unparse(line.targets[0]) if isinstance(line, ast.Assign) and line.value is call else ""
    says = f"{ast.unparse(call.func)} writes what it gives into {into} here, and what {into} held before is lost"
    if name and name != into:
        says = f"{says}; {name} is the same array, not one of its own"
    yield Edit(call, ast.unparse(anew), "updated-in-place", says)


def writes_into(call: ast.Call) -> bool:
    """Whether a call writes its result into an array that is there already."""
    return any(one.arg == "out" for one in call.keywords) or _given_one_more(call)


def _given_one_more(call: ast.Call) -> bool:
    """Whether one of NumPy's functions of numbers is given one thing more than it computes with: the array to write into."""
    match call.func:
        case ast.Attribute(ast.Name(library), name) if library in NUMPY:
            known = getattr(np, name, None)
            return isinstance(known, np.ufunc) and len(call.args) == known.nin + 1
        case _:
            return False


def _made_otherwise(line: ast.stmt, call: ast.Call) -> Iterator[Edit]:
    """An array that is asked to hold whole numbers, or truth values, without that; one that is not made zero, made so."""
    name = ast.unparse(line.targets[0]) if isinstance(line, ast.Assign) and len(line.targets) == 1 else "an array"
    says = f"{name} is made for whole numbers here, and what belongs into it has a fraction"
    kinds = [one for one in call.keywords if one.arg == "dtype" and _is_whole(one.value)]
    match call:
        case ast.Call(ast.Attribute(base, "astype"), [kind]) if _is_whole(kind):
            yield Edit(call, ast.unparse(base), "whole-numbers", says)
        case ast.Call(ast.Attribute(ast.Name(library), name), args, keywords) if (
            library in NUMPY and name.removesuffix("_like") in _NO_ZEROS
        ):
            kind = name.removesuffix("_like")
            zeros = ast.Call(ast.Attribute(ast.Name(library), name.replace(kind, "zeros")), args, keywords)
            holds = f"{ast.unparse(call)} holds {_NO_ZEROS[kind]}, and no zeros"
            yield Edit(call, ast.unparse(zeros), "accumulator-starts-wrong", holds)
        case ast.Call(ast.Attribute(), [shape, kind]) if _is_whole(kind):
            yield Edit(call, ast.unparse(ast.Call(call.func, [shape], call.keywords)), "whole-numbers", says)
        case _ if kinds:
            without = ast.Call(call.func, call.args, [one for one in call.keywords if one not in kinds])
            yield Edit(call, ast.unparse(without), "whole-numbers", says)
        case _:
            pass


def _is_whole(kind: ast.expr) -> bool:
    """Whether an expression names a type of whole numbers."""
    return ast.unparse(kind).strip("'\"").rpartition(".")[2].startswith(("int", "uint", "bool"))


def _given_anew(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """A line in no loop that gives an argument another value, made of what it held, left out."""
    match line:
        case ast.AugAssign(ast.Name(name), _, value) | ast.Assign([ast.Name(name)], value):
            pass
        case _:
            return
    of_itself = isinstance(line, ast.AugAssign) or name in names_in(value)
    if name in parameters(around.args) and of_itself and not _in_a_loop(line, around):
        says = f"{name} gets another value here, and a line below needs the one that it came with"
        yield Edit(line, "pass", "updated-in-place", says)


def _in_a_loop(line: ast.stmt, around: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.For | ast.While) and node is not line and holds(node, line) for node in walk(around))


def _begun_again(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """An entry that is made zero within a loop, or several, by a loop in another one that does nothing else, left out."""
    made = [_made_zero(inner) for inner in (line.body if isinstance(line, ast.For) and len(line.body) > 1 else [line])]
    if all(made) and _in_a_loop(line, around):
        again = f"{listed(made)} {'is' if len(made) == 1 else 'are'} made zero again at each turn of the loop"
        says = f"{again}: what the turns before gave is lost"
        yield Edit(line, "pass", "accumulated-wrongly", says)


def _given_anothers(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """A line that gives a name which has a value what another name holds, left out."""
    match line:
        case ast.Assign([ast.Name(name)], ast.Name(other)) if name != other:
            stores = (node for node in walk(around) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
            if any(node.id == name and node.lineno < line.lineno for node in stores):
                says = f"{name} gets what {other} holds here, and a line below needs what {name} held before"
                yield Edit(line, "pass", "updated-in-place", says)
        case _:
            pass


def _made_zero(line: ast.stmt) -> str:
    """The entry that a statement gives an array of zeros; empty of any other."""
    match line:
        case ast.Assign([ast.Subscript() as entry], ast.Call(ast.Attribute(_, "zeros" | "zeros_like"))):
            return ast.unparse(entry)
        case _:
            return ""
