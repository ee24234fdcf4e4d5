"""What is added in an expression."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def terms_of(value: ast.expr | None) -> Iterator[ast.expr]:
    """What is added, or subtracted; the expression itself where nothing is."""
    match value:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            yield from (*terms_of(left), *terms_of(right))
        case ast.expr():
            yield value
        case _:
            pass
