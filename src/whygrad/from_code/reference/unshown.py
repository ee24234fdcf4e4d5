"""Functions as they would stand beside those of the assignment, where a text does not show their partners.

Somebody who packs a cache in another order than the assignment, in one cell, takes it apart so in the other; and the loop asks for the keys
that the cell hands back. Beside the assignment's such a function prints what nobody printed, though nothing in it is wrong.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS, cell_of
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.read.source import Source

_Edits = list[tuple[ast.expr, str]]


def in_the_assignments_layout(source: Source) -> Source:
    """The code with caches in the assignment's order, where it has one other, and with the keys of a cell that is not there."""
    own = {name: piece.text for piece in source.pieces for name in piece.names if name in FUNCTIONS}
    edits = {name: [*_in_order(name, own), *_under_keys(name, own)] for name in own}
    pieces = (replace(piece, text=_edited(piece.text, edits.get(piece.names[0], []))) if piece.names else piece for piece in source.pieces)
    return replace(source, pieces=tuple(pieces)) if any(edits.values()) else source


def _in_order(function: str, own: Mapping[str, str]) -> _Edits:
    """A cache of each step packed and taken apart in the assignment's order."""
    kind = function.partition("_")[0]
    orders = {name: [order for _, order, _ in _rows(text, kind)] for name, text in own.items() if name.startswith(kind)}
    cells, loops = ({order for name, found in orders.items() if (cell_of(name) == name) is one for order in found} for one in (True, False))
    shown = {f"{kind}_cell_forward", f"{kind}_cell_backward", f"{kind}_backward"} <= own.keys()
    if shown or len(cells or loops) != 1:
        return []
    return [
        (part, name)
        for parts, order, row in _rows(own[function], kind)
        if order in (cells or loops)
        for part, name in zip(parts, row, strict=True)
        if part.id != name
    ]


def _rows(text: str, kind: str) -> Iterator[tuple[list[ast.Name], tuple[int, ...], list[str]]]:
    """The names of one step's cache side by side, in which order of the assignment's they stand, and these."""
    taken = next(line for line in PARTS[f"{kind}_backward"].splitlines() if line.endswith("= caches[0]"))
    rows = [list(ENTRIES[kind]), taken.strip().removesuffix(" = caches[0]").strip("()").split(", ")]
    for node in walked(text):
        parts = [one for one in node.elts if isinstance(one, ast.Name)] if isinstance(node, ast.Tuple | ast.List) else []
        names = [part.id for part in parts]
        yield from ((parts, tuple(map(row.index, names)), row) for row in rows if sorted(row) == sorted(names))


def _under_keys(loop: str, own: Mapping[str, str]) -> _Edits:
    """The key of the assignment's cell wherever a loop asks for what it begins with, and nowhere for it."""
    if not loop.endswith("backward") or cell_of(loop) in own:
        return []
    asked, right = _asked(own[loop]), {key for _, key in _asked(PARTS[loop])}
    there = {key for _, key in asked}
    return [(node, repr(key)) for key in sorted(right - there) for node, other in asked if other not in right and key.startswith(other)]


def _asked(text: str) -> list[tuple[ast.expr, str]]:
    """The keys that are asked for in a function."""
    nodes = (node.slice for node in walked(text) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load))
    return [(node, node.value) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _edited(text: str, edits: _Edits) -> str:
    """The text with other parts, each within a line, in the place of some."""
    lines = [line.encode() for line in text.split("\n")]
    for node, new in sorted(edits, key=lambda edit: edit[0].col_offset, reverse=True):
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = line[: node.col_offset] + new.encode() + line[node.end_col_offset :]
    return "\n".join(line.decode() for line in lines)
