"""Lines that store nothing since they have a sign too much: ``x == y`` alone in a line."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.wording import in_general
from whygrad.from_code.observe.edited import edited, place_of
from whygrad.from_code.search.mended import Option
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece

_COMPARES = "What does this line change? Print {name} just before it and just behind it."


def store_nothing(pieces: Sequence[Piece], function: str) -> list[Option]:
    """Each such line of a function, and the program in which it stores something."""
    return [
        Option(_finding(function, piece, line, slip), edited(pieces, piece, slip.node, slip.text).pieces)
        for piece in pieces
        for around in (one for one in parsed(piece.text).body if isinstance(one, ast.FunctionDef) and one.name == function)
        for line in (one for one in walk(around) if isinstance(one, ast.stmt))
        for slip in _slips(line)
    ]


class _Slip(NamedTuple):
    """A part of a line, the text that belongs there, the name that gets nothing, and what is said and asked of it."""

    node: ast.expr
    text: str
    name: str
    says: str
    what: str


def _slips(line: ast.stmt) -> Iterator[_Slip]:
    match line:
        case ast.Expr(ast.Compare(ast.Name() | ast.Subscript() as left, [ast.Eq()], [right]) as node):
            name = ast.unparse(left)
            says = f"this line compares {name} with something, and stores nothing: it has == where one = belongs"
            yield _Slip(node, f"{name} = {ast.unparse(right)}", name, says, _COMPARES.format(name=name))
        case _:
            pass


def _finding(function: str, piece: Piece, line: ast.stmt, slip: _Slip) -> Finding:
    number, column, text = place_of(piece, line)
    hints = f"Look at line {number} of {function}.", slip.what, f"What the mathematics asks for: {in_general(function)}."
    return Finding(
        function=function, within=function, source=piece.source, line=number, column=column, text=text, id="operator-replaced",
        quantity=slip.name, step=None, says=slip.says, hints=hints, proof="proved", facts=(),
    )  # fmt: skip
