"""A sequence's caches are the pair (list of caches, x): a backward function that never takes the pair apart counts its steps in it.

It raises at the first line that needs one step's cache. Where more results are right with the first of the pair at each of its readings,
that is the one thing that is wrong, at however many lines it shows.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited_at, finding_at
from whygrad.from_code.search.what_else import what_else
from whygrad.sandbox.trees import defining, is_name, parameters, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Reply

_OF_PAIRS = frozenset(("rnn_backward", "lstm_backward"))
_WHERE = "Look at what {name} holds when {function} begins."
_WHAT = (
    "The forward function hands back two things under this one name: the list with one cache for each step, and the input. Print "
    "len({name}), and the type of each entry: which of the two has as many entries as there are steps?"
)


def not_taken_apart(mending: Mending, reply: Reply) -> tuple[Finding, ...]:
    """The first line that takes the pair for the list, of a function that raised so, and what is wrong beside that."""
    pieces, function = mending.pieces, mending.function
    if function not in _OF_PAIRS or reply.raised is None:
        return ()
    piece, around = next(defining(pieces, function), (None, None))
    reads = [] if around is None else list(_readings(around))
    if piece is None or not reads:
        return ()
    name = reads[0].id
    program = edited_at(pieces, [(piece, read, f"{name}[0]") for read in reads])
    before, of = mending.number_right(reply)
    after = mending.number_right(mending.answer(program))[0]
    if after <= before:
        return ()
    says = f"{name} is still the pair of the list of caches and x here: no line takes the two apart, and so it raises {reply.raised.type}"
    where, what = (hint.format(name=name, function=function) for hint in (_WHERE, _WHAT))
    hints = where, what, asked(function)
    told = finding_at(piece, reads[0], function, "raises", says, hints=hints, quantity=name)
    rest = what_else(mending, program) if after < of else ()
    as_written = f"{name}[0]", name
    sure = rest if all(one.sure for one in rest) else ()
    rest = tuple(replace(one, text=one.text.replace(*as_written), says=one.says.replace(*as_written)) for one in sure)
    return (replace(told, whole=after == of or bool(rest), raises="elsewhere"), *rest)


def _readings(function: ast.FunctionDef) -> Iterator[ast.Name]:
    """Where the last parameter is read for the list, from the first to the last; nowhere if some line takes it apart."""
    given = (parameters(function.args) or [""])[-1]
    nodes = list(walk(function))
    if any(
        isinstance(node, ast.Assign) and is_name(node.value, given) and isinstance(node.targets[0], (ast.Tuple, ast.List)) for node in nodes
    ):
        return
    second = {id(node.value) for node in nodes if isinstance(node, ast.Subscript) and _is_one(node.slice)}
    loads = [node for node in nodes if isinstance(node, ast.Name) and node.id == given and isinstance(node.ctx, ast.Load)]
    yield from sorted((node for node in loads if id(node) not in second), key=lambda node: (node.lineno, node.col_offset))


def _is_one(node: ast.expr) -> bool:
    match node:
        case ast.Constant(1) | ast.UnaryOp(ast.USub(), ast.Constant(1)):
            return True
        case _:
            return False
