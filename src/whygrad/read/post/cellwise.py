"""A table that was pasted cell by cell, each on a line of its own: put together to rows, so that its head line is one line again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.columns import by_exclusion, columns
from whygrad.read.post.shapecell import of_a_shape
from whygrad.read.post.upright import LONGEST_CELL, is_label

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels

FEWEST_ROWS = 2
"""One label with as many lines of numbers below it as there are headings above may be chance."""
WIDEST = 4
"""So many columns a table has at most, without that of its labels."""
LONGEST = 20_000
"""A longer text is no post with a table pasted so."""
_NUMBERS = re.compile(r"[\[(]?[ \t]{0,4}[-+]?(?:\d|\.\d|nan|inf)[-+.\d\w, \t]{0,200}[\])]?")


def with_rows_in_one_line(text: str, labels: Labels) -> str:
    """``text`` with the cells of such a table parted by ``|``, where headings of both sides stand right above the first label."""
    if len(text) > LONGEST:
        return text
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if line.strip()]
    cells = [lines[place].strip() for place in places]
    at = next((at for at, cell in enumerate(cells) if is_label(cell, labels)), len(cells))
    for width in range(2, WIDEST + 1):
        head = cells[max(at - width, 0) : at]
        if len(head) < width or any(len(cell) > LONGEST_CELL or _NUMBERS.fullmatch(cell) for cell in head):
            return text
        rows = _rows(cells, at, width, labels)
        sides = columns("|".join(head)) or by_exclusion("|".join(head))
        told = [bool(side) or of_a_shape(cell) for side, cell in zip(sides, head, strict=False)]
        if len(rows) >= FEWEST_ROWS and len(told) == width and all(told):
            end = places[at + (width + 1) * len(rows) - 1] + 1
            table = [" | ".join(("entry", *head)), *(" | ".join(row) for row in rows)]
            return "\n".join([*lines[: places[at - width]], *table, *lines[end:]])
    return text


def _rows(cells: list[str], at: int, width: int, labels: Labels) -> list[list[str]]:
    """From ``cells[at]`` on: a label and ``width`` cells of numbers, again and again."""
    rows: list[list[str]] = []
    while at + width < len(cells) and is_label(cells[at], labels):
        row = cells[at : at + width + 1]
        if not all(_NUMBERS.fullmatch(cell) for cell in row[1:]):
            break
        rows.append(row)
        at += width + 1
    return rows
