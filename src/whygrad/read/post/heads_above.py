"""Two heads one below the other, and then two runs: a list "- my output", "- expected output", and the two blocks in that order."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from whygrad.read.post.labels import whole_key
from whygrad.read.post.script import Entry, Gap, Heading

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.script import Event

_FORM = re.compile(r"\s*([^\w\s]*)(?:\d{1,2}(\W))?[\w\s]{0,80}?(\W*)")
"""How a line begins and ends that holds words only: a list's mark, and a colon. Behind a colon between words stands what was shown."""
_BARE = 2
"""A line without a mark or a colon that has more words may be a sentence: "my output is different"."""
_WORD = re.compile(r"!\[|\b(?!(?:nan|inf|python3?|py|text|txt|plaintext|none|console|output)\b)[^\W\d]\w*", re.IGNORECASE)
"""A word that is no number, and no language behind a fence."""


def with_heads_at_their_runs(events: list[Event], text: str, labels: Labels) -> list[Event]:
    """Each of the two heads before its own run, where nothing stands between the four, and no key says otherwise.

    Anything between them is what is left of a picture, or says of what lies below it whose it is.
    """
    told = [event for event in events if not isinstance(event, Gap)]
    for first, second in pairwise(told):
        if isinstance(first, Heading) and isinstance(second, Heading) and _of_one_list(first, second, text):
            below = told[told.index(second) + 1 :]
            entries = [event for event in takewhile(lambda one: not isinstance(one, Heading), below) if isinstance(event, Entry)]
            runs = entries[: len(entries) // 2], entries[len(entries) // 2 :]
            if entries and _follow_directly(second, runs, text) and _agree_with_a_key(first, runs, labels):
                without = [event for event in events if event is not second]
                at = without.index(again := runs[1][0])
                return [*without[:at], second._replace(start=again.start), *without[at:]]
    return events


def _of_one_list(first: Heading, second: Heading, text: str) -> bool:
    """Whether the two lines, one right below the other, are of both sides, and written alike: a sentence above a head is none."""
    lines = [text[_line(text, head.start) : head.start].rstrip() for head in (first, second)]
    one, other = (form.groups("") if (form := _FORM.fullmatch(line)) else None for line in lines)
    alike = one is not None and one == other and (any(one) or all(len(line.split()) <= _BARE for line in lines))
    near = _line(text, second.start) == first.start + 1
    return alike and near and {first.role, second.role} == {"mine", "expected"} and not (first.passing or second.passing)


def _follow_directly(head: Heading, runs: tuple[list[Entry], list[Entry]], text: str) -> bool:
    """Whether both runs have the same labels, once each, no number a word of its own, and one no other words between than the other."""
    names = [[entry.label for entry in run] for run in runs]
    if names[0] != names[1] or len(set(names[0])) < len(names[0]) or any(entry.role for run in runs for entry in run):
        return False
    starts = [_line(text, run[0].start) for run in runs]
    end = text.find("\n", runs[1][-1].start)
    parts = text[head.start : starts[0]], text[starts[0] : starts[1]], text[starts[1] : end if end >= 0 else None]
    before, one, other = (_WORD.findall(part) for part in parts)
    return not before and one == other


def _agree_with_a_key(first: Heading, runs: tuple[list[Entry], list[Entry]], labels: Labels) -> bool:
    """Whether one check prints the runs, and that which alone is a key's, if any, is the expected one."""
    checks = frozenset(labels.order).intersection(*(labels.printing(entry.label[0]) for entry in runs[0]))
    if len(checks) != 1:
        return False
    (check,) = checks
    one, other = (whole_key((number for entry in run for number in entry.numbers), labels.keys[check]) for run in runs)
    return (one is None) == (other is None) or (one is not None) == (first.role == "expected")


def _line(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1
