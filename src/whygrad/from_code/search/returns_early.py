"""A ``return`` under a condition that leaves a function before it is done: without it all results come right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.search.slips_tried import Slip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.sandbox.requests import Piece

_SAYS = "this return, which stands under a condition, ends the function while something is still to be done"
_WHAT = "A function is left at the first return that is reached. Print the parts of the condition above it: when does it hold?"


def return_early(found: Sequence[Finding], piece: Piece, around: ast.FunctionDef) -> Iterator[Slip]:
    """Each such line of a function; not where all that is found stands under the same condition.

    What is computed there may be wrong itself, and no return comes too early then.
    """
    named = [one for one in found if one.id is not None]
    for line, first in _under_a_condition(around.body):
        under = range(first + piece.line - 1, line.lineno + piece.line)
        if not named or any(one.source != piece.source or one.line not in under for one in named):
            yield Slip(line, line, "pass", "returned-wrong", _SAYS, _WHAT)


def _under_a_condition(lines: Sequence[ast.stmt]) -> Iterator[tuple[ast.Return, int]]:
    """The returns that end a block under a condition, each with that block's first line."""
    for line in lines:
        for block in (getattr(line, name, []) for name in ("body", "orelse")):
            if isinstance(line, ast.If) and block and isinstance(block[-1], ast.Return):
                yield block[-1], block[0].lineno
            if isinstance(line, ast.If | ast.For | ast.While | ast.With):
                yield from _under_a_condition(block)
