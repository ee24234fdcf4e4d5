"""The course's table of expected numbers, pasted without a word: no output of the learner's, though no heading says so.

That its numbers are a key's is not enough, for a right program prints them too. But no program prints a table, and a check prints nothing
if its function stopped with an error; and an old key has fewer digits than what is printed today.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.attempts import lines_above
from whygrad.read.post.headings import speaks_of_mine
from whygrad.read.post.labels import whole_key
from whygrad.read.post.whose import has_whole_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Labels

_DIGITS = re.compile(r"\d\.\d{2}")
_ROW = re.compile(r"\w[^|\t\n]*[|\t][^\n]*\d")
_LINE = 400


def told_apart(groups: Sequence[Group], text: str, labels: Labels, stopped: str | None) -> None:
    """Put such a table among the expected numbers, where the text has no other numbers of its check.

    ``stopped`` is the function in which an error came, None where none did.
    """
    for group in groups:
        alone = not any(other is not group and other.checks & group.checks for other in groups)
        if alone and group.side == "mine" and not group.told and _is_the_courses(group, text, labels, stopped):
            group.side = "expected"


def _is_the_courses(group: Group, text: str, labels: Labels, stopped: str | None) -> bool:
    most = [check for check in group.checks if 2 * len(group.entries) >= len(set(labels.lines(check)))]
    of_a_key = any(whole_key(group.numbers, labels.keys[check]) for check in most)
    if not of_a_key or has_whole_numbers(group) or speaks_of_mine(" ".join(lines_above(group.start, text))):
        return False
    return stopped in group.checks or _in_a_table(group, text)


def _in_a_table(group: Group, text: str) -> bool:
    """Whether each of its lines with a number is a row: a bar or a tab parts the label and the number."""
    start = text.rfind("\n", 0, group.start) + 1
    last = text[group.last_start : group.last_start + _LINE].partition("\n")[0]
    rows = [line for line in (text[start : group.last_start] + last).split("\n") if _DIGITS.search(line)]
    return bool(rows) and all(_ROW.search(row) for row in rows)
