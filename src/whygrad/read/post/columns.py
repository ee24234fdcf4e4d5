"""Whose the numbers are that stand side by side: by the head line of a table, or by words such as "mine vs. expected, in brackets"."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.read.post.headings import OPPOSITE, both_sides, prefix, side_of, words_of
from whygrad.read.post.said import COURSE, role_of
from whygrad.read.post.when import Time, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.headings import Role, Side

Columns = tuple["Side | None", ...]

_CELLS = re.compile(r" *[|\t] *|\s{3,}")
_COMMAS = re.compile(r"[,;]")
_BLANK_FIRST = re.compile(r"[ ]*\|?(?: *[|\t;,]|\s{3})")
"""The labels' column without a head."""
_COMPUTED = re.compile(r"\w\s?[/\u00f7]\s?\w|\w\s-\s\w")
"""A cell such as "mine / expected"."""
_SENTENCES = re.compile(r"\w{3}[.!?]\s+\w")
"""Two sentences in a line: "Show your output. The expected one is" names no columns."""
_NAMES = r"(?:brackets|parenthes[ei]s|parens?|klammern|paréntesis|parênteses|parenth[eè]ses|parentesi|скобках)"
_BRACKETS = re.compile(rf"\b(?:in|inside|within|between|entre|zwischen|tra|fra|в)\W(?:the |round |square |runden |den )?{_NAMES}\b|括号")
_STAND_FOR = re.compile(rf"(?:\bin {_NAMES}\s?[:=]|\b{_NAMES}\s?=)(?=\s?\w)(?P<whose>[^\n]{{3,60}})", re.IGNORECASE)
"""``in brackets: what the notebook says``, whatever stands before."""
_ALONE: dict[str, Side] = {"me": "mine", "own": "mine", "was": "earlier"}
_OF_NO_NUMBER = frozenset((
    "label", "name", "entry", "quantity", "gradient", "gradients", "variable", "index", "check", "diff", "difference", "delta",
    "error", "err", "ratio", "ok", "same", "equal", "match",
))  # fmt: skip
_OF_NO_SIDE = _OF_NO_NUMBER | {"value"}
_ELSEWHERE = frozenset((
    "forum", "github", "internet", "web", "blog", "video", "ta", "tutor", "mentor", "teacher", "professor", "friend", "others",
    "their", "his", "her",
))  # fmt: skip
"""Where numbers come from that are nobody's here."""
_BESIDE: dict[Side | None, Side] = {"expected": "mine", "mine": "other"}
"""Whose the one other column is."""
_LEGEND = re.compile(
    r"^[ \t]*(?:\([^()\n]{8,60}\)|(?=[^\n]*\bleft\b)(?=[^\n]*\bright\b)[^\n\d]{8,80})[.: \t]*$", re.MULTILINE | re.IGNORECASE
)
FEWEST, LONGEST, LONGEST_OF_BRACKETS = 3, 12, 18
"""Words of a line that names columns without bars, or with brackets; two alone may be "my expected" or "my friend"."""
MOST_LEGENDS = 20


def columns(line: str) -> Columns:
    """The sides of the columns that ``line`` announces, None for those of no side; empty if it is no such line.

    Where cells or single words are marked the sides stand one for each, else only the two in their order.
    """
    cells = [cell for cell in _CELLS.split(line) if cell.strip()]
    if len(cells) == 1 and all(len(cell.split()) < FEWEST for cell in _COMMAS.split(line)):
        cells = _COMMAS.split(line)
    sides = _sides([cell for cell in cells if words_of(cell)]) if len(cells) > 1 else ()
    if sides.count("expected") > 1 and _BLANK_FIRST.match(line):
        sides = (None, *sides)
    if sides and _tells_beside(sides, cells):
        return sides
    words = words_of(line)
    single = words.split()
    if len(single) > LONGEST:
        return _in_brackets(line) if len(single) <= LONGEST_OF_BRACKETS else ()
    found: Columns = tuple(side_of(word) for word in single)
    if len(single) >= FEWEST and _tells(found) and all(side or word in _OF_NO_SIDE for side, word in zip(found, single, strict=True)):
        return found
    return _in_brackets(line) or (() if _SENTENCES.search(line) else both_sides(words))


