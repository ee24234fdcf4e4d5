"""Where a traceback in a text says that a program stopped: the functions that were being run, and the lines of them that it quotes.

IPython quotes some lines around the one that was being run, with their numbers and an arrow; Python itself quotes that one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.read.as_typed import STRAIGHT, without_html
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST, _MOST_LINES, _MOST_FRAMES = 300, 3_000, 60
_COLOURS = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
_QUOTED = re.compile(r"(?: ?>)+ ?(?=\S|$|[ \t])")
"""What stands before each line of a mail or a forum's post that is quoted."""
_FRAME = re.compile(
    r"[ \t]*(?:<ipython-input[^>\n]*>|Cell In|Input In|File\b|[~/]|[A-Za-z]:\\)[^\n]*?(?:\bin |\bline (?P<only>\d{1,6})$)"
    r"(?:(?P<function>\w+)\b|<)?"
)
_LINE_OF = re.compile(r"\bline (\d{1,6})\b|:(\d{1,6})\b")
_NUMBERED = re.compile(r"[ \t]*(?:(?P<arrow>[-\u2013\u2014\u2500]{1,8}>|=>|\u2192)[ \t]*)?(?P<number>\d{1,6})(?:[ \t:|](?P<text>[^\n]*))?$")
_UNDERLINED = re.compile(r"[ \t]*[~^][~^ \t]*$")
_RAISED = re.compile(r"[ \t]*(?:\w{1,40}\.){0,4}(?P<type>\w{0,40}(?:Error|Exception|Iteration))(?::[ \t]?(?P<text>[^\n]*))?$")
_BEGINS = re.compile(r"[ \t]*(?:[-\u2013\u2014\u2500]*$|[^\n]*Traceback \(most recent call last\))")
"""What stands between the error's own line and what is quoted below it."""


@dataclass(slots=True)
class Frame:
    """One function that was being run, None outside of all: the line at which it was, and the quoted ``lines`` by their numbers."""

    function: str | None
    line: int = 0
    lines: dict[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class Stopped:
    """An error: its type's name, its own text, and what was being run, the innermost last."""

    type: str
    text: str
    frames: tuple[Frame, ...]


def stopped_in(text: str) -> Stopped | None:
    """The last traceback in the text of which a line is quoted; None where there is none.

    The error's own line ends it; where none does, it may stand right above what is quoted.
    """
    found = above = None
    frames: list[Frame] = []
    for line in _lines(text):
        if frames and (numbered := _NUMBERED.match(line)):
            _take(frames[-1], numbered)
        elif head := _FRAME.match(line):
            frames.append(_begun(line, head))
        elif frames and (raised := _RAISED.match(line)):
            found = _stopped(raised, frames) or found
            frames, above = [], None
        elif frames and not frames[-1].lines and frames[-1].line and line.strip() and not _UNDERLINED.match(line):
            frames[-1].lines[frames[-1].line] = line.strip()
        elif not frames and not _BEGINS.match(line):
            above = _RAISED.match(line)
        if len(frames) > _MOST_FRAMES:
            return None
    return (_stopped(above, frames) if above else None) or found


def is_pointed_at(line: str) -> bool:
    """Whether IPython's arrow stands before a quoted line, as that at which a program stopped."""
    numbered = _NUMBERED.match(line)
    return numbered is not None and bool(numbered["arrow"])


def _stopped(raised: re.Match[str], frames: list[Frame]) -> Stopped | None:
    """The error, if some line that was being run is quoted."""
    quoted = tuple(frame for frame in frames if frame.line in frame.lines)
    return Stopped(raised["type"], (raised["text"] or "").strip(), quoted) if quoted else None


def _lines(text: str) -> Iterator[str]:
    plain = without_html(_COLOURS.sub("", text)).translate(STRAIGHT)
    for line in islice(split_lines(plain), _MOST_LINES):
        yield _QUOTED.sub("", line[:_LONGEST], count=1) if _QUOTED.match(line[:_LONGEST]) else line[:_LONGEST]


def _begun(line: str, head: re.Match[str]) -> Frame:
    """The frame that a line begins. IPython's older form does not say at which line it is: the arrow does."""
    said = head["only"] or next((one or other for one, other in _LINE_OF.findall(line)), None)
    return Frame(head["function"], int(said or 0))


def _take(frame: Frame, numbered: re.Match[str]) -> None:
    number = int(numbered["number"])
    frame.lines[number] = (numbered["text"] or "").rstrip()
    if numbered["arrow"]:
        frame.line = number
