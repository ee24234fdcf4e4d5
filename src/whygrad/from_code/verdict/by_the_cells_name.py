"""A loop whose caches are functions, judged as one that hands each of them to its backward cell, which does no more than call it.

``backs[t](da, dc)`` is ``lstm_cell_backward(da, dc, backs[t])``. So written it can be run with the reference's cell, and what the learner's
cell does wrong is not laid to the loop.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited_at
from whygrad.from_code.reference.parts import cell_of
from whygrad.from_code.text.called_by import functions
from whygrad.sandbox.trees import parameters, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.records import FunctionVerdict
    from whygrad.sandbox.requests import Piece


@contextmanager
def by_the_cells_name(examination: Examination, function: str) -> Generator[tuple[Examination, dict[str, str]] | None]:
    """The examination of the program in which the loop calls its cell, and by what then stands there what the learner has written."""
    trials, host = examination.trials, examination.host
    possible = host is not None and not examination.live and trials.calls_its_cell_by_the_caches(function)
    program, written = _with_the_cells_name(trials.definitions.pieces, function) if possible else ((), {})
    if host is None or not written:
        yield None
        return
    with host.holding(program) as held:
        yield examination.of(held, program), written


def judged_by_the_cells_name(examination: Examination, verdict: FunctionVerdict) -> FunctionVerdict | None:
    """The verdict for such a loop with the reference's cell; None where it does not come to its end with it."""
    with by_the_cells_name(examination, verdict.function) as named:
        failed = None if named is None else named[0].trials.failed(verdict.function)
    if named is None or failed is None or failed.problem is None:
        return None if named is None else verdict
    if failed.problem.kind != "numbers":
        return None
    examination.unlocated.add(verdict.function)
    return examination.wrong(verdict, failed.problem, [])


def _with_the_cells_name(pieces: Sequence[Piece], function: str) -> tuple[tuple[Piece, ...], dict[str, str]]:
    """That program, and those texts, if there is such a call."""
    cell, written = cell_of(function), dict[str, str]()
    places = _where_it_is_handed(pieces, cell)
    parts: list[tuple[Piece, ast.expr, str]] = []
    for piece, around in functions(pieces, function):
        own = stored_in(around) if around.name == function and places else ()
        for call in (node for node in walk(around) if isinstance(node, ast.Call) and not node.keywords):
            called = call.func.value if isinstance(call.func, ast.Subscript) else call.func
            if isinstance(called, ast.Name) and called.id in own and len(call.args) == len(places) - 1:
                given = [call.func if place is None else call.args[place] for place in places]
                text = f"{cell}({', '.join(map(ast.unparse, given))})"
                written[text] = ast.unparse(call)
                parts.append((piece, call, text))
    return (edited_at(pieces, parts), written) if parts else (tuple(pieces), {})


def as_written(pieces: Sequence[Piece], found: Sequence[Finding], written: dict[str, str]) -> tuple[Finding, ...]:
    """Findings in that program, told of the learner's own text."""
    return tuple(_as_written(pieces, one, written) for one in found)


def _as_written(pieces: Sequence[Piece], one: Finding, written: dict[str, str]) -> Finding:
    here = (piece for piece in pieces if piece.source == one.source and piece.line <= one.line < piece.line + len(piece.lines))
    lines = (piece.lines[one.line - piece.line] for piece in here)
    says, hints = one.says, one.hints
    for text, own in written.items():
        first, second, third = (hint.replace(text, own) for hint in hints)
        says, hints = says.replace(text, own), (first, second, third)
    return replace(one, says=says, hints=hints, text=" ".join(next(lines, one.text).split())[:200])


def _where_it_is_handed(pieces: Sequence[Piece], cell: str) -> list[int | None]:
    """By the cell's parameters, as which argument the one that is called is handed each; nothing where the cell does more than call it."""
    for around in (one for _, one in functions(pieces, cell) if one.name == cell):
        match around.body[ast.get_docstring(around) is not None :]:
            case [ast.Return(ast.Call(ast.Name(cache), given, [])), *_]:
                takes, names = parameters(around.args), [node.id if isinstance(node, ast.Name) else "" for node in given]
                if sorted([cache, *names]) == sorted(takes):
                    return [None if name == cache else names.index(name) for name in takes]
            case _:
                pass
    return []
