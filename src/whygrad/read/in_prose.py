"""From a text that people wrote, to the whole functions that stand in it."""

from __future__ import annotations

import ast
import re
from itertools import islice
from textwrap import dedent
from typing import TYPE_CHECKING

from whygrad.read.as_typed import BEGINS, as_typed
from whygrad.read.cells import Cell
from whygrad.read.parse import Trouble, attempt
from whygrad.read.post.frames import is_pointed_at
from whygrad.read.source import Origin
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUOTE = re.compile(r"(?:[ \t]*>)+ ?")
"""What stands before a line of a mail or a post that is quoted."""
_HEAD = re.compile(r"[ \t]*def[ \t]+\w+[ \t]*\(")
_LAST = re.compile(r"[ \t]*return\b")
_TRIPLE = re.compile(r'"""|\'{3}')
_MOST_LINES = 300
"""Of one function; what is longer was not typed into a post."""


def functions_in(text: str, path: str) -> list[Cell]:
    """Each whole function of a text, a cell each; lines count within the text.

    Left out is what does not parse, and what a traceback quotes up to the line at which the program stopped.
    A text that lost its margins on the way, as what is copied from a forum's page does, gets them back where only one reading is possible:
    in a function without loops and branches. What else was done to it on the way is undone.
    """
    lines = [_QUOTE.sub("", line) if _QUOTE.match(line) else line for line in split_lines(text)]
    found: list[tuple[int, list[str]]] = []
    at = 0
    while at < len(lines):
        for way in as_typed(lines[at : at + _MOST_LINES]) if BEGINS.match(lines[at]) else ():
            if _HEAD.match(way[0]) and (taken := _function(way)) and not is_pointed_at(_behind(lines, at + len(taken))):
                found.append((at, taken))
                lines[at : at + len(taken)] = way[: len(taken)]
                at += len(taken)
                break
        else:
            at += 1
    origin = Origin(path, None, tuple(lines))
    return [Cell("\n".join(taken), origin, first + 1) for first, taken in found]


def _behind(lines: Sequence[str], at: int) -> str:
    """The next line that is not empty; an empty one at the end of the text."""
    return next((line for line in islice(lines, at, None) if line.strip()), "")


def _function(lines: Sequence[str]) -> list[str]:
    """The lines of the function whose head is the first, moved to the left margin; none where it is not whole."""
    own = dedent("\n".join(line.expandtabs() for line in lines[: _end_by_margin(lines)])).split("\n")
    if _parsed(own):
        return own
    end = next((number for number, line in enumerate(lines, 1) if _LAST.match(line)), 0)
    flat = [lines[0].strip(), *("    " + line.strip() for line in lines[1:end])]
    function = _parsed(flat)
    return [] if function is None or any(hasattr(statement, "body") for statement in function.body) else flat


def _end_by_margin(lines: Sequence[str]) -> int:
    """How many lines are the head, or stand farther to the right than it, or inside of a text in triple quotes."""
    inside, end = False, 1
    for number, line in enumerate(lines[1:], 2):
        if line.strip() and not inside and _width(line) <= _width(lines[0]):
            break
        inside ^= len(_TRIPLE.findall(line)) % 2 == 1
        end = number if line.strip() else end
    return end


def _width(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip())


def _parsed(lines: list[str]) -> ast.FunctionDef | None:
    body = attempt(lines)
    return body[0] if not isinstance(body, Trouble) and len(body) == 1 and isinstance(body[0], ast.FunctionDef) else None
