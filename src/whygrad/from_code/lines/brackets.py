"""Brackets in a line put, moved or taken away, as texts and as values."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.expression import Expression


def bracketed(line: Expression) -> Iterator[Any]:
    """The values of the line with brackets put, moved or taken away: at any two places, without one of its pairs or without them all.

    Those of calls, which stay, are closed at any other place, those of a call within a call together too.
    """
    assert line.tree is not None  # noqa: S101 - asked before
    text = ast.unparse(line.tree)
    yield from _closed_elsewhere(line, text)
    pairs = _pairs(text)
    for dropped in ([*pairs], [], *([pair] for pair in pairs if len(pairs) > 1)):
        out = {place for pair in dropped for place in pair}
        yield from _bracketed(line, "".join(sign for place, sign in enumerate(text) if place not in out))


def _bracketed(line: Expression, bare: str) -> Iterator[Any]:
    for start in _starts(bare):
        for end in _ends(bare):
            tree = expression_of(f"{bare[:start]}({bare[start:end]}){bare[end:]}") if end > start else None
            if tree is not None:
                yield line.worth(tree)


def _closed_elsewhere(line: Expression, text: str) -> Iterator[Any]:
    for closing in re.finditer(r"\)+", text):
        for number in range(1, len(closing[0]) + 1):
            bare = text[: closing.end() - number] + text[closing.end() :]
            for end in _ends(bare):
                tree = expression_of(f"{bare[:end]}{')' * number}{bare[end:]}")
                if tree is not None:
                    yield line.worth(tree)


def beside(left: str, sign: str, right: str) -> Iterator[str]:
    """A text with brackets that begin after an operator or end before it."""
    yield from (f"{left}{sign}({right[:end]}){right[end:]}" for end in _ends(right))
    yield from (f"{left[:start]}({left[start:]}){sign}{right}" for start in _starts(left))


def _starts(text: str) -> list[int]:
    """Where brackets may begin."""
    return [place for place, sign in enumerate(text) if (sign.isalnum() or sign == "(") and (place == 0 or text[place - 1] in " (")]


def _ends(text: str) -> list[int]:
    """Where brackets may end."""
    last = len(text) - 1
    return [place + 1 for place, sign in enumerate(text) if (sign.isalnum() or sign == ")") and (place == last or text[place + 1] in " )")]


def _pairs(text: str) -> list[tuple[int, int]]:
    """Where the brackets stand that only group."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[int, bool]] = []
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append((place, place == 0 or not (text[place - 1].isalnum() or text[place - 1] in "_])")))
        elif sign == ")":
            start, grouping = opened.pop()
            if grouping:
                found.append((start, place))
    return found
