"""Names that get another value behind all that uses the functions: what the notebook printed was made with the value before."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from whygrad.records import Piece

_WORD = re.compile(r"\w+")
_ROLES = frozenset(SEQUENCE_MODELS.vocabulary.roles)
_STARRED = frozenset(f"from {module} import *" for module in ("rnn_utils", "rnn_utils_v2"))


def late(order: Sequence[Piece], definitions: Container[Piece], wanted: set[str]) -> list[Piece]:
    """The statements behind the last one that defines or uses one of the functions that give a ``wanted`` name another value.

    Args:
        order: All statements, in the order in which they are run.
        definitions: Those of them that define something: what uses the functions within is used itself later.
        wanted: The names that the functions look for.
    """
    bound, texts = set(dir(builtins)), set[str]()
    again: list[Piece] = []
    for piece in order:
        if piece.text not in texts and not bound.isdisjoint(wanted.intersection(piece.names) - _ROLES):
            again.append(piece)
        bound.update(("sigmoid", "softmax") if piece.text in _STARRED else piece.names)
        texts.add(piece.text)
    return [piece for piece in order[_last_use(order, definitions) :] if piece in again] if again else []


def _last_use(order: Sequence[Piece], definitions: Container[Piece]) -> int:
    """How many statements there are up to the last one that defines or uses one of the functions, or what does, by its name.

    All, where none uses any: then nothing was made with the values before.
    """
    using, until, used = set(_ROLES), 0, False
    for number, piece in enumerate(order, 1):
        if not using.isdisjoint(_WORD.findall(piece.text)) and not using.isdisjoint(_names(piece.text)):
            until = number
            if piece in definitions:
                using.update(piece.names)
            else:
                used = True
    return until if used else len(order)


def _names(text: str) -> set[str]:
    """What a statement defines, reads or asks an object for."""
    return {name for node in ast.walk(ast.parse(text)) for field in ("id", "attr", "name") if (name := getattr(node, field, None))}