def sides_of_heads(heads: Sequence[str]) -> Columns:
    """The side of each column of numbers by its head; empty where they are not the learner's alone, or with others.

    Of three columns or more the one whose head is not known is the learner's where nobody else's is: "old key, new key, student".
    """
    sides = _sides(heads)
    if _tells_beside(sides, heads) or sides == ("mine",):
        return sides
    unknown = [at for at, head in enumerate(heads) if not (sides[at] or _COMPUTED.search(head) or _is_nobodys(words_of(head)))]
    if len(heads) < FEWEST or len(unknown) != 1 or not {*sides} <= {"expected", None} or "expected" not in sides:
        return ()
    return tuple("mine" if at in unknown else side for at, side in enumerate(sides))


def _is_nobodys(words: str) -> bool:
    return words in _OF_NO_NUMBER or not _ELSEWHERE.isdisjoint(words.split())


def by_exclusion(line: str) -> Columns:
    """The sides of two columns of numbers of which the head line of a table names one: the other one is of the other side.

    The first cell is the labels' where there are more than two; what stands for no printed number is None.
    """
    cells = _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))
    if len(cells) == 1 and line.count(",") > 1:
        cells = _COMMAS.split(line)
    cells = cells[len(cells) > 2 :]  # noqa: PLR2004 - the two of numbers
    if len(cells) < 2 or any(len(cell.split()) >= FEWEST for cell in cells):  # noqa: PLR2004
        return ()
    sides = _sides(cells)
    of_numbers = [at for at, cell in enumerate(cells) if sides[at] or not (_COMPUTED.search(cell) or words_of(cell) in _OF_NO_NUMBER)]
    named = [side for side in sides if side]
    if len(of_numbers) != 2 or len(named) != 1 or named[0] not in _BESIDE:  # noqa: PLR2004
        return ()
    return tuple(side or (_BESIDE[named[0]] if at in of_numbers else None) for at, side in enumerate(sides))


def told_columns(text: str) -> Columns:
    """The two sides that a line of its own in brackets, or one of left and right, tells wherever it stands; empty if none does."""
    told = (both_sides(words_of(line[0])) for line in islice(_LEGEND.finditer(text), MOST_LEGENDS))
    return next(filter(None, told), ())


def _sides(heads: Sequence[str]) -> Columns:
    return _attempts([_side_of_a_cell(head) for head in heads])


def _tells_beside(sides: Columns, heads: Sequence[str]) -> bool:
    return _tells(sides) or ("mine" in sides and any(map(_COMPUTED.search, heads)))


def _tells(sides: Columns) -> bool:
    return "mine" in sides and ("expected" in sides or "earlier" in sides)


def _side_of_a_cell(cell: str) -> Side | Time | None:
    words = words_of(cell)
    if _COMPUTED.search(cell) or words in _OF_NO_SIDE:
        return None
    found = prefix(cell)
    if found or words in _ALONE:
        return found.role if found else _ALONE[words]
    if not COURSE.isdisjoint(words.split()):
        return "expected"
    sides: dict[Time, Side | Time | None] = {
        Time.EARLIER: "earlier",
        Time.LATER: "mine",
        Time.NUMBERED: Time.NUMBERED,
        Time.OPEN: None if " " in words else role_of(words),
    }
    return sides[time_of(" ".join(cell.split()))]


def _attempts(sides: list[Side | Time | None]) -> Columns:
    """Of numbered attempts the last one is the present one, and the one before it an earlier one.

    One alone may as well be the course's, whose notebooks are v1 to v3: it is the learner's only beside expected numbers, or earlier ones.
    """
    numbered = [at for at, side in enumerate(sides) if side is Time.NUMBERED]
    alone = len(numbered) == 1 and ("mine" in sides or not {"expected", "earlier"} & set(sides))
    own: dict[int, Side] = {} if alone else dict(zip(reversed(numbered), ("mine", "earlier"), strict=False))
    return tuple(own.get(at) if isinstance(side, Time) else side for at, side in enumerate(sides))


def _in_brackets(line: str) -> Columns:
    """``expected values in brackets``: whose the second numbers are is said right before, or behind; behind a colon it is said there."""
    words = words_of(line)
    said, told = _BRACKETS.search(words), _STAND_FOR.search(line)
    near = words_of(told["whose"]).split() if told else []
    if said and not told:
        near = [*reversed(words[: said.start()].split()), *words[said.end() :].split()]
    roles: list[Role] = [role for role in map(role_of if told else side_of, near) if role]
    return (OPPOSITE[roles[0]], roles[0]) if roles else ()
