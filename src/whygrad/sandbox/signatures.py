"""By which names the learner's functions know what they are given."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.sandbox.trees import parameters, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece


def signatures(pieces: Sequence[Piece]) -> dict[str, list[str]]:
    """The parameters of each function by its qualified name, without ``self``; of several of one name the last one's."""
    found: dict[str, list[str]] = {}
    for piece in pieces:
        if "def" in piece.text or "lambda" in piece.text:  # most pieces of a long notebook have neither, and are not parsed for it
            found.update(_signatures(piece.text))
    return found


@lru_cache(maxsize=300)
def _signatures(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for name, given in _functions(tree, ""):
        names = parameters(given)
        found[name] = names[1:] if names[:1] in (["self"], ["cls"]) else names
    return found


def parameter(signature: Sequence[str], target: str) -> str:
    """The parameter that an argument goes to: ``target`` is "function(0)" or "function(name)"; empty where there is none."""
    slot = target.rpartition("(")[2].rstrip(")")
    if slot.isdigit():
        return signature[int(slot)] if int(slot) < len(signature) else ""
    return slot if slot in signature else ""


_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")
"""Where statements stand within a statement, in the order of a tree."""


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, ast.arguments]]:
    for node in (node for block in _BLOCKS for node in getattr(tree, block, ())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + node.name, node.args
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and isinstance(node.targets[-1], ast.Name):
            yield prefix + node.targets[-1].id, node.value.args
        named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        yield from _functions(node, f"{prefix}{node.name}." if named else prefix)
