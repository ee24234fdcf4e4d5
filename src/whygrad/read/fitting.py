"""Whether a definition can be called with the assignment's arguments, and which of several of one name is meant."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from whygrad.records import Piece


def fits(function: str, arguments: ast.arguments, given: int = 0) -> bool:
    """Whether a function of that name takes what the assignment hands over; the first ``given`` arguments are already there."""
    asked = len(SEQUENCE_MODELS.arguments(function))
    own = len(arguments.posonlyargs) + len(arguments.args) - given
    return own - len(arguments.defaults) <= asked and (own >= asked or arguments.vararg is not None)


def meant(function: str, definitions: Sequence[Piece]) -> int:
    """The position of the definition that is judged: the last one, as Python would take it.

    Other exercises of the course have functions of the same names (``rnn_forward(X, Y, a0, parameters)``). Where one stands below, in a
    file that holds the whole course, the last that fits the assignment is meant.
    """
    last = len(definitions) - 1
    if function in SEQUENCE_MODELS.vocabulary.roles:
        return next((at for at in range(last, -1, -1) if _fits(function, definitions[at])), last)
    return last


def elsewhere(function: str, definition: Piece, defined: Collection[str]) -> bool:
    """Whether the only function of that name belongs to another exercise: it asks for more arguments, and its cell is not there."""
    cell = function.replace("_", "_cell_", 1)
    if "cell" in function or cell in defined or cell in definition.text:
        return False
    given = required(definition.text)
    return given is not None and len(given) > len(SEQUENCE_MODELS.arguments(function))


def required(text: str) -> list[str] | None:
    """The names of the arguments that a definition has no defaults for; None where it is no function's."""
    arguments = _head(text)[0]
    if arguments is None:
        return None
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    return names[: len(names) - len(arguments.defaults)]


def _fits(function: str, definition: Piece) -> bool:
    arguments, decorated = _head(definition.text)
    return arguments is None or decorated or fits(function, arguments)


@lru_cache(maxsize=300)
def _head(text: str) -> tuple[ast.arguments | None, bool]:
    """The arguments of a definition (None where it is no function's), and whether it is decorated; most of a class share most functions."""
    node = ast.parse(text).body[0]
    return (node.args, bool(node.decorator_list)) if isinstance(node, ast.FunctionDef) else (None, False)
