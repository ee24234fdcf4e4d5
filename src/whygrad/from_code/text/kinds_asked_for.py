"""Where a function asks for numbers of another kind than those it needs: whole ones, or such of half precision."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.from_code.text.written import Written
    from whygrad.records import Location

_HALVES = frozenset(("float16", "half"))


def whole_numbers(written: Written) -> Location | None:
    """The first place that asks for whole numbers, or that fills an array with one."""
    asked = _first(written, lambda name, kind: name == "int" if kind is ast.Name else name.startswith("int"))
    filled = [node for node in written.nodes if isinstance(node, ast.Call) and _fills_with_a_whole_number(node)]
    return asked or min((written.at(node.lineno, node.col_offset) for node in filled), key=lambda at: at.line, default=None)


def _fills_with_a_whole_number(call: ast.Call) -> bool:
    """Whether it is ``np.full``, or ``np.array`` of lists, with numbers without a point, and without a dtype: these are whole then."""
    match call:
        case ast.Call(ast.Attribute(_, "full"), [_, filled], []):
            return _is_whole(filled)
        case ast.Call(ast.Attribute(_, "array" | "asarray"), [lists], []):
            return not isinstance(lists, ast.Constant) and _is_whole(lists)
        case _:
            return False


def _is_whole(node: ast.expr) -> bool:
    """Whether it is a number without a point, or lists of such alone."""
    match node:
        case ast.Constant(value):
            return type(value) is int
        case ast.List(elts):
            return bool(elts) and all(map(_is_whole, elts))
        case ast.BinOp(ast.List() as repeated, ast.Mult()) | ast.BinOp(_, ast.Mult(), ast.List() as repeated):
            return _is_whole(repeated)
        case ast.ListComp(element):
            return _is_whole(element)
        case _:
            return False


def halves(written: Written) -> Location | None:
    """The first place that asks for half precision."""
    return _first(written, lambda name, kind: name in ({"f2", "<f2", "e", *_HALVES} if kind is ast.Constant else _HALVES))


def _first(written: Written, asks: Callable[[str, type[ast.expr]], bool]) -> Location | None:
    """The first place of which the name, or the text in quotes, asks for a type of numbers."""
    found: list[ast.expr] = []
    for node in written.nodes:
        match node:
            case ast.Name(name) | ast.Attribute(attr=name) | ast.Constant(str(name)) if asks(name, type(node)):
                found.append(node)
            case _:
                pass
    return min((written.at(node.lineno, node.col_offset) for node in found), key=lambda at: at.line, default=None)
