"""Functions of which only comments are written: Python refuses them, and the whole cell with them, though they are just not filled in."""

from __future__ import annotations

import re

_HEAD = re.compile(r"([ \t]*)(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(.*\)[ \t]*(?:->.*)?:[ \t]*(?:#.*)?$")


def with_bodies(lines: list[str]) -> list[str]:
    """The lines with ``pass`` before the first comment of each function that has no other body; every line keeps its number."""
    kept = list(lines)
    for number, line in enumerate(lines):
        head = _HEAD.match(line)
        if head is None:
            continue
        below = lines[number + 1 :]
        code = next((other for other in below if other.strip() and not other.lstrip().startswith("#")), "")
        comment = next((at for at, other in enumerate(below, number + 1) if other.strip()), None)
        if comment is not None and lines[comment].lstrip().startswith("#") and _indent(code) <= len(head[1]):
            kept[comment] = f"{head[1]}    pass  {lines[comment].lstrip()}"
    return kept


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
