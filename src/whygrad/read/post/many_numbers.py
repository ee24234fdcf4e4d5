"""Three or more numbers of one label in a line, words at each but the learner's: "0.41 (old key 0.36, new key 0.38)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.next_line import of_the_next_label
from whygrad.read.post.said import NOW, PAST
from whygrad.read.post.tree import Value
from whygrad.read.post.two_numbers import FEWEST_DECIMALS, Both, clause, decimals_of, in_columns, known, numbers_of_line, pieces, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.headings import Role
    from whygrad.read.post.tokens import Token

FEWEST = 3
_WHICH = NOW | PAST | {"corrected", "updated", "outdated", "newer", "older", "original", "newest", "latest", "previous"}
"""Of several expected numbers these say which one it is; of the learner's they are of another run."""
_VERSION = re.compile(r"v\d[a-z]?")


def all_said(tokens: list[Token], start: int) -> Both | None:
    """The numbers of the line behind the label before ``tokens[start]``, one of which is the learner's, and all others are expected.

    None where a word beside one of them is not known, words of time are at one that is not expected, or they stand in columns.
    """
    numbers, end = numbers_of_line(tokens, start)
    if len(numbers) < FEWEST or min(map(decimals_of, numbers)) < FEWEST_DECIMALS or in_columns(tokens, *numbers):
        return None
    starts, ends = [*(number.first for number in numbers), end], [start, *(number.behind for number in numbers)]
    between = [tokens[first:last] for first, last in zip(ends, starts, strict=True)]
    if any(of_the_next_label(tokens, number.first) for number in numbers) or any(token.text == ">" for part in between for token in part):
        return None
    between[-1] = clause(between[-1])
    roles: list[Role] = []
    for place, _ in enumerate(numbers):
        words = _words(between[place], between[place + 1], first=not place, last=place + 1 == len(numbers))
        role = _role(words, roles) if words is not None and all(map(_is_known, words)) else None
        if role is None:
            return None
        roles.append(role)
    if roles.count("mine") != 1:
        return None
    values = [Value(number.tree, role) for number, role in zip(numbers, roles, strict=True)]
    return Both(values, numbers[-1].behind + len(between[-1]))


def _words(front: Sequence[Token], behind: Sequence[Token], *, first: bool, last: bool) -> list[str] | None:
    """What is said in front of a number, or in brackets right behind it; None where both is, or more than one thing."""
    enclosed, rest = _enclosed(front)
    own, left = _enclosed(behind)
    found = [piece for piece in (*pieces([*(enclosed if first else []), *rest]), *pieces([*own, *(left if last else [])])) if piece]
    return None if len(found) > 1 else found[0] if found else []


def _enclosed(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens in brackets that begin and end here, and all behind them."""
    closed = next((at for at, token in enumerate(tokens) if token.kind == "right"), 0)
    inside = closed + 1 if tokens and tokens[0].kind == "left" and closed else 0
    return [*tokens[:inside]], [*tokens[inside:]]


def _is_known(word: str) -> bool:
    return word in _WHICH or bool(_VERSION.fullmatch(word)) or known(word)


def _role(words: list[str], before: list[Role]) -> Role | None:
    """Whose a number is; the first one without words is the learner's, and "the new one" is as the one before it."""
    plain = [word for word in words if word not in _WHICH and not _VERSION.fullmatch(word)]
    found = said(plain)
    if plain == words:
        return found.role if found else None if before else "mine"
    role = found.role if found else before[-1] if before else None
    return role if role == "expected" else None
