"""Rewrites somebody's code so that every value it computes can be seen, and another put in its place.

Each expression of interest is wrapped in a call that gives its value on; nothing else changes: the same objects go the same ways, the
lines keep their numbers. The places are numbered in the order of the text, so whoever has the text knows them without running it.
"""

from __future__ import annotations

import ast
import contextlib
import re
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

from whygrad.sandbox.futures import flags_of
from whygrad.sandbox.requests import Raised
from whygrad.sandbox.rewriter import Rewriter
from whygrad.sandbox.signatures import signatures
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece

_Parameters: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
_PIECES = 200
"""Pieces of which more is kept than the text."""
_HEAD, _MARGIN = re.compile(r"def ([a-zA-Z_]\w*)\([\w\s,]*\)", re.ASCII), re.compile(r"^[^ \t\n#]|[\r\f]", re.MULTILINE)
"""The head of a function without defaults, and what begins another statement behind it, if anything does."""


class Looked:
    """A piece that is looked into: its places, the first of which has the id ``first``, and its rewritten code."""

    def __init__(self, piece: Piece, hook: str, first: int, statement: int, parameters: _Parameters, *, flags: int) -> None:
        self._made = partial(_rewritten, piece, hook, first, statement, parameters)
        self._piece, self._flags, self._hook = piece, flags, hook
        self._tree, self.places = self._made()
        self._code: CodeType | Raised | None = None

    def code(self, lazy: frozenset[int] = frozenset()) -> CodeType | Raised:
        """What to run. What is computed at ``lazy`` places is handed to the recorder as a function, so that it need not be computed."""
        if lazy:
            tree = self._made()[0]
            return _code(_Lazy(self._hook, lazy).visit(tree) if isinstance(tree, ast.Module) else tree, self._piece, self._flags)
        if self._code is None:
            self._code = _code(self._tree or self._made()[0], self._piece, self._flags)
            self.forget()
        return self._code

    def forget(self) -> None:
        """Let go of the tree, which is large, and is made again where it is needed."""
        self._tree = None


@dataclass(frozen=True)
class Traced:
    """A rewritten program, its places, and the name under which its code looks for its recorder.

    A piece that is not looked into is None.
    """

    looked: tuple[Looked | None, ...]
    hook: str
    _lazy: dict[tuple[int, frozenset[int]], CodeType | Raised] = field(
        default_factory=dict[tuple[int, frozenset[int]], "CodeType | Raised"]
    )

    @property
    def places(self) -> tuple[Place, ...]:
        """Each at the index of its ``id``."""
        return tuple(place for one in self.looked if one is not None for place in one.places)

    def code(self, number: int, lazy: frozenset[int] = frozenset()) -> CodeType | Raised | None:
        """The code of a piece, None where it is not looked into; it is made when it is asked for. ``lazy`` as for ``Looked.code``."""
        one = self.looked[number]
        if one is None or not lazy:
            return one and one.code()
        key = number, lazy
        if key not in self._lazy:
            self._lazy[key] = one.code(lazy)
        return self._lazy[key]


