"""Names that a line gives a value that nothing reads: it is overwritten first, or the function ends."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROUNDS = 2
"""Turns of a loop after which nothing new is read in it."""


def lost(function: ast.FunctionDef) -> frozenset[tuple[str, int]]:
    """The names and the lines, as they are counted in the tree, at which a value gets lost."""
    reader = _Reader(function)
    reader.before(function.body, set())
    return frozenset(reader.lost - reader.kept)


class _Reader:
    """Goes through statements from the last to the first, with the names that are still read behind."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.every = _loads([function])
        inner = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
        self.outside = _loads(node for node in walk(function) if isinstance(node, inner) and node is not function)
        self.outside |= {name for node in walk(function) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
        self.lost: set[tuple[str, int]] = set()
        self.kept: set[tuple[str, int]] = set()

    def before(self, statements: Iterable[ast.stmt], behind: set[str]) -> set[str]:
        """The names that are read from the first of these statements on, where ``behind`` are read behind them."""
        for statement in reversed(list(statements)):
            behind = self._before(statement, behind)
        return behind

    def _before(self, statement: ast.stmt, behind: set[str]) -> set[str]:
        match statement:
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                return self._assigned(statement, behind)
            case ast.For() | ast.While():
                return self._loop(statement, self.before(statement.orelse, behind))
            case ast.If(test=test, body=body, orelse=other):
                return self.before(body, behind) | self.before(other, behind) | _loads([test])
            case ast.Return():
                return _loads([statement])
            case ast.Expr() | ast.Assert() | ast.Pass():
                return behind | _loads([statement])
            case _:  # whatever goes on elsewhere may read anything
                return set(self.every)

    def _loop(self, loop: ast.For | ast.While, behind: set[str]) -> set[str]:
        head = _loads([loop.iter if isinstance(loop, ast.For) else loop.test])
        for _ in range(_ROUNDS):
            behind = behind | head | self.before(loop.body, behind | head)
        return behind

    def _assigned(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, behind: set[str]) -> set[str]:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        stored = [node for target in targets for node in walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        for node in stored:
            unread = node.id not in behind and node.id not in self.outside
            (self.lost if unread else self.kept).add((node.id, node.lineno))
        again = {node.id for node in stored} if isinstance(statement, ast.AugAssign) else set[str]()
        return behind - {node.id for node in stored} | _loads([statement]) | again


def _loads(nodes: Iterable[ast.AST]) -> set[str]:
    names = (node for whole in nodes for node in walk(whole) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Load)}
