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
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.words import alike
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece, Reply

_ALIKE = 0.6
"""Names that are so much alike may be one name misspelt."""
_WHERE = "Look at the head of {0}, beside the names that its lines read."
_WHAT = "Inside a function an argument has the name that stands in its head, and no other. Compare these letter by letter with {0}."


def misspelt_argument(mending: Mending, reply: Reply) -> tuple[Finding, ...]:
    """Such an argument, if the function, which answered so, is less wrong with it called as it is read, and what is wrong beside it."""
    raised = reply.raised
    unknown = reply.globals | ({without_a_value(raised)} if raised is not None else set[str]())
    for piece, around in functions(mending.pieces, mending.function):
        for argument, name, known in _pairs(around, unknown):
            if _handed_by_name(mending.pieces, argument.arg):  # whoever calls it so takes its name from the head
                continue
            called = name if argument.annotation is None else f"{name}: {ast.unparse(argument.annotation)}"
            program = edited(mending.pieces, piece, argument, called).pieces
            answer = mending.answer(program)
            more, whole = mending.number_right(answer)[0] - mending.number_right(reply)[0], mending.all_right(answer)
            goes_on = raised is not None and name == without_a_value(raised) and answer.raised != raised
            if not whole and not (known and (more > 0 or goes_on)):
                continue
            rest = () if whole else what_else(mending, program)
            sure = rest if all(one.proof == "proved" and one.id is not None for one in rest) else ()
            told = replace(_told(mending.function, piece, around, argument, name), whole=whole or bool(sure))
            return (told, *sure)
    return ()


def _pairs(around: ast.FunctionDef, unknown: frozenset[str]) -> Iterator[tuple[ast.arg, str, bool]]:
    """The arguments that a function does not read, with each unknown name that it reads instead, the most alike first.

    With each whether the two are alike, and the name is what the assignment calls this argument; else the argument may be forgotten. A
    name that one line reads is that line's slip, if the assignment does not call the argument so. One that the function gives a value has
    to be like the argument's.
    """
    names = [node for line in around.body for node in walk(line) if isinstance(node, ast.Name)]
    given = [*around.args.posonlyargs, *around.args.args, *around.args.kwonlyargs]
    course = dict(enumerate(ARGUMENTS.get(around.name, ())))
    read = {name: {node.lineno for node in names if node.id == name} for name in unknown - {one.arg for one in given}}
    here = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    pairs = [
        (alike(one.arg, name), name, number, one)
        for number, one in enumerate(given)
        if all(node.id != one.arg for node in names)
        for name, lines in read.items()
        if len(lines) > 1 or (lines and course.get(number) == name)
    ]
    for likeness, name, number, one in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if likeness > _ALIKE or name not in here:
            yield one, name, likeness > _ALIKE and course.get(number) == name


def _handed_by_name(pieces: Iterable[Piece], argument: str) -> bool:
    """Whether a call hands something to an argument of this name by it."""
    return any(isinstance(node, ast.keyword) and node.arg == argument for piece in pieces for node in walk(parsed(piece.text)))


def _told(function: str, piece: Piece, around: ast.FunctionDef, argument: ast.arg, name: str) -> Finding:
    own = argument.arg
    says = f"an argument is called {own} here, and no line reads that: other lines read {name}, which is no argument"
    hints = _WHERE.format(around.name), _WHAT.format(own), asked(function)
    return finding_at(piece, argument, function, "name-replaced", says, hints=hints, within=around.name, quantity=own)
