"""A line outside of all functions that cannot give a name its value, because it reads a name that nothing gives one."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Collection


def unknown_name(text: str, there: Collection[str]) -> str | None:
    """The first name that a statement reads and that is not ``there``; None where it reads none, or cannot be parsed."""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name | ast.arg)]
    except SyntaxError:
        return None
    bound = {node.arg if isinstance(node, ast.arg) else node.id for node in nodes if not isinstance(getattr(node, "ctx", None), ast.Load)}
    known = {*there, *bound, *HELPERS, *dir(builtins)}
    return next((node.id for node in nodes if isinstance(node, ast.Name) and node.id not in known), None)
