"""One value or two that a sentence names beside a whole output: "bob: I got da0 = 0.3. I have:". It is no output, whoever printed it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.attempts import lines_above
from whygrad.read.post.groups import grouped
from whygrad.read.post.headings import speaks_of_expected, speaks_of_mine
from whygrad.read.post.labels import shown, whole_key
from whygrad.read.post.mentioned import LEAST_LABELS
from whygrad.read.post.named import checks_named
from whygrad.read.post.plain import QUOTE_END
from whygrad.read.post.said import PAST
from whygrad.read.post.script import Entry, Heading
from whygrad.read.post.when import Time, time_of
from whygrad.read.post.whose import contains, has_whole_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.script import Event

FARTHEST = 300
"""So many characters of what stands behind a value are read."""
MOST_NAMED = 2
"""More labels one after another are an output, with words in each line."""
_WORD = re.compile(r"\b(?!and\b)[^\W\d_]{2,}")
_NAME = re.compile(r"\S*\[\S*|\bd[a-zA-Z]{1,6}0?\b")
_CLAUSE_END = re.compile(r"[.,;:!?](?=\s|$)|\b(?:and|but|while|whereas)\b|\n")
_SENTENCE_END = re.compile(r"[.;!?]\s")
_WAS = re.compile(r"\b(?:was|were|had)\b")
_CLAIM = re.compile(
    r"\b(?:[Mm]y|[Mm]ine|(?:with|for) me)\b"
    r"|\bI(?:['\u2019]m| am)?(?: (?!do\b|don\b)\w+)? (?:get|got|have(?! \w+ed\b)|see|obtain)(?:t?ing|ed)?\b"
)
_NOT_SO = re.compile(r"\b[Ii]f\b|^\W*\w+\W*:\W*I\b")
"""Under a condition, or said by somebody who is named."""
_CONDITION = re.compile(
    r"(?:^|[:,]|\b(?:and|but|also))\W*"
    r"(?:if|when(?:ever)?|while|once|as soon as|since|until|after|before|with|without|for|on|at|by|from|under|using|in(?! my\b))"
    r"\s+(?!I\b|my (?:code|output|program)\b|me\b)\w",
    re.IGNORECASE,
)
"""A clause or a phrase in front says where or when it is so: what is printed without that is another number."""
_FRIEND = re.compile(r"\b(?:friend|classmate|colleague|teammate|partner)(?:['\u2019]?s)?\b")
_LABEL_END = re.compile(r"[-+]?\d*\.\d")
_TO_LABEL = re.compile(r"\S+\Z")
_SHOULD_NOT = re.compile(r"\b(?:should|must)(?:n['\u2019]?t| not)\b")


class _Named(NamedTuple):
    """One value in a sentence: the words of its own clause, up to ``end``, and those that lead from there to the next value."""

    entry: Entry
    own: str
    behind: str
    end: int

    @property
    def hands_over(self) -> bool:
        """Whether what follows is said to be the learner's output."""
        return speaks_of_mine(self.behind) and not speaks_of_expected(self.behind)

    @property
    def is_from_before(self) -> bool:
        """Whether its own clause says so, or the words behind it that what follows came later."""
        later = time_of(self.behind) in {Time.LATER, Time.NUMBERED} and not speaks_of_expected(self.behind)
        said = time_of(self.own) is Time.EARLIER or not PAST.isdisjoint(self.own.lower().split())
        return said or later or (self.hands_over and _WAS.search(self.own) is not None)

    @property
    def is_claimed(self) -> bool:
        """Whether the learner says in the present that it is their own, under no condition."""
        refused = _NOT_SO.search(self.own) or _FRIEND.search(self.own) or _CONDITION.search(self.own) or _WAS.search(self.own)
        return _CLAIM.search(self.own) is not None and not refused

    @property
    def is_of_now(self) -> bool:
        """Whether words say that it is what is printed now: then it says more than the output beside it."""
        return time_of(self.own) is Time.LATER and "had" not in self.own.split()

    @property
    def is_expected(self) -> bool:
        """Whether words say that it is what is expected."""
        return speaks_of_expected(_FRIEND.sub(" ", _SHOULD_NOT.sub(" ", self.own)))


def without_values_beside(events: list[Event], text: str, labels: Labels) -> tuple[list[Event], list[str]]:
    """The events without such values, or with those from before a change marked so, and a sentence for each that is left out.

    An output is whole numbers that no word calls expected. Who says "I get" of the value and nothing of right numbers beside it is asking
    about the value.
    """
    named = [one for one in _in_sentences(events, text) if not one.is_expected]
    if not named:
        return events, []
    starts = {one.entry.start for one in named}  # of the words before it, too
    starts |= {event.start for event in events if isinstance(event, Heading) and event.passing and _leads_to(event, named, text)}
    others = list(text)
    for one in named:
        line = text.rfind("\n", 0, one.entry.start) + 1
        others[line : one.end] = " " * (one.end - line)
    unnamed = "".join(others)
    outputs = [
        group
        for group in grouped([event for event in events if event.start not in starts], labels)
        if group.side == "mine"
        and len(group.entries) >= LEAST_LABELS
        and not speaks_of_expected(" ".join(lines_above(group.start, unnamed)))
    ]
    found: dict[Event, Entry | None] = {}
    notes: list[str] = []
    for one in named:
        label, numbers = one.entry.label, one.entry.numbers
        its = [group for group in outputs if label in group.entries and not _may_be_expected(group, one, labels)]
        of_another = its and checks_named(one.own, [check for check in labels.order if all(check not in group.checks for group in its)])
        still_so = one.is_of_now and not (_CONDITION.search(one.own) and all(_is_right(group, labels) for group in its))
        if not its or of_another or still_so or any(contains(group.entries[label], numbers) for group in its):
            continue
        found[one.entry] = one.entry._replace(role="earlier") if one.is_from_before else None
        if not one.is_from_before:
            value = " ".join(number.text for number in numbers)
            notes.append(f"{shown(label)} = {value} is named in a sentence beside a whole output; it was taken for no number of that.")
    left = [one for one in named if one.entry in found]
    kept = (None if isinstance(event, Heading) and _leads_to(event, left, text) else found.get(event, event) for event in events)
    return [event for event in kept if event is not None], notes


