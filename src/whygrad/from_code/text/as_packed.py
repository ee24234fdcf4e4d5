"""A line that takes a cache apart, or weights out of a dictionary, or puts names into one, that say so: it is right as it stands.

With two of its names exchanged all may come right too, where lines below read the wrong one of the two: these lines are wrong.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import head
from whygrad.sandbox.trees import names_in, walk, walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.text.small_edits import Edit
    from whygrad.sandbox.requests import Piece


def stands_as_packed(edit: Edit, line: ast.stmt, around: ast.FunctionDef, packed: Iterable[Sequence[str]]) -> bool:
    """Whether an edit exchanges names of such a line; or names that tell nothing and that one line alone reads, which may read a wrong one.

    Names tell what they get if they are ``packed`` in this order, or if each ends as its key does.
    """
    match line, edit.node:
        case ast.Assign([ast.Tuple(names) as target], value), ast.Tuple(before) as node if node is target or node is value:
            new = ast.parse(edit.text).body[0]  # among the cached trees are only those of pieces
        case _, ast.Dict() as table:
            return _named_as_its_keys(table, ast.parse(edit.text, mode="eval").body)
        case _:
            return False
    after = new.value.elts if isinstance(new, ast.Expr) and isinstance(new.value, ast.Tuple) else []
    changed = [slot for slot, pair in enumerate(zip(before, after, strict=False)) if len(set(map(ast.unparse, pair))) > 1]
    called = [ast.unparse(name) for name in names]
    if isinstance(value, ast.Tuple):
        keys = [_key(part)[-1:] for part in value.elts]
        return len(keys) == len(called) and all(keys[slot] == called[slot][-1:] for slot in changed)
    rows = [row for row in packed if len(row) == len(called)]
    exchanged = {called[slot] for slot in changed}
    if any(exchanged.issubset(row) for row in rows):
        return any(all(row[slot] == called[slot] for slot in changed) for row in rows)
    reads = [one for one in walk(around) if isinstance(one, ast.stmt) and any(exchanged & names_in(part) for part in head(one))]
    return len(reads) == 2  # noqa: PLR2004 - the line itself, and one more


def _named_as_its_keys(table: ast.Dict, changed: ast.expr) -> bool:
    """Whether all entries that differ from those of a changed table are names that are called as their keys."""
    after = set(_entries(changed)) if isinstance(changed, ast.Dict) else set[tuple[str, str]]()
    before = [entry for entry in _entries(table) if entry not in after]
    return bool(after) and all(key.strip("'") == value for key, value in before)


def _entries(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """The keys of a table and what stands under them, as texts."""
    return (("" if key is None else ast.unparse(key), ast.unparse(value)) for key, value in zip(table.keys, table.values, strict=True))


def _key(part: ast.expr) -> str:
    """The text by which a part of a dictionary is asked for; empty of anything else."""
    match part:
        case ast.Subscript(_, ast.Constant(str(key))):
            return key
        case _:
            return ""


def put_together(pieces: Iterable[Piece]) -> Iterator[list[str]]:
    """All that a program puts side by side in a tuple or list."""
    for node in (node for piece in pieces for node in walked(piece.text)):
        if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
            yield [ast.unparse(part) for part in node.elts]
