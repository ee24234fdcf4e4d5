"""Plain text, for files, pipes and ``print``: paragraphs of at most 80 columns, lists indented."""

from __future__ import annotations

from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING

from whygrad.report.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.records import Result
    from whygrad.report.parts import Part

_WIDTH = 80
_NARROWEST = 60
LINE = "    "
"""What stands in front of a quoted line of code, which is not broken."""


def to_text(result: Result, hint: int = 2) -> str:
    """Return the report on ``result`` as plain text that ends with a line break. ``hint`` is 1, 2 or 3."""
    shown = parts(result, hint)
    gaps = ["\n" if belongs(before, part) else "\n\n" for before, part in pairwise(shown)]
    return "".join(_paragraph(part) + gap for part, gap in zip(shown, [*gaps, "\n"], strict=True))


def belongs(before: Part, part: Part) -> bool:
    """Facts stand close together, everything else has an empty line around it."""
    return before.role == part.role == "fact"


def _paragraph(part: Part) -> str:
    head = f"{part.label}: {part.text}" if part.label else part.text
    items = [f"{LINE}{item}" if part.role == "line" else wrapped(item, "  - ") for item in part.items]
    return "\n".join([wrapped(head), *items, *table(part.rows, _WIDTH)])


def table(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The lines of a table of two columns and, in some rows, a third, which is wrapped in itself."""
    names, verdicts = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    lines: list[str] = []
    for name, verdict, *says in rows:
        head = f"  {name:{names}}  {verdict:{verdicts}}  "
        lines += wrapped(says[0], head, max(width, _NARROWEST)).split("\n") if says else [head.rstrip()]
    return lines


def wrapped(line: str, first: str = "", width: int = _WIDTH) -> str:
    """``line`` broken between words, never inside one; ``first`` stands in front and the later lines are indented as far."""
    return fill(line, width, initial_indent=first, subsequent_indent=" " * len(first), break_long_words=False, break_on_hyphens=False)
