"""What words say of when numbers were printed: before a change, after it, or as which of several attempts."""

from __future__ import annotations

import re
from enum import Enum


class Time(Enum):
    """What the words above an output say of when it was printed."""

    OPEN = 0
    EARLIER = 1
    NUMBERED = 2
    LATER = 3
    MENDED = 4
    """Later, and something that was wrong is right now."""


_EARLIER = re.compile(
    r"\b(?:before|earlier|previous(?:ly)?|old(?:er)?|original(?:ly)?|initial(?:ly)?|at first|used to|"
    r"first,? i (?:had|got)|"
    r"(?:first|1st) (?:run|try|attempt|output|version|result|time|one)|vorher|antes|avant|prima|раньше|до)\b|之前|以前|이전",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:after|afterwards|now|current(?:ly)?|today|tonight|this (?:morning|afternoon|evening)|"
    r"updated?|edit(?:ed)?|latest|newest|finally|corrected version|"
    r"(?:second|third|fourth|last|2nd|3rd|4th|new) (?:run|try|attempt|output|version|result|time|one|number|value)s?|"
    r"nachher|jetzt|ahora|despu[eé]s|maintenant|apr[eè]s|agora|depois|adesso|dopo|теперь|после|сейчас)\b|现在|之后|지금|이후",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:attempt|run|try|version|round|trial|iteration|versuch|intento|essai|tentativa|попытка)\W{0,3}\d\b|\bv\d\b", re.IGNORECASE
)


def time_of(words: str) -> Time:
    """What the last word about it says."""
    last: dict[Time, int] = {}
    for time, pattern in ((Time.EARLIER, _EARLIER), (Time.LATER, _LATER), (Time.NUMBERED, _NUMBERED)):
        for match in pattern.finditer(words):
            last[time] = match.start()
    return max(last, key=lambda time: last[time], default=Time.OPEN)
