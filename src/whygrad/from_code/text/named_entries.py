"""Entries of a table whose key says what stands under it, ``"tanh": np.tanh`` or ``"c": "tanh"``: they are right, whatever comes of it."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import ACTIVATIONS, GATES
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.text.small_edits import Edit

_CANDIDATE = "c"


def changes_what_is_named(line: ast.stmt, edit: Edit) -> bool:
    """Whether an edit changes such an entry of a table that a statement writes out."""
    tables = [node for node in walk(line) if isinstance(node, ast.Dict)]
    named = [entry for table in tables for entry in _named(table)]
    if not named:
        return False
    if any(node is edit.node for entry in named for part in entry for node in walk(part)):
        return True
    within = {id(node) for node in walk(edit.node)}
    before = {_written(entry) for entry in named if id(entry[0]) in within}
    after = list[ast.AST]()
    with suppress(SyntaxError):
        after = list(ast.walk(ast.parse(edit.text))) if before else after
    return bool(after) and not before <= {_written(entry) for node in after if isinstance(node, ast.Dict) for entry in _entries(node)}


def _entries(table: ast.Dict) -> Iterator[tuple[ast.expr, ast.expr]]:
    yield from ((key, value) for key, value in zip(table.keys, table.values, strict=True) if key is not None)


def _named(table: ast.Dict) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The entries whose value has the key's name, or is the activation of the gate that the key is the letter of."""
    for key, value in _entries(table):
        match key:
            case ast.Constant(str(text)) if text == _name(value) or (text in GATES and _name(value) == ACTIVATIONS[text == _CANDIDATE]):
                yield key, value
            case _:
                pass


def _name(value: ast.expr) -> str:
    match value:
        case ast.Name(text) | ast.Attribute(_, text) | ast.Constant(str(text)):
            return text
        case _:
            return ""


def _written(entry: tuple[ast.expr, ast.expr]) -> tuple[str, str]:
    return ast.unparse(entry[0]), ast.unparse(entry[1])
