"""The functions of a program that one of them calls, directly or through others."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece


def functions(pieces: Sequence[Piece], function: str) -> list[tuple[Piece, ast.FunctionDef]]:
    """The function, and those of the learner's own that it calls, directly or not, or that make it; methods too."""
    made = dict(_made_by_calls(pieces))
    defined: dict[str, list[tuple[Piece, ast.FunctionDef]]] = defaultdict(list)
    for piece in pieces:
        for node in parsed(piece.text).body:
            methods = node.body if isinstance(node, ast.ClassDef) else ()
            for one in (one for one in (node, *methods) if isinstance(one, ast.FunctionDef)):
                defined[one.name].append((piece, one))
                if isinstance(node, ast.ClassDef) and one.name.startswith("__"):  # no other method is called by the name of its class
                    defined[node.name].append((piece, one))
    waiting = [function]
    seen: dict[str, list[tuple[Piece, ast.FunctionDef]]] = {}
    while waiting:
        name = waiting.pop(0)
        own = name == function or "_cell_" not in name
        waiting += made.pop(name, ()) if own else ()
        if name in defined and name not in seen and own:
            seen[name] = defined[name]
            around = [node for _, one in defined[name] for node in walk(one)]
            waiting += [
                node.id if isinstance(node, ast.Name) else node.attr for node in around if isinstance(node, ast.Name | ast.Attribute)
            ]
    return list({id(one): (piece, one) for known in seen.values() for piece, one in known}.values())


def _made_by_calls(pieces: Sequence[Piece]) -> Iterator[tuple[str, list[str]]]:
    """The names that a call outside of all functions gives a value, with the names that are read there."""
    for line in (line for piece in pieces for line in parsed(piece.text).body):
        match line:
            case ast.Assign([ast.Name(name)], ast.Call() as value):
                yield name, [node.id for node in walk(value) if isinstance(node, ast.Name)]
            case _:
                pass
