"""An error of Python that stands in a text, beside the printed numbers or alone: it is not looked into, and that is said."""

from __future__ import annotations

import re

_HEAD = "Traceback (most recent call last)"
_RAISED = re.compile(
    r"^[ \t>|]{0,8}((?:\w{1,40}\.){0,4}\w{0,40}(?:Error|Exception|Interrupt|Exit|Iteration)\b(?::[ \t][^\n]{0,80})?)", re.MULTILINE
)
_OF_A_CHECK = "AssertionError"
"""A check that failed shows numbers, which are read."""


def note_of(text: str) -> str | None:
    """What is said of the last error in the text; None where there is none."""
    error = last_error(text)
    return error and f"the text also shows an error, `{error}`: numbers cannot tell why; give me the code for that"


def last_error(text: str) -> str | None:
    """The last line of the last traceback, but for one of a check that failed; None where there is none."""
    _, head, after = text.rpartition(_HEAD)
    raised = next((found[1].strip() for found in _RAISED.finditer(after)), None) if head else None
    return None if raised is None or raised.startswith(_OF_A_CHECK) else raised
