"""Cut plain text into tokens: labels, numbers, brackets, words. One regular expression, one pass, every repeat in it bounded."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.labels import Index, Labels

Kind = Literal[
    "label", "shape", "other", "number", "bad", "check", "word", "open", "close", "left", "right", "sign", "cell", "dots", "quote",
    "newline", "end",
]  # fmt: skip

LONGEST_NUMBER = 40
CUT_DECIMALS = 6
"""Of a number whose end was cut off no more are kept, so that it is not taken for one that was rounded to all its digits."""


class Token(NamedTuple):
    """A piece of text at ``start`` up to ``end``.

    A label has its ``quantity``, the index of its ``entry`` (None where that is not made of whole numbers) and ``bare``, true where
    the name stands alone, without a dictionary or an index. A shape has the shape as its entry.
    """

    kind: Kind
    text: str
    start: int
    end: int
    quantity: str = ""
    entry: Index | None = ()
    bare: bool = False


def tokenize(text: str, labels: Labels) -> Iterator[Token]:
    """The tokens of ``text``, with one of kind ``end`` last; characters that mean nothing are left out."""
    for match in _pattern(tuple(labels.names.values()), labels.order).finditer(text):
        kind, piece, start, end = match.lastgroup, match[0], match.start(), match.end()
        if kind == "shape":
            yield Token("shape", piece, start, end, labels.quantity(match["shaped"]) or "", _integers(match["size"] or ""))
        elif kind == "label":
            pieces = match["index"] or match["eaten"] or ""
            bare = not match["book"] and not pieces
            if bare and not (_alone_in_its_line(text, start, end) if len(match["name"]) == 1 else labels.spells(match["name"])):
                yield Token("word", piece, start, end)
                continue
            yield Token("label", piece, start, end, labels.quantity(match["name"]) or "", _index(pieces), bare)
        elif kind == "thousands":
            yield Token("bad", piece, start, end)
        elif kind == "comma":
            number = piece.replace(",", ".")
            yield Token("number" if _usable(number) else "bad", number, start, end)
        elif kind == "cut":
            whole, _, decimals = piece.rstrip(".").partition(".")
            yield Token("number", f"{whole}.{decimals[:CUT_DECIMALS]}", start, end)
        elif kind == "number":
            yield Token("number" if _usable(piece) else "bad", piece.lower(), start, end)
        else:
            yield Token(kind, piece, start, end)  # type: ignore[arg-type]
    yield Token("end", "", len(text), len(text))


@cache
def _pattern(quantities: tuple[str, ...], order: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(quantities, key=len, reverse=True)
    names = "|".join("[_ ]?".join("_?".join(map(_letter, part)) for part in name.split("_")) for name in longest_first)
    checks = "|".join(order)
    return re.compile(_TEMPLATE.replace("NAMES", names).replace("CHECKS", checks), re.VERBOSE | re.IGNORECASE)


def _letter(letter: str) -> str:
    """A letter of a name, and what a program reads for it that looks at a picture of it."""
    return {"i": "(?:i|(?-i:l))", "o": "[o0]", "0": "[0o]"}.get(letter) or re.escape(letter)


_TEMPLATE = r"""
  (?P<newline>\n)
