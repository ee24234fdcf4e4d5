"""The functions of a program that one of them calls, directly or through others."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from whygrad.sandbox.trees import defined_in, parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece


_CELL = re.compile(r"[a-z]+_cell_(?:for|back)ward")
"""The names of the assignment's cells, which are looked into by themselves; what a learner calls so in part is a helper."""


def functions(pieces: Sequence[Piece], function: str) -> list[tuple[Piece, ast.FunctionDef]]:
    """The function, and those of the learner's own that it calls, directly or not, or that make it; methods too."""
    made = dict(_made_by_calls(pieces))
    defined: dict[str, list[tuple[Piece, ast.FunctionDef]]] = defaultdict(list)
    mentioned: dict[str, list[str]] = defaultdict(list)
    for piece in pieces:
        for node, names, mentions in defined_in(piece.text):
            for name in names:
                defined[name].append((piece, node))
                mentioned[name] += mentions
    waiting = [function]
    seen: dict[str, list[tuple[Piece, ast.FunctionDef]]] = {}
    while waiting:
        name = waiting.pop(0)
        own = name == function or not _CELL.fullmatch(name)
        waiting += made.pop(name, ()) if own else ()
        if name in defined and name not in seen and own:
            seen[name] = defined[name]
            waiting += mentioned[name]
    return list({id(one): (piece, one) for known in seen.values() for piece, one in known}.values())


def _made_by_calls(pieces: Sequence[Piece]) -> Iterator[tuple[str, list[str]]]:
    """The names that a call outside of all functions gives a value, with the names that are read there."""
    for line in (line for piece in pieces for line in parsed(piece.text).body):
        match line:
            case ast.Assign([ast.Name(name)], ast.Call() as value):
                yield name, [node.id for node in walk(value) if isinstance(node, ast.Name)]
            case _:
                pass
