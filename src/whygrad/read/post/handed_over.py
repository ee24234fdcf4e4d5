"""One value that a sentence names beside a whole output, as one from before or as somebody else's: "da0 was 0.3, now I get:"."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.groups import grouped
from whygrad.read.post.headings import speaks_of_expected, speaks_of_mine
from whygrad.read.post.labels import shown, whole_key
from whygrad.read.post.mentioned import LEAST_LABELS
from whygrad.read.post.said import PAST
from whygrad.read.post.script import Entry
from whygrad.read.post.when import Time, time_of
from whygrad.read.post.whose import contains, has_whole_numbers

if TYPE_CHECKING:
    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.script import Event

FARTHEST = 300
"""So many characters of what stands behind a value are read."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"\S*\[\S*|\bd[a-zA-Z]{1,6}0?\b")
_CLAUSE_END = re.compile(r"[.,;:!?](?=\s|$)|\b(?:and|but|while|whereas)\b|\n")
_SENTENCE_END = re.compile(r"[.!?]\s")
_ANOTHERS = re.compile(
    r"\b(?:you|they|s?he|someone|somebody|(?!I\b)[A-Z]\w{1,20})(?: (?!I\b)\w{1,12}){0,2}? (?:posted|wrote|writes|posts|shared|reported)\b"
    r"|\b(?:[Nn]otebook|[Cc]ourse|[Gg]rader|[Ff]orum)\b"
)
_OWN = re.compile(r"\b(?:I|[Mm]y|[Mm]ine)\b")
_WAS = re.compile(r"\b(?:was|were|had)\b")


class _Said(NamedTuple):
    """One value in a sentence: the words of its own clause, and those that lead from there to the next value."""

    entry: Entry
    own: str
    behind: str

    @property
    def hands_over(self) -> bool:
        """Whether what follows is said to be the learner's output."""
        return speaks_of_mine(self.behind) and not speaks_of_expected(self.behind)

    @property
    def is_from_before(self) -> bool:
        """Whether its own clause says so, or the words behind it that what follows came later."""
        time, later = time_of(self.own), time_of(self.behind) in {Time.LATER, Time.NUMBERED}
        if time is Time.LATER:
            return False
        said = time is Time.EARLIER or not PAST.isdisjoint(self.own.lower().split())
        later = later and not speaks_of_expected(self.behind)
        return said or later or (self.hands_over and _WAS.search(self.own) is not None)

    @property
    def is_anothers(self) -> bool:
        """Whether it is said to be somebody else's."""
        return _ANOTHERS.search(self.own) is not None

    @property
    def is_nobodys(self) -> bool:
        """Whether nothing says whose it is, and the words behind it lead to the learner's output."""
        return self.hands_over and not _OWN.search(self.own)


def with_values_from_before(events: list[Event], text: str, labels: Labels) -> tuple[list[Event], list[str]]:
    """The events with such values marked as earlier ones or, where they are somebody else's, left out, and a sentence for each of these.

    Of a learner who says of both in the present that they are their own nothing is taken.
    """
    said = [one for one in _in_sentences(events, text) if not speaks_of_expected(one.own)]
    if not said:
        return events, []
    values = [one.entry for one in said]
    outputs = [
        group
        for group in grouped([event for event in events if event not in values], labels)
        if group.side != "expected" and len(group.entries) >= LEAST_LABELS
    ]
    found: dict[Event, Entry | None] = {}
    notes: list[str] = []
    for one in said:
        label, numbers = one.entry.label, one.entry.numbers
        its = [group for group in outputs if label in group.entries and (one.hands_over or not _is_a_table(group, labels))]
        if not its or any(contains(group.entries[label], numbers) for group in its):
            continue
        if one.is_from_before and not one.is_anothers:
            found[one.entry] = one.entry._replace(role="earlier")
        elif one.is_anothers or one.is_nobodys:
            found[one.entry] = None
            value = " ".join(number.text for number in numbers)
            notes.append(f"{shown(label)} = {value} is named in a sentence beside a whole output; it was taken for no number of that.")
    kept = (found.get(event, event) for event in events)
    return [event for event in kept if event is not None], notes


def _is_a_table(group: Group, labels: Labels) -> bool:
    """Whether the numbers may be the course's table: a key's, in its few digits."""
    return not has_whole_numbers(group) and any(whole_key(group.numbers, labels.keys[check]) for check in group.checks)


def _in_sentences(events: list[Event], text: str) -> list[_Said]:
    """The entries that nobody expects, and that stand alone in a line with words or below one that says whose they are."""
    entries = [event for event in events if isinstance(event, Entry)]
    starts = [text.rfind("\n", 0, entry.start) + 1 for entry in entries]
    in_line = Counter(starts)
    found: list[_Said] = []
    for at, (entry, start) in enumerate(zip(entries, starts, strict=True)):
        if entry.role in {"expected", "other"} or in_line[start] > 1:
            continue
        near = entries[at + 1].start if at + 1 < len(entries) else len(text)
        first, last = (text.find(entry.numbers[place].text, entry.start, near) for place in (0, -1))
        end = last + len(entry.numbers[-1].text)
        if not entry.start < first <= last < end <= near:
            continue
        before = text[start : entry.start]
        above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
        if not before.strip() and _ANOTHERS.search(above) and _WORD.search(text[end:near].rpartition("\n")[0]):
            before = above
        before = _SENTENCE_END.split(before)[-1]
        clause, *_ = _CLAUSE_END.split(behind := text[end : min(near, end + FARTHEST)], maxsplit=1)
        own = " ".join((before, _NAME.sub(" ", text[entry.start : first]), clause.strip("])\"' ")))
        if _WORD.search(own) or _WORD.search(behind.partition("\n")[0]):
            found.append(_Said(entry, own, behind[len(clause) :]))
    return found
