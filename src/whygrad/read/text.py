"""From pasted text to a `Reading`: clean, cut into tokens, take what is said, group it, and name the checks."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.errors import UnreadableError
from whygrad.read.assertions import under_their_labels
from whygrad.read.blocks import sorted_blocks, version_of
from whygrad.read.diffs import with_both_sides
from whygrad.read.events import Entry, Script, events_in
from whygrad.read.groups import grouped
from whygrad.read.labels import labels_of
from whygrad.read.plain import plain
from whygrad.read.speakers import of_the_learner
from whygrad.read.tokens import tokenize
from whygrad.read.valuefirst import with_labels_first
from whygrad.records import Reading

if TYPE_CHECKING:
    from whygrad.read.blocks import Sorted
    from whygrad.read.labels import Labels

LONGEST_TEXT = 1_000_000
MOST_TOKENS = 250_000
MOST_GROUPS = 200
MOST_BLOCKS = 12


def read_text(text: str, source: str) -> Reading:
    """Everything in ``text`` that the checks of a known assignment print, with the interval of every number.

    ``source`` names the text in messages: a file name or "standard input".

    Raises:
        UnreadableError: the text is too long, holds no number of a known check, or holds expected numbers only.
    """
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"{source} is too long; cut out the part with the printed numbers.")
    known = [labels_of(assignment) for assignment in ASSIGNMENTS.values()]
    cleaned = plain(with_both_sides(text))
    texts = [with_labels_first(under_their_labels(cleaned, labels), labels) for labels in known]
    scripts = [_script(one, labels, source) for one, labels in zip(texts, known, strict=True)]
    script, labels, cleaned = max(
        zip(scripts, known, texts, strict=True), key=lambda read: sum(isinstance(event, Entry) for event in read[0].events)
    )
    groups = grouped(of_the_learner(script.events, cleaned), labels)
    if not groups:
        raise UnreadableError(_nothing(source, script.unread, f'gradients["{next(iter(labels.forms))[0]}"]'))
    if len(groups) > MOST_GROUPS:
        raise UnreadableError(_too_many(source, len(groups)))
    result = sorted_blocks(groups, cleaned, labels)
    if not result.blocks:
        raise UnreadableError(f"{source} holds only expected numbers; add the numbers that your own functions printed.")
    if len(result.blocks) > MOST_BLOCKS:
        raise UnreadableError(_too_many(source, len(result.blocks)))
    reading = _reading(result, labels, script)
    others = [sorted_blocks(groups, cleaned, labels, {guess: other}) for guess, many in result.guessed.items() for other in many]
    return replace(reading, alternatives=tuple(_reading(other, labels, script) for other in others if other.blocks))


def _reading(result: Sorted, labels: Labels, script: Script) -> Reading:
    notes = [*result.notes, *(f"Of {check} only expected numbers were found; they were left out." for check in result.only_expected)]
    return Reading(labels.assignment, tuple(result.blocks), version_of(result.blocks, labels), tuple(script.unread), tuple(notes))


def _script(cleaned: str, labels: Labels, source: str) -> Script:
    tokens = list(islice(tokenize(cleaned, labels), MOST_TOKENS))
    if tokens[-1].kind != "end":
        raise UnreadableError(f"{source} is too long; cut out the part with the printed numbers.")
    return events_in(cleaned, tokens, labels)


def _too_many(source: str, runs: int) -> str:
    return f"{source} holds the numbers of {runs} runs; cut it down to one run of each check."


def _nothing(source: str, unread: list[str], example: str) -> str:
    looked_for = f"lines such as {example}[1][2] = 0.5"
    if unread:
        return f"{source} holds no numbers that I can place (the first that I can't: {unread[0]}); I look for {looked_for}."
    return f"{source} holds no numbers of a check that I know; I look for {looked_for}."
