"""A helper that hands back several values, or one with a comma behind it, to lines that take what they get for one array.

It goes on for a while with such a pair, and so goes wrong, or raises, at lines that are right. Where more results are right with one of the
values alone, that is what is wrong. It is looked at before any other line.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited_at, finding_at
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.mistakes.words import counted
from whygrad.sandbox.trees import parameters, walk, walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece, Reply

_WHERE = "Look at what {helper} hands back."
_WHAT = "Print the type of what one call of {helper} gives. What do the lines that call it take it for?"


def pair_for_one(mending: Mending, reply: Reply) -> tuple[Finding, ...]:
    """The first such return of a helper, if the function, which answered so, is less wrong with one value, and what is wrong beside it."""
    for piece, around in functions(mending.pieces, mending.function):
        returns = [node for node in walk(around) if isinstance(node, ast.Return)]
        pairs = [node.value for node in returns if isinstance(node.value, ast.Tuple | ast.List) and node.value.elts]
        if around.name in FUNCTIONS or not pairs or len(pairs) < len(returns) or _is_taken_apart(mending.pieces, around.name):
            continue
        for number in range(min(len(pair.elts) for pair in pairs)):
            program = edited_at(mending.pieces, [(piece, pair, f"({ast.unparse(pair.elts[number])})") for pair in pairs])
            answer = mending.answer(program)
            if (repr(answer.value), answer.raised) == (repr(reply.value), reply.raised):  # it is not called
                break
            more, whole = mending.number_right(answer)[0] - mending.number_right(reply)[0], mending.all_right(answer)
            rest = what_else(mending, program) if more >= 0 and not whole else ()
            sure = rest if all(one.sure for one in rest) else ()
            if more > 0 or (more == 0 and sure):
                told = _told(mending.function, piece, around.name, pairs[0])
                return (replace(told, whole=whole or bool(sure), raises="" if reply.raised is None else "elsewhere"), *sure)
    return ()


def _told(function: str, piece: Piece, helper: str, pair: ast.Tuple | ast.List) -> Finding:
    kind = "a list" if isinstance(pair, ast.List) else "a tuple, which the comma makes,"
    what = counted(len(pair.elts), "value") if len(pair.elts) > 1 else f"{kind} of one value"
    says = f"{helper} hands back {what} here, and what calls it takes that for one array"
    hints = _WHERE.format(helper=helper), _WHAT.format(helper=helper), asked(function)
    return finding_at(piece, pair, function, "returned-otherwise", says, hints=hints, within=helper, quantity=helper)


def _is_taken_apart(pieces: Sequence[Piece], helper: str) -> bool:
    """Whether some line takes what the helper hands back, or what got its name of it, for several values."""
    nodes = [node for piece in pieces for node in walked(piece.text)]
    given = {
        node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_call(node.value, helper)
    }
    through = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call) and node.args and _is_call(node.args[0], helper)}
    given |= {name for node in nodes if isinstance(node, ast.FunctionDef) and node.name in through for name in parameters(node.args)[:1]}
    for node in nodes:
        match node:
            case ast.Assign([ast.Tuple() | ast.List(), *_], value) | ast.Subscript(value, ast.Constant()) | ast.Starred(value):
                if _is_call(value, helper) or (isinstance(value, ast.Name) and value.id in given):
                    return True
            case _:
                pass
    return False


def _is_call(node: ast.expr, helper: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == helper
