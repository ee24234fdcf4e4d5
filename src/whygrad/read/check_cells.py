"""Which cells of a notebook are run to see what its own calls of the functions find: those with such a call, and those that prepare it.

Others, which train or read files, take long and tell nothing.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.records import Piece

_NUMPY = frozenset(("np", "numpy"))


def check_cells(cells: Iterable[Sequence[Piece]]) -> tuple[tuple[Piece, ...], ...]:
    """The cells that are run; none at all where no cell calls a function."""
    trees = [(tuple(cell), [ast.parse(piece.text) for piece in cell]) for cell in cells]
    calling = [any(map(_calls, tree)) for _, tree in trees]
    if not any(calling):
        return ()
    return tuple(cell for (cell, tree), calls in zip(trees, calling, strict=True) if cell and (calls or all(map(_is_light, tree))))


def _calls(tree: ast.Module) -> bool:
    roles = SEQUENCE_MODELS.vocabulary.roles
    return any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in roles for node in ast.walk(tree))


def _is_light(tree: ast.Module) -> bool:
    """Whether a statement has no loop, or one that calls nothing but NumPy and the language."""
    if any(isinstance(node, ast.While | ast.With) for node in ast.walk(tree)):
        return False
    if not any(isinstance(node, ast.For) for node in ast.walk(tree)):
        return True
    roots = (_root(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    return all(root in _NUMPY or hasattr(builtins, root) for root in roots)


def _root(called: ast.expr) -> str:
    """The name that a chain of attributes begins with."""
    while isinstance(called, ast.Attribute):
        called = called.value
    return called.id if isinstance(called, ast.Name) else ""
