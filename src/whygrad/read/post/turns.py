"""The lines of a chat or a thread by which it shows who speaks."""

from __future__ import annotations

import re
from typing import NamedTuple

from whygrad.read.post.headings import heading

_NAME = r"(?P<{}>[^\W\d_][\w.-]{{0,24}}(?:[ ][^\W\d_][\w.-]{{0,24}}){{0,2}})"
_TIME = r"\[?(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4},?[ T])?\d{1,2}:\d{2}(?::\d{2})?[ ]?(?:[AaPp]\.?[Mm]\.?)?\]?"
_DAY = (
    r"(?:today|yesterday|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|"
    r"(?=[^\n]{0,12}\d)(?:\d{1,2}\.? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?: \d{1,2})?(?:,? \d{4})?)"
)
_AGO = r"\d{1,3} ?[a-z]{1,7}\.? ?ago"
_WHEN = rf"(?:(?i:{_DAY})(?:,? (?:at )?{_TIME})?|{_TIME}|(?i:{_AGO}))"
_SPEAKER = re.compile(
    rf"^[ \t>#-]{{0,6}}(?:@{_NAME.format('at')}[ \t]{{0,3}}:"
    rf"|(?:u/)?{_NAME.format('before')}(?:[ \t]{{1,4}}\([^()\n]{{1,20}}\))?[ \t,:|]{{1,12}}{_WHEN}[ \t:]{{0,3}}(?=\n|$)"
    rf"|{_TIME}[ \t-]{{1,4}}[<@]?{_NAME.format('behind')}>?[ \t]{{0,2}}:"
    rf"|{_NAME.format('said')} (?:wrote|writes|said|says|replied|answered|commented|posted)\b[^\n\d]{{0,40}}:?[ \t]{{0,3}}(?=\n|$))",
    re.MULTILINE,
)
_SELF = frozenset(
    ("i", "it", "he", "she", "they", "we", "you", "who", "notebook", "the notebook", "grader", "the grader", "python", "numpy")
)
_NUMBERS = re.compile(r"[ \t\[(]*[-+]?\.?\d[-+\d.eE, \t\])%]*$", re.MULTILINE)
"""The rest of a line in which there are numbers and nothing else."""
MOST_SPEAKERS = 500


class Turn(NamedTuple):
    """From ``start`` on ``speaker`` speaks."""

    start: int
    speaker: str


def turns(text: str) -> list[Turn]:
    """Who speaks from where on; empty where not two speak at least."""
    found: list[Turn] = []
    for match in _SPEAKER.finditer(text):
        name = str(match[match.lastgroup or 0]).lower()
        if name not in _SELF and not _names_numbers(match) and len(found) < MOST_SPEAKERS:
            found.append(Turn(match.start(), name))
    return found if len({turn.speaker for turn in found}) > 1 else []


def without_names(text: str) -> str:
    """``text`` with spaces for the time and the name that a chat puts in front of what is said in the same line.

    What looks like a name may be a heading behind the time of a log: "[12:30] Expected Output:".
    """
    return _SPEAKER.sub(_without_name, text)


def _without_name(turn: re.Match[str]) -> str:
    name = turn["at"] or turn["behind"]
    if not name or (heading(f"{name}:") is not None and not _names_numbers(turn)):
        return turn[0]
    said = turn.start(turn.lastgroup or 0) if _names_numbers(turn) else turn.end()
    return " " * (said - turn.start()) + turn.string[said : turn.end()]


def _names_numbers(turn: re.Match[str]) -> bool:
    """Whether the name is what numbers are called, and nobody's: "12:30 loss: 0.5"."""
    return _NUMBERS.match(turn.string, turn.end()) is not None
