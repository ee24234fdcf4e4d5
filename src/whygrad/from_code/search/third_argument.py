"""``np.multiply(a, b, c)``: NumPy writes the product of two over what stands third, which is no factor and keeps nothing of its own.

Where more results are right with a third factor in its place, or with nothing there, that is what is wrong. It is looked at before any
other line: what the lines behind it read of the array that was written over is wrong.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited_at, finding_at
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece, Reply

_OF_TWO = {"multiply": ("factor", "product"), "add": ("term", "sum")}
"""NumPy's functions of two arrays that are taken for functions of three: what they take, and what they give."""
_ALL = {**dict.fromkeys(("subtract", "divide", "dot", "matmul", "maximum", "minimum", "power"), ("", "result")), **_OF_TWO}
_NUMPY = frozenset(("np", "numpy"))
_WHERE = "Look at the call of np.{name} in {function}."
_WHAT = (
    "NumPy's {name} takes two arrays. A third one is where the {result} is put: it has no part in it, and what it held is gone for every "
    "line after this one. Print the three before and after this line."
)


class _Call(NamedTuple):
    """A call with three arguments whose value is used, its piece, and what it calls."""

    piece: Piece
    node: ast.Call
    name: str

    def written(self, *, third: bool) -> str:
        """The call with a third factor or term, or without its third argument."""
        first, second, last = map(ast.unparse, self.node.args)
        called = ast.unparse(self.node.func)
        two = f"{called}({first}, {second})"
        return f"{called}({two}, {last})" if third and self.name in _OF_TWO else two


def taken_for_a_third(mending: Mending, reply: Reply) -> tuple[Finding, ...]:
    """The calls of a function that write over a third array, if the function, which answered so, is less wrong without any."""
    pieces, function = mending.pieces, mending.function
    calls = list(_calls(pieces, function))
    if not calls:
        return ()
    before, of = mending.number_right(reply)
    for third in (True, False):
        program = edited_at(pieces, [(call.piece, call.node, call.written(third=third)) for call in calls])
        after = mending.number_right(mending.answer(program))[0]
        if after > before:
            return tuple(_told(call, function, whole=after == of) for call in calls)
    return ()


def _calls(pieces: Sequence[Piece], function: str) -> Iterator[_Call]:
    """Those in the pieces that define the function, from the first to the last; none of them within another."""
    for piece in pieces:
        if function not in piece.text:
            continue
        tree = parsed(piece.text)
        if not any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body):
            continue
        alone = {id(node.value) for node in walk(tree) if isinstance(node, ast.Expr)}  # whose value nobody uses: that is how it is meant
        calls = [node for node in walk(tree) if isinstance(node, ast.Call) and id(node) not in alone and _takes_three(node)]
        within = {id(inner) for node in calls for inner in ast.walk(node) if inner is not node}
        first_to_last = sorted((node for node in calls if id(node) not in within), key=lambda node: (node.lineno, node.col_offset))
        yield from (_Call(piece, node, ast.unparse(node.func).rpartition(".")[2]) for node in first_to_last)


def _takes_three(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(ast.Name(library), name):
            starred = any(isinstance(argument, ast.Starred) for argument in call.args)
            return library in _NUMPY and name in _ALL and len(call.args) == 3 and not starred and not call.keywords  # noqa: PLR2004
        case _:
            return False


def _told(call: _Call, function: str, *, whole: bool) -> Finding:
    """The finding at a call; ``whole`` tells whether all results are right without the third arguments."""
    part, result = _ALL[call.name]
    third = ast.unparse(call.node.args[2])
    words = {"name": call.name, "function": function, "result": result}
    no_part = f"is no {part}" if part else "has no part in it"
    known = f"{part}-dropped" if part else "updated-in-place"
    says = f"np.{call.name} takes two arrays: {third}, which stands third, {no_part}, and the {result} is written over it"
    hints = _WHERE.format(**words), _WHAT.format(**words), asked(function)
    return replace(finding_at(call.piece, call.node, function, known, says, hints=hints, quantity=third), whole=whole)
