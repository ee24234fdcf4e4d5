"""A table whose labels stand in any column, or side by side in its head: turned so that they come first, each version in a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.columns import by_exclusion, sides_of_heads
from whygrad.read.post.shapecell import of_a_shape
from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.columns import Columns
    from whygrad.read.post.labels import Labels

Table = list[list[str]]

FEWEST_LABELS = 2
"""One label beside words and numbers is a line, and no table."""
LONGEST_CELL = 60
LONGEST = 50_000
"""A longer text is no post with a table pasted so."""
_RULE = re.compile(r"[ |+:=\-\u2500-\u257f]{1,400}")
_NUMBER = re.compile(r"\d|\bnan\b|\binf\b|\bnone\b", re.IGNORECASE)


def upright(text: str, labels: Labels) -> str:
    """``text`` with each table of bars or tabs that has heads for its versions as rows of a label and the numbers of each version.

    What has no number, or a head of no side beside heads of both, is left out: so an empty cell moves no number to another side.
    """
    if len(text) > LONGEST or ("|" not in text and "\t" not in text):
        return text
    kept: list[str] = []
    rows: Table = []
    pending: list[str] = []
    for line in [*text.split("\n"), "."]:
        cells = _cells(line)
        if cells or (rows and _is_between(line)):
            rows += [cells] if cells else []
            pending.append(line)
            continue
        kept += [*(_turned(rows, labels) or pending), line]
        rows, pending = [], []
    return "\n".join(kept[:-1])


def _is_between(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None


def _cells(line: str) -> list[str]:
    part = "|" if "|" in line else "\t"
    if part not in line or _RULE.fullmatch(line):
        return []
    bare = line.strip(" ")
    edged = part == "|" and bare.startswith("|")
    cells = [cell.strip() for cell in (bare.removeprefix("|").removesuffix("|") if edged else bare).split(part)]
    return cells if len(cells) > 1 else []


def _turned(rows: Table, labels: Labels) -> list[str]:
    """The lines of the table with its labels first; none where no row or column of labels is there, or heads tell no side."""
    width = max(map(len, rows), default=0)
    square = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(square) <= 1 or not any(is_label(cell, labels) for cell in (*square[1], *square[0], *square[-1])):
        return []
    for table in (square, [list(column) for column in zip(*square, strict=True)]):
        for at in range(len(table[0])):
            other = [place for place, row in enumerate(table) if not is_label(row[at], labels)]
            if len(table) > FEWEST_LABELS and other in ([0], [len(table) - 1]):
                head = table.pop(other[0])
                return _with_versions_in_columns([head, *table], at)
    return []


def _with_versions_in_columns(table: Table, at: int) -> list[str]:
    """The lines of ``table``, whose labels stand in the column ``at`` below a head."""
    heads = [" ".join(cell.split()) or "value" for cell in table[0]]
    numbers = [place for place in range(len(heads)) if place != at and any(_NUMBER.search(row[place]) for row in table[1:])]
    sides = sides_of_heads([heads[place] for place in numbers])
    kept = [place for place, side in zip(numbers, sides, strict=False) if side or of_a_shape(heads[place])] or numbers
    head = " | ".join(["entry", *(heads[place] for place in kept)])
    told = sides_of_heads([heads[place] for place in kept]) if sides else by_exclusion(head)
    return [head, *(" | ".join([row[at], *_said([row[place] for place in kept], told)]) for row in table[1:])] if told else []


def _said(cells: Sequence[str], sides: Columns) -> list[str]:
    """The ``cells`` of a row; where one of a side has no number, the others with the word for theirs, for then no head tells them."""
    if all(_NUMBER.search(cell) or not side for cell, side in zip(cells, sides, strict=True)):
        return [*cells]
    return [f"{side} {cell}" for cell, side in zip(cells, sides, strict=True) if side and _NUMBER.search(cell)]


def is_label(cell: str, labels: Labels) -> bool:
    """Whether a label of a check is all that stands there."""
    kinds = [token.kind for token in tokenize(cell, labels) if token.kind not in {"sign", "end"}] if len(cell) <= LONGEST_CELL else []
    return kinds == ["label"]
