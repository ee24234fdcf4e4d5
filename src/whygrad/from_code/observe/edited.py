"""A program with one part of it written otherwise, as text, and how much of what a function gives is right then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.contract import lost_caches
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import EXACT, SINGLE, array_of, same
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import cell_of, chain_of
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from whygrad.from_code.observe.subject import Observations
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.reference.parts import Chain
    from whygrad.sandbox.requests import Host, Piece, Reply, Value

_PART = 20
"""An edit may leave a loop without an end: each gets one part of so many of the time of a run."""


class Edited(NamedTuple):
    """A program with one part of it edited, from the first to the last line of that part, as its source counts them."""

    pieces: tuple[Piece, ...]
    source: str
    first: int
    last: int


class Mending(NamedTuple):
    """What is tried on: a function on a case.

    ``own`` are arguments with caches of the learner's own, which the learner's own cell reads too, or the chain that makes these. Edits are
    tried in ``traced`` runs where no others run another text.
    """

    host: Host
    pieces: Sequence[Piece]
    function: str
    case: Case
    traced: bool
    own: tuple[Value, ...] | Chain | None = None

    @property
    def right(self) -> Observations:
        """The results that are right."""
        return quantities(self.function, self.case).observations

    def as_it_is(self) -> Reply:
        """What the function answers as it is written."""
        return ran(self.host, self.pieces, self.function, self.case, traced=self.traced, own=self.own)

    def ran(self, where: Piece, node: ast.expr | ast.stmt | ast.pattern, text: str) -> Reply:
        """What the function answers with this text in the place of a node of a piece."""
        program = edited(self.pieces, where, node, text).pieces
        return ran(self.host, program, self.function, self.case, traced=self.traced, own=self.own)


def edited(pieces: Sequence[Piece], where: Piece, node: ast.expr | ast.stmt | ast.pattern, text: str) -> Edited:
    """The program with this text in the place of a node of one of its pieces; no line is moved."""
    first, last = node.lineno, node.end_lineno or node.lineno
    lines = [line.encode() for line in where.lines]
    before, after = lines[first - 1][: node.col_offset], lines[last - 1][node.end_col_offset :]
    lines[first - 1 : last] = [before + text.encode() + after, *([b""] * (last - first))]
    changed = "\n".join(line.decode() for line in lines)
    program = tuple(replace(one, text=changed) if one is where else one for one in pieces)
    shift = where.line - 1
    return Edited(program, where.source, first + shift, last + shift)


def place_of(piece: Piece, node: ast.expr | ast.stmt | ast.pattern) -> tuple[int, int, str]:
    """The line and the column, from 1, at which a node of a piece begins in its source, and the text of that line."""
    written = piece.lines[node.lineno - 1]
    return node.lineno + piece.line - 1, len(written.encode()[: node.col_offset].decode()) + 1, " ".join(written.split())[:200]


def ran(
    host: Host, pieces: Sequence[Piece], function: str, case: Case, *, traced: bool, own: tuple[Value, ...] | Chain | None = None
) -> Reply:
    """What the function of an edited program answers; in a ``traced`` run where no other runs another text.

    ``own`` are arguments with caches of the learner's own, which the learner's own cell reads too, or the chain that makes these.
    """
    with host.holding(pieces) as other:
        wanted = frozenset[int]() if traced else None
        match own:
            case None:
                called, arguments, functions = function, case.arguments, frozenset({function})
            case tuple():
                called, arguments, functions = function, own, frozenset({function, cell_of(function)})
            case _:
                called, arguments, functions = chain_of(function), own.arguments, own.own
        watched = frozenset({cell_of(function)}) - {function} if function in OUTPUTS else frozenset[str]()
        return other.run(Request(called, arguments, functions, watched, trace=traced, wanted=wanted, part=_PART))


def right_of(function: str, reply: Reply, expected: Observations) -> tuple[int, int]:
    """How many results of a run are right, of how many."""
    results = observed.in_result(function, reply.value) if reply.status == "returned" else {}
    arrays = {name: array for name, value in results.items() if (array := array_of(value)) is not None}
    tolerance = SINGLE if any(array.dtype == np.float32 for array in arrays.values()) else EXACT
    names = observed.results(expected)
    return sum(name in arrays and same(arrays[name], expected[name], tolerance) for name in names), len(names)


def all_right(function: str, reply: Reply, expected: Observations) -> bool:
    """Whether all results of a run are right; caches of a form that is not the assignment's are left out, as nothing is known of them.

    They have to be there. One step's in the assignment's form shows that the others should be; what is lost of them is told by itself.
    """
    number, of = right_of(function, reply, expected)
    if number == of or reply.status != "returned" or function not in OUTPUTS:
        return number == of
    if not hasattr(reply.value, "__len__") or len(reply.value) != len(OUTPUTS[function]):
        return False
    cached = list(filter(observed.is_cached, expected))
    first = [name for name in cached if name.endswith(observed.cached("", 0))]
    unknown = not set(first) <= observed.in_result(function, reply.value).keys()
    unknown = unknown or lost_caches(function, reply, len(cached) // len(first)) is not None
    asked = {name: value for name, value in expected.items() if not observed.is_cached(name)}
    return unknown and len(set(right_of(function, reply, asked))) == 1
