"""A line that only shows something may raise in today's NumPy alone, which makes no array of parts of different shapes.

Before NumPy 1.24 it made an array of objects and warned. What the function computes does not depend on such a line: it is left out.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.verdict.reasons import at
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.read.source import Source
    from whygrad.sandbox.requests import Raised

_SHOWS = frozenset(("print", "display", "pprint"))
_MAKES = frozenset(("array", "asarray", "shape", "size", "ndim"))
"""NumPy's functions that make an array of what they are given, and change nothing."""


def without_what_only_shows(source: Source, raised: Iterable[Raised]) -> tuple[Source, str] | None:
    """The code without the first line of which that is so, and what is said of it; None where none of those who ``raised`` did it there."""
    for one in raised if not source.live else ():
        if one.type != "ValueError" or "inhomogeneous" not in one.text or one.line is None:
            continue
        for piece in source.pieces:
            line = one.line - piece.line + 1
            nodes = walked(piece.text) if piece.source == one.source and 0 < line <= len(piece.lines) else ()
            here = [node for node in nodes if isinstance(node, ast.stmt) and _stands_at(node, line)]
            for node in here if len(here) == 1 else ():  # of several in one line nobody knows which it was
                if isinstance(node, ast.Expr) and _only_shows(node.value):
                    where = at(source.location(piece.source, node.lineno + piece.line - 1))
                    says = f"{where} only shows something and was left out: NumPy before 1.24 went on there, today's raises ValueError"
                    return replace(source, pieces=edited(source.pieces, piece, node, "pass").pieces), says
    return None


def _stands_at(node: ast.stmt, line: int) -> bool:
    """Whether a statement, or the head of one that holds others, stands at a line."""
    inner = next((part[0] for name in ("body", "cases") if (part := getattr(node, name, None))), None)
    last = (node.end_lineno or node.lineno) if inner is None else max(node.lineno, getattr(inner, "lineno", node.lineno + 1) - 1)
    return node.lineno <= line <= last


def _only_shows(value: ast.expr) -> bool:
    while isinstance(value, ast.Attribute):
        value = value.value
    match value:
        case ast.Call(ast.Name(name)):
            return name in _SHOWS
        case ast.Call(ast.Attribute(ast.Name(), name)):
            return name in _MAKES
        case _:
            return False
