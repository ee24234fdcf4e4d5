"""From cells to a `Source`: which statements are taken as pieces, which only leave a note."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.read.check_cells import check_cells
from whygrad.read.conditions import truth
from whygrad.read.needed import Assignment, needed
from whygrad.read.parse import Definition, parse, refused
from whygrad.read.source import Duplicate, Origin, Source, Unparsed, heading
from whygrad.records import Location, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FUNCTIONS = tuple(SEQUENCE_MODELS.vocabulary.roles)
"""The assignment's functions, which are looked for."""

_MAKERS = frozenset({"namedtuple", "partial", "vectorize", "dict", "list", "tuple", "set", "float32", "float64"})
"""Calls that make a definition or a constant, and do no work."""
_FILL = frozenset(
    {"append", "extend", "insert", "update", "add", "setdefault", "pop", "remove", "sort", "reverse", "clear", "add_argument"}
)
"""Methods that change what they are called on."""
_CELL = re.compile(r"# (?:In ?\[|%%)")
"""Where a cell begins in a script that a notebook was turned into."""
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of code; ``first`` is the number of its first line in ``origin``."""

    text: str
    origin: Origin
    first: int = 1


def collect(path: str, cells: Iterable[Cell], outputs: Mapping[str, str] | None = None) -> Source:
    """Everything that the cells give, in order."""
    collector = _Collector()
    for cell in cells:
        collector.read(cell)
    return collector.source(path, outputs or {})


def cut_out(node: ast.stmt, lines: list[str], origin: Origin, first: int, names: tuple[str, ...]) -> Piece:
    """The statement as a piece, decorators included, moved to the left margin."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    taken = lines[start - 1 : node.end_lineno]
    taken[-1] = taken[-1].encode()[: node.end_col_offset].decode()
    indent = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
    if start == node.lineno:
        taken[0] = taken[0][indent:]
    taken = [line[min(indent, len(line) - len(line.lstrip())) :] if at or start < node.lineno else line for at, line in enumerate(taken)]
    return Piece(origin.source, first + start - 1, "\n".join(taken), names, indent)


