"""A function's argument that no line reads, since they read it by a name that nothing gives a value: one mistake, in the head.

Each of these lines raises, or takes what the notebook holds under that name. With the argument called so more is right. It is looked at
before any of these lines.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.observe.stopped import without_a_value
from whygrad.from_code.reference.unread import unread
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece, Reply

_WHERE = "Look at the head of {0}, beside the names that its lines read."
_WHAT = "Inside a function an argument has the name that stands in its head, and no other. Compare these letter by letter with {0}."


def misspelt_argument(mending: Mending, reply: Reply) -> tuple[Finding, ...]:
    """Such an argument, if the function, which answered so, is less wrong with it called as it is read, and what is wrong beside it."""
    raised = reply.raised
    unknown = reply.globals | ({without_a_value(raised)} if raised is not None else set[str]())
    for piece, around in functions(mending.pieces, mending.function):
        for argument, name, known in unread(around, unknown):
            if _handed_by_name(mending.pieces, argument.arg):  # whoever calls it so takes its name from the head
                continue
            called = name if argument.annotation is None else f"{name}: {ast.unparse(argument.annotation)}"
            program = edited(mending.pieces, piece, argument, called).pieces
            answer = mending.answer(program)
            more, whole = mending.number_right(answer)[0] - mending.number_right(reply)[0], mending.all_right(answer)
            goes_on = raised is not None and (answer.raised is None or (name == without_a_value(raised) and answer.raised != raised))
            if not whole and not known:
                continue
            rest = () if whole else what_else(mending, program)
            sure = rest if all(one.proof == "proved" and one.id is not None for one in rest) else ()
            if not (whole or sure or more > 0 or goes_on):
                continue
            told = replace(_told(mending.function, piece, around, argument, name), whole=whole or bool(sure))
            return (told, *sure)
    return ()


def _handed_by_name(pieces: Iterable[Piece], argument: str) -> bool:
    """Whether a call hands something to an argument of this name by it."""
    return any(isinstance(node, ast.keyword) and node.arg == argument for piece in pieces for node in walked(piece.text))


def _told(function: str, piece: Piece, around: ast.FunctionDef, argument: ast.arg, name: str) -> Finding:
    own = argument.arg
    says = f"an argument is called {own} here, and no line reads that: what is read is {name}, which is no argument"
    hints = _WHERE.format(around.name), _WHAT.format(own), asked(function)
    return finding_at(piece, argument, function, "name-replaced", says, hints=hints, within=around.name, quantity=own)
