"""Letters within a long number that a program has read in a picture for the digits that they look like."""

from __future__ import annotations

import re

_LONG = re.compile(
    r"(?<![\w.])(?:\d{1,3}|[oOlI])\.(?=\d{0,20}[oOlI]|(?<=[oOlI]\.))[\doOlI]{8,20}(?=(?:e[-+]?\d{1,3})?(?!\w|\.\d))"
    r"(?:(?<=\d)|(?<=\w{12})|(?=\]|e))"
)
"""Of so many decimals a few letters are no other word, nor do they leave open which number it is; in a short one they would.

A last one may be a bracket.
"""
_LETTER = re.compile(r"[oOlI]")
_DIGITS = str.maketrans("oOlI", "0011")
_SHARE = 3
MOST_SHOWN = 3


def with_digits(text: str) -> str:
    """``text`` with a 0 for each O, and a 1 for each l or I, in long numbers of which they are a third at most."""
    return _LONG.sub(lambda found: _repaired(found[0]), text)


def said_of_letters(text: str) -> str | None:
    """A sentence on what `with_digits` has read otherwise than it stands there; None where that is nothing."""
    found = [f"{one} as {_repaired(one)}" for one in _LONG.findall(text) if one != _repaired(one)]
    more = f" (and {len(found) - MOST_SHOWN} more)" if len(found) > MOST_SHOWN else ""
    return f"Letters within numbers were read as the digits that they look like: {', '.join(found[:MOST_SHOWN])}{more}." if found else None


def _repaired(number: str) -> str:
    return number.translate(_DIGITS) if _SHARE * len(_LETTER.findall(number)) <= len(number) else number
