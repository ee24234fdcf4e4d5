"""Several outputs of one check in one text, before and after a change: which of them is the present one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.headings import speaks_of_expected
from whygrad.read.post.named import checks_named
from whygrad.read.post.when import Time, time_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.read.post.groups import Group

FARTHEST = 300
LONGEST_NAME = 6
"""So many words are a name of a check, and say nothing else."""
_ELSEWHERE = re.compile(r"\b(?:notebook|course|coursera|grader|table|instructors?|forum)\b", re.IGNORECASE)
"""Who shows numbers beside the learner."""
_MENDED = re.compile(r"\b(?:fixed|solved|repaired|corrected) (?!version|code|output)", re.IGNORECASE)
_NOT_MENDED = re.compile(
    r"\?|n['\u2019]?t\b|\b(?:if|no(?:t|ne|thing)?|never|neither|hardly|still|be|when|once|unless|until|whether|how|to|would|could|should|might|may|"
    r"must|will|can(?:not)?|maybe|think|thought|hope\w*|wish|wants?|needs?|try\w*|tried|before|yet|else)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[.,]\d{3}")


def times(checks: Mapping[Group, str], text: str) -> dict[Group, Time]:
    """For each group, whose check is given, what the words above it say, or its column.

    Where there are none, or just the name of its check, it is of the same time as the one before, if that is of another check and nothing
    of that run is printed anew here.
    """
    found: dict[Group, Time] = {}
    run: list[Group] = []
    for group in sorted(checks, key=lambda group: group.start):
        lines = lines_above(group.start, text)
        words = " ".join(lines)
        silent = not lines or (len(lines) == 1 and _only_names(words, checks[group]))
        anew = any(checks[one] == checks[group] and (one is run[-1] or one.entries.keys() & group.entries.keys()) for one in run)
        goes_on = silent and bool(run) and not anew
        found[group] = found[run[-1]] if goes_on else _time(words)
        if group.side == "earlier":
            found[group] = Time.EARLIER
        run = [*run, group] if goes_on else [group]
    return found


def present(own: Sequence[Group], said: Mapping[Group, Time]) -> Group | None:
    """The output that counts among several of one check; None where no words tell them apart, or the last one is only a part.

    A part is all that counts where words say that other numbers are mended: how these are now it does not show.
    """
    marks = [said[group] for group in own]
    if len(own) < 2 or not any(mark is not Time.OPEN for mark in marks):  # noqa: PLR2004 - before and after
        return None
    later = [group for group, mark in zip(own, marks, strict=True) if mark in {Time.NUMBERED, Time.LATER, Time.MENDED}]
    others = [group for group, mark in zip(own, marks, strict=True) if mark is not Time.EARLIER]
    chosen = (later or others or own)[-1]
    whole = said[chosen] is Time.MENDED or 2 * len(chosen.entries) >= max(len(group.entries) for group in own)
    return chosen if whole else None


def lines_above(start: int, text: str) -> list[str]:
    """The lines between the last one with numbers and the group, without empty ones, with what stands before it on its own line."""
    kept: list[str] = []
    for line in reversed(text[max(start - FARTHEST, 0) : start].split("\n")):
        if _DIGITS.search(line) or ".shape" in line:
            break
        kept.append(" ".join(line.split()))
    return [line for line in reversed(kept) if line]


def _only_names(words: str, check: str) -> bool:
    short = len(words.split()) <= LONGEST_NAME
    return short and bool(checks_named(words, [check])) and time_of(words) is Time.OPEN and not speaks_of_expected(words)


def _time(words: str) -> Time:
    time = Time.OPEN if speaks_of_expected(words) or _ELSEWHERE.search(words) else time_of(words)
    return Time.MENDED if time is Time.LATER and _MENDED.search(words) and not _NOT_MENDED.search(words) else time
