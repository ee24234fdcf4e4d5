"""Makes quoted input harmless: whatever stands in a post or in a file's name, one line of it can be shown on a terminal."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_OF_A_BYTE = re.compile(r"\\udc(?=[89a-f])")


def printable(text: str) -> str:
    """Return ``text`` on one line, with control characters, direction marks and lone surrogates written as escapes.

    A byte of a name that is not in UTF-8, for which Python has a surrogate of its own, is written as the byte.
    """
    return _UNSAFE.sub(
        lambda match: _OF_A_BYTE.sub(r"\\x", match[0].encode("unicode_escape").decode("ascii")), _SPACE.sub(" ", text).strip()
    )
