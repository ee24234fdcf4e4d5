"""What can be read off the learner's own text of a function: where it stands, its parameters, what is still blank, what it is called."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from whygrad.records import Location
from whygrad.sandbox.trees import names_in, parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.sandbox.requests import Piece, Raised

Function = ast.FunctionDef | ast.AsyncFunctionDef
_START = re.compile(r"#.*(START\s+(YOUR\s+)?CODE|CODE\s+STARTS)", re.IGNORECASE)
_END = re.compile(r"#.*(END\s+(OF\s+)?(YOUR\s+)?CODE|CODE\s+ENDS)", re.IGNORECASE)
_TEXT = 200
"""Characters of a line that are quoted."""
_SIMILAR = 0.8
"""How alike a name must be to be taken for a misspelled one (1 is equal)."""


class Defined(NamedTuple):
    """A function that a piece defines: its name, which of the statements it is, and where in the piece it begins."""

    name: str
    number: int
    line: int
    column: int


@dataclass(frozen=True)
class Written:
    """One function as it stands in the learner's text."""

    piece: Piece
    place: Defined

    @cached_property
    def node(self) -> Function:
        """Its tree, which nobody may change; most functions are right, and nobody asks for theirs."""
        return cast("Function", parsed(self.piece.text).body[self.place.number])

    @property
    def location(self) -> Location:
        """The ``def`` line."""
        return self.at(self.place.line, self.place.column)

    def at(self, line: int, column: int = 0) -> Location:
        """A line of the piece, counted from 1 within it."""
        return Location(self.piece.source, self.piece.line + line - 1, column + 1, self.piece.lines[line - 1].strip()[:_TEXT])

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of its nodes, which are gone through again and again."""
        return tuple(walk(self.node))

    @cached_property
    def sizes(self) -> frozenset[int]:
        """The numbers from 2 on that stand for sizes: bounds of a slice along one of several axes, or what a name is given."""
        parts = [one.value for one in self.nodes if isinstance(one, ast.Assign)]
        indices = [one.slice for one in self.nodes if isinstance(one, ast.Subscript)]
        axes = [axis for index in indices if isinstance(index, ast.Tuple) for axis in index.elts]
        parts += [bound for axis in axes if isinstance(axis, ast.Slice) for bound in (axis.lower, axis.upper) if bound is not None]
        bare = [part.operand if isinstance(part, ast.UnaryOp) else part for part in parts]
        return frozenset(one.value for one in bare if isinstance(one, ast.Constant) and isinstance(one.value, int) and one.value > 1)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that a call by position fills."""
        return tuple(argument.arg for argument in (*self.node.args.posonlyargs, *self.node.args.args))

    @property
    def required(self) -> int:
        """How many of them have no default."""
        return len(self.parameters) - len(self.node.args.defaults)

    @property
    def by_keyword(self) -> tuple[str, ...]:
        """The names of those that only a keyword can fill, and that have no default."""
        given = self.node.args
        return tuple(one.arg for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None)

    def reading(self, name: str) -> Location | None:
        """The first place that reads a name which the function does not bind; None where there is none."""
        found = [node for node in self.nodes if isinstance(node, ast.Name) and node.id == name]
        if name in self.parameters or not all(isinstance(node.ctx, ast.Load) for node in found):
            return None
        first = min(found, key=lambda node: (node.lineno, node.col_offset), default=None)
        return self.at(first.lineno, first.col_offset) if first else None

    def blanks(self) -> list[Location]:
        """The places that are still as the template has them: ``None`` or ``...`` for a value, ``pass`` alone, START beside END.

        So is a line that raises ``NotImplementedError`` whatever the function is given.
        """
        body = self.node.body[1:] if ast.get_docstring(self.node) is not None else self.node.body
        if all(map(_does_nothing, body)):
            return [self.location]
        to_do = [line for line in body if isinstance(line, ast.Raise) and _does_nothing(line)]
        found = [self.at(line.lineno, line.col_offset) for line in (*self._none_for_a_value(), *to_do)]
        return found + [self.at(number) for number in self._nothing_between()]

    def _none_for_a_value(self) -> Iterator[ast.stmt | ast.expr]:
        assigned: dict[str, int] = {}
        for line in self.nodes:
            for target in _targets(line):
                assigned[ast.unparse(target)] = assigned.get(ast.unparse(target), 0) + 1
        alone = {id(line.value) for line in self.nodes if isinstance(line, ast.Expr)}  # nobody takes the result: nothing to fill in
        for line in self.nodes:
            if isinstance(line, ast.Return | ast.Assign) and isinstance(line.value, ast.Dict):
                if isinstance(line, ast.Return) or not all(map(_is_none, line.value.values)):  # those that are all None are filled in later
                    yield from filter(_is_none, line.value.values)
            elif isinstance(line, ast.Assign) and _only_none(line.value):
                if any(assigned[ast.unparse(target)] == 1 or self._read_next(target) for target in _targets(line)):
                    yield line
            elif (isinstance(line, ast.AugAssign) and _is_none(line.value)) or (
                isinstance(line, ast.Call)
                and line.args
                and all(_only_none(argument) for argument in line.args)
                and not (isinstance(line.func, ast.Name) and line.func.id == "slice")
                and (id(line) not in alone or (isinstance(line.func, ast.Attribute) and line.func.attr == "append"))
            ):
                yield line

    def _read_next(self, target: ast.expr) -> bool:
        """Whether the name is used before anything else is assigned to it; what is asked whether it is None is meant to be so at first."""
        tests = [node for node in self.nodes if isinstance(node, ast.Compare) and any(map(_is_none, node.comparators))]
        asked = {name for test in tests for name in names_in(test)}
        if not isinstance(target, ast.Name) or target.id in asked:
            return False
        later = [
            node
            for node in self.nodes
            if isinstance(node, ast.Name) and node.id == target.id and (node.lineno, node.col_offset) > (target.lineno, target.col_offset)
        ]
        # of one line the right side comes first
        following = min(later, key=lambda node: (node.lineno, isinstance(node.ctx, ast.Store), node.col_offset), default=None)
        return following is not None and isinstance(following.ctx, ast.Load)

    def _nothing_between(self) -> Iterator[int]:
        lines = self.piece.lines
        start: int | None = None
        for number in range(self.node.lineno, (self.node.end_lineno or self.node.lineno) + 1):
            line = lines[number - 1].strip()
            if _START.search(line):
                start = number
            elif _END.search(line):
                if start is not None:
                    yield start
                start = None
            elif line and not line.startswith("#"):
                start = None


