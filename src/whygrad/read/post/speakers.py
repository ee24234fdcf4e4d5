"""In a chat or a thread the first who shows numbers is the learner, and what others show is not the learner's."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from whygrad.read.post.script import Entry, Heading
from whygrad.read.post.turns import turns

if TYPE_CHECKING:
    from whygrad.read.post.script import Event


def of_the_learner(events: list[Event], text: str) -> list[Event]:
    """The events with the entries of everybody but the first who shows any as "other", unless their heading says "expected"."""
    said = turns(text)
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
