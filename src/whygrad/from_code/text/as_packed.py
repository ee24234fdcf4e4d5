"""A line that takes a cache apart, or weights out of their dictionary, by names that say so: it is right as it stands.

With two of its names exchanged all may come right too, where lines below read the wrong one of the two: these lines are wrong.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.from_code.text.small_edits import head
from whygrad.sandbox.trees import names_in, parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.text.small_edits import Edit
    from whygrad.sandbox.requests import Piece


def stands_as_packed(edit: Edit, line: ast.stmt, around: ast.FunctionDef, pieces: Sequence[Piece]) -> bool:
    """Whether an edit exchanges names of such a line; or names that tell nothing and that one line alone reads, which may read a wrong one.

    Names tell what they get if the assignment, or another line of the program, puts them together in this order, or if each ends as its
    key does.
    """
    match line, edit.node:
        case ast.Assign([ast.Tuple(names) as target], value), ast.Tuple() as node if node is target or node is value:
            pass
        case _:
            return False
    new = parsed(edit.text).body[0]
    parts = new.value.elts if isinstance(new, ast.Expr) and isinstance(new.value, ast.Tuple) else []
    changed = [slot for slot, (one, other) in enumerate(zip(node.elts, parts, strict=False)) if ast.unparse(one) != ast.unparse(other)]
    called = [ast.unparse(name) for name in names]
    if isinstance(value, ast.Tuple):
        keys = [part.slice.value if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) else None for part in value.elts]
        return len(keys) == len(called) and all(isinstance(keys[slot], str) and keys[slot][-1:] == called[slot][-1:] for slot in changed)
    rows = [row for row in _packed(pieces) if len(row) == len(called)]
    if any(all(row[slot] == called[slot] for slot in changed) for row in rows):
        return True
    exchanged = {called[slot] for slot in changed}
    if any(exchanged <= set(row) for row in rows):  # they stand in another order there
        return False
    reads = [one for one in walk(around) if isinstance(one, ast.stmt) and one is not line and any(exchanged & names_in(part) for part in head(one))]
    return len(reads) < 2  # noqa: PLR2004 - several


def _packed(pieces: Sequence[Piece]) -> Iterator[Sequence[str]]:
    """What stands side by side in a cache: the assignment's, and all that the program puts together."""
    yield from ENTRIES.values()
    for piece in pieces:
        for node in walk(parsed(piece.text)):
            if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
                yield [ast.unparse(part) for part in node.elts]