def _leads_to(heading: Heading, named: list[_Named], text: str) -> bool:
    """Whether words about expected numbers stand in the same line before a value, and are said of that."""
    its = (one.entry.start for one in named if heading.passing and heading.role == "expected" and not one.is_expected)
    return any(heading.start <= start and "\n" not in text[heading.start : start] for start in its)


def _may_be_expected(group: Group, one: _Named, labels: Labels) -> bool:
    """Whether silent numbers of a key are the course's table, in its few digits, or shown for what a learner says who has another value."""
    if one.hands_over or not _is_right(group, labels):
        return False
    claimed = one.is_claimed and not one.is_from_before
    return (claimed or not group.told) if not has_whole_numbers(group) else claimed and not group.told


def _is_right(group: Group, labels: Labels) -> bool:
    return any(whole_key(group.numbers, labels.keys[check]) for check in group.checks)


def _in_sentences(events: list[Event], text: str) -> list[_Named]:
    """The entries that nobody expects, one or two in a line with words, or quoted, or above words that tell the next are the learner's."""
    entries = [event for event in events if isinstance(event, Entry)]
    starts = [text.rfind("\n", 0, entry.start) + 1 for entry in entries]
    of_label, lines = Counter(entry.start for entry in entries), set(starts)
    found: list[_Named] = []
    for run in _lists(entries, text):
        for at in run if len({entries[at].label for at in run}) <= MOST_NAMED else ():
            entry, start = entries[at], starts[at]
            near = entries[at + 1].start if at + 1 < len(entries) else len(text)
            alone = entry.role not in {"expected", "other"} and of_label[entry.start] == 1
            if alone and not _is_of_a_list(entry, start, lines, text) and (one := _named(entry, start, near, text)):
                found.append(one)
    return found


def _lists(entries: list[Entry], text: str) -> Iterator[list[int]]:
    """The places of the entries, those together between which no word stands, and of which no output is whole already."""
    run: list[int] = []
    labels, end = set[object](), 0
    for at, entry in enumerate(entries):
        whole = len(labels) > MOST_NAMED and entry.label in labels
        if whole or (run and _WORD.search(_TO_LABEL.sub("", text[end : entry.start]))):
            yield run
            run, labels = [], set[object]()
        run.append(at)
        labels.add(entry.label)
        end = max(end, text.find(entry.numbers[-1].text, entry.start) + len(entry.numbers[-1].text))
    yield run


def _named(entry: Entry, start: int, near: int, text: str) -> _Named | None:
    """The words around an entry whose line begins at ``start``, up to ``near``; None where there are none and no quotation ends."""
    first, last = (text.find(entry.numbers[place].text, entry.start, near) for place in (0, -1))
    end = last + len(entry.numbers[-1].text)
    if not entry.start < first <= last < end <= near:
        return None
    before = _NAME.sub(" ", _SENTENCE_END.split(_before(entry, start, text))[-1])
    clause, *_ = _CLAUSE_END.split(behind := text[end : min(near, end + FARTHEST)], maxsplit=1)
    own = " ".join((before, _NAME.sub(" ", text[entry.start : first]), clause.strip("])\"' ")))
    one = _Named(entry, own, behind[len(clause) :], end + len(clause))
    with_words = _WORD.search(own) or _WORD.search(behind.partition("\n")[0].rpartition(" ")[0])
    return one if with_words or one.hands_over or behind.lstrip().startswith(QUOTE_END) else None


def _is_of_a_list(entry: Entry, start: int, lines: set[int], text: str) -> bool:
    """Whether a line begins with its label and its value, and the line above or below is of a list too: words in it are a remark."""
    if _WORD.search(_before(entry, start, text)) or _WORD.search(
        _NAME.sub(" ", _LABEL_END.split(text[entry.start : entry.start + FARTHEST], maxsplit=1)[0])
    ):
        return False
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    below = text.find("\n", entry.start) + 1
    return any(line in lines - {start} or _NAME.match(text, line) is not None for line in (above, below) if line != start)


def _before(entry: Entry, start: int, text: str) -> str:
    """What stands in its line before the label, without what is written to it."""
    return _TO_LABEL.sub("", text[max(start, entry.start - FARTHEST) : entry.start])
