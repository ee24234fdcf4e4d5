"""A ``return`` under a condition that leaves a function before it is done: without it all results come right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.wording import in_general
from whygrad.from_code.observe.edited import edited, place_of
from whygrad.from_code.search.mended import Option
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece

_WHAT = "A function is left at the first return that is reached. Print the parts of the condition above it: when does it hold?"


def return_early(pieces: Sequence[Piece], function: str, found: Sequence[Finding]) -> list[Option]:
    """Each such line of a function, and the program without it; not where all that is found stands under the same condition.

    What is computed there may be wrong itself, and no return comes too early then.
    """
    found = [one for one in found if one.id is not None]
    options: list[Option] = []
    for piece in pieces:
        for around in (one for one in parsed(piece.text).body if isinstance(one, ast.FunctionDef) and one.name == function):
            for line, first in _under_a_condition(around.body):
                under = range(first + piece.line - 1, line.lineno + piece.line)
                if not found or any(one.source != piece.source or one.line not in under for one in found):
                    options.append(Option(_finding(function, piece, line), edited(pieces, piece, line, "pass").pieces))
    return options


def _under_a_condition(lines: Sequence[ast.stmt]) -> Iterator[tuple[ast.Return, int]]:
    """The returns that end a block under a condition, each with that block's first line."""
    for line in lines:
        for block in (getattr(line, name, []) for name in ("body", "orelse")):
            if isinstance(line, ast.If) and block and isinstance(block[-1], ast.Return):
                yield block[-1], block[0].lineno
            if isinstance(line, ast.If | ast.For | ast.While | ast.With):
                yield from _under_a_condition(block)


def _finding(function: str, piece: Piece, line: ast.stmt) -> Finding:
    number, column, text = place_of(piece, line)
    says = "this return, which stands under a condition, ends the function while something is still to be done"
    hints = f"Look at line {number} of {function}.", _WHAT, f"What the mathematics asks for: {in_general(function)}."
    return Finding(
        function=function, within=function, source=piece.source, line=number, column=column, text=text, id="returned-wrong",
        quantity=function, step=None, says=says, hints=hints, proof="proved", facts=(),
    )  # fmt: skip
