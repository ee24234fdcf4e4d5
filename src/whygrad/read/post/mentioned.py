"""One value that a sentence supposes beside outputs of other checks: "your dba[4] = [-0.5] would be odd". It is no output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.groups import grouped
from whygrad.read.post.headings import speaks_of_expected
from whygrad.read.post.labels import shown, whole_key
from whygrad.read.post.script import Entry
from whygrad.read.post.when import Time, time_of

if TYPE_CHECKING:
    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Label, Labels
    from whygrad.read.post.script import Event

LEAST_LABELS = 4
"""So many are an output, and no mention of some."""
FEW_DIGITS = 4
"""A value with fewer tells nothing of its own."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_CLAUSE_END = re.compile(r"[.;!?]\s")
_SUPPOSED = re.compile(
    r"\b(?:your|yours|if|would|could|might|may|such as|suppose|e\.g\.|(?:values?|numbers?|(?:some|any)thing) like)(?!\w)", re.IGNORECASE
)
"""Somebody speaks to the learner, or of what is not so."""
_SPEAKER = re.compile(r"\b(?:I|[Mm]y|[Mm]ine|[Mm]e)\b")
_PRINTED = re.compile(r"\w+\[[\"']?$|print\(")


def grouped_without_mentions(events: list[Event], text: str, labels: Labels) -> tuple[list[Group], list[str]]:
    """The groups of the events without such values, and a sentence for each of these.

    No output beside it is of a check that prints it. Words of time make it one of another run.
    """
    mentions = [event for event in events if isinstance(event, Entry) and _in_a_sentence(event, text)]
    if not mentions:
        return grouped(events, labels), []
    whole = grouped([event for event in events if event not in mentions], labels)
    outputs = [group for group in whole if group.side != "expected" and len(group.entries) >= LEAST_LABELS]
    left_out = [event for event in mentions if outputs and _says_nothing_beside(event.label, outputs, labels)]
    notes = [
        f"{shown(event.label)} = {event.numbers[0].text} is named in a sentence alone and in few digits; it was taken for no output."
        for event in left_out
    ]
    return grouped([event for event in events if event not in left_out], labels), list(dict.fromkeys(notes))


def _says_nothing_beside(label: Label, outputs: list[Group], labels: Labels) -> bool:
    """Whether no output is of a check that prints the label, and one is wrong: beside right ones alone that value may be."""
    of_others = all(not labels.printing(label[0]) & output.checks for output in outputs)
    return of_others and not all(any(whole_key(output.numbers, labels.keys[check]) for check in output.checks) for output in outputs)


def _in_a_sentence(entry: Entry, text: str) -> bool:
    """Whether an entry is one number in few digits that nobody expects, amid words of its clause by which it is supposed."""
    if entry.role == "expected" or len(entry.numbers) != 1 or _digits(entry.numbers[0].text) >= FEW_DIGITS:
        return False
    start = text.rfind("\n", 0, entry.start) + 1
    before, rest = _PRINTED.sub("", text[start : entry.start]), text[entry.start :].partition("\n")[0]
    behind = rest.partition(entry.numbers[0].text)[2]
    before, behind = _CLAUSE_END.split(before)[-1], _CLAUSE_END.split(behind)[0]
    words = f"{before} {behind}"
    if not _WORD.search(before) or not _WORD.search(behind) or not _SUPPOSED.search(words) or _SPEAKER.search(words):
        return False
    return time_of(words) is Time.OPEN and not speaks_of_expected(words)


def _digits(text: str) -> int:
    return len(re.sub(r"\D", "", text).lstrip("0"))
