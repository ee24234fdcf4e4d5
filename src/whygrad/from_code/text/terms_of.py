"""The names of which a sum is made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def terms_of(value: ast.expr | None) -> Iterator[str]:
    """The names that are added, or subtracted, in an expression; itself where it is a name."""
    match value:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            yield from (*terms_of(left), *terms_of(right))
        case ast.Name(name):
            yield name
        case _:
            pass
