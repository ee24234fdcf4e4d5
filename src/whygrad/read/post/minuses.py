"""Minus signs that became other characters on the way, as those of a page that was saved in another encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DASHES = "\u2014\u2013\u2012\u2011\u2010\u2212"
_BYTES_OF_ONE = 3
_ENCODINGS = "cp1252", "latin-1", "mac_roman", "cp437", "cp850"


def _misread() -> Iterator[tuple[str, str]]:
    """A dash's bytes in UTF-8 read as another encoding's, and the dash; also with the straight quotes that some editors make of them."""
    for dash in DASHES:
        for encoding in _ENCODINGS:
            read = dash.encode().decode(encoding, "ignore")
            straight = read.replace("\u2019", "'"), re.sub("[\u201c\u201d]", '"', read)
            yield from ((own, dash) for own in (read, *straight) if len(own) == _BYTES_OF_ONE)


_OF_BYTES = {**dict(_misread()), "\x96": "\u2013", "\x97": "\u2014"}
_BYTES = re.compile("|".join(map(re.escape, _OF_BYTES)))
_MARKS = "?\u00ad\u00ac\ufffd\u25a1\u25a0\u25af\u2610\u2395\u2015\u207b\u02d7\u2796\u30fc"
"""What a page or a program shows for a character that it does not have, and what looks like a minus."""
_FULL = re.compile(rf"(?<![\w.])(?P<sign>(?<![\w\])])(?:[-+{DASHES}]|(?P<mark>[{_MARKS}])(?P=mark){{0,2}}))?\d{{0,3}}\.\d{{4}}")
"""A number with decimals, and what stands right before it."""
_ASKED = re.compile(r"\u00bf|\d\.\d+\?")
"""Numbers that somebody asks about."""
_LABEL = re.compile(r"\b(?:d[a-zA-Z]\w{0,8}|\d{1,2})\b(?!\.)")
_LEAST = 2


class _Found(NamedTuple):
    label: tuple[str, ...]
    line: int
    place: int  # among the numbers of its line
    sign: str


def with_minuses(text: str) -> str:
    """``text`` with a minus for what can be nothing else.

    The bytes of a dash read otherwise are one. A mark right before numbers is one where the same labels have a minus elsewhere, or where no
    number has one and some have no mark either.
    """
    text = text if text.isascii() else _BYTES.sub(lambda read: _OF_BYTES[read[0]], text)
    found = list(_found(text)) if any(mark in text for mark in _MARKS) and not _ASKED.search(text) else []
    for mark in {one.sign[0] for one in found if one.sign[:1] and one.sign[0] in _MARKS}:
        if _is_minus(mark, found):
            text = re.sub(rf"(?<![\w.\])]){re.escape(mark)}{{1,3}}(?=\d{{0,3}}\.\d)", "-", text)
    return text


def _found(text: str) -> Iterator[_Found]:
    for row, line in enumerate(text.split("\n")):
        label: tuple[str, ...] = ()
        for place, number in enumerate(_FULL.finditer(line)):
            label = label if place else tuple(_LABEL.findall(line[: number.start()]))
            yield _Found(label, row, place, number["sign"] or "")


def _is_minus(mark: str, found: list[_Found]) -> bool:
    marked = [one for one in found if one.sign.startswith(mark)]
    theirs = [sign for one in marked for sign in _beside(one, found)]
    minuses = sum(sign in {*DASHES, "-"} for sign in theirs)
    if minuses:
        return minuses > 2 * sum(not sign or sign == "+" for sign in theirs)
    signs = {one.sign[:1] for one in found}
    return len(marked) >= _LEAST and signs == {mark, ""}


def _beside(one: _Found, found: list[_Found]) -> Iterator[str]:
    """The signs of the same entry in other lines, and of the other number where there are two in its own."""
    if not one.label:
        return
    same = [other for other in found if other.label == one.label]
    yield from (other.sign for other in same if other.line != one.line and other.place == one.place)
    row = [other.sign for other in same if other.line == one.line]
    if len(row) == len(("mine", "expected")):
        yield row[1 - one.place]
