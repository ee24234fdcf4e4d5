"""What is told of a quoted line: a finding in the program that it was put into, as one of the text that quotes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from textwrap import dedent
from typing import TYPE_CHECKING

from whygrad.from_code.naming.broken import hints_of_error
from whygrad.read.source import LONGEST_QUOTE, NEIGHBOURS
from whygrad.records import Location, Mistake
from whygrad.sandbox.requests import Raised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_traceback.spliced import Spliced
    from whygrad.read.post.frames import Frame, Stopped

_LINES = re.compile(r"\blines? \d+(?:(?:, | and )\d+)*")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """The text that quotes the lines: its name, the function that stopped, and the error."""

    name: str
    frame: Frame
    stopped: Stopped

    @property
    def function(self) -> str:
        """The function that was being run."""
        return self.frame.function or ""

    @property
    def error(self) -> str:
        """The error as Python prints it."""
        return f"{self.stopped.type}: {self.stopped.text}" if self.stopped.text else self.stopped.type

    def place(self, line: int) -> Location:
        """A quoted line by its number."""
        lines = self.frame.lines
        above = list(takewhile(lines.__contains__, range(line - 1, line - NEIGHBOURS - 1, -1)))
        below = list(takewhile(lines.__contains__, range(line + 1, line + NEIGHBOURS + 1)))
        first = line - len(above)
        around = dedent("\n".join(lines[number] for number in range(first, line + len(below) + 1)).expandtabs(4)).rstrip().split("\n")
        excerpt = tuple(text.rstrip()[:LONGEST_QUOTE] for text in around)
        return Location(self.name, line, 1, lines[line].strip()[:LONGEST_QUOTE], self.name, None, excerpt, first)

    def mistake(self, says: str, *, name: str | None = None, hint: str = "") -> Mistake:
        """A mistake at the line at which it stopped, of which nothing is known but what ``says``."""
        first, second, third = hints_of_error(self.function, Raised(self.stopped.type, self.stopped.text), says)
        hints = (first, hint or second, third)
        location = self.place(self.frame.line)
        return Mistake("raises", self.function, name or self.function, None, says, hints, location=location, proved=False, proof="contract")


def retold(mistakes: Iterable[Mistake], program: Spliced, text: Text) -> Mistake | None:
    """The one of the mistakes that is why the function stops, with the number that its line has in the text; None where there are more.

    What else is wrong of the quoted lines is not told: elsewhere somebody may have given the names another meaning. One whose words name a
    line that nobody has written is told by the error's own words.
    """
    raises = f"raises {text.stopped.type}"
    own = (mistake for mistake in mistakes if mistake.function == text.function)
    why = [mistake for mistake in own if raises in mistake.says or mistake.id == "not-filled-in"]
    at = why[0].location if len(why) == 1 else None
    if at is None or at.line not in program.lines:
        return None
    said = [_renumbered(part, program) for part in (why[0].says, *why[0].hints)]
    if None in said:
        return text.mistake(f"{text.function} raises {text.error}")
    says, first, second, third = (part or "" for part in said)
    place = replace(text.place(program.lines[at.line]), column=at.column)
    hints = first, second, third
    return replace(why[0], says=says, hints=hints, location=place, proof="contract", proved=False, stretch=None)


def _renumbered(sentence: str, program: Spliced) -> str | None:
    """The sentence with the numbers of somebody's own lines; None where it names another line."""
    named = [int(number) for lines in _LINES.findall(sentence) for number in _NUMBER.findall(lines)]
    if not program.lines.keys() >= set(named):
        return None
    return _LINES.sub(lambda lines: _NUMBER.sub(lambda number: str(program.lines[int(number[0])]), lines[0]), sentence)
