"""Small slips of a line that make it, or a later one, raise, each undone as text: one off, the wrong way round, tested the other way."""

from __future__ import annotations

import ast
from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import MAKES, NUMPY, Edit, edits

if TYPE_CHECKING:
    from collections.abc import Iterator

_TESTS: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}


def undone(line: ast.stmt, parts: list[ast.AST]) -> Iterator[Edit]:
    """The edits of what a statement does itself, or of ``parts`` of it: first those that have to do with errors."""
    own = chain.from_iterable(_of_node(node) for part in parts for node in ast.walk(part))
    yield from chain(_of_statement(line), own)
    inside = {id(node) for part in parts for node in ast.walk(part)} | {id(line)}
    yield from (one for one in edits(line) if id(one.node) in inside)


def _of_statement(line: ast.stmt) -> Iterator[Edit]:
    match line:
        case ast.For(_, ast.Call(ast.Name("range"), bounds) as around):
            yield from _other_range(around, bounds)
        case ast.AugAssign(target, ast.Add(), value):
            text, whole = ast.unparse(value), ast.unparse(target)
            says = f"{text} is joined to {whole} here entry by entry, and not as one thing"
            yield Edit(line, f"{whole} += [{text}]", "stack-wrong", says)
            match value:
                case ast.Call(ast.Name("list" | "tuple"), [inner]):
                    yield Edit(line, f"{whole} += [{ast.unparse(inner)}]", "stack-wrong", says)
                case _:
                    pass
        case ast.Assign([ast.Name()], value) if isinstance(value, ast.BinOp):
            says = f"{ast.unparse(line.targets[0])} is one off here"
            yield from (Edit(value, f"({ast.unparse(value)} {sign} 1)", "loop-wrong", says) for sign in "-+")
        case _:
            pass


def _other_range(around: ast.Call, bounds: list[ast.expr]) -> Iterator[Edit]:
    """A loop over all steps, this way or the other, as many as a name of its bounds says."""
    names = dict.fromkeys(one.id for bound in bounds for one in ast.walk(bound) if isinstance(one, ast.Name))
    says = f"{ast.unparse(around)} goes over other steps than there are"
    for name in names:
        yield Edit(around, f"range({name} - 1, -1, -1)", "loop-wrong", says)
        yield Edit(around, f"range({name})", "loop-wrong", says)


def _of_node(node: ast.AST) -> Iterator[Edit]:
    match node:
        case ast.Compare(_, [operator], [_]) if type(operator) in _TESTS:
            changed = deepcopy(node)
            changed.ops = [_TESTS[type(operator)]()]
            yield Edit(node, ast.unparse(changed), "loop-wrong", f"{ast.unparse(node)} holds just where it should not")
        case ast.Call(function, args) if ast.unparse(function).rpartition(".")[2] in MAKES and args:
            yield from _other_sizes(node, args[0])
        case ast.Call(ast.Attribute(base, "sum"), args, keywords):
            yield from _other_axes(node, [] if isinstance(base, ast.Name) and base.id in NUMPY else [base], [*args, *keywords])
        case ast.BinOp(left, ast.Add(), right):
            says = f"{ast.unparse(left)} and {ast.unparse(right)} stand in each other's place"
            yield Edit(node, f"({ast.unparse(right)} + {ast.unparse(left)})", "names-exchanged", says)
        case _:
            pass


def _other_axes(summed: ast.Call, base: list[ast.expr], given: list[ast.expr | ast.keyword]) -> Iterator[Edit]:
    """A sum over the examples, which keeps their axis, where one goes over all axes, or does not keep it."""
    along = [one for one in given if isinstance(one, ast.keyword) and one.arg == "axis"]
    text = ast.unparse(summed)
    if len([*base, *given]) == 1:
        comma = ", " if given else ""
        yield Edit(summed, f"{text[:-1]}{comma}axis=1, keepdims=True)", "sum-wrong", f"{text} goes over everything, and makes one number")
    elif len([*base, *given]) == len(along) + 1:
        yield Edit(summed, f"{text[:-1]}, keepdims=True)", "sum-wrong", f"{text} does not keep the axis that it goes over")


def _other_sizes(made: ast.Call, shape: ast.expr) -> Iterator[Edit]:
    """Each size of what is made one more, and one less."""
    says = f"{ast.unparse(made)} has another size than what is stored there needs"
    for size in ast.walk(shape):
        if isinstance(size, ast.Tuple):
            for one in size.elts:
                yield from (Edit(one, f"({ast.unparse(one)} {sign} 1)", "wrong-size", says) for sign in "+-")
