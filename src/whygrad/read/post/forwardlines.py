"""What the lines of the forward functions' checks have of their own: an index within an index, lengths, and inputs among the numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.script import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.read.post.script import Event

_NESTED = re.compile(r"\[(\d)\[(\d)\]\]")
"""``caches[1][1[1]]``, as the course's notebook writes it."""
_TEMPORARY = re.compile(r"(?<=[a-z])_tmp(?=_pred\b|\b(?!\())")
"""The newer notebooks call what a check makes ``a_next_tmp``, and print it without that ending."""
_LENGTH = re.compile(
    r"\blen\((?:cache|caches)\)[^\w\n]{0,20}\n?[^\w\n]{0,20}\d{1,3}\b(?!\.\d)|\blen\((?:cache|caches)\)[^\w\n]{0,20}(?=\n|$)"
)
"""How long a cache is: no number of the check is meant."""
_MEANT = re.compile(r"forward|\b[acy]\[\d", re.IGNORECASE)
"""A ``y`` that somebody prints is any y; the course's stands beside others, at an index, or in a text that speaks of a forward function."""
_GIVEN = frozenset(("caches",))
"""Of it a check prints the inputs, which every program prints rightly."""


def forward_names(text: str) -> str:
    """The text with indexes one after the other, names without their ending, and no lengths."""
    return _LENGTH.sub("", _TEMPORARY.sub("", _NESTED.sub(r"[\1][\2]", text)))


def tells(events: Iterable[Event], text: str) -> bool:
    """Whether an entry is of something that a function computes; a letter alone is that only with an index, another or such a word."""
    names = {event.label[0] for event in events if isinstance(event, Entry)} - _GIVEN
    return len(names) > 1 or any(len(name) > 1 or _MEANT.search(text) for name in names)
