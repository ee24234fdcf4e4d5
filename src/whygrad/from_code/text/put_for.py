"""A part of a program with something else in the place of names that it reads."""

from __future__ import annotations

import ast
from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

_Part = TypeVar("_Part", ast.expr, ast.stmt)


def put_for(part: _Part, meant: Mapping[str, ast.expr]) -> _Part:
    """The part with these expressions for the names; what it was made of is left as it is."""
    return _Put(meant).visit(deepcopy(part))


class _Put(ast.NodeTransformer):
    def __init__(self, meant: Mapping[str, ast.expr]) -> None:
        self._meant = meant

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._meant.get(node.id, node) if isinstance(node.ctx, ast.Load) else node
