"""Numbers of no key that are somebody else's, by a name above them, beside the learner's own: they are no question of the learner's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.errors import UnreadableError
from whygrad.read.post.attempts import lines_above
from whygrad.read.post.headings import heading, speaks_of_expected, speaks_of_mine
from whygrad.read.post.labels import whole_key
from whygrad.read.post.named import checks_named
from whygrad.read.post.when import Time, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Labels

_WORD = r"[A-Z\u00c0-\u00de][^\W\d_]{1,20}"
_NUMBERS = r"(?:[Oo]utput|[Rr]esult|[Nn]umber|[Vv]alue)s?"
_PRONOUN = re.compile(r"\W*(?:mine|me)\W*", re.IGNORECASE)
_PERSON = re.compile(rf"\W*?(?:@\w[\w.-]{{0,30}}|{_WORD} [A-Z]\.)\s?:\W*")
"""A name on a forum, or one with an initial."""
_DOES = r"has|had|got|gets|posted|posts|shared|shows|showed|wrote|printed|prints"
_SAYS_OF = re.compile(rf"(?<!\w)@\w[\w.-]{{0,30}}(?:['\"]s| (?:{_DOES}))\b", re.IGNORECASE)
"""What one on a forum did, or has."""
_LEARNER = re.compile(r"\b(?:I|my|mine|me|we|our)\b", re.IGNORECASE)
_NAME = re.compile(rf"\W*{_WORD}(?:[ -]{_WORD}){{0,2}}\s?:\W*")
"""It may be a person's, or that of another run: "Colab:"."""
_OF_NAME = re.compile(rf"\W*(?:{_NUMBERS} (?:of|from|by) {_WORD}|{_WORD}[\"']s(?: {_NUMBERS})?)\s?:\W*")


def without_persons(groups: Sequence[Group], text: str, labels: Labels, source: str) -> tuple[list[Group], list[str]]:
    """The groups without such numbers, and a sentence for each name.

    Raises:
        UnreadableError: the learner's are right, and whether the others' head is a person's name is not sure.
    """
    kept, notes = list(groups), list[str]()
    for group in groups:
        head = _head(group, text)
        own = [one for one in groups if one is not group and _is_beside(one, group) and speaks_of_mine(_head(one, text))]
        of_name = _OF_NAME.fullmatch(head) is not None
        does = _SAYS_OF.search(head) is not None and _LEARNER.search(head) is None
        if not own or (heading(head) and not of_name and not does) or _is_right(group, labels) or not _says_no_more(head, labels):
            continue
        contrasted = any(_PRONOUN.fullmatch(_head(one, text)) for one in own)
        name = head.strip(" :").replace('"', "'")
        if does or (contrasted and _PERSON.fullmatch(head)):
            kept.remove(group)
            notes.append(f'The numbers below "{name}" are not below words such as "mine"; they were taken for somebody else\'s.')
        elif ((contrasted and _NAME.fullmatch(head)) or of_name) and all(_is_right(one, labels) for one in own):
            mine = _head(own[0], text).strip(" :")
            raise UnreadableError(
                f'{source} holds right numbers below "{mine}" and others below "{name}", and I can\'t tell whose those are; '
                "give me only those that your own functions print."
            )
    return kept, notes


def _is_beside(one: Group, other: Group) -> bool:
    """Whether ``one`` is said to be the learner's, and of the same output."""
    return one.told and one.side == "mine" and bool(one.checks & other.checks) and bool(one.entries.keys() & other.entries.keys())


def _is_right(group: Group, labels: Labels) -> bool:
    return any(whole_key(group.numbers, labels.keys[check]) for check in group.checks)


def _head(group: Group, text: str) -> str:
    """The line of words right above a group."""
    return next(reversed(lines_above(text.rfind("\n", 0, group.start) + 1, text)), "")


def _says_no_more(head: str, labels: Labels) -> bool:
    """Whether a head names no check and no time, and nothing that is expected."""
    return time_of(head) is Time.OPEN and not checks_named(head, list(labels.order)) and not speaks_of_expected(head)