@dataclass(slots=True)
class _Collector:
    """What has been seen so far, cell by cell."""

    pieces: list[Piece] = field(default_factory=list[Piece])
    places: dict[str, list[tuple[int, Location]]] = field(default_factory=dict[str, "list[tuple[int, Location]]"])
    unparsed: list[Unparsed] = field(default_factory=list[Unparsed])
    computed: dict[str, Location] = field(default_factory=dict[str, Location])
    imports: dict[str, dict[str, None]] = field(default_factory=dict[str, "dict[str, None]"])
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])
    known: set[str] = field(default_factory=set[str])
    constant: set[str] = field(default_factory=set[str])
    values: dict[str, object] = field(default_factory=dict[str, object])
    aside: list[Assignment] = field(default_factory=list[Assignment])
    run: list[list[Piece]] = field(default_factory=list[list[Piece]])

    def read(self, cell: Cell) -> None:
        """Take what the cell gives."""
        self.origins[cell.origin.source] = cell.origin
        parsed = parse(cell.text)
        for trouble in parsed.troubles:
            location = cell.origin.location(cell.first + trouble.line - 1)
            self.unparsed.append(Unparsed(location, trouble.reason, trouble.functions))
        starts = [at + 1 for at, line in enumerate(parsed.lines) if _CELL.match(line)]
        for start, end in pairwise([0, *starts, len(parsed.lines) + 1]):
            self.run.append([])
            self._statements([node for node in parsed.body if start <= node.lineno < end], parsed.lines, cell)

    def source(self, path: str, outputs: Mapping[str, str]) -> Source:
        """All that was taken, of each function and class the last definition only."""
        dropped = {at for places in self.places.values() for at, _ in places[:-1]}
        duplicates = tuple(
            Duplicate(name, places[-1][1], tuple(location for _, location in places[:-1]))
            for name, places in self.places.items()
            if len(places) > 1
        )
        kept = [(at, piece) for at, piece in enumerate(self.pieces) if at not in dropped]
        definitions = [self.pieces[places[-1][0]] for places in self.places.values()]
        more = needed(definitions, self.aside, self._is_had)
        pieces = sorted(
            [(assignment.at, 0, assignment.piece) for assignment in more] + [(at, 1, piece) for at, piece in kept], key=itemgetter(0, 1)
        )
        return Source(
            path,
            tuple(piece for *_, piece in pieces),
            duplicates,
            tuple(self.unparsed),
            {name: location for name, location in self.computed.items() if name not in self.places},
            {module: tuple(names) for module, names in self.imports.items()},
            outputs,
            check_cells(self.run),
            self.origins,
        )

    def _statements(self, body: list[ast.stmt], lines: list[str], cell: Cell) -> None:
        todo = body[::-1]
        while todo:
            node = todo.pop()
            names = self._defined(node)
            if names is not None:
                if isinstance(node, ast.Assign | ast.AnnAssign):
                    self.run[-1].append(cut_out(node, lines, cell.origin, cell.first, names))
                self._take(node, names, lines, cell)
                continue
            inner = self._inner(node)
            if inner is not None:
                todo += inner[::-1]
                continue
            location = cell.origin.location(cell.first + node.lineno - 1, node.col_offset + 1)
            bound = tuple(dict.fromkeys(_bound(node)))
            computed = {name for name in bound if name not in self.known or name in self.constant}
            self.computed.update(dict.fromkeys(computed, location))
            for name in bound:
                self.values.pop(name, None)
            piece = cut_out(node, lines, cell.origin, cell.first, bound)
            self.run[-1].append(piece)
            if bound:
                self.aside.append(Assignment(len(self.pieces), piece))

    def _inner(self, node: ast.stmt) -> list[ast.stmt] | None:
        """The statements that an ``if`` or ``try`` around definitions runs, both sides where that can't be told; None where it is work."""
        if isinstance(node, ast.If):
            holds = truth(node.test, self.values)
            if holds is not None:
                return node.body if holds else node.orelse
        elif not isinstance(node, ast.Try | ast.TryStar):
            return None
        if not any(isinstance(inner, (*_DEFINING, ast.Import, ast.ImportFrom)) for inner in ast.walk(node)):
            return None
        return [inner for block in _blocks(node) for inner in block]

    def _take(self, node: ast.stmt, names: tuple[str, ...], lines: list[str], cell: Cell) -> None:
        piece = cut_out(node, lines, cell.origin, cell.first, names)
        if isinstance(node, Definition):
            trouble = refused(piece.text)
            location = cell.origin.location(piece.line + (trouble.line - 1 if trouble else heading(piece)), piece.indent + 1)
            if trouble:
                self.unparsed.append(Unparsed(location, trouble.reason, names))
                return
            self.places.setdefault(node.name, []).append((len(self.pieces), location))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            self.constant.update(names)
            self.values.update(dict.fromkeys(names, node.value.value) if isinstance(node.value, ast.Constant) else {})
        self.pieces.append(piece)
        self.known.update(names)
        for name in names:
            self.computed.pop(name, None)
        for inner in ast.walk(node):
            for module, asked in _imported(inner):
                self.imports.setdefault(module, {}).update(dict.fromkeys(asked))

    def _defined(self, node: ast.stmt) -> tuple[str, ...] | None:
        """The names that the statement defines if it is an import, a definition or a literal assignment, else None."""
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                return (name,)
            case ast.Import(names=aliases):
                return tuple(alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.ImportFrom(names=aliases):
                return tuple(alias.asname or alias.name for alias in aliases if alias.name != "*")
            case ast.Assign(targets=targets, value=value) if self._literal(value):
                return _names(targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value, annotation=annotation) if self._literal(value):
                return _names([target]) if self._literal(annotation) or isinstance(annotation, ast.Subscript) else None
            case _:
                return None

    def _literal(self, value: ast.expr) -> bool:
        """Whether the expression does no work."""
        todo: list[ast.expr | None] = [value]
        while todo:
            node = todo.pop()
            if isinstance(node, ast.Name):
                if node.id in self.computed or not self._is_there(node.id):
                    return False
            elif node is not None:
                parts = _parts(node)
                if parts is None:
                    return False
                todo += parts
        return True

    def _is_had(self, name: str) -> bool:
        return name in self.known or (name not in self.computed and self._is_there(name))

    def _is_there(self, name: str) -> bool:
        """Whether the name is taken already, is the language's own, or may have come with ``from module import *``."""
        return name in self.known or hasattr(builtins, name) or any("*" in asked for asked in self.imports.values())


def _parts(node: ast.expr) -> Sequence[ast.expr | None] | None:  # noqa: PLR0911 - one answer for each kind of expression
    """What an expression is made of that does no work by itself, else None.

    That is a literal, what a name holds, arithmetic, a function without a name, a call that makes a definition or a constant.
    """
    match node:
        case ast.Constant():
            return ()
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return parts
        case ast.Dict(keys=keys, values=values):
            return [*keys, *values]
        case ast.UnaryOp(operand=inner) | ast.Attribute(value=inner):
            return (inner,)
        case ast.BinOp(left=left, right=right):
            return left, right
        case ast.Lambda(args=arguments):
            return [*arguments.defaults, *arguments.kw_defaults]
        case ast.Call(func=(ast.Name(id=name) | ast.Attribute(attr=name)) as maker, args=parts, keywords=keywords) if name in _MAKERS:
            return [maker, *parts, *(keyword.value for keyword in keywords)]
        case _:
            return None


def _names(targets: list[ast.expr]) -> tuple[str, ...] | None:
    """The names on the left of ``=``; None where something else than names is assigned to."""
    names: list[str] = []
    todo = list(reversed(targets))
    while todo:
        match todo.pop():
            case ast.Name(id=name):
                names.append(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                todo += reversed(parts)
            case ast.Starred(value=part):
                todo.append(part)
            case _:
                return None
    return tuple(names)


def _blocks(node: ast.If | ast.Try | ast.TryStar) -> list[list[ast.stmt]]:
    """The blocks of statements; without the handlers of definitions, which do not fail."""
    if isinstance(node, ast.If):
        return [node.body, node.orelse]
    if all(isinstance(inner, _DEFINING) for inner in node.body):
        return [node.body, node.orelse, node.finalbody]
    return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]


def _imported(node: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield "." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns, or whose content it assigns to, leaving inner functions and comprehensions alone."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _FILL:
                yield name
            case ast.Subscript(ctx=ast.Store(), value=holder) | ast.Attribute(ctx=ast.Store(), value=holder):
                while isinstance(holder, ast.Subscript | ast.Attribute):
                    holder = holder.value
                if isinstance(holder, ast.Name):
                    yield holder.id
            case _:
                pass
        todo += ast.iter_child_nodes(node)
