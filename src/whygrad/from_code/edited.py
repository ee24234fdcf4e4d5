"""A program with one part of it written otherwise, as text, and how much of what a function gives is right then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code import observed
from whygrad.from_code.parts import cell_of
from whygrad.from_code.subject import EXACT, SINGLE, array_of, same
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from whygrad.from_code.inputs import Case
    from whygrad.from_code.subject import Observations
    from whygrad.sandbox.requests import Host, Piece, Reply, Value


class Edited(NamedTuple):
    """A program with one part of it edited, from the first to the last line of that part, as its source counts them."""

    pieces: tuple[Piece, ...]
    source: str
    first: int
    last: int


def edited(pieces: Sequence[Piece], where: Piece, node: ast.expr | ast.stmt, text: str) -> Edited:
    """The program with this text in the place of a node of one of its pieces; no line is moved."""
    first, last = node.lineno, node.end_lineno or node.lineno
    lines = [line.encode() for line in where.lines]
    before, after = lines[first - 1][: node.col_offset], lines[last - 1][node.end_col_offset :]
    lines[first - 1 : last] = [before + text.encode() + after, *([b""] * (last - first))]
    changed = "\n".join(line.decode() for line in lines)
    program = tuple(replace(one, text=changed) if one is where else one for one in pieces)
    shift = where.line - 1
    return Edited(program, where.source, first + shift, last + shift)


def place_of(piece: Piece, node: ast.expr | ast.stmt) -> tuple[int, int, str]:
    """The line and the column, from 1, at which a node of a piece begins in its source, and the text of that line."""
    written = piece.lines[node.lineno - 1]
    return node.lineno + piece.line - 1, len(written.encode()[: node.col_offset].decode()) + 1, " ".join(written.split())[:200]


def ran(
    host: Host, pieces: Sequence[Piece], function: str, case: Case, *, traced: bool, caches_of_own: tuple[Value, ...] | None = None
) -> Reply:
    """What the function of an edited program answers; in a ``traced`` run where no other runs another text.

    ``caches_of_own`` are arguments with caches that only the learner's own cell can read.
    """
    own = frozenset({function}) if caches_of_own is None else frozenset({function, cell_of(function)})
    with host.holding(pieces) as other:
        wanted = frozenset[int]() if traced else None
        return other.run(Request(function, caches_of_own or case.arguments, own, trace=traced, wanted=wanted))


def right_of(function: str, reply: Reply, expected: Observations) -> tuple[int, int]:
    """How many results of a run are right, of how many."""
    results = observed.in_result(function, reply.value) if reply.status == "returned" else {}
    arrays = {name: array for name, value in results.items() if (array := array_of(value)) is not None}
    tolerance = SINGLE if any(array.dtype == np.float32 for array in arrays.values()) else EXACT
    names = observed.results(expected)
    return sum(name in arrays and same(arrays[name], expected[name], tolerance) for name in names), len(names)
