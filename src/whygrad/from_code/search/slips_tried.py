"""What is told where an edit of one line may be what mends a function: the line, if all comes right, or with what else is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.search.what_else import what_else
from whygrad.sandbox.trees import defining

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_MOST, _MOST_SEARCHED = 40, 6
"""Edited programs that are run for one function, and in which the search goes on."""


class Option(NamedTuple):
    """A finding at a line, and the program with that line edited."""

    finding: Finding
    program: tuple[Piece, ...]


class Slip(NamedTuple):
    """What may be wrong with a line: a part of it, the text that belongs there, which mistake that is, what is said, and asked, of it.

    ``quantity`` is the name that gets nothing, if it is one.
    """

    line: ast.stmt
    node: ast.expr | ast.stmt
    text: str
    id: str
    says: str
    what: str
    quantity: str = ""


def options(mending: Mending, slips: Callable[[Piece, ast.FunctionDef], Iterable[Slip]]) -> list[Option]:
    """The slips that there may be in a piece's function, and the program without each."""
    found: list[Option] = []
    for piece, around in defining(mending.pieces, mending.function):
        for slip in slips(piece, around):
            where = f"Look at line {slip.line.lineno + piece.line - 1} of {mending.function}."
            hints = where, slip.what, asked(mending.function)
            told = finding_at(piece, slip.line, mending.function, slip.id, slip.says, hints=hints, quantity=slip.quantity)
            found.append(Option(told, edited(mending.pieces, piece, slip.node, slip.text).pieces))
    return found


def mended(mending: Mending, found: tuple[Finding, ...], options: Sequence[Option]) -> tuple[Finding, ...]:
    """The one option that mends the function, alone or beside fewer findings than there are; these where there is none, or more."""
    sure: list[tuple[Finding, ...]] = []
    before = mending.number_right(mending.answer(mending.pieces)) if options else (0, 0)
    for finding, program in options[:_MOST]:
        reply = mending.answer(program)
        if mending.all_right(reply) and (before[0] == before[1] or mending.number_right(reply)[0] > before[0]):
            sure.append((finding,))
    if sure or len(found) == 1:
        return sure[0] if len(sure) == 1 else found
    for finding, program in options[:_MOST_SEARCHED]:
        told = what_else(mending, program)
        if told and (not found or len(told) < len(found)) and all(one.sure for one in told):
            sure.append(tuple(sorted((*told, finding), key=lambda one: one.line)))
    return sure[0] if len(sure) == 1 else found
