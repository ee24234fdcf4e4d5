"""Who speaks in a chat or a thread: the first who shows numbers is the learner, and what others show is not the learner's."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.events import Entry, Heading

if TYPE_CHECKING:
    from whygrad.read.post.events import Event

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
MOST_SPEAKERS = 500


class Turn(NamedTuple):
    """From ``start`` on ``speaker`` speaks."""

    start: int
    speaker: str


def of_the_learner(events: list[Event], text: str) -> list[Event]:
    """The events with the entries of everybody but the first who shows any as "other", unless their heading says "expected"."""
    said = _turns(text)
    if not said:
        return events
    starts = [turn.start for turn in said]
    learner: str | None = None
    found: list[Event] = []
    heading: tuple[int, Heading] | None = None
    for event in events:
        turn = bisect_right(starts, event.start) - 1
        if isinstance(event, Heading):
            heading = (turn, event)
        if isinstance(event, Entry):
            speaker = said[turn].speaker if turn >= 0 else ""
            learner = speaker if learner is None else learner
            expected = event.role == "expected" or (heading is not None and heading[0] == turn and heading[1].role == "expected")
            found.append(event if speaker == learner or (expected and event.role != "mine") else event._replace(role="other"))
        else:
            found.append(event)
    return found


def _turns(text: str) -> list[Turn]:
    """Who speaks from where on; empty where not two speak at least."""
    found: list[Turn] = []
    for match in _SPEAKER.finditer(text):
        name = str(match[match.lastgroup or 0]).lower()
        if name not in _SELF and len(found) < MOST_SPEAKERS:
            found.append(Turn(match.start(), name))
    return found if len({turn.speaker for turn in found}) > 1 else []
