"""The line at which a function changes in place what it was given: where that line does not, nothing of it is changed."""

from __future__ import annotations

import ast
from copy import deepcopy
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited, place_of
from whygrad.from_code.search.one_edit import lines_of
from whygrad.from_code.verdict.audit import changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_MOST = 40
"""Lines that are tried."""


def where_changed(mending: Mending) -> tuple[str, int, int] | None:
    """The source, the line and the column; None where there is no such line, or more than one.

    Of a call and what is called, the line within what is called.
    """
    found: list[tuple[str, int, int]] = []
    calls: list[tuple[str, int, int]] = []
    for piece, line, text in list(otherwise(mending.pieces, mending.function))[:_MOST]:
        reply = mending.answer(edited(mending.pieces, piece, line, text).pieces, bare=False)
        if reply.status == "returned" and not changed(mending.case, reply):
            number, column, _ = place_of(piece, line)
            (calls if isinstance(line, ast.Expr) else found).append((piece.source, number, column))
    found = found or calls
    return found[0] if len(found) == 1 else None


def otherwise(pieces: Sequence[Piece], function: str) -> Iterator[tuple[Piece, ast.stmt, str]]:
    """Each line that may change something, and what does not: the same with a new value under the name, or nothing."""
    for piece, _, line in lines_of(pieces, function):
        match line:
            case ast.AugAssign(ast.Name(name), operator, value):
                whole = ast.BinOp(ast.Name(name, ast.Load()), operator, value)
                yield piece, line, f"{name} = {ast.unparse(whole)}"
            case ast.AugAssign() | ast.Expr(ast.Call()):
                yield piece, line, "pass"
            case ast.Assign(targets) if any(isinstance(one, ast.Subscript | ast.Attribute) for one in targets):
                yield piece, line, "pass"
            case ast.Assign([ast.Name()], ast.Call(keywords=keywords)) if any(one.arg == "out" for one in keywords):
                yield piece, line, _without_out(line)
            case _:
                pass


def _without_out(line: ast.Assign) -> str:
    """A line in which NumPy puts a result into no array that is there already."""
    copied = deepcopy(line)
    if isinstance(copied.value, ast.Call):
        copied.value.keywords = [one for one in copied.value.keywords if one.arg != "out"]
    return ast.unparse(copied)
