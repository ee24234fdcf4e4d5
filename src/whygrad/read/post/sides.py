"""Whose each of the numbers behind one label is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.headings import OPPOSITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.read.post.columns import Columns
    from whygrad.read.post.headings import Side
    from whygrad.read.post.script import Entry
    from whygrad.read.post.tokens import Token
    from whygrad.read.post.tree import Value

Sided = list[tuple["Side | None", "Value"]]


def sides_of(values: Sequence[Value], columns: Columns) -> Sided:
    """Each value with its side: what its words say, else the head of its column, else the first is the learner's and the second not.

    Values of no side are left out; where it can't be told there are none.
    """
    roles: list[Side | None] = [value.role for value in values]
    if not any(roles) and len(columns) >= len(values) > 1:
        return _by_columns(values, columns)
    if len(values) == 1:
        return [(roles[0], values[0])]
    if len(values) != 2:  # noqa: PLR2004 - mine and expected
        return _of_many(values)
    if not any(roles):
        return [] if _is_a_count(values[0]) else [(None, values[0]), *([] if _is_a_count(values[1]) else [("other", values[1])])]
    first: Side
    second: Side
    first, second = roles[0] or OPPOSITE[roles[1]], roles[1] or OPPOSITE[roles[0]]
    return [(first, values[0]), (second, values[1])] if first != second else []


def in_a_list(sides: Sided, tokens: Sequence[Token], place: int, last: Sequence[Entry]) -> Sided:
    """A number right behind the label ``tokens[place]`` that goes on a list: "dWf should be 0.3 and dWi 0.5" says of both whose they are.

    The number before, of the ``last`` two, must be the only one of its label.
    """
    alone = bool(last) and last[-1].role == "expected" and len({entry.start for entry in last}) == len(last)
    if not alone or len(sides) != 1 or sides[0][0] or tokens[place + 1].kind not in {"number", "open"}:
        return sides
    behind = place - 1
    while tokens[behind].text in {",", "and"}:
        behind -= 1
    listed = behind < place - 1 and tokens[behind].kind in {"number", "close"}
    return [("expected", sides[0][1])] if listed else sides


def _by_columns(values: Sequence[Value], columns: Columns) -> Sided:
    """By their heads, of which the first may be the labels'; where both keys are there and a cell may be empty nobody knows which."""
    said: list[Side | None] = [side for side in columns if side]
    left_over, keys = len(columns) - len(values), said.count("expected") > 1
    sides: Sequence[Side | None] = columns[left_over:]
    if len(said) == len(values):
        sides = [] if keys and left_over and columns[0] == "expected" else said
    elif any(columns[1:left_over]) or (keys and not left_over):
        sides = []
    if not sides:
        return []
    kept: Sided = [(side, value) for side, value in zip(sides, values, strict=True) if side]
    return kept if "mine" in sides and _once_each([side for side, _ in kept]) else []


def _once_each(sides: Sequence[Side | None]) -> bool:
    """Whether no side but "expected" stands there twice: the old and the new key are both expected."""
    own = [side for side in sides if side != "expected"]
    return len(set(own)) == len(own)


def _of_many(values: Sequence[Value]) -> Sided:
    """Of more than two values all where each says its side, else the first one if "expected" and a list stand behind it."""
    roles: list[Side | None] = [value.role for value in values]
    if "mine" in roles and all(roles) and _once_each(roles):
        return [(value.role, value) for value in values]
    listed = roles[:2] == [None, "expected"] and not any(roles[2:])
    return [(None, values[0])] if listed else []


def _is_a_count(value: Value) -> bool:
    """Whether it is an integer, and so none of two numbers that were printed: ``dWf[3][1] / 2 = 0.3``, "0.3 with 2 examples"."""
    return isinstance(value.tree, str) and value.tree.isdigit() and float(value.tree) > 0
