"""A diff of two outputs, of which each line that only one of them has begins with ``-`` or ``+``: put down as two outputs."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.read.post.headings import OPPOSITE, prefix

if TYPE_CHECKING:
    from whygrad.read.post.headings import Role

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*diff[^\n]*\n(?P<inside>[\s\S]*?)(?:^[ \t]*(?:```|~~~)|\Z)", re.MULTILINE)
_HEAD = re.compile(r"^(?:---|\+\+\+|@@|diff |index )")
_SIDE = re.compile(
    r"(?<![\w\d])[\"`]?(?P<sign>[-+])[\"`]?(?:[ \t]{1,3}lines?)?[ \t]{0,3}"
    r"(?:is|are|=|:|means?|marks?|stands? for)[ \t](?P<says>[^\n,;.()+]{2,60})"
)
_LEGEND = re.compile(
    r"^[ \t]{0,4}\(?(?P<one>[-+])[ \t]+(?P<says>[^\W\d_][^\n\d,]{1,30})(?:\n|,)"
    r"[ \t]{0,4}(?P<two>[-+])[ \t]+(?P<too>[^\W\d_][^\n\d)]{1,30})\)?$",
    re.MULTILINE,
)
"""``- mine`` and in the next line, or behind a comma, ``+ expected``."""
_COMMAND = re.compile(r"\bdiff[ \t]+(?:-[-\w=]+[ \t]+)*(?P<one>[^\s-]{1,60}[./]\S{1,40})[ \t]+(?P<two>[^\s-]{1,60}[./]\S{1,40})")
"""``diff -u expected.txt mine.txt``: the lines of the first begin with ``-``."""
_HEADING: dict[Role, str] = {"mine": "My output:", "expected": "Expected output:"}
MOST_DIFFS = 20


def with_both_sides(text: str) -> str:
    """``text`` with each fenced diff as the output of its ``+`` lines and the one of its ``-`` lines; unmarked lines belong to both.

    Whose each is, is said by its head or by words of the text ("- is the expected one"); else it is left open. Without a marked line it is
    a diff only where that is said: of two outputs that are the same.
    """
    if "diff" not in text:
        return text
    parts: list[str] = []
    end = 0
    for fence in islice(_FENCE.finditer(text), MOST_DIFFS):
        lines = fence["inside"].split("\n")
        marks = {line[:1] for line in lines if not _HEAD.match(line)} & {"-", "+"}
        said = _said(lines, text[: fence.start()] + text[fence.end() :])
        if len(marks) == len("-+") or (said and not marks):
            parts += [text[end : fence.start()], *(_one_side(lines, sign, said) for sign in "+-")]
            end = fence.end()
    return "".join([*parts, text[end:]])


def told_signs(text: str) -> dict[str, Role]:
    """Whose the lines are that begin with ``-`` and ``+``, by a legend; empty where there is none."""
    for legend in islice(_LEGEND.finditer(text), MOST_DIFFS):
        one, two = prefix(legend["says"]), prefix(legend["too"])
        if one and two and one.role != two.role and legend["one"] != legend["two"]:
            return {legend["one"]: one.role, legend["two"]: two.role}
    return {}


def _said(lines: list[str], around: str) -> dict[str, Role]:
    """Whose the lines of each sign are, where one of them is told."""
    heads = [(line[0], line[3:]) for line in lines if _HEAD.match(line) and line[:1] in {"-", "+"}]
    words = [(side["sign"], side["says"]) for side in islice(_SIDE.finditer(around), MOST_DIFFS)]
    for given in islice(_COMMAND.finditer("\n".join([around, *filter(_HEAD.match, lines)])), MOST_DIFFS):
        words += [("-", _as_words(given["one"])), ("+", _as_words(given["two"]))]
    told = told_signs(around)
    for sign, says in [*words, *heads]:
        if found := prefix(says):
            told[sign] = found.role
    for sign, other in ("+-", "-+"):
        if other in told and sign not in told:
            told[sign] = OPPOSITE[told[other]]
    return told


def _as_words(file: str) -> str:
    """A file's name without its folders and what follows its first point: ``b/my_output.txt`` is "my output"."""
    return file.rpartition("/")[2].partition(".")[0].replace("_", " ").replace("-", " ")


def _one_side(lines: list[str], sign: str, said: dict[str, Role]) -> str:
    own = [line[1:] if line[:1] == sign else line for line in lines if line[:1] not in {"-", "+"} - {sign} and not _HEAD.match(line)]
    heading = _HEADING[said[sign]] if sign in said else ""
    return "\n".join(["", heading, *own, ""])
