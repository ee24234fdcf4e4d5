"""Two heads one below the other, and then two runs: a list "- my output", "- expected output", and the two blocks in that order."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from whygrad.read.post.script import Entry, Gap, Heading

if TYPE_CHECKING:
    from whygrad.read.post.script import Event

_FORM = re.compile(r"\s*([^\w\s]*)(?:\d{1,2}(\W))?.{0,80}?(\W*)")
"""How a line begins and ends: a list's mark, and a colon."""
_BARE = 2
"""A line without a mark or a colon that has more words may be a sentence: "my output is different"."""


def with_heads_at_their_runs(events: list[Event], text: str) -> list[Event]:
    """Each of the two heads before its own run, where no other stands between the runs and the second begins where a label comes again."""
    told = [event for event in events if not isinstance(event, Gap)]
    for first, second in pairwise(told):
        if isinstance(first, Heading) and isinstance(second, Heading) and _of_one_list(first, second, text):
            below = told[told.index(second) + 1 :]
            again = _second_run([event for event in takewhile(lambda one: not isinstance(one, Heading), below) if isinstance(event, Entry)])
            if again:
                without = [event for event in events if event is not second]
                at = without.index(again)
                return [*without[:at], second._replace(start=again.start), *without[at:]]
    return events


def _of_one_list(first: Heading, second: Heading, text: str) -> bool:
    """Whether the two lines are of both sides, and written alike: a sentence above a head is none."""
    lines = [text[text.rfind("\n", 0, head.start) + 1 : head.start].rstrip() for head in (first, second)]
    one, other = (form.groups("") if (form := _FORM.fullmatch(line)) else None for line in lines)
    alike = one is not None and one == other and (any(one) or all(len(line.split()) <= _BARE for line in lines))
    return alike and {first.role, second.role} == {"mine", "expected"} and not (first.passing or second.passing)


def _second_run(entries: list[Entry]) -> Entry | None:
    """The entry with which labels come again, if these are two runs of which no number has a word of its own."""
    labels = [entry.label for entry in entries]
    start = next((at for at, label in enumerate(labels) if label in labels[:at]), 0)
    single = start and len(set(labels[start:])) == len(labels[start:]) and not any(entry.role for entry in entries)
    return entries[start] if single else None
