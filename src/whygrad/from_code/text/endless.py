"""A ``while`` loop that cannot end, by its text alone: nothing in it changes what its condition reads, and nothing leaves it."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.text.written import Definitions
    from whygrad.records import Location
    from whygrad.sandbox.requests import Piece


def endless(definitions: Definitions, function: str) -> tuple[Location, str] | None:
    """The first such loop in a function, and why it cannot end; None where there is none."""
    written = definitions.functions.get(function)
    found = None if written is None or "while" not in written.piece.text else without_end(written.node)
    return None if written is None or found is None else (written.at(found[0].lineno, found[0].col_offset), found[1])


def may_not_end(piece: Piece) -> bool:
    """Whether a piece has a loop without bounds: on the small arrays here one that ends does so in no time."""
    return _BOUNDLESS.search(piece.text) is not None


_BOUNDLESS = re.compile(r"\bwhile\b|\b(count|cycle)\(")


@lru_cache(maxsize=8)  # the functions of one program: their trees are large
def without_end(function: ast.FunctionDef) -> tuple[ast.While, str] | None:
    """The same of the tree of a function."""
    for loop in ast.walk(function):
        if not isinstance(loop, ast.While) or loop.orelse or any(map(_leaves, _inside(loop))):
            continue
        names = names_in(loop.test)
        calls = any(isinstance(node, ast.Call | ast.NamedExpr) for node in ast.walk(loop.test))
        if not calls and not names & set(_changed(loop)):
            why = f"nothing changes {listed(sorted(names)).replace(' and ', ' or ')} in the loop" if names else "nothing ends the loop"
            return loop, why
    return None


def _inside(loop: ast.While) -> Iterator[ast.AST]:
    return (node for statement in loop.body for node in ast.walk(statement))


def _leaves(node: ast.AST) -> bool:
    return isinstance(node, ast.Break | ast.Return | ast.Raise | ast.Yield)


def _changed(loop: ast.While) -> Iterator[str]:
    """The names that are assigned in the loop, in whole or in part, or of which a method is called."""
    for node in _inside(loop):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.keyword) and node.arg == "out" and isinstance(node.value, ast.Name):
            yield node.value.id
        elif isinstance(node, ast.Subscript | ast.Attribute):
            base = next((inner for inner in ast.walk(node) if isinstance(inner, ast.Name)), None)
            if base is not None and (not isinstance(node.ctx, ast.Load) or isinstance(node, ast.Attribute)):
                yield base.id
