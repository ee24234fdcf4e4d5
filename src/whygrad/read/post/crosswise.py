"""Labels side by side in one line, or one below the other, and their numbers behind them, in rows below or one below the other."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.intervals import few_digits
from whygrad.read.post.placed import place_of
from whygrad.read.post.tree import Value, flat
from whygrad.read.post.values import values_behind

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.tokens import Token

_BETWEEN = frozenset(("cell", "sign", "word"))
_LISTED = frozenset((",", ";", "and", "or", "(", ")", "[", "]"))
_BRACKETS = frozenset(("left", "right"))
_OF_NUMBERS = frozenset(("number", "bad", "open", "close", "left", "right", "sign", "cell"))
MOST_ROWS = 8
MOST_LABELS = 40
MOST_A_NUMBER = 8
"""So many tokens of a line may stand behind a list of labels for each number that it prints."""
MOST_BLANK = 6
"""So many signs and blank lines may stand between two labels."""


class Head(NamedTuple):
    """The labels of a table, the places of the ``first`` and the ``last`` one, and in ``counts`` how many numbers belong to each."""

    labels: list[Token]
    counts: list[int]
    first: int
    last: int


class Rows(NamedTuple):
    """The values of each row, one a label, and the token after the table."""

    values: list[list[Value]]
    after: int


def head_of_labels(tokens: list[Token], place: int, known: Labels) -> Head | None:
    """The labels from ``tokens[place]`` on if they are a table's head: two or more, and no numbers but a line below, or one each behind.

    Lines with words behind a label go not on with the labels of the next one.
    """
    labels: list[Token] = []
    last = at = place
    in_words = False
    while len(labels) < MOST_LABELS and (tokens[at].kind in {"label", *_BETWEEN, *_BRACKETS} or _goes_on(tokens, at)):
        if tokens[at].kind == "newline" and in_words:
            break
        in_words = tokens[at].kind == "word" or (in_words and tokens[at].kind != "newline")
        if tokens[at].kind == "label":
            labels.append(tokens[at])
            last = at
        at += 1
    if len(labels) < 2:  # noqa: PLR2004 - one label is no table's head
        return None
    head = Head(labels, [place_of(label, known)[1] for label in labels], place, last)
    if tokens[at].kind != "newline":
        return head if _beside(tokens, head) else None
    return head if rows_below(tokens, head).values or _numbers_below(tokens, at) else None


def listed_before(tokens: list[Token], place: int) -> Token | None:
    """The label before the one at ``place`` in a list: nothing but a comma, a bracket or "and" parts the two, and it has no number."""
    before = place - 1
    while before > 0 and place - before <= MOST_BLANK and tokens[before].text.lower() in _LISTED:
        before -= 1
    return tokens[before] if before >= 0 and tokens[before].kind == "label" and tokens[before - 1].text != "for" else None


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Whether the token ends a line below which the next label stands."""
    if tokens[at].kind != "newline":
        return False
    below = at + 1
    while below - at <= MOST_BLANK and tokens[below].kind in {"newline", "sign", "cell"}:
        below += 1
    return tokens[below].kind == "label"


def _numbers_below(tokens: list[Token], newline: int) -> bool:
    """Whether the next line that is not blank holds a number, and no word and no label."""
    start = newline
    while tokens[start].kind == "newline":
        start += 1
    kinds = {token.kind for token in tokens[start : _line_end(tokens, start)]}
    return bool(kinds & {"number", "bad"}) and kinds <= _OF_NUMBERS


def rows_below(tokens: list[Token], head: Head) -> Rows:
    """The rows with one value a label below the head, or one row whose values stand one below the other; none where they don't fit."""
    if any(token.kind in {"number", "open"} for token in tokens[head.last : _line_end(tokens, head.last)]):
        return Rows([_beside(tokens, head)], _line_end(tokens, head.last))
    rows = _rows(tokens, head)
    return rows if rows.values else _column(tokens, head)


def _beside(tokens: list[Token], head: Head) -> list[Value]:
    """One value a label in the line of the labels: "dWf and dWi are 0.3 and 0.5"; none where words part the labels.

    ``dWf, dWi = 0, 0`` is a program's line and no output.
    """
    between = (token.kind == "label" or token.text.lower() in _LISTED for token in tokens[head.first : head.last])
    listed = listed_before(tokens, head.first) is None and all(between)
    behind = tokens[head.last + 1 : head.last + 2 + MOST_A_NUMBER * sum(head.counts)]
    if not listed or all(token.kind not in {"newline", "end"} for token in behind):
        return []
    line = [token for token in behind[: _line_end(behind, 0)] if token.text.lower() not in {"and", "respectively"}]
    found = values_behind([*line, tokens[-1]], 0, 1)
    row = [] if found.broken or found.after < len(line) else _one_a_label(found.values, head)
    printed = not any(few_digits(text) for value in row for text in flat(value.tree))
    return row if printed and not any(value.role for value in row) else []


def _column(tokens: list[Token], head: Head) -> Rows:
    """One row of values, on lines with nothing else, and as many of them as there are labels."""
    values: list[Value] = []
    end = _line_end(tokens, head.last)
    while tokens[end].kind == "newline" and len(values) <= sum(head.counts):
        line_end = _line_end(tokens, end + 1)
        line = tokens[end + 1 : line_end]
        if line:
            found = values_behind([*line, tokens[-1]], 0, 1)
            if any(token.kind == "word" for token in line) or not found.values or found.broken or found.after < len(line):
                break
            values += found.values
        end = line_end
    row = _one_a_label(values, head)
    return Rows([row] if row else [], end)


def _rows(tokens: list[Token], head: Head) -> Rows:
    """The rows with one value a label each; a word in front of a row says whose all its values are."""
    rows: list[list[Value]] = []
    end = _line_end(tokens, head.last)
    while len(rows) < MOST_ROWS and tokens[end].kind == "newline":
        start, line_end = end + 1, _line_end(tokens, end + 1)
        line = tokens[start:line_end]
        numbers = any(token.kind == "number" for token in line)
        if numbers:
            found = values_behind([*line, tokens[-1]], 0, 1)
            row = _one_a_label(found.values, head)
            if not row or found.broken:
                break
            rows.append([Value(value.tree, value.role or found.values[0].role) for value in row])
        elif not line or any(token.kind not in _BETWEEN for token in line) or (rows and not numbers):
            break
        end = line_end
    return Rows(rows, end)


def _one_a_label(values: list[Value], head: Head) -> list[Value]:
    """The values, those of a label that prints several in one; empty where there are too few of them or too many."""
    if len(values) == len(head.labels):
        return values
    if len(values) != sum(head.counts) or not all(isinstance(value.tree, str) for value in values):
        return []
    rest = iter(values)
    parts = [list(islice(rest, count)) for count in head.counts]
    return [Value([value.tree for value in part], part[0].role) if len(part) > 1 else part[0] for part in parts]


def _line_end(tokens: list[Token], place: int) -> int:
    while tokens[place].kind not in {"newline", "end"}:
        place += 1
    return place
