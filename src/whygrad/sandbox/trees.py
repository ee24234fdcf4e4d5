"""Syntax trees that are only read: of one piece several parts of the examination want the same one."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=64)
def parsed(text: str) -> ast.Module:
    """The tree of a piece's text, which nobody may change.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It cannot be parsed.
    """
    return ast.parse(text)
