"""Edits of what a cell writes down for later: two of a row exchanged, a factor of what is computed more or less, a power."""

from __future__ import annotations

import ast
from copy import deepcopy
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import NUMPY, Edit, in_each_others_place, nodes_of
from whygrad.sandbox.trees import parameters, stored_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def kept_edits(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """The edits of what a statement does itself."""
    names = list(dict.fromkeys((*parameters(around.args), *stored_in(around))))
    for node in nodes_of(line):
        row = _row(node)
        yield from _exchanged(node, row)
        match node:
            case ast.BinOp(ast.BinOp(left, ast.Add() | ast.Sub() as sign, right), ast.Pow(), power):
                written = (
                    f"({ast.unparse(left)} {'+' if isinstance(sign, ast.Add) else '-'} ({ast.unparse(right)}) ** {ast.unparse(power)})"
                )
                says = f"the power in {ast.unparse(node)} is that of the whole bracket"
                yield Edit(node, written, "bracket-moved", says)
            case ast.BinOp(left, ast.Mult(), right):
                for less, rest in ((left, right), (right, left)):
                    says = f"{ast.unparse(node)} has a factor that does not belong there: {ast.unparse(less)}"
                    yield Edit(node, f"({ast.unparse(rest)})", "factor-added", says)
            case ast.Slice(ast.Constant(int(first)), ast.Constant(int(last)), None):
                says = f"the part {ast.unparse(node)} begins and ends one place beside its own"
                yield from (Edit(node, f"{first + by}:{last + by}", "slice-wrong", says) for by in (1, -1) if first + by >= 0)
            case ast.BinOp():
                yield from without_its_square(node)
            case _:
                pass
        for part in (*row, *([line.value] if isinstance(line, ast.Assign) and node is line else ())):
            if isinstance(part, ast.BinOp):
                says = f"{ast.unparse(part)} stands here without a factor that belongs to it"
                yield from (Edit(part, f"(({ast.unparse(part)}) * {name})", "factor-dropped", says) for name in names)


def without_its_square(node: ast.BinOp) -> Iterator[Edit]:
    """One minus the square of something, where one minus that itself stands."""
    if isinstance(node.left, ast.Constant) and node.left.value == 1 and isinstance(node.op, ast.Sub):
        right = ast.unparse(node.right)
        yield Edit(node.right, f"({right}) ** 2", "wrong-activation-derivative", f"{ast.unparse(node)} has {right} without its square")


def parts_exchanged(node: ast.AST, text: str) -> list[ast.expr]:
    """What stands elsewhere in a row, or is another, with this text in the place of a node."""
    row = _row(node)
    now = _row(ast.parse(f"({text})", mode="eval").body) if row else []
    return [one for one, other in zip(row, now, strict=True) if ast.unparse(one) != ast.unparse(other)] if len(row) == len(now) else []


def stands_alone(line: ast.stmt, node: ast.AST) -> bool:
    """Whether a node is all that is written down at its place in a row, or all that a name is given: a name, or what one holds."""
    plain = isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
    return plain and (node is getattr(line, "value", None) or any(node is part for inner in nodes_of(line) for part in _row(inner)))


def _row(node: ast.AST) -> list[ast.expr]:
    """What is written down side by side: in a tuple, a list or a dictionary, or as what a call is given that is none of NumPy's."""
    match node:
        case ast.Tuple(parts, ast.Load()) | ast.List(parts, ast.Load()):
            row: Sequence[ast.expr] = parts
        case ast.Dict(keys, values):
            row = [value for key, value in zip(keys, values, strict=True) if key is not None]
        case ast.Call(ast.Name(), parts, keywords):
            row = [*parts, *(keyword.value for keyword in keywords if keyword.arg)]
        case ast.Call(ast.Attribute(ast.Name(base)), parts, keywords) if base not in NUMPY:
            row = [*parts, *(keyword.value for keyword in keywords if keyword.arg)]
        case _:
            row = []
    return [part for part in row if not isinstance(part, ast.Starred | ast.Constant)]


def _exchanged(node: ast.AST, row: Sequence[ast.expr]) -> Iterator[Edit]:
    """Any two of a row in each other's place."""
    if not isinstance(node, ast.expr):
        return
    texts = [ast.unparse(part) for part in row]
    for one, other in combinations(range(len(row)), 2):
        if texts[one] != texts[other]:
            changed, mine, theirs = deepcopy((node, row[one], row[other]))
            changed = _Exchange(mine, theirs).visit(changed)
            yield Edit(node, ast.unparse(changed), "names-exchanged", in_each_others_place(row[one], row[other]))


class _Exchange(ast.NodeTransformer):
    def __init__(self, one: ast.expr, other: ast.expr) -> None:
        self._others = {id(one): other, id(other): one}

    def visit(self, node: ast.AST) -> ast.AST:
        return self._others.get(id(node)) or self.generic_visit(node)
