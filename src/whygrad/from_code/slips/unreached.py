"""Where results are missing: a loop that is never entered, or a comprehension that collects nothing, though it should store them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe.experiment import Search, last_name
from whygrad.from_code.observe.subject import Record
from whygrad.sandbox.trees import walk, walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Value


def never_reached(search: Search, names: Sequence[str]) -> Record | None:
    """The loop, or the line that collects, at which nothing is stored that could get one of these keys."""
    here = [record for record in search.now.records if record.place.function == search.subject.function]
    seen = {record.place.id for record in search.now.records}
    lines = {record.place.line for record in here}
    for record in search.now.records:
        inside = [place for place in search.subject.places if place.kind == "element" and place.statement == record.place.statement]
        if inside and is_empty(record.value) and not seen & {place.id for place in inside}:
            return record
    for loop in _storing_loops(search, names):
        if lines.isdisjoint(loop[2]) and (record := _at_loop(search, loop)) is not None:
            return record
    return None


def _at_loop(search: Search, loop: tuple[int, str, range]) -> Record | None:
    place = next((one for one in search.subject.places if one.kind == "loop" and (one.line, one.function) == loop[:2]), None)
    return None if place is None else Record(place, 0, None, 0, 0, "")


def leaves_out(search: Search, call: Record, made: Record) -> Record | None:
    """The loop behind a call of the cell, within the one over the steps, that stores under computed keys beside what was made."""
    line = (place for place in search.subject.places if place.statement == made.place.statement and place.kind in {"assign", "after"})
    kept = next((place.target for place in line), made.place.target).partition("[")[0]
    loops = [loop for loop in _storing_loops(search, (), kept) if loop[0] > call.place.line]
    innermost = min(loops, key=lambda loop: len(loop[2]), default=None)
    steps = innermost and any(innermost[0] in lines and call.place.line in lines for _, _, lines in _storing_loops(search, ()))
    if innermost is None or not steps:
        return None
    return _at_loop(search, innermost)


def whole_families(search: Search, names: Sequence[str]) -> bool:
    """Whether no other result is called like one of these, as the gradients of all gates are: then no loop leaves one of them out."""
    return {name[:-1] for name in names}.isdisjoint(name[:-1] for name in search.quantities.results if name not in names)


def _storing_loops(search: Search, names: Sequence[str], kept: str = "") -> Iterator[tuple[int, str, range]]:
    """The loops of the function that store under computed keys, or under one of these: line, function, the lines within.

    With ``kept`` those alone that store into what is called so.
    """
    function = search.subject.function
    for piece in search.subject.pieces:
        for written in walked(piece.text) if last_name(function) in piece.text else ():
            if not isinstance(written, ast.FunctionDef) or written.name != last_name(function):
                continue
            for loop in walk(written):
                if isinstance(loop, ast.For) and any(_stores(one, names, kept) for one in walk(loop)):
                    first, last = loop.body[0].lineno, loop.body[-1].end_lineno or loop.body[-1].lineno
                    shift = piece.line - 1
                    yield loop.iter.lineno + shift, function, range(first + shift, last + shift + 1)


def is_empty(value: Value) -> bool:
    """Whether a dictionary holds nothing."""
    return isinstance(value, dict) and not cast("dict[str, Any]", value)


def _stores(node: ast.AST, names: Sequence[str], kept: str) -> bool:
    if kept and isinstance(node, ast.Subscript) and ast.unparse(node.value) != kept:
        return False
    match node:
        case ast.Subscript(slice=ast.Constant(str() as key), ctx=ast.Store()):
            return key in names
        case ast.Subscript(slice=ast.Name() | ast.BinOp() | ast.JoinedStr() | ast.Subscript(), ctx=ast.Store()):
            return True
        case _:
            return False
