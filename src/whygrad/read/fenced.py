"""From a Markdown file with fenced Python (jupytext, MyST, R Markdown) to its blocks of code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.cells import Cell
from whygrad.read.source import Origin
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTE = r"(?: {0,3}>){0,9}"
"""What stands before each line of a block that is quoted; the block is read with it."""
_OPEN = re.compile(_QUOTE + r" {0,3}(?P<fence>`{3,}|~{3,})[ \t]*\{?(?P<language>[\w-]*)\}?[ \t]*(?P<rest>.*)")
_PYTHON = frozenset({"python", "python2", "python3", "py", "pycon", "ipython", "ipython2", "ipython3"})
_CODE = re.compile(r"(?:> ?)*(?:def \w+\(|class \w+|import \w+|from [\w.]+ import )")
"""How a line begins that makes Python of a block which names no language."""
_OPTION = re.compile(r":[\w-]+:|#\|")


def read_fenced(text: str, path: str) -> list[Cell]:
    """The blocks of Python. Lines count within the file, as an editor shows them."""
    lines = split_lines(text)
    origin = Origin(path, None, tuple(lines))
    return [Cell("\n".join(_without_options(lines[start:end])), origin, start + 1) for start, end in _blocks(lines)]


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where each block of Python begins and ends."""
    at = 0
    while at < len(lines):
        found = _OPEN.match(lines[at])
        at += 1
        if not found:
            continue
        close = re.compile(rf"{_QUOTE} {{0,3}}{found['fence'][0]}{{{len(found['fence'])},}}[ \t]*$")
        end = next((number for number in range(at, len(lines)) if close.match(lines[number])), len(lines))
        named = found["language"].lower()
        if named in _PYTHON or named == "code-cell" or (not named and any(map(_CODE.match, lines[at:end]))):
            yield at, end
        at = end + 1


def _without_options(lines: list[str]) -> list[str]:
    """MyST's options at the top of a block (``:tags: [...]`` or between ``---``) as empty lines."""
    kept = list(lines)
    fenced = bool(kept) and kept[0].strip() == "---"
    for at, line in enumerate(kept):
        if not fenced and not _OPTION.match(line):
            break
        kept[at] = ""
        fenced = fenced and (at == 0 or line.strip() != "---")
    return kept
