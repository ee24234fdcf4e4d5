"""Syntax trees that are only read: of one piece several parts of the examination want the same one."""

from __future__ import annotations

import ast
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.sandbox.requests import Piece


class _Tree:
    def __init__(self, text: str) -> None:
        self.module = ast.parse(text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return walk(self.module)

    @cached_property
    def defined(self) -> list[tuple[ast.FunctionDef, list[str], list[str]]]:
        found: list[tuple[ast.FunctionDef, list[str], list[str]]] = []
        for node in self.module.body:
            owner = node if isinstance(node, ast.ClassDef) else None
            for one in (one for one in (node, *(owner.body if owner else ())) if isinstance(one, ast.FunctionDef)):
                makes = [owner.name] if owner and one.name.startswith("__") else []  # no other method is called by the name of its class
                mentioned = (getattr(part, "id", None) or getattr(part, "attr", None) for part in walk(one))
                found.append((one, [one.name, *makes], list(dict.fromkeys(name for name in mentioned if name is not None))))
        return found


_tree = lru_cache(maxsize=256)(_Tree)


def parsed(text: str) -> ast.Module:
    """The tree of a piece's text, which nobody may change.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It cannot be parsed.
    """
    return _tree(text).module


def walked(text: str) -> Sequence[ast.AST]:
    """All nodes of the tree of a piece's text, in the order of ``walk``.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It cannot be parsed.
    """
    return _tree(text).nodes


def defined_in(text: str) -> Sequence[tuple[ast.FunctionDef, list[str], list[str]]]:
    """The functions and methods of a piece, each with the names by which it is called and all that it mentions.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: The text cannot be parsed.
    """
    return _tree(text).defined


_NO_NODES = frozenset(
    (
        "ctx", "id", "attr", "arg", "name", "kind", "type_comment", "level", "module", "asname", "conversion", "simple", "is_async", "rest",
    )
)  # fmt: skip
"""Fields that hold no nodes, or only whether a name is read."""


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """By the kind of a node its fields that hold nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = self[kind] = () if kind is ast.Constant else tuple(name for name in kind._fields if name not in _NO_NODES)
        return fields


_fields = _Fields()


def walk(tree: ast.AST) -> list[ast.AST]:
    """The nodes of a tree in the order of ``ast.walk``, without contexts (``Load``), in a third of its time."""
    found = [tree]
    for node in found:
        for name in _fields[node.__class__]:
            part: Any = getattr(node, name, None)
            if part.__class__ is list:
                found += [item for item in part if isinstance(item, ast.AST)]
            elif isinstance(part, ast.AST):
                found.append(part)
    return found


def defining(pieces: Iterable[Piece], function: str) -> Iterator[tuple[Piece, ast.FunctionDef]]:
    """Where a function is defined, in no other one and in no class, and in which piece."""
    for piece in pieces:
        for node in parsed(piece.text).body:
            if isinstance(node, ast.FunctionDef) and node.name == function:
                yield piece, node


def is_name(node: ast.AST, name: str) -> bool:
    """Whether a node is this name."""
    return isinstance(node, ast.Name) and node.id == name


def holds(whole: ast.AST, part: ast.AST | None) -> bool:
    """Whether a node is this tree, or a part of it."""
    return any(node is part for node in walk(whole))


def parameters(given: ast.arguments) -> list[str]:
    """The names of a function's parameters, first those that a call by position may fill."""
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def stored_in(tree: ast.AST) -> list[str]:
    """The names that a tree gives a value, in the order of ``walk``, with repeats."""
    return [node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def names_in(tree: ast.AST) -> set[str]:
    """The names that a tree reads, or gives a value."""
    return {node.id for node in walk(tree) if isinstance(node, ast.Name)}
