"""Slips put into the text of a style, and the line at which something stands in a text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from styles import TEXTS

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told


class Slip(NamedTuple):
    """A right form of one function, what is written otherwise in it, the line at which that is told, and how."""

    right: tuple[tuple[str, str, str], ...]
    before: str
    after: str
    line: str
    id: str
    says: str


def slipped(style: str, *slips: tuple[str, str]) -> str:
    """The style's program with each of these texts, which it has, written otherwise where it stands first."""
    text = TEXTS[style]
    for before, after in slips:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def slip_told(told: Callable[[str], list[Told]], right: str, before: str, after: str) -> tuple[str, Told]:
    """The right program with a slip, and the one thing that is told of it; of the program without it nothing is."""
    assert told(right) == []
    assert before in right
    text = right.replace(before, after)
    (said,) = told(text)
    return text, said


def line_of(text: str, part: str) -> int:
    """The line, from 1, at which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


def edited(*edits: tuple[str, str, str], without: tuple[str, ...] = ()) -> str:
    """The reference program with edits: function, old text, new text; an empty old text stands for the whole function."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS) if name not in without}
    for function, old, new in edits:
        assert old in texts[function]
        texts[function] = texts[function].replace(old, new) if old else new
    return "import numpy as np\n\n" + "\n\n".join(texts.values())


def pieces_of(text: str) -> list[Piece]:
    """A program cut into its statements."""
    pieces, lines = [], text.splitlines()
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names = (node.name,) if isinstance(node, ast.FunctionDef) else tuple(ast.unparse(target) for target in targets)
        pieces.append(Piece("cell 1", node.lineno, "\n".join(lines[node.lineno - 1 : node.end_lineno]), names))
    return pieces
