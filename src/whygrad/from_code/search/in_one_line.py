"""A sum that is begun in one line and goes on in others: the right value at the first makes up for what is wrong in the others too.

So the sum is written in one line, and what is found there is told of all of its lines.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited_at, place_of
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.search.one_edit import holds
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.put_for import put_for
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece


def in_one_line(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with what is told of a whole sum in the place of one at a line of it that is not sure."""
    for piece, lines in _sums(mending) if any(map(_unclear, found)) else ():
        here = [one for one in found if _unclear(one) and any(holds(piece, line, one) for line in lines)]
        program = edited_at(mending.pieces, _written_in_one(piece, lines)) if here else mending.pieces
        if not here or repr(mending.answer(program).value) != repr(mending.answer(mending.pieces).value):
            continue
        told = what_else(mending, program)
        if told and all(one.sure for one in told):
            return tuple(_told(mending, piece, lines, one) for one in told)
    return found


def _unclear(one: Finding) -> bool:
    return one.id is None or one.whole is None


def _told(mending: Mending, piece: Piece, lines: Sequence[ast.stmt], one: Finding) -> Finding:
    """A finding; that at the line of the whole sum is told of the first line at which that is wrong, with all lines of the sum."""
    if not holds(piece, lines[-1], one):
        return one
    function, known = mending.function, quantities(mending.function, mending.case)
    with mending.host.holding(mending.pieces) as runner:
        records = Subject(runner, mending.pieces, function, mending.case.arguments, frozenset({function})).traced()[1]
    numbers = [line.lineno + piece.line - 1 for line in lines]
    made = [record for record in records if record.place.kind in {"assign", "after"} and record.place.source == piece.source]
    wrong = {record.place.line for record in made if not known.begins_a_sum(record.value)}
    line, column, text = place_of(piece, next((line for line, number in zip(lines, numbers, strict=True) if number in wrong), lines[0]))
    says = f"{one.says.rstrip('.')}; the sum is made in lines {listed(map(str, numbers))}"
    also = tuple((piece.source, number) for number in numbers if number != line)
    first, second, third = (hint.replace("in this line", "in these lines") for hint in one.hints)
    return replace(one, line=line, column=column, text=text, says=says, hints=(first, second, third), lines=also)


def _written_in_one(piece: Piece, lines: Sequence[ast.stmt]) -> Iterator[tuple[Piece, ast.stmt, str]]:
    """The edits that write the sum in its last line."""
    name, whole = _given(lines[0])
    for line in lines[1:]:
        whole = put_for(_given(line)[1], {name: whole})
    yield from ((piece, line, "pass") for line in lines[:-1])
    yield piece, lines[-1], f"{name} = {ast.unparse(whole)}"


def _sums(mending: Mending) -> Iterator[tuple[Piece, list[ast.stmt]]]:
    """The lines of a function, or of a helper of its, that go on with what one before them began, one behind the other."""
    for piece, around in functions(mending.pieces, mending.function):
        for node in walk(around):
            body: list[ast.stmt] = getattr(node, "body", []) if isinstance(node, ast.stmt) else []
            lines: list[ast.stmt] = []
            for line in body:
                name, value = _given(line)
                goes_on = bool(lines) and name == _given(lines[0])[0] and _reads(value, name)
                if len(lines) > 1 and not goes_on:
                    yield piece, lines
                lines = [*lines, line] if goes_on else [line] if name else []
            if len(lines) > 1:
                yield piece, lines


def _given(line: ast.stmt) -> tuple[str, ast.expr]:
    """The name that a line gives a value, and what it computes of it."""
    match line:
        case ast.Assign([ast.Name(name)], value):
            return name, value
        case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub() as sign, value):
            return name, ast.BinOp(ast.Name(name, ast.Load()), sign, value)
        case _:
            return "", ast.Constant(None)


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(value))
