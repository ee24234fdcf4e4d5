"""Edits of a line by lines that are built alike: a name or an index that another one of them has at the same place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import Edit
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator


def sibling_edits(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """Of a statement that gives one thing a value: each of its names and indices as it stands in a line like it, once."""
    if not isinstance(line, ast.Assign | ast.AugAssign):
        return
    own, seen = _leaves(line), set[tuple[int, str]]()
    base = next(iter(own), None)
    for other in walk(function):
        if not isinstance(other, type(line)) or other is line or _form(other) != _form(line):
            continue
        for (node, within), (its, _) in zip(own, _leaves(other), strict=True):
            text = ast.unparse(its)
            if ast.unparse(node) == text or (base and node is base[0]) or (id(node), text) in seen:
                continue
            seen.add((id(node), text))
            if within is None:
                yield Edit(node, text, "name-replaced", f"{ast.unparse(node)} stands here, where another name belongs")
            else:
                says = f"{ast.unparse(within)} takes another part than the one that belongs here"
                yield Edit(node, text, "slice-wrong", says)


def _sides(line: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return [*(line.targets if isinstance(line, ast.Assign) else [line.target]), line.value]


def _leaves(line: ast.Assign | ast.AugAssign) -> list[tuple[ast.expr, ast.Subscript | None]]:
    """The names and numbers of a statement, and each index with what it is one of, as they stand there."""
    return [leaf for side in _sides(line) for leaf in _leaves_of(side)]


def _leaves_of(node: ast.AST) -> Iterator[tuple[ast.expr, ast.Subscript | None]]:
    match node:
        case ast.Subscript(base, index):
            yield from _leaves_of(base)
            yield from ((part, node) for part in (index.elts if isinstance(index, ast.Tuple) else [index]))
        case ast.Name() | ast.Constant():
            yield node, None
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _leaves_of(child)


def _form(line: ast.Assign | ast.AugAssign) -> str:
    """How a statement is built, whatever the names and indices are."""
    augmented = [type(line.op).__name__] if isinstance(line, ast.AugAssign) else []
    return " ".join((*augmented, *map(_form_of, _sides(line))))


def _form_of(node: ast.AST) -> str:
    match node:
        case ast.Subscript(base, index):
            return f"{_form_of(base)}[{len(index.elts) if isinstance(index, ast.Tuple) else 1}]"
        case ast.Name() | ast.Constant():
            return "_"
        case _:
            return f"{type(node).__name__}({', '.join(map(_form_of, ast.iter_child_nodes(node)))})"
