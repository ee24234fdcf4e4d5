"""A program with one part of it written otherwise, as text, how much of what a function gives is right then, and a finding there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code.finding import Finding
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import EXACT, SINGLE, array_of, same
from whygrad.from_code.observe.contract import lost_caches, turned
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import cell_of, chain_of
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.reference.parts import Chain
    from whygrad.sandbox.requests import Host, Piece, Reply, Value

    Node: TypeAlias = ast.expr | ast.stmt | ast.pattern | ast.arg | ast.keyword

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
        """The results that are right, of what the learner has written."""
        return observed.without(quantities(self.function, self.case).observations, self.case.unasked)

    def answer(self, program: Sequence[Piece], *, bare: bool = True) -> Reply:
        """What the function answers in an edited program; if not ``bare`` also what becomes of its arguments."""
        with self.host.holding(program) as other:
            match self.own:
                case None:
                    called, arguments, functions = self.function, self.case.arguments, frozenset({self.function})
                case tuple():
                    called, arguments, functions = self.function, self.own, frozenset({self.function, cell_of(self.function)})
                case _:
                    called, arguments, functions = chain_of(self.function), self.own.arguments, self.own.own
            watched = frozenset({cell_of(self.function)}) - {self.function} if self.function in OUTPUTS else frozenset[str]()
            wanted = frozenset[int]() if self.traced else None
            return other.run(Request(called, arguments, functions, watched, trace=self.traced, wanted=wanted, part=_PART, bare=bare))

    def ran(self, where: Piece, node: Node, text: str) -> Reply:
        """What the function answers with this text in the place of a node of a piece."""
        return self.answer(edited(self.pieces, where, node, text).pieces)

    def number_right(self, reply: Reply, asked: Observations | None = None) -> tuple[int, int]:
        """How many results of a run are right, of how many; of those ``asked`` for alone, if not of all."""
        results = observed.in_result(self.function, reply.value) if reply.status == "returned" else {}
        arrays = {name: array for name, value in results.items() if (array := array_of(value)) is not None}
        tolerance = SINGLE if any(array.dtype == np.float32 for array in arrays.values()) else EXACT
        expected = self.right if asked is None else asked
        names = observed.results(expected)
        return sum(name in arrays and same(arrays[name], expected[name], tolerance) for name in names), len(names)

    def all_right(self, reply: Reply) -> bool:
        """Whether all results of a run are right; caches of a form that is not the assignment's are left out, as nothing is known of them.

        They have to be there. One step's in the assignment's form shows that the others should be; what is lost of them is told by itself.
        That they lie on their side is nothing to mend where the outputs were wrong.
        """
        function, expected = self.function, self.right
        number, of = self.number_right(reply)
        if number == of or reply.status != "returned" or function not in OUTPUTS:
            return number == of
        if not hasattr(reply.value, "__len__") or len(reply.value) != len(OUTPUTS[function]):
            return False
        cached = list(filter(observed.is_cached, expected))
        first = [name for name in cached if name.endswith(observed.cached("", 0))]
        kept = {name: array for name, value in observed.in_result(function, reply.value).items() if (array := array_of(value)) is not None}
        unknown = not set(first) <= kept.keys() or lost_caches(function, reply, len(cached) // len(first)) is not None
        asked = {name: value for name, value in expected.items() if not observed.is_cached(name)}
        if not (unknown or turned(kept, expected)) or len(set(self.number_right(reply, asked))) > 1:
            return False
        return unknown or len(set(self.number_right(self.answer(self.pieces), asked))) > 1


def edited(pieces: Sequence[Piece], where: Piece, node: Node, text: str) -> Edited:
    """The program with this text in the place of a node of one of its pieces; no line is moved."""
    first, last = node.lineno, node.end_lineno or node.lineno
    lines = [line.encode() for line in where.lines]
    before, after = lines[first - 1][: node.col_offset], lines[last - 1][node.end_col_offset :]
    lines[first - 1 : last] = [before + text.encode() + after, *([b""] * (last - first))]
    changed = "\n".join(line.decode() for line in lines)
    program = tuple(replace(one, text=changed) if one is where else one for one in pieces)
    shift = where.line - 1
    return Edited(program, where.source, first + shift, last + shift)


def edited_at(pieces: Sequence[Piece], parts: Iterable[tuple[Piece, Node, str]]) -> tuple[Piece, ...]:
    """The program with a text in the place of each of these nodes, none of which is within another: what stands before a place stays."""
    program = list(pieces)
    for piece, node, text in sorted(parts, key=lambda part: (part[1].lineno, part[1].col_offset), reverse=True):
        number = pieces.index(piece)
        program = list(edited(program, program[number], node, text).pieces)
    return tuple(program)


def place_of(piece: Piece, node: Node) -> tuple[int, int, str]:
    """The line and the column, from 1, at which a node of a piece begins in its source, and the text of that line."""
    written = piece.lines[node.lineno - 1]
    return node.lineno + piece.line - 1, len(written.encode()[: node.col_offset].decode()) + 1, " ".join(written.split())[:200]


def finding_at(
    piece: Piece, node: Node, function: str, known: str, says: str,
    *, hints: tuple[str, str, str], within: str = "", quantity: str = "",
) -> Finding:  # fmt: skip
    """What is proved at a node of a piece, and which mistake that is; it is in the function itself, and of it, if nothing else is said."""
    line, column, text = place_of(piece, node)
    return Finding(
        function=function, within=within or function, source=piece.source, line=line, column=column, text=text, id=known,
        quantity=quantity or function, step=None, says=says, hints=hints, proof="proved",
    )  # fmt: skip
