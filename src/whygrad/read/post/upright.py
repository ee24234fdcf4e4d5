"""A table whose labels stand in any column, or side by side in its head: turned so that they come first, each version in a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.columns import by_exclusion, columns, sides_of_heads
from whygrad.read.post.shapecell import of_a_shape
from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Labels

Table = list[list[str]]

FEWEST_LABELS = 2
"""One label beside words and numbers is a line, and no table."""
LONGEST_CELL = 60
LONGEST = 50_000
"""A longer text is no post with a table pasted so."""
LONGEST_LINE = 4_000
_RULE = re.compile(r"[ |+:=\-\u2500-\u257f]{1,400}")
_NUMBER = re.compile(r"\d|\bnan\b|\binf\b|\bnone\b", re.IGNORECASE)
_PRINTED = re.compile(r"\d\.\d")
"""A year, or the version of a key, has no point."""
_OUTSIDE_BRACKETS = r"(?![^\[(]*[\])])"
_PARTS = {part: re.compile(part + _OUTSIDE_BRACKETS * (part in {",", " {2,}"})) for part in (r"\|", "\t", ";", ",", " {2,}")}
"""What parts cells, the surest one first; commas and spaces stand in an array too."""


def upright(text: str, labels: Labels) -> str:
    """``text`` with each table that has heads for its versions as rows of a label and the numbers of each version.

    What has no number, or a head of no side beside heads of both, is left out: so an empty cell moves no number to another side.
    """
    if len(text) > LONGEST:
        return text
    kept: list[str] = []
    rows: Table = []
    pending: list[str] = []
    kind: tuple[str, int] | None = None
    for line in [*text.split("\n"), "."]:
        if rows and _is_between(line):
            pending.append(line)
            continue
        cells, its_kind = _cells(line)
        if rows and its_kind != kind:
            kept += _turned(rows, labels) or pending
            rows, pending = [], []
        kind = its_kind
        if cells:
            rows.append(cells)
            pending.append(line)
        else:
            kept.append(line)
    return "\n".join(kept[:-1])


def _is_between(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None


def _cells(line: str) -> tuple[list[str], tuple[str, int] | None]:
    """The cells of a row, and what parts them, with their number where that is no mark of a table alone; none where nothing does."""
    if not _is_between(line) and len(line) <= LONGEST_LINE:
        for part, pattern in _PARTS.items():
            cells = [cell.strip() for cell in pattern.split(line if part == "\t" else line.rstrip())]
            if len(cells) > 1:
                return cells, (part, len(cells) if part in {";", ",", " {2,}"} else 0)
    return [], None


def _turned(rows: Table, labels: Labels) -> list[str]:
    """The lines of the table with its labels first; none where no row or column of labels is there, or heads tell no side.

    The head is the one row, or column, with no label and no printed number, wherever it stands.
    """
    width = max(map(len, rows), default=0)
    across = [[*column] for column in zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True) if any(column)]
    down = [[*row] for row in zip(*across, strict=True)]
    if min(len(across), len(down)) <= 1 or not any(is_label(cell, labels) for edge in (across, down) for cell in (*edge[0], *edge[-1])):
        return []
    for table in (down, across):
        for at in range(len(table[0])):
            other = [place for place, row in enumerate(table) if not is_label(row[at], labels)]
            if len(table) > FEWEST_LABELS and len(other) == 1 and not any(map(_PRINTED.search, table[other[0]])):
                head = table.pop(other[0])
                return _with_versions_in_columns([head, *table], at)
    return []


def _with_versions_in_columns(table: Table, at: int) -> list[str]:
    """The lines of ``table``, whose labels stand in the column ``at`` below a head."""
    heads = [" ".join(cell.split()) or "value" for cell in table[0]]
    numbers = [place for place in range(len(heads)) if place != at and any(_NUMBER.search(row[place]) for row in table[1:])]
    own = [place for place in numbers if not of_a_shape(heads[place], [row[place] for row in table[1:]])]
    told = sides_of_heads([heads[place] for place in own])
    sides = dict(zip(own, told or by_exclusion(_row(["entry", *(heads[place] for place in own)])), strict=False))
    if not any(sides.values()):
        return []
    kept = [place for place in numbers if sides.get(place) or place not in own]
    if told and not columns(_row(["entry", *(heads[place] for place in kept if place in own)])):
        heads = ["mine" if sides.get(place) == "mine" else head for place, head in enumerate(heads)]
    lines = [[row[at], *_said([row[place] for place in kept], [sides.get(place) for place in kept])] for row in table[1:]]
    return [*map(_row, [["entry", *(heads[place] for place in kept)], *lines])]


def _row(cells: Sequence[str]) -> str:
    return " | ".join(cells)


def _said(cells: Sequence[str], sides: Sequence[Side | None]) -> list[str]:
    """The ``cells`` of a row; where one of a side has no number, the others with the word for theirs, for then no head tells them."""
    if all(_NUMBER.search(cell) or not side for cell, side in zip(cells, sides, strict=True)):
        return [*cells]
    return [f"{side} {cell}" for cell, side in zip(cells, sides, strict=True) if side and _NUMBER.search(cell)]


def is_label(cell: str, labels: Labels) -> bool:
    """Whether a label of a check is all that stands there."""
    kinds = [token.kind for token in tokenize(cell, labels) if token.kind not in {"sign", "end"}] if len(cell) <= LONGEST_CELL else []
    return kinds == ["label"]