_AT_ITS_PLACE = (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
"""What means something else in a function of its own."""


class _Lazy(ast.NodeTransformer):
    """Makes functions of what is computed at some places of a rewritten program."""

    def __init__(self, hook: str, places: frozenset[int]) -> None:
        self._hook, self._places = hook, places

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``hook.at(7, value)`` becomes ``hook.lazily(7, lambda: value)``, and several places that are assigned together likewise."""
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "at") as method, [ast.Constant(int(place)), value]) if name == self._hook:
                if place in self._places and _is_movable(value):
                    method.attr, node.args[1] = "lazily", _later(value)
            case ast.Call(ast.Attribute(ast.Name(name), "parts") as method, [ast.Tuple() as places, value]) if name == self._hook:
                known = all(place.value in self._places for place in ast.walk(places) if isinstance(place, ast.Constant))
                if known and _is_movable(value):
                    method.attr, node.args[1] = "parts_lazily", _later(value)
            case _:
                pass
        return node


def _is_movable(value: ast.expr) -> bool:
    """Whether a value means the same in a function of its own."""
    return not any(isinstance(part, _AT_ITS_PLACE) or getattr(part, "is_async", 0) for part in ast.walk(value))


def _later(value: ast.expr) -> ast.expr:
    """A function that computes a value."""
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.copy_location(ast.Lambda(nothing, value), value)


def places(pieces: Sequence[Piece], unused: frozenset[str] = frozenset()) -> tuple[Place, ...]:
    """The places of a program, each at the index of its ``id``.

    A piece that cannot be parsed has none, nor has one that does nothing but define functions of ``unused`` names: what is in them is
    never seen where others stand in for them.
    """
    return _places(tuple(pieces), unused)


@lru_cache(maxsize=4)
def _places(pieces: tuple[Piece, ...], unused: frozenset[str]) -> tuple[Place, ...]:
    program = traced(pieces, unused)
    for one in program.looked:
        if one is not None:
            one.forget()
    return program.places


def traced(pieces: Sequence[Piece], unused: frozenset[str] = frozenset()) -> Traced:
    """The program in its rewritten form; ``unused`` as for ``places``."""
    hook = "whygrad_see"
    while any(hook in piece.text for piece in pieces):
        hook += "_"
    looked: list[Looked | None] = []
    first = statement = 0
    parameters = tuple((name, tuple(names)) for name, names in signatures(pieces).items())
    for piece, flags in zip(pieces, flags_of(pieces), strict=True):
        defined = defines_only(piece.text) if unused else None
        if defined is not None and defined <= unused:
            looked.append(None)
            continue
        one = _looked(piece, hook, first, statement, parameters, flags=flags)
        first, statement = first + len(one.places), one.places[-1].statement if one.places else statement
        looked.append(one)
    return Traced(tuple(looked), hook)


@lru_cache(maxsize=_PIECES)
def _looked(piece: Piece, hook: str, first: int, statement: int, parameters: _Parameters, *, flags: int) -> Looked:
    """Of several programs that are run in one process most pieces are the same."""
    return Looked(piece, hook, first, statement, parameters, flags=flags)


def plain_codes(pieces: Sequence[Piece]) -> list[CodeType | Raised]:
    """The code of each piece as it was written."""
    return [_plain_code(piece, flags) for piece, flags in zip(pieces, flags_of(pieces), strict=True)]


@lru_cache(maxsize=_PIECES)
def _plain_code(piece: Piece, flags: int) -> CodeType | Raised:
    return _code("\n" * (piece.line - 1) + piece.text, piece, flags)


def _code(program: str | ast.Module | Raised, piece: Piece, flags: int) -> CodeType | Raised:
    """The code of a piece, given as it was written or rewritten, its lines numbered as in its source."""
    if isinstance(program, Raised):
        return program
    try:
        return compile(program, piece.source, "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Raised(type(error).__name__, str(error), piece.source, getattr(error, "lineno", None))


def _rewritten(
    piece: Piece, hook: str, first: int, statement: int, parameters: _Parameters
) -> tuple[ast.Module | Raised, tuple[Place, ...]]:
    """A new tree of a piece, rewritten, and its places; an error where it cannot be parsed, and no places where it is too deep."""
    try:
        tree = _tree(piece)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Raised(type(error).__name__, str(error), piece.source, getattr(error, "lineno", None)), ()
    rewriter = Rewriter(piece, hook, first, statement, dict(parameters))
    try:
        return rewriter.visit(tree), tuple(rewriter.found)
    except RecursionError:
        return _tree(piece), ()


def _tree(piece: Piece) -> ast.Module:
    """A new tree of a piece, its lines numbered as in its source; in errors they count from the piece's first line."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse("\n" * (piece.line - 1) + piece.text)
    return ast.increment_lineno(ast.parse(piece.text), piece.line - 1)


@lru_cache(maxsize=2 * _PIECES)
def defines_only(text: str) -> frozenset[str] | None:
    """The functions that a piece defines if it does nothing else; None otherwise."""
    if (one := _one_function(text)) is not None:
        return one
    try:
        body = parsed(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    plain = [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.decorator_list]
    return frozenset(plain) if len(plain) == len(body) else None


@lru_cache(maxsize=2 * _PIECES)
def binds_only(text: str) -> frozenset[str] | None:
    """The names that running a piece can change if it does nothing but define functions with constants for defaults; None otherwise."""
    if (one := _one_function(text)) is not None:
        return one
    defined = defines_only(text)
    arguments = [node.args for node in parsed(text).body if isinstance(node, ast.FunctionDef)] if defined is not None else []
    defaults = (default for one in arguments for default in (*one.defaults, *one.kw_defaults))
    return defined if all(default is None or isinstance(default, ast.Constant) for default in defaults) else None


def _one_function(text: str) -> frozenset[str] | None:
    """The name of the one function that is all of a piece, as most are, in a form for which it need not be parsed; None otherwise."""
    head = _HEAD.match(text)
    return None if head is None or _MARGIN.search(text, head.end()) else frozenset((head[1],))
