"""The assignment's functions as methods of a class, turned into functions: every line keeps its number.

``self`` becomes the name of an object of the class, and a call of another of them by ``self.`` or the class's name a call of the function,
so that each can be judged with right ones around it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.read.fitting import fits
from whygrad.records import Piece

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Method = ast.FunctionDef
_KINDS = frozenset({"staticmethod", "classmethod"})


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes of a line, from ``start`` to ``end``, that become ``text``."""

    line: int
    start: int
    end: int
    text: str


def as_functions(piece: Piece, taken: Collection[str], statements: Iterable[Piece]) -> list[Piece]:
    """The methods of the class in ``piece`` as functions, after the object that they belong to; none where no method fits the assignment.

    Names in ``taken`` are functions already. ``statements`` are the notebook's: one of them may make an object with arguments.
    """
    node = ast.parse(piece.text).body[0]
    if not isinstance(node, ast.ClassDef):
        return []
    methods = {inner.name: inner for inner in node.body if isinstance(inner, Method) and inner.name not in taken and _fits(inner)}
    functions = [made for method in methods.values() if (made := _function(piece, node.name, method, methods))]
    if not functions:
        return []
    owners = dict.fromkeys(_owner(node.name, method) for method in methods.values())
    bound = [name for name in owners if name is not None]
    makes = "".join(_object(node.name, name, _made(node.name, statements)) for name in bound)
    return [*([Piece(piece.source, piece.line, makes, tuple(bound))] if bound else []), *functions]


def _fits(method: Method) -> bool:
    """Whether it can be called with the assignment's arguments."""
    return method.name in SEQUENCE_MODELS.vocabulary.roles and fits(method.name, method.args, int(_kind(method) != "staticmethod"))


def _kind(method: Method) -> str | None:
    return next((one.id for one in method.decorator_list if isinstance(one, ast.Name) and one.id in _KINDS), None)


def _first(method: Method) -> ast.arg | None:
    """The parameter that is the object or the class."""
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0] if arguments and _kind(method) != "staticmethod" else None


def _owner(cls: str, method: Method) -> str | None:
    """The name by which a function knows the object: one for each class, as there may be several."""
    first = _first(method)
    return None if first is None else f"{first.arg}_of_{cls}"


def _object(cls: str, name: str, arguments: str) -> str:
    return f"try:\n    {name} = {cls}({arguments})\nexcept Exception:\n    {name} = {cls}.__new__({cls})\n"


def _made(cls: str, statements: Iterable[Piece]) -> str:
    """The arguments with which the notebook makes an object of the class, where they are written as numbers and texts."""
    for statement in statements:
        for node in ast.walk(ast.parse(statement.text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == cls:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if given and all(isinstance(value, ast.Constant) for value in given):
                    return ", ".join([*map(ast.unparse, node.args), *map(ast.unparse, node.keywords)])
    return ""


def _function(piece: Piece, cls: str, method: Method, methods: Collection[str]) -> Piece | None:
    """The method as a function; None where it has a decorator that may need the method, or a call that is broken over lines."""
    if len(method.decorator_list) > (_kind(method) is not None):
        return None
    edits, owner = [*_without_first(method)], _owner(cls, method)
    first = _first(method)
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in methods:
            if node.value.id in {cls, first.arg if first else cls}:
                start, end = node.value.col_offset, (node.end_col_offset or 0) - len(node.attr.encode())
                if node.lineno != node.end_lineno:
                    return None
                edits.append(_Edit(node.lineno, start, end, ""))
        elif isinstance(node, ast.Name) and first and owner and node.id == first.arg:
            edits.append(_Edit(node.lineno, node.col_offset, node.col_offset + len(first.arg.encode()), owner))
    lines = [line.encode() for line in piece.lines]
    at_once = {(edit.line, edit.start): edit for edit in reversed(edits)}  # ``self.f`` loses its ``self``, it is not renamed
    for edit in sorted(at_once.values(), key=lambda edit: (edit.line, edit.start), reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + edit.text.encode() + line[edit.end :]
    kept = [line.decode() for line in lines[method.lineno - 1 : method.end_lineno]]
    indent = method.col_offset
    text = "\n".join(line[min(indent, len(line) - len(line.lstrip())) :] for line in kept)
    try:
        compile(text, "<method>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return replace(piece, line=piece.line + method.lineno - 1, text=text, names=(method.name,), indent=piece.indent + indent)


def _without_first(method: Method) -> list[_Edit]:
    first = _first(method)
    if first is None:
        return []
    arguments = [*method.args.posonlyargs, *method.args.args]
    end = arguments[1].col_offset if len(arguments) > 1 and arguments[1].lineno == first.lineno else first.end_col_offset or 0
    return [_Edit(first.lineno, first.col_offset, end, "")]
