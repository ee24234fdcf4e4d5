"""What two lines have in each other's place: weights of two gates in the two lines of one sum, say.

The search finds the first of them, and no change of that line alone makes what it gives right.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited_at, finding_at
from whygrad.from_code.search.one_edit import holds, lines_of
from whygrad.from_code.text.small_edits import nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

    Part: TypeAlias = ast.Name | ast.Constant

_MOST = 60
"""Pairs that are tried for one line."""
_WHAT = "Lay the two lines side by side: what do they differ in, and in which of the two does each of these belong?"


def between_two_lines(tried: Sequence[Mending], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with what two lines have in each other's place for those that have no name, if more is right with it put right."""
    return tuple(one if one.id is not None else _exchanged(tried, one) or one for one in found)


def _exchanged(tried: Sequence[Mending], one: Finding) -> Finding | None:
    """What says more of the line of a finding; of two lines more than one pair may be meant."""
    pieces = tried[0].pieces
    before = [mending.number_right(mending.answer(pieces))[0] for mending in tried]
    ways: list[tuple[Piece, Part, Part]] = []
    whole = one.whole
    for piece, mine, other in islice(_pairs(pieces, one), _MOST):
        if ways and other.lineno != ways[0][2].lineno:
            break
        program = edited_at(pieces, [(piece, mine, ast.unparse(other)), (piece, other, ast.unparse(mine))])
        after = [mending.number_right(mending.answer(program)) for mending in tried]
        if all(number > known for (number, _), known in zip(after, before, strict=True)):
            ways.append((piece, mine, other))
            whole = True if all(number == of for number, of in after) else whole
    if not ways:
        return None
    (piece, mine, other), *more = ways
    line = other.lineno + piece.line - 1
    says = f"{_text(mine)} here and {_text(other)} in line {line} stand in each other's place"
    says += "".join(f", or {_text(part)} and {_text(there)} do" for _, part, there in more)
    hints = f"Look at line {one.line}, and at line {line}.", _WHAT, asked(one.function)
    told = finding_at(piece, mine, one.function, "names-exchanged", says, hints=hints, within=one.within, quantity=one.quantity)
    return replace(told, lines=((piece.source, line),), whole=whole)


def _pairs(pieces: Sequence[Piece], one: Finding) -> Iterator[tuple[Piece, Part, Part]]:
    """Parts of the finding's line, each with one of another line of the function that may stand in its place, the nearest lines first."""
    lines = lines_of(pieces, one.function)
    for piece, around, line in lines:
        if not holds(piece, line, one) or not _parts(line):
            continue
        others = [other for _, near, other in lines if near is around and other is not line]
        others.sort(key=lambda other: abs(other.lineno - line.lineno))
        yield from ((piece, mine, part) for other in others for mine in _parts(line) for part in _parts(other) if _alike(mine, part))


def _parts(line: ast.stmt) -> list[Part]:
    """The names that a line reads, and the keys, as they stand there."""
    nodes = nodes_of(line)
    keys = {id(node.slice) for node in nodes if isinstance(node, ast.Subscript)}
    parts = [
        node
        for node in nodes
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)) or (isinstance(node, ast.Constant) and id(node) in keys)
    ]
    return sorted(parts, key=lambda part: (part.lineno, part.col_offset))


def _text(part: Part) -> str:
    return part.id if isinstance(part, ast.Name) else str(part.value)


def _alike(mine: Part, other: Part) -> bool:
    """Whether two parts differ and are of one kind: two weights, or two gradients."""
    one, kinds = _text(mine), [SEQUENCE_MODELS.vocabulary.kind(_text(part)) for part in (mine, other)]
    return type(mine) is type(other) and one != _text(other) and kinds[0] == kinds[1] is not None
