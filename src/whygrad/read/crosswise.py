"""Labels side by side in one line, and their numbers in rows below or one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.values import Value, values_behind

if TYPE_CHECKING:
    from whygrad.read.tokens import Token

_BETWEEN = frozenset(("cell", "sign", "word"))
_BRACKETS = frozenset(("left", "right"))
MOST_ROWS = 8
MOST_LABELS = 40


class Rows(NamedTuple):
    """The values of each row, one a label, and the token after the table."""

    values: list[list[Value]]
    after: int


def head_of_labels(tokens: list[Token], place: int) -> list[Token]:
    """The labels from ``tokens[place]`` to the end of the line if they are a table's head: two or more, no numbers, a row below."""
    head: list[Token] = []
    at = place
    while len(head) < MOST_LABELS and (tokens[at].kind == "label" or tokens[at].kind in _BETWEEN | _BRACKETS):
        if tokens[at].kind == "label":
            head.append(tokens[at])
        at += 1
    return head if len(head) > 1 and tokens[at].kind == "newline" and rows_below(tokens, place, len(head)).values else []


def rows_below(tokens: list[Token], place: int, width: int) -> Rows:
    """The rows with ``width`` values each below the line of ``tokens[place]``, or one row whose values stand one below the other."""
    rows = _rows(tokens, place, width)
    return rows if rows.values else _column(tokens, place, width)


def _column(tokens: list[Token], place: int, width: int) -> Rows:
    """One row of values, each on a line of its own with nothing else, and as many of them as there are labels."""
    values: list[Value] = []
    end = _line_end(tokens, place)
    while tokens[end].kind == "newline" and len(values) <= width:
        line_end = _line_end(tokens, end + 1)
        line = tokens[end + 1 : line_end]
        if line:
            found = values_behind([*line, tokens[-1]], 0, 1)
            if any(token.kind == "word" for token in line) or len(found.values) != 1 or found.broken or found.after < len(line):
                break
            values += found.values
        end = line_end
    return Rows([values] if len(values) == width else [], end)


def _rows(tokens: list[Token], place: int, width: int) -> Rows:
    """The rows with ``width`` values each; a word in front of a row says whose all its values are."""
    rows: list[list[Value]] = []
    end = _line_end(tokens, place)
    while len(rows) < MOST_ROWS and tokens[end].kind == "newline":
        start, line_end = end + 1, _line_end(tokens, end + 1)
        line = tokens[start:line_end]
        numbers = any(token.kind == "number" for token in line)
        if numbers:
            found = values_behind([*line, tokens[-1]], 0, 1)
            if len(found.values) != width or found.broken:
                break
            rows.append([Value(value.tree, value.role or found.values[0].role) for value in found.values])
        elif not line or any(token.kind not in _BETWEEN for token in line) or (rows and not numbers):
            break
        end = line_end
    return Rows(rows, end)


def _line_end(tokens: list[Token], place: int) -> int:
    while tokens[place].kind not in {"newline", "end"}:
        place += 1
    return place
