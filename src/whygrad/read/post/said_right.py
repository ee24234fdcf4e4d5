"""What a text says is right without printing it: "everything matches except dbo", "dxt, dWax and dba match", "only da_prev is wrong"."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.named import checks_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.labels import Labels

LONGEST, MOST = 1_000, 50
_NAME = r'(?:\b\w{1,20}\s?\[\s?["\'])?\bd[a-z]\w{0,9}(?:["\']\s?\])?(?:\s?\[[\d, ]{1,5}\]){0,3}'
_NAMES = rf"(?<![\w\"'])(?P<names>{_NAME}(?:(?:\s?[,&+/]\s?(?:and )?|\s+and\s+){_NAME}){{0,12}})"
_THINGS = r"(?:values?|numbers?|gradients?|grads?|outputs?|results?|entries|lines|ones?|derivatives?|of them)"
_ALL = rf"\b(?:every(?:thing| ?one| {_THINGS})|all(?: (?:of )?(?:the |my )?{_THINGS})?)"
_REST = (
    rf"\b(?:everything else|(?:all )?(?:the |my )?(?:others|rest|(?:other|remaining)(?: \w+)? {_THINGS})"
    rf"(?: of (?:the |my )?(?:{_THINGS}|them))?"
    rf"|every other {_THINGS}|all (?:the )?(?:other|else))"
)
_ARE = r"(?:\s+(?:is|are|was|were|be|seems?|looks?|comes?|out|to|all|also|both|exactly|perfectly|just|do|does|did|already|now)){0,4}\s+"
_RIGHT = (
    r"(?:match(?:e[sd])?|agrees?|pass(?:e[sd])?|right|correct|fine|ok(?:ay)?|good|perfect|(?:as|like) expected)\b"
    r"(?!\s+(?:until|till|up|before|when|if|for|each|one another|with each))"
)
_WRONG = r"(?:wrong|off|different|differs?|incorrect|mismatch\w*|fail(?:s|ing)?|(?:\w+n[\"']?t|not) (?:match|agree|right|correct|pass)\w*)"
_BUT = r"\b(?:but|except|besides|(?:apart|aside) from|other than|only|save)\b"
_OF_THE_REST = re.compile(
    rf"{_REST}{_ARE}{_RIGHT}|{_ALL}{_ARE}{_RIGHT}[^.!?\n]{{0,60}}{_BUT}|{_BUT}[^.!?\n]{{0,60}}{_ALL}{_ARE}{_RIGHT}"
    rf"|{_ALL} {_BUT}[^.!?\n]{{1,60}}?{_ARE}{_RIGHT}"
    rf"|\bonly (?:my |the |this |that |one |for )*(?:{_NAME}|{_THINGS})(?:(?:,| and) {_NAME})*{_ARE}{_WRONG}"
    rf"|{_NAME} (?:is|are) the only[^.!?\n]{{0,30}}{_WRONG}",
    re.IGNORECASE,
)
_OF_SOME = re.compile(rf"{_NAMES}{_ARE}{_RIGHT}(?P<behind>\s+\w+)?", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:is|are|was|were|do|does|if|whether|unless|until|why|should|not|sure|think)\s+(?:that )?$", re.IGNORECASE)
_TELLING = re.compile(rf"{_RIGHT}|{_WRONG}", re.IGNORECASE)
_OF_ANOTHER = re.compile(r"forward|\bshapes?\b|\bdim", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]\w*")


def said_right(text: str, check: str, there: set[str], labels: Labels) -> tuple[str, ...]:
    """The gradients of ``check`` of which the text has no number and says that they are right; ``there`` are those of which it has one.

    What stands behind the name of another check, or beside words of shapes or of a forward pass, is not said of this one.
    """
    found: set[str] = set()
    absent = [name for name in dict.fromkeys(labels.lines(check)) if name not in there]
    for line, below in islice(_lines_of(text, check, labels), MOST):
        for match in _believed(_OF_SOME, line):
            if not labels.spells((match["behind"] or "").strip()):
                found |= set(_quantities(match["names"], labels))
        for _ in _believed(_OF_THE_REST, line):
            found |= set(absent).difference(_quantities(f"{line} {below}", labels))
    return tuple(name for name in absent if name in found)


def _lines_of(text: str, check: str, labels: Labels) -> Iterator[tuple[str, str]]:
    """The lines that may say so of this check, from where it is named on, and the line below each."""
    last = check
    for line, below in pairwise([*text.split("\n"), ""]):
        if len(line) > LONGEST:
            continue
        named = checks_named(line, labels.order)
        if _TELLING.search(line) and not _OF_ANOTHER.search(line):
            pieces = [0, *(start for start, _ in named), len(line)]
            for (start, end), name in zip(pairwise(pieces), [last, *(name for _, name in named)], strict=True):
                if name == check:
                    yield line[start:end], below[:LONGEST]
        last = named[-1][1] if named else last


def _believed(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    """Where that is said, and is no question."""
    return (match for match in pattern.finditer(line) if not _ASKED.search(line[: match.start()]))


def _quantities(text: str, labels: Labels) -> list[str]:
    return [quantity for name in _WORD.findall(text) if labels.spells(name) and (quantity := labels.quantity(name))]
