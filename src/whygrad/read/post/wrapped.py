"""Put together the digits of one number: what a narrow window cut in two, what is written in groups, what a picture's reader parted."""

from __future__ import annotations

import re

_CUT = re.compile(r"(?<=\d)\.\d*\n(?P<rest>\d{1,17})(?=[\s\]]|$)")
_LEAST = 3
"""So many digits alone in a line are the rest of a number, and not the number of an item, where no bracket is open."""
_PARTED = re.compile(
    r"(?<![\w.])(?P<whole>[-+\u2212]?\d{1,3}\.)"
    r"(?: (?P<decimals>\d{5,17})"
    r"|(?P<groups>\d{3}(?:(?:[\u2009\u202f\u2008]\d{3})+|(?: \d{3}){2,6})(?:[ \u2009\u202f\u2008]\d{1,2})?))(?![\w.])"
)
"""``0. 31277031`` or ``0.312 770 310 257``: NumPy writes no number of an array without its point, so what has none is no neighbour."""


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


def in_one_piece(text: str) -> str:
    """``text`` without the spaces within the digits of a number."""
    return _PARTED.sub(lambda number: number["whole"] + re.sub(r"\s", "", number["decimals"] or number["groups"]), text)
