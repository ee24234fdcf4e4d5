"""Put together the digits of one number: what a narrow window cut in two, what is written in groups, what a picture's reader parted."""

from __future__ import annotations

import re

_CUT = re.compile(r"(?<=\d)\.\d*\n(?P<rest>\d{1,17})(?=[\s\]]|$)")
_LEAST = 3
"""So many digits alone in a line are the rest of a number, and not an item's, where no bracket is open; fewer beside such a rest."""
_PARTED = re.compile(
    r"(?<![\w.])(?P<whole>[-+\u2212]?\d{1,3}\.)"
    r"(?: (?P<decimals>\d{5,17})"
    r"|(?P<groups>\d{3}(?:(?:[\u2009\u202f\u2008]\d{3})+|(?: \d{3}){2,6})(?:[ \u2009\u202f\u2008]\d{1,2})?))(?![\w.])"
)
"""``0. 31277031`` or ``0.312 770 310 257``: NumPy writes no number of an array without its point, so what has none is no neighbour."""
_BEFORE_POINT = re.compile(r"((?:[=:\[(,|][ \t]{0,4}|\.\d{3,17}[ \t]{1,4})(?:[-+\u2212]\d{1,3}|0))[ \t]{1,3}(?=\.\d{3})")
"""``= 0 .3127``, of which no part is a number of its own."""


def unwrapped(text: str) -> str:
    """``text`` with each number in one piece that was cut where the longest line ends.

    A window cuts all lines at one width, and NumPy writes no number of an array without its point.
    """
    if not _CUT.search(text):
        return text
    width = max(map(len, text.split("\n")))

    def is_one(cut: re.Match[str], least: int) -> bool:
        start, end = text.rfind("\n", 0, cut.start()) + 1, cut.start("rest") - 1
        behind = text[cut.end() : cut.end() + 1]
        within = text.rfind("[", 0, end) > text.rfind("]", 0, end)
        alone = len(cut["rest"]) >= least and behind in {"", "\n"}
        return end - start == width and (within or alone)

    least = 1 if any(is_one(cut, _LEAST) for cut in _CUT.finditer(text)) else _LEAST
    return _CUT.sub(lambda cut: cut[0].replace("\n", "") if is_one(cut, least) else cut[0], text)


def in_one_piece(text: str) -> str:
    """``text`` without the spaces within the digits of a number, and before its point."""
    text = _BEFORE_POINT.sub(r"\1", text)
    return _PARTED.sub(lambda number: number["whole"] + re.sub(r"\s", "", number["decimals"] or number["groups"]), text)
