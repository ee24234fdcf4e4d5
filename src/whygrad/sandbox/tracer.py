"""Rewrites somebody's code so that every value it computes can be seen, and another put in its place.

Each expression of interest is wrapped in a call that gives its value on; nothing else changes: the same objects go the same ways, the
lines keep their numbers. The places are numbered in the order of the text, so whoever has the text knows them without running it.
"""

from __future__ import annotations
import __future__

import ast
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from whygrad.sandbox.requests import Raised
from whygrad.sandbox.rewriter import Rewriter
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import CodeType

    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece

_FUNCTION = re.compile(r"^(?:async[ \t]+)?def\b", re.MULTILINE)


@dataclass(frozen=True)
class Traced:
    """A rewritten program, its places, and the name under which its code looks for its recorder.

    A piece that is not looked into has no tree.
    """

    pieces: tuple[Piece, ...]
    trees: tuple[ast.Module | Raised | None, ...]
    places: tuple[Place, ...]
    hook: str
    unused: frozenset[str] = frozenset()
    _codes: dict[tuple[int, frozenset[int]], CodeType | Raised] = field(
        default_factory=dict[tuple[int, frozenset[int]], "CodeType | Raised"]
    )

    def code(self, number: int, lazy: frozenset[int] = frozenset()) -> CodeType | Raised | None:
        """The code of a piece, None where it is not looked into; it is made when it is asked for.

        What is computed at ``lazy`` places is handed to the recorder as a function, so that it need not be computed.
        """
        key = number, lazy
        if key not in self._codes:
            tree = self.trees[number]
            if tree is None:
                return None
            if lazy and isinstance(tree, ast.Module):  # that one is used up once it is compiled
                tree = _Lazy(self.hook, lazy).visit(cast("ast.Module", _rewritten(self.pieces, self.unused)[0][number]))
            self._codes[key] = _code(tree, self.pieces[number])
        return self._codes[key]


class _Lazy(ast.NodeTransformer):
    """Makes functions of what is computed at some places of a rewritten program."""

    def __init__(self, hook: str, places: frozenset[int]) -> None:
        self._hook, self._places = hook, places

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``hook.at(7, value)`` becomes ``hook.lazily(7, lambda: value)``."""
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "at") as method, [ast.Constant(int(place)), value]) if name == self._hook:
                if place in self._places:
                    method.attr = "lazily"
                    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
                    node.args[1] = ast.copy_location(ast.Lambda(nothing, value), value)
            case _:
                pass
        return node


def places(pieces: Sequence[Piece], unused: frozenset[str] = frozenset()) -> tuple[Place, ...]:
    """The places of a program, each at the index of its ``id``.

    A piece that cannot be parsed has none, nor has one that does nothing but define functions of ``unused`` names: what is in them is
    never seen where others stand in for them.
    """
    return _places(tuple(pieces), unused)


@lru_cache(maxsize=4)
def _places(pieces: tuple[Piece, ...], unused: frozenset[str]) -> tuple[Place, ...]:
    return _rewritten(pieces, unused)[1]


def traced(pieces: Sequence[Piece], unused: frozenset[str] = frozenset()) -> Traced:
    """The program in its rewritten form; ``unused`` as for ``places``."""
    trees, found, hook = _rewritten(pieces, unused)
    return Traced(tuple(pieces), tuple(trees), found, hook, unused)


def compiled(program: str | ast.Module, piece: Piece) -> CodeType | Raised:
    """The code of a piece, given as it was written or rewritten, its lines numbered as in its source.

    A function's annotations are not evaluated: what they name may not be there, and the function does without it.
    """
    flags = __future__.annotations.compiler_flag if _FUNCTION.search(piece.text) else 0
    try:
        return compile(program, piece.source, "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Raised(type(error).__name__, str(error), piece.source, getattr(error, "lineno", None))


def _code(tree: ast.Module | Raised, piece: Piece) -> CodeType | Raised:
    return tree if isinstance(tree, Raised) else compiled(_placed(tree, piece.line - 1), piece)


def _placed(tree: ast.Module, lines: int) -> ast.Module:
    """The tree with its nodes so many lines further down; new ones stand where what they are in stands. No tree is too deep for it."""
    waiting: list[tuple[ast.AST, int, int, int, int]] = [(tree, 1, 0, 1, 0)]
    while waiting:
        node, line, column, end_line, end_column = waiting.pop()
        if "lineno" in node._attributes:  # noqa: SLF001 - documented, whatever it is called
            at = vars(node)
            if "lineno" in at:
                line, column, end_line, end_column = (at[name] for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"))
            at.update(lineno=line + lines, col_offset=column, end_lineno=end_line + lines, end_col_offset=end_column)
        waiting += [(child, line, column, end_line, end_column) for child in ast.iter_child_nodes(node)]
    return tree


def _rewritten(
    pieces: Sequence[Piece], unused: frozenset[str] = frozenset()
) -> tuple[list[ast.Module | Raised | None], tuple[Place, ...], str]:
    hook = "whygrad_see"
    while any(hook in piece.text for piece in pieces):
        hook += "_"
    found: list[Place] = []
    trees: list[ast.Module | Raised | None] = []
    for piece in pieces:
        try:
            tree = parsed(piece.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            trees.append(Raised(type(error).__name__, str(error), piece.source, getattr(error, "lineno", None)))
            continue
        if unused and _defines_only(tree, unused):
            trees.append(None)
            continue
        kept = len(found)
        try:
            trees.append(Rewriter(piece, found, hook).visit(ast.parse(piece.text)))
        except RecursionError:
            del found[kept:]
            trees.append(ast.parse(piece.text))
    return trees, tuple(found), hook


def _defines_only(tree: ast.Module, names: Collection[str]) -> bool:
    return all(isinstance(node, ast.FunctionDef) and node.name in names and not node.decorator_list for node in tree.body)
