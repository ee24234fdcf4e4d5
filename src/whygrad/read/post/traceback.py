"""An error of Python that stands in a text: numbers do not tell why, and that is said where its lines do not either."""

from __future__ import annotations

import re

from whygrad.assignments import ASSIGNMENTS

_HEAD = re.compile(
    r"Traceback \(most recent call last\)|^[ \t>|]{0,8}(?:Cell In|Input In|File)\b[^\n]{0,200}\bline \d{1,6}[ \t]*$", re.MULTILINE
)
"""Of a text that Python does not take only the line is named, and no traceback."""
_RAISED = re.compile(
    r"^[ \t>|]{0,8}((?:\w{1,40}\.){0,4}\w{0,40}(?:Error|Exception|Interrupt|Exit|Iteration)\b(?::[ \t][^\n]{0,80})?)", re.MULTILINE
)
FUNCTIONS = frozenset(name for assignment in ASSIGNMENTS.values() for name in assignment.vocabulary.roles)
_OF_A_CHECK = re.compile(r"AssertionError\b[^\n]*\d")
"""A check that failed shows numbers, which are read."""


def note_of(error: str | None) -> str | None:
    """What is said of an error beside numbers; None where there is none, or where it says no more than that they are not the right ones."""
    if error is None or error.startswith("AssertionError"):
        return None
    return f"the text also shows an error, `{error}`: whether it comes of the same is not known; give me the code for that"


def last_error(text: str) -> str | None:
    """The last line of the last traceback, but for one of a check that failed; None where there is none."""
    end = max((head.end() for head in _HEAD.finditer(text)), default=len(text))
    found = _RAISED.search(text, end)
    if found is None or _OF_A_CHECK.match(found[1]):
        return None
    cut = ":" in found[1] and text[found.end() : found.end() + 1].strip() != ""
    return found[1].strip() + "…" * cut
