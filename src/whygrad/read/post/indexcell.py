"""A table in which the index has a cell of its own, ``dWf,[3][1],0.25,0.31``: put behind its label, if a check prints such an entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels

_ROW = re.compile(
    r"^(?P<before>[ \t|]{0,12})(?P<label>[^\n,;|\t]{2,40})(?P<part>[,;|\t])[ \t\"]{0,20}"
    r"(?P<index>(?:[\[(][\d,: ]{1,12}[\])][ ]?){1,3}|\d{1,2}(?:[ \t]{0,20}(?P=part)[ \t]{0,20}\d{1,2}){0,2})[ \t\"]{0,20}(?P=part)",
    re.MULTILINE,
)


def with_index_at_label(text: str, labels: Labels) -> str:
    """``text`` with each such row as ``dWf[3][1],0.25,0.31``."""
    return _ROW.sub(lambda row: _joined(row, labels), text)


def _joined(row: re.Match[str], labels: Labels) -> str:
    tokens = [token for token in tokenize(row["label"], labels) if token.kind not in {"sign", "end"}]
    index = tuple(map(int, re.findall(r"\d+", row["index"])))
    if [token.kind for token in tokens] != ["label"] or tokens[0].entry or index not in labels.indexes.get(tokens[0].quantity, ()):
        return row[0]
    return f"{row['before']}{tokens[0].quantity}{''.join(f'[{place}]' for place in index)} {row['part']}"
