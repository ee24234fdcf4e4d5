"""The arguments that a function does not read, beside the names that it reads instead and that nothing in it gives a value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.words import alike
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALIKE = 0.6
"""Names that are so much alike may be one name misspelt."""


def unread(around: ast.FunctionDef, unknown: frozenset[str]) -> Iterator[tuple[ast.arg, str, bool]]:
    """The arguments that a function does not read, with each unknown name that it reads instead, the most alike first.

    With each whether the name is what the assignment calls this argument; else the argument may be forgotten. A name that one line
    reads is that line's slip, if the assignment does not call the argument so. One that the function gives a value has to be like the
    argument's.
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
            yield one, name, course.get(number) == name