class Definitions:
    """All functions that the learner's pieces define."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """The last definition of a name wins.

        ``computed`` are names that the notebook assigns by work that is not among the ``pieces``; none at first.
        """
        self.pieces = pieces
        self.computed: frozenset[str] = frozenset()
        self.functions: dict[str, Written] = {}
        self.names: set[str] = set()
        self.single = any(word in piece.text for piece in pieces for word in ("float32", "float16", "'f4'", '"f4"'))
        for piece in pieces:
            defined = _defined_in(piece.text)
            if defined is None:
                continue
            imports, functions = defined
            if not imports:
                self.names.update(piece.names)
            for place in functions:
                self.functions[place.name] = Written(piece, place)
                self.names.add(place.name)

    def is_plain(self, name: str) -> bool:
        """Whether what stands under a name is the function as it was written: it has no decorator, and the name gets no other value."""
        written = self.functions.get(name)
        return written is not None and not written.node.decorator_list and sum(name in piece.names for piece in self.pieces) == 1

    def inside(self, name: str) -> tuple[str, Location] | None:
        """A function that is defined within another function or a class: the name of that one, and the ``def`` line."""
        for written in self.functions.values():
            for node in written.nodes:
                if isinstance(node, Function) and node is not written.node and node.name == name:
                    return written.node.name, written.at(node.lineno, node.col_offset)
        return None

    def reading(self, name: str) -> Location | None:
        """The first place in any function that reads a name."""
        return next((place for written in self.functions.values() if (place := written.reading(name))), None)

    def lacking(self, function: str, names: Iterable[str]) -> list[str]:
        """Those of the names that a function reads and that neither it nor a piece binds, in the order in which it reads them."""
        written, unbound = self.functions.get(function), set(names) - self.names
        read = {name: place for name in unbound if written is not None and (place := written.reading(name)) is not None}
        return sorted(read, key=lambda name: (read[name].line, read[name].column))

    def similar(self, name: str, known: Sequence[str]) -> str | None:
        """The learner's function that looks like a misspelled ``name``: another case, underscore or letter."""
        plain = {_plain(other): other for other in self.functions if other not in known}
        best = difflib.get_close_matches(_plain(name), plain, 1, _SIMILAR)
        rivals = [other for other in known if other not in self.functions]
        if not best or max(rivals, key=lambda other: difflib.SequenceMatcher(None, _plain(other), best[0]).ratio()) != name:
            return None
        return plain[best[0]]

    def around(self, place: Location | None) -> str | None:
        """The function of the learner's in which a place stands; None where it stands in none."""
        for name, written in self.functions.items() if place is not None else ():
            first, last = written.location.line, written.piece.line + (written.node.end_lineno or 1) - 1
            if place is not None and written.piece.source == place.source and first <= place.line <= last:
                return name
        return None

    def where(self, raised: Raised) -> Location | None:
        """The line that raised, with its text, and the column in which that begins which raised."""
        if raised.source is None or raised.line is None:
            return None
        for piece in self.pieces:
            lines = piece.lines
            if piece.source == raised.source and 0 <= raised.line - piece.line < len(lines):
                line = lines[raised.line - piece.line]
                before = line.encode()[: raised.span[1]] if raised.span is not None and raised.span[0] == raised.line else b""
                return Location(piece.source, raised.line, len(before.decode(errors="replace")) + 1, line.strip()[:_TEXT])
        return Location(raised.source, raised.line, 1, "")


@lru_cache(maxsize=300)
def _defined_in(text: str) -> tuple[bool, tuple[Defined, ...]] | None:
    """Whether a piece imports anything, and the functions that it defines; None where it cannot be parsed."""
    try:
        body = parsed(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    functions = ((number, node) for number, node in enumerate(body) if isinstance(node, Function))
    places = tuple(Defined(node.name, number, node.lineno, node.col_offset) for number, node in functions)
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in body), places


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _does_nothing(line: ast.stmt) -> bool:
    """A statement that a template has where the code belongs."""
    match line:
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is ...)


def _only_none(node: ast.expr) -> bool:
    return _is_none(node) or (isinstance(node, ast.Tuple) and bool(node.elts) and all(map(_is_none, node.elts)))


def _targets(line: ast.AST) -> Iterator[ast.expr]:
    targets = (
        line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AugAssign | ast.AnnAssign | ast.For) else []
    )
    for target in targets:
        yield from _single(target)


def _single(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _single(part)
    else:
        yield target.value if isinstance(target, ast.Starred) else target
