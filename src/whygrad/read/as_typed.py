r"""Lines of code as they were typed: what pages, word processors, editors and terminals put into them on the way into a text is undone.

Every line keeps its number. The characters ``*`` and ``_`` that a page takes for its own marks are gone, and nothing brings them back.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from whygrad.read.magics import without_prompts
from whygrad.read.post.minuses import DASHES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STRAIGHT = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f", "''''\"\"\"\"")
"""Curly quotes as straight ones."""
_TAGS = re.compile(r"</?(?:pre|code|span|div|p|br|b|font)\b[^<>\n]{0,200}>")
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " ") | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"))
_SIGNS = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys("\u00d7\u2217\u22c5", "*"))
"""Python knows none of these signs, so each stands for the one that it looks like."""
_OF_A_LIST = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.){0,2000}")[ \t]*,?[ \t]*$')
"""A line of a cell as a notebook's file keeps it: a text of JSON."""
_NUMBER = re.compile(r"[ \t]*(\d{1,4})(?:[ \t]?[:.|)])?(?:[ \t]|(?=\D)|$)")
"""A line's number, as editors and terminals show it."""
_ESCAPED = re.compile(r"\\([_*\[\](){}<>#+.!`~|=-])")
"""A character that Markdown would take for a mark of its own, written so that it does not."""
_BLANK = r"(?:[ \t\xa0]|&(?:amp;)?(?:nbsp|#160);)"
_ENTITY = r"&(?:amp;)?#?\w{1,8};"
BEGINS = re.compile(
    rf"^(?:>|\.{{3}}:?|{_BLANK}){{0,60}}(?:In \[\d+\]:|\d{{1,4}}[ \t]?[:.|)]?)?(?:<\w[^<>\n]{{0,99}}>|{_BLANK}){{0,60}}"
    rf"\"?def{_BLANK}{{1,9}}(?P<name>(?:[\w\\]|{_ENTITY})+)",
    re.MULTILINE,
)
"""How a function's definition may begin in a text."""
_NO_LETTER = re.compile(rf"{_ENTITY}|[_\\]")


def as_typed(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of a function, and what follows, as they are, and with one thing more undone each time: a string that looks so may stay."""
    now = list(lines)
    yield now
    for undo in (
        _without_json, _without_html, _without_html, without_prompts, _without_numbers, _with_straight_quotes, _with_pythons_signs,
        _without_escapes,
    ):  # fmt: skip
        before, now = now, undo(now)
        if now != before:
            yield now


def names_begun(text: str) -> list[str]:
    """The names of all functions whose definitions begin in ``text``, each once and without what a page may have put for their ``_``."""
    return list(dict.fromkeys(_NO_LETTER.sub("", found["name"]) for found in BEGINS.finditer(text)))


def without_html(text: str) -> str:
    """``text`` without the tags that pages put around lines, its entities as the characters that they stand for, and with usual blanks."""
    text = _TAGS.sub("", text)
    if "&" in text:
        from html import unescape  # noqa: PLC0415 - its table of names costs a millisecond, and few texts need it

        text = unescape(text)
    return text.translate(_BLANKS)


def _without_html(lines: list[str]) -> list[str]:
    return [without_html(line).replace("\n", " ") for line in lines]


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines without the numbers of those that are counted one by one from the first on."""
    kept, last = list(lines), -1
    for at, line in enumerate(lines):
        found = _NUMBER.match(line)
        if found is None or (at and int(found[1]) != last + 1):
            break
        kept[at], last = line[found.end() :], int(found[1])
    return kept


def _with_straight_quotes(lines: list[str]) -> list[str]:
    return [line.translate(STRAIGHT) for line in lines]


def _with_pythons_signs(lines: list[str]) -> list[str]:
    return [line.translate(_SIGNS) for line in lines]


def _without_json(lines: list[str]) -> list[str]:
    """The lines out of the list in which a notebook's file keeps them; behind its end they are left as they are."""
    texts = [found[1] for found in takewhile(bool, map(_OF_A_LIST.match, lines)) if found]
    if not texts:
        return lines
    import json  # noqa: PLC0415 - few texts need it

    try:
        inside = [str(json.loads(text)).removesuffix("\n") for text in texts]
    except ValueError:
        return lines
    return lines if any("\n" in line for line in inside) else [*inside, *lines[len(texts) :]]


def _without_escapes(lines: list[str]) -> list[str]:
    return [_ESCAPED.sub(r"\1", line) for line in lines]
