"""The lines that made what a line reads that raises, by how many lines lie between: in its function, and at the calls of that."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import last_name
from whygrad.sandbox.trees import holds, names_in, parameters, parsed, stored_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Piece

_FURTHEST = 3
"""Lines between, at most, the last among them."""
_CHANGES = frozenset(("append", "extend", "insert", "add", "update", "setdefault"))


class Scope:
    """A function, or a lambda that has a name, of the learner's."""

    def __init__(self, piece: Piece, node: ast.FunctionDef | ast.Assign, called: str, around: Scope | None) -> None:
        self.piece, self.node, self.called, self.around = piece, node, called, around
        inner = node.value if isinstance(node, ast.Assign) else node
        self.name = node.name if isinstance(node, ast.FunctionDef) else called
        self.parameters = parameters(inner.args) if isinstance(inner, ast.FunctionDef | ast.Lambda) else []

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Its statements, without those of functions within it."""
        if isinstance(self.node, ast.Assign):
            return [self.node]
        found, waiting = list[ast.stmt](), list[ast.AST](self.node.body)
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
                continue
            found += [node] if isinstance(node, ast.stmt) else []
            waiting += ast.iter_child_nodes(node)
        return sorted(found, key=lambda one: one.lineno)


class Line:
    """A statement and what is read there: of a loop, or an ``if``, what stands in its first line."""

    def __init__(self, scope: Scope, node: ast.stmt) -> None:
        self.scope, self.node, self.piece = scope, node, scope.piece
        match node:
            case ast.For(_, over):
                self.parts: list[ast.AST] = [over]
            case ast.While(test) | ast.If(test):
                self.parts = [test]
            case ast.With(items):
                self.parts = [one.context_expr for one in items]
            case _:
                self.parts = [node]

    def part(self, node: ast.AST) -> Line:
        """The line, of which only a part is looked at."""
        line = Line(self.scope, self.node)
        line.parts = [node]
        return line

    def within_reach(self) -> list[str]:
        """The names that could be read here: they have a value by then, and a loop that goes over them comes to an end."""
        inside = [one for part in self.parts for one in ast.walk(part)]
        targets = [one.target for one in inside if isinstance(one, ast.comprehension)]
        inner = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        before = [one for one in self.scope.statements if one.lineno < self.node.lineno]
        given = [name for line in before for name in stored_in(line)]
        return [name for name in dict.fromkeys((*self.scope.parameters, *given, *inner)) if name != "self" and name not in self._grown()]

    @property
    def filled(self) -> ast.expr | None:
        """What something is put into here: put into itself, it would have no end."""
        match self.node:
            case ast.Expr(ast.Call(ast.Attribute(base, method))) if method in _CHANGES:
                return base
            case ast.Assign([ast.Subscript(base)]) | ast.AugAssign(ast.Subscript(base)) | ast.AugAssign(base):
                return base
            case ast.Assign([ast.Tuple(targets)]):
                return next((one.value for one in targets if isinstance(one, ast.Subscript)), None)
            case _:
                return None

    def _grown(self) -> set[str]:
        """The names of what a loop makes longer."""
        inside = list(ast.walk(self.node)) if isinstance(self.node, ast.For) else []
        bases = [one.func.value for one in inside if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
        added = [one.target for one in inside if isinstance(one, ast.AugAssign)]
        return {one.id for one in (*bases, *added) if isinstance(one, ast.Name)}

    def is_read_by_several(self) -> bool:
        """Whether several other lines read something that this one makes."""
        others = [Line(self.scope, one) for one in self.scope.statements if one is not self.node]
        return any(sum(name in one.reads() and name not in _makes(one.node) for one in others) > 1 for name in _makes(self.node))

    def reads(self) -> set[str]:
        """The names in it."""
        return {name for part in self.parts for name in names_in(part)}


def distances(stopped: Stopped) -> Iterator[list[Line]]:
    """What raises, the rest of its line, the lines that made what it reads and the tests around it, those that made what these read, ...

    Where nothing raises the first are the lines with which the function ends.
    """
    scopes = _scopes(stopped)
    first = [Line(scope, one) for scope in scopes for one in scope.statements if one is stopped.line]
    wanted = {(one.scope, name.id) for one in first for name in ast.walk(stopped.node or one.node) if isinstance(name, ast.Name)}
    wanted |= {(one.scope, name) for one in first for name in _gone_over(one, {name for _, name in wanted})}
    if stopped.line is None:
        own = [scope for scope in scopes if scope.name == stopped.subject.function]
        first = [Line(scope, one) for scope in own[-1:] for one in scope.statements if isinstance(one, ast.Return)]
        wanted = {(one.scope, name) for one in first for name in one.reads()}
    seen = {id(one.node) for one in first}
    yield from ([one.part(stopped.node)] for one in first if stopped.node is not None and _ends(one))
    yield [one for one in first if _ends(one)]
    lines = [Line(one.scope, test) for one in first for test in _around(one)]
    for _ in range(_FURTHEST):
        lines += [line for of, name in wanted for line in _making(of, name, scopes)]
        lines = sorted({id(one.node): one for one in lines if id(one.node) not in seen}.values(), key=lambda one: -one.node.lineno)
        if not lines:
            return
        seen |= {id(one.node) for one in lines}
        yield [one for one in lines if _ends(one)]
        wanted = {(one.scope, name) for one in lines for name in one.reads()}
        called = {name for one in lines for name in _calls(one)}
        lines = [Line(one, end) for one in scopes if one.called in called for end in one.statements if _hands_back(end)]


def _gone_over(line: Line, names: set[str]) -> set[str]:
    """What a comprehension of the line goes over that gives one of these names its value."""
    inside = [one for part in line.parts for one in ast.walk(part) if isinstance(one, ast.comprehension)]
    over = [one.iter for one in inside if any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(one.target))]
    return {name for part in over for name in names_in(part)}


def _scopes(stopped: Stopped) -> list[Scope]:
    """The functions that were run, and named lambdas."""
    ran = {last_name(record.place.function) for record in stopped.records} | {stopped.subject.function}
    ran |= set() if stopped.function is None else {stopped.function.name}
    found: list[Scope] = []

    def within(nodes: Iterable[ast.AST], piece: Piece, around: Scope | None, of: str) -> None:
        for node in nodes:
            scope = around
            if isinstance(node, ast.FunctionDef) and node.name in ran:
                scope = Scope(piece, node, of if node.name in {"__init__", "__call__"} else node.name, around)
                found.append(scope)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Name):
                found.append(Scope(piece, node, node.targets[0].id, around))
            within(ast.iter_child_nodes(node), piece, scope, node.name if isinstance(node, ast.ClassDef) else of)

    for piece in stopped.subject.pieces:
        within(parsed(piece.text).body, piece, None, "")
    return found


def _making(scope: Scope, name: str, scopes: list[Scope]) -> Iterator[Line]:
    """The lines that give a name its value, or change what it holds; of a parameter the calls."""
    made = [Line(scope, one) for one in scope.statements if name in _makes(one)]
    yield from made
    yield from (Line(scope, test) for one in made for test in _around(one) if isinstance(test, ast.If))
    if name in scope.parameters:
        yield from (Line(one, line) for one in scopes for line in one.statements if scope.called in _calls(Line(one, line)))
    elif not made and scope.around is not None:
        yield from _making(scope.around, name, scopes)


def _makes(statement: ast.stmt) -> set[str]:
    """The names to which a statement gives a value, or of which it changes what they hold."""
    match statement:
        case ast.Assign(targets):
            parts: list[ast.expr] = targets
        case ast.AugAssign(target) | ast.AnnAssign(target) | ast.For(target):
            parts = [target]
        case ast.Expr(ast.Call(ast.Attribute(base, method))) if method in _CHANGES:
            parts = [base]
        case _:
            parts = []
    bases = (one.value if isinstance(one, ast.Subscript) else one for part in parts for one in ast.walk(part))
    return {one.id for one in bases if isinstance(one, ast.Name) and not (isinstance(statement, ast.For) and isinstance(one.ctx, ast.Load))}


def _calls(line: Line) -> set[str]:
    """The names of what a line calls, without what stands before a dot."""
    called = [one.func for part in line.parts for one in ast.walk(part) if isinstance(one, ast.Call)]
    return {one.attr if isinstance(one, ast.Attribute) else one.id for one in called if isinstance(one, ast.Attribute | ast.Name)}


def _hands_back(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Return) or (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda))


def _around(line: Line) -> list[ast.stmt]:
    """The loops and conditions in which a line stands."""
    tests = [one for one in line.scope.statements if isinstance(one, ast.For | ast.While | ast.If)]
    return [one for one in tests if one is not line.node and holds(one, line.node)]


def _ends(line: Line) -> bool:
    """Whether no loop can go on without an end by another name in this line: no ``while`` tests it, or what it makes."""
    tests = [one.test for one in line.scope.statements if isinstance(one, ast.While)]
    tested = {name for test in tests for name in names_in(test)}
    return not isinstance(line.node, ast.While) and tested.isdisjoint(_makes(line.node))
