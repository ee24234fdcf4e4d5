"""Chains in the syntax tree: a name, and attributes and elements of one, such as ``self.df``, ``cache["ft"]``, ``W.T``."""

from __future__ import annotations

import ast

_MODULES = frozenset(("np", "numpy", "math", "scipy", "plt"))


def is_chain(node: ast.expr) -> bool:
    """Whether it is a name, or attributes and elements of one."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return isinstance(node, ast.Name)


def is_library(node: ast.expr) -> bool:
    """Whether it is a library or a constant or class from one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in _MODULES


def loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as an expression that reads it."""
    loaded = ast.parse(ast.unparse(target), mode="eval").body
    for inner in ast.walk(loaded):
        if isinstance(inner, ast.expr):
            ast.copy_location(inner, target)
    return loaded
