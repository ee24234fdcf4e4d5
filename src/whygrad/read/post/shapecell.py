"""A table in which the shape has a cell of its own, ``dWf[3][1] | (5, 8) | 0.25 | 0.31``: put below its row, on a line of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.headings import prefix
from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.labels import Labels

_SIZE = r"[1-9]\d{0,2}"
_SIZES = rf"{_SIZE}(?:, ?{_SIZE}){{1,2}}"
_END = r"(?=[|\t;,]|[ ]{2}|$)"
_CELL = re.compile(
    rf"(?P<part>[|\t;]|,(?=\")|[ ]{{2}})[ ]{{0,40}}\"?(?:torch\.Size\()?"
    rf"(?P<sizes>\({_SIZES}\)|\({_SIZE},[ ]?\)|\[{_SIZES}\]|\(?{_SIZE}(?: ?[x\u00d7] ?{_SIZE}){{1,2}}\)?)\)?\"?[ ]{{0,40}}{_END}",
    re.MULTILINE,
)
"""Positive whole numbers, at most as many as an array has axes: no program prints gradients so."""
_ROW_OF_AN_ARRAY = re.compile(r"\[[^\[\]\n]{0,400}\]")
_SPACES = re.compile(r"[ ]{2,}")
_SAYS_SHAPE = re.compile(r"\b(?:shapes?|sizes?|dim(?:ension)?s?)\b", re.IGNORECASE)
_NUMBER, _LETTER = re.compile(r"\d\.\d"), re.compile(r"[^\W\d_]")


def with_shapes_below(text: str, labels: Labels) -> str:
    """``text`` with each such shape behind ``dWf.shape =`` below its row; its head is taken out of the table's head line too."""
    if not _CELL.search(text):
        return text
    kept: list[str] = []
    head, expected = -1, list[bool]()
    for line in text.split("\n"):
        cells, quantity = _shapes_in(line, labels)
        if not cells and _LETTER.search(line) and not _NUMBER.search(line):
            head, expected = len(kept), []
        if cells and head >= 0 and not expected:
            kept[head], expected = _without_heads(kept[head], line, cells)
        kept.append(line if not cells else _without(line, cells))
        own = [cell for at, cell in enumerate(cells) if not any(expected[at : at + 1])]
        kept += [f"{quantity}.shape = ({', '.join(map(str, _sizes(cell)))},)" for cell in own[:1]]
    return "\n".join(kept)


def of_a_shape(head: str, cells: Sequence[str] = ()) -> bool:
    """Whether this is the head of a column of shapes, or nothing else stands in the ``cells`` below it."""
    filled = [f"|{cell}" for cell in cells if cell]
    return _SAYS_SHAPE.search(head) is not None or (bool(filled) and all(map(_CELL.fullmatch, filled)))


def _shapes_in(line: str, labels: Labels) -> tuple[list[re.Match[str]], str]:
    """The cells with a shape behind the one label of a row, and whose it is; one that is the label's index is none."""
    cells = list(_CELL.finditer(line))
    found = [token for token in tokenize(line, labels) if token.kind == "label"] if cells else []
    if len(found) != 1 or found[0].end > cells[0].start("sizes"):
        return [], ""
    quantity = found[0].quantity
    return [cell for cell in cells if _sizes(cell) not in labels.indexes.get(quantity, ())], quantity


def _sizes(cell: re.Match[str]) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", cell["sizes"])))


def _without(line: str, cells: list[re.Match[str]]) -> str:
    for cell in reversed(cells):
        line = line[: cell.start()] + line[cell.end() :]
    return line


def _without_heads(head: str, row: str, cells: list[re.Match[str]]) -> tuple[str, list[bool]]:
    """The head line without the heads of such cells, and of each whether it is of expected ones.

    They are those that say so, else those at the same places, if both lines have as many cells.
    """
    part = _SPACES if cells[0]["part"].isspace() and cells[0]["part"] != "\t" else re.compile(re.escape(cells[0]["part"]))
    heads = [cell.strip() for cell in part.split(head.rstrip())]
    if len(heads) == 1:
        return head, [False]
    saying = [at for at, cell in enumerate(heads) if of_a_shape(cell)]
    if not saying:
        whole = _ROW_OF_AN_ARRAY.sub(lambda array: array[0].replace(" ", "_"), row).rstrip()
        behind = [len(part.split(whole[cell.end("sizes") :])) - 1 for cell in cells]
        count = len(part.split(whole))
        saying = [len(heads) - 1 - after for after in behind] if len(heads) == count else []
    mark = "   " if part is _SPACES else cells[0]["part"]
    roles = [(found := prefix(heads[at])) is not None and found.role == "expected" for at in saying]
    return mark.join(cell for at, cell in enumerate(heads) if at not in saying), roles or [False]
