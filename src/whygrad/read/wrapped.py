"""Put together what a narrow window cut in two: a number whose last digits stand at the beginning of the next line."""

from __future__ import annotations

import re

_CUT = re.compile(r"(?<=\d)\.\d*\n(?P<rest>\d{1,17})(?=[\s\]]|$)")
_LEAST = 3
"""So many digits alone in a line are the rest of a number, and not the number of an item, where no bracket is open."""


def unwrapped(text: str) -> str:
    """``text`` with each number in one piece that was cut where the longest line ends.

    A window cuts all lines at one width, and NumPy writes no number of an array without its point.
    """
    if not _CUT.search(text):
        return text
    width = max(map(len, text.split("\n")))

    def joined(cut: re.Match[str]) -> str:
        start, end = text.rfind("\n", 0, cut.start()) + 1, cut.start("rest") - 1
        line, behind = text[start:end], text[cut.end() : cut.end() + 1]
        within = line.count("[") > line.count("]")
        alone = len(cut["rest"]) >= _LEAST and behind in {"", "\n"}
        return cut[0].replace("\n", "") if end - start == width and (within or alone) else cut[0]

    return _CUT.sub(joined, text)
