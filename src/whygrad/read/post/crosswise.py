"""Labels side by side in one line, or one below the other, and their numbers in rows below or one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.values import Value, values_behind

if TYPE_CHECKING:
    from whygrad.read.post.tokens import Token

_BETWEEN = frozenset(("cell", "sign", "word"))
_BRACKETS = frozenset(("left", "right"))
MOST_ROWS = 8
MOST_LABELS = 40
MOST_BLANK = 6
"""So many signs and blank lines may stand between two labels."""


class Head(NamedTuple):
    """The labels of a table and the place of the last one."""

    labels: list[Token]
    last: int


class Rows(NamedTuple):
    """The values of each row, one a label, and the token after the table."""

    values: list[list[Value]]
    after: int


def head_of_labels(tokens: list[Token], place: int) -> Head | None:
    """The labels from ``tokens[place]`` on if they are a table's head: two or more, no numbers, a row below."""
    labels: list[Token] = []
    last = at = place
    while len(labels) < MOST_LABELS and (tokens[at].kind in {"label", *_BETWEEN, *_BRACKETS} or _goes_on(tokens, at)):
        if tokens[at].kind == "label":
            labels.append(tokens[at])
            last = at
        at += 1
    head = Head(labels, last)
    return head if len(labels) > 1 and tokens[at].kind == "newline" and rows_below(tokens, head).values else None


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Whether the token ends a line below which the next label stands."""
    if tokens[at].kind != "newline":
        return False
    below = at + 1
    while below - at <= MOST_BLANK and tokens[below].kind in {"newline", "sign", "cell"}:
        below += 1
    return tokens[below].kind == "label"


def rows_below(tokens: list[Token], head: Head) -> Rows:
    """The rows with one value a label below the head, or one row whose values stand one below the other."""
    width = len(head.labels)
    rows = _rows(tokens, head.last, width)
    return rows if rows.values else _column(tokens, head.last, width)


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
