"""An error of Python that stands in a text: beside printed numbers it is not looked into, and that is said."""

from __future__ import annotations

import re

from whygrad.assignments import ASSIGNMENTS
from whygrad.read.post.frames import stopped_in

_HEAD = "Traceback (most recent call last)"
_RAISED = re.compile(
    r"^[ \t>|]{0,8}((?:\w{1,40}\.){0,4}\w{0,40}(?:Error|Exception|Interrupt|Exit|Iteration)\b(?::[ \t][^\n]{0,80})?)", re.MULTILINE
)
FUNCTIONS = frozenset(name for assignment in ASSIGNMENTS.values() for name in assignment.vocabulary.roles)
_OF_A_CHECK = "AssertionError"
"""A check that failed shows numbers, which are read."""


def note_of(text: str) -> str | None:
    """What is said of the last error in the text; None where there is none."""
    error = last_error(text)
    if error is None:
        return None
    stopped = stopped_in(text)
    within = stopped is not None and any(frame.function in FUNCTIONS for frame in stopped.frames)
    what_to_do = "give me its lines alone, or the code" if within else "give me the code for that"
    return f"the text also shows an error, `{error}`: numbers cannot tell why; {what_to_do}"


def last_error(text: str) -> str | None:
    """The last line of the last traceback, but for one of a check that failed; None where there is none."""
    _, head, after = text.rpartition(_HEAD)
    raised = next((found[1].strip() for found in _RAISED.finditer(after)), None) if head else None
    return None if raised is None or raised.startswith(_OF_A_CHECK) else raised
