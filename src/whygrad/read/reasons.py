"""Why Python refuses a text, in a sentence that says more than Python's own where that is known."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHARACTER = re.compile(r"invalid (?P<unseen>non-printable )?character (?:'.' )?\(?(?P<code>U\+[0-9A-F]+)\)?")
_QUOTES = frozenset({"U+2018", "U+2019", "U+201A", "U+201C", "U+201D", "U+201E", "U+00AB", "U+00BB", "U+00B4"})
_NEWER = (
    (re.compile(r"\s*(?:async\s+)?(?:def|class)\s+\w+\[[^\]]*\]\s*[(:]"), (3, 12)),  # def f[T](x):
    (re.compile(r"\s*type\s+\w+\s*(?:\[.*\])?\s*="), (3, 12)),  # type Array = ...
    (re.compile(r".*\b[fF][rR]?([\"'])[^\"'{}]*\{[^{}]*\1[^{}]*\}"), (3, 12)),  # f"{caches["x"]}"
)
"""What a line looks like that is right from a version on."""


def reason(error: SyntaxError, line: str) -> str:
    """One sentence on an error at a line."""
    found = _CHARACTER.match(error.msg)
    if found is not None:
        kind = "curly quote" if found["code"] in _QUOTES else "blank of another kind" if found["unseen"] else "character"
        return f"A {kind} ({found['code']}) stands here that Python does not take; web pages and documents have such."
    for written, version in _NEWER:
        if sys.version_info < version and written.match(line):
            return f"It is written as from Python {_number(version)} on, and whygrad runs in Python {_number(sys.version_info)}."
    return f"Python says: {error.msg}."


def _number(version: Sequence[object]) -> str:
    return ".".join(map(str, version[:2]))