| (?P<shape> (?:\w{1,40}\s?(?:\["{0,2}|\.))? (?P<shaped>NAMES) (?!\w) "{0,2}\]? (?:\s?\.\s?|[ \t])shape\b
    (?:[ \t]{0,4}[=:|]?[ \t]{0,4} (?:torch\.Size\()? [(\[]\s?(?P<size>\d{1,9}(?:\s?,\s?\d{1,9}){0,7})\s?,?\s?[)\]])? )
| (?P<label> (?P<book>\w{1,40}(?:\s?(?:\[\s?"{0,2}|\.|"{1,2})|[({]"{1,2})|(?:gradients?|grads?)_?)? "{0,2}
    (?P<name>NAMES) (?:(?!\w)|(?=\d{1,2}\s?[=:|])) (?:"{1,2}\s?[)}]|"{0,2}(?:\s?\])?)
    (?: (?:\s?(?:at|@)\s(?=\[))? (?P<index>(?: \s?\[\s?(?!nan|inf)[\w:+-]{1,3}(?:\s?,\s?[\w:+-]{1,3}){0,3}\s?,?\s?\]
                   | [ ]?\(\s?\d{1,3}(?:\s?,\s?\d{1,3}){0,3}\s?\) ){1,4})
      | (?P<eaten>[" \t\[\]]{0,3}\d[ \t,"\[\]]{0,3}\d?) (?=["\]]{0,2}[ \t]{0,3}(?:[=:|]|->|(?:is|was|should|comes)\b)) )? )
| (?P<other> (?<!\w)[A-Za-z_]\w{0,40}(?:\[\s?["\w\s,:-]{1,40}\]){1,6} )
| (?P<quote> \ue000 )
| (?P<bad> \u00d7 | (?<![\w.])[-+](?:[ \t]{0,3}[-+]|[ \t]{1,3}){1,4}(?:\d|\.\d)[\w.]{0,60}
    | (?<![\w.])[-+]? (?: (?-i:[DOQolISBZ|]{1,2})[.,](?=[a-z]{0,20}\d)\w{2,40} | [a-z]\.(?=[a-z]{0,20}\d)\w{3,40} | (?-i:O\.[O0]{1,20})
        | \d{1,2},(?-i:(?=\d{0,20}[DOQolISBZ])(?=[a-zA-Z]{0,20}\d)[\dDOQolISBZ]{3,40})(?!\w) )
    | (?<![\w.\])])[-+]?\. (?-i:[DOQolISBZ]) (?=[a-z]{0,20}\d)\w{2,40}
    | (?<!\w)[a-z][-+]\d{0,3}\.\d\w{0,40} | (?<![\w.])[-+]?\d{1,3}[ \t]{1,3}\.\d\w{2,40}
    | [-+]?[\d.]{0,20}\ufffd[\d.\ufffd]{0,40} )
| (?P<thousands> (?<![\w.,])[-+]?[1-9]\d{0,2}(?:,\d{3}){1,4}\.\d{1,17}(?![\w.]) )
| (?P<comma> (?<![\w.,])[-+]?(?:\d{1,3},\d{4,}|(?<!\()\d{1,2},\d{3}(?!,)|0,\d{2}(?!,))(?:e[-+]?\d{1,3})?(?!\w|,\S|\.\d) )
| (?P<cut> (?<![\w.])[-+]?\d{0,3}\.\d{2,17}\.{2,6}(?![\w.]) )
| (?P<number> (?:(?<![\w.])|(?<=[\d.])(?=[-+])) [-+]? (?: (?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)? | (?:nan|inf(?:inity)?)(?!\w) ) (?:\.?\w)* )
| (?P<check> (?<!\w)(?:(?:in|of|from)[ ](?:(?:my|the)[ ])?)?(?:CHECKS)(?!\w)(?:\(\))? | \((?:(?:in|of|from)[ ])?(?:CHECKS)\) )
| (?P<word> [^\W\d]\w* )
| (?P<dots> \.\.\.+ )
| (?P<open> \[ ) | (?P<close> \] ) | (?P<left> \( ) | (?P<right> \) )
| (?P<cell> [|\t] ) | (?P<sign> [=:;,?!~<>] | \.(?=\s) | (?<=[^\W\d])[ ]?/[ ]?(?=[^\W\d]) )
"""

_BEFORE = re.compile(r"(?:^|\n)[^\w\n]{0,20}$")
_BEHIND = re.compile(r"[^\w\n\[(.+-]{0,20}[=:|][^\w\n.+-]{0,20}\n?[^\w\n.+-]{0,20}[-+]?\.?\d[^\n(*]{0,40}(?:\n|$)")


def _alone_in_its_line(text: str, start: int, end: int) -> bool:
    """Whether a name of one letter begins a line in which nothing but a number is given to it: in a sentence it is a word."""
    return bool(_BEFORE.search(text, max(0, start - 21), start) and _BEHIND.match(text, end))


_AS_DIGITS = str.maketrans("lIOo", "1100")
"""What is read for a digit in a picture; beside a digit in an index they are none of a loop's names."""
_PLACE = re.compile(r"[\dlIOo]{1,3}")
_NUMBER = re.compile(r"[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,4})?|nan|inf(?:inity)?)", re.IGNORECASE)


_WITHOUT_POINT = re.compile(r"[-+]?\d{5,}")
"""The digits of a number whose point was lost, or no number of a gradient."""


def _usable(piece: str) -> bool:
    """Whether ``piece`` is a number and nothing more, of a size that a float can hold."""
    if len(piece) > LONGEST_NUMBER or _WITHOUT_POINT.fullmatch(piece) or not _NUMBER.fullmatch(piece) or not piece.isascii():
        return False
    return math.isfinite(float(piece)) or piece.lower().lstrip("+-").startswith(("n", "i"))


def _integers(text: str) -> Index:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _index(pieces: str) -> Index | None:
    """The index in ``[1][2]``, ``[1, 2]`` or, its brackets eaten, ``12``; a trailing ``:`` takes the whole row and counts for nothing."""
    inside = re.sub(r"[\[\]()\",]", " ", pieces)
    parts = inside.split()
    if "[" not in pieces and "(" not in pieces:
        parts = list("".join(parts))
    while parts and parts[-1] == ":":
        parts.pop()
    if not any(part.isdigit() for part in parts) or not all(map(_PLACE.fullmatch, parts)):
        return () if not parts else None
    return tuple(int(part.translate(_AS_DIGITS)) for part in parts)
