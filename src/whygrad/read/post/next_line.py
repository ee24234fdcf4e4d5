"""Whether the line below the numbers of a label still belongs to that label."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.said import role_of, says_nothing

if TYPE_CHECKING:
    from whygrad.read.post.tokens import Token

MOST_BLANK_LINES = 4
MOST_IN_LINE = 200
MOST_WRAPPED = 3
MOST_SAID = 3
"""So many times the numbers of one label may stand behind a word on the next line; more are those of several labels."""

QUIET = frozenset(("quote", "sign", "cell", "left", "right", "open", "close"))
"""The kinds of tokens that may stand among numbers and say nothing."""
_GOING_ON = QUIET | {"number", "word"}


class Line(NamedTuple):
    """The next line that is not blank: its tokens are those from ``first`` up to ``last``, and ``newline`` ended the one before it.

    ``quoted`` is true where a sign of quotation stands in front of it.
    """

    tokens: list[Token]
    newline: int
    first: int
    last: int
    quoted: bool

    @property
    def adjoins(self) -> bool:
        """Whether no blank line lies between."""
        return self.first == self.newline + 1


def next_line(tokens: list[Token], newline: int) -> Line:
    """The line behind the one that ``tokens[newline]`` ends."""
    first, quoted = newline + 1, False
    while tokens[first].kind in {"newline", "quote"} and first - newline <= MOST_BLANK_LINES:
        quoted |= tokens[first].kind == "quote"
        first += 1
    last = first
    while tokens[last].kind not in {"newline", "end"} and last - first <= MOST_IN_LINE:
        last += 1
    return Line(tokens[first:last], newline, first, last, quoted)


def goes_on(line: Line, tokens: list[Token], start: int, count: int, numbers: int, *, waiting: bool) -> bool:
    """Whether ``line`` belongs to the label in front of ``tokens[start]``, which has ``count`` numbers, and so far ``numbers`` of them.

    ``waiting`` is true where a word has said whose the next number is.
    """
    kinds = {token.kind for token in line.tokens}
    if line.tokens and line.adjoins and not numbers and "=" in {tokens[line.newline - 1].text, line.tokens[0].text}:
        return line.tokens[0].kind in {"number", "open", "left", "sign", "cell"}
    if line.adjoins and not numbers and _wrapped(line, tokens, start, count):
        return True
    words = [token.text.lower() for token in line.tokens if token.kind == "word"]
    if not kinds <= _GOING_ON or not all(role_of(word) or says_nothing(word) for word in words):
        return False
    if "number" not in kinds and any(map(role_of, words)) and _numbers_below(tokens, line.last, count):
        return True
    if numbers < count:
        return bool(kinds & {"number", "open", "close"}) or (bool(kinds) and not words)
    leading = next((token.kind for token in line.tokens if token.kind not in {"cell", "sign", "left"}), "")
    decimals = sum(token.kind == "number" and not token.text.isdigit() for token in line.tokens)
    said = leading == "word" and 0 < decimals <= MOST_SAID * count
    beside = not words and (line.adjoins or waiting) and numbers == count
    return said or (beside and sum(token.kind == "number" and "." in token.text for token in line.tokens) == count)


def _wrapped(line: Line, tokens: list[Token], start: int, count: int) -> bool:
    """Whether a line that was broken between an indexed label and its number goes on with that, and then with something else."""
    label = tokens[start - 1]
    at, words = 0, MOST_WRAPPED if line.newline > start else 0
    while at < min(len(line.tokens), words) and line.tokens[at].kind == "word":
        word = line.tokens[at].text.lower()
        if not role_of(word) and not says_nothing(word):
            return False
        at += 1
    numbers = [token for token in line.tokens[at : at + count + 3] if token.kind not in {"open", "close"}]
    ends = len(numbers) > count and numbers[count].text in {",", ";", "and"}
    return bool(label.entry) and not label.bare and [token.kind for token in numbers[:count]] == ["number"] * count and ends


def _numbers_below(tokens: list[Token], newline: int, count: int) -> bool:
    """Whether the next line that is not blank holds as many numbers as belong to the label, and nothing else."""
    first = newline
    while tokens[first].kind == "newline" and first - newline <= MOST_BLANK_LINES:
        first += 1
    kinds: list[str] = []
    while tokens[first].kind not in {"newline", "end"} and len(kinds) <= MOST_IN_LINE:
        kinds.append(tokens[first].kind)
        first += 1
    return kinds.count("number") == count and set(kinds) <= QUIET | {"number"}


def of_the_next_label(tokens: list[Token], place: int) -> bool:
    """Whether "for" and a label stand behind the number or bracket at ``tokens[place]``: "0.31 for dWf, 0.25 for da0".

    The other side's number may stand in between: "0.31 instead of 0.25 for dWf", "0.31 (should be 0.25) for dWf".
    """
    at = _behind_value(tokens, place)
    if tokens[at].text in {"instead", "rather"}:
        at = _behind_value(tokens, min(at + 2, len(tokens) - 1))
    elif tokens[at].kind == "left":
        at += 1
        while tokens[at].kind == "word":
            at += 1
        at = _behind_value(tokens, at)
        at += tokens[at].kind == "right"
    return tokens[at].text == "for" and tokens[at + 1].kind == "label"


def _behind_value(tokens: list[Token], start: int) -> int:
    """The place behind the number or bracket that begins with ``tokens[start]``, which is that itself where none does."""
    at = start
    if tokens[at].kind == "open":
        while tokens[at].kind in {"number", "open", "sign"} and at - start <= MOST_IN_LINE:
            at += 1
    else:
        at += tokens[at].kind == "number"
    while tokens[at].kind == "close":
        at += 1
    return at
