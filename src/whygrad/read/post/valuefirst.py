"""Lines on which the number stands before its label, like ``0.25 <- da0[2][3]``: turned round."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels

_VALUE = r"(?P<value>[-+]?\d{0,4}[.,]\d{4,20}(?:e[-+]?\d{1,3})?|\[[-+.,\d e\t]{4,200}\])"
_LINE = re.compile(
    rf"^(?P<before>[ \t|]{{0,12}}){_VALUE}[ \t]{{0,20}}"
    r"(?P<sign><|\#|//|:|\||\t|\()[ \t]{0,20}(?P<label>[^\n]{2,60})$",
    re.MULTILINE | re.IGNORECASE,
)
_LISTED = re.compile(rf"(?<![\w.+-]){_VALUE}[ ]?\((?P<label>[^()\n]{{2,40}})\)")
_PARTING = re.compile(r"[ ]?(?:,|;|,? and)?[ \n]")
_BOOKS = frozenset(("gradient", "gradients", "grad", "grads", "for"))
FEWEST = 2
"""One such line may be a remark behind a number that is another label's."""


def with_labels_first(text: str, labels: Labels) -> str:
    """``text`` with each line of a number, a sign and a label as ``label = number``, where there are several of them."""
    found = [(line, label) for line in _LINE.finditer(text) if (label := _only_label(line["label"], labels))]
    if len(found) < FEWEST:
        return _with_labels_of_a_list_first(text, labels)
    parts: list[str] = []
    end = 0
    for line, label in found:
        parts += [text[end : line.start()], f"{line['before']}{label} = {line['value']}"]
        end = line.end()
    return "".join([*parts, text[end:]])


def _with_labels_of_a_list_first(text: str, labels: Labels) -> str:
    """The same for "I get 0.25 (da0[2][3]), 0.5 (dWf[3][1]) and 0.1 (dWi[1][2])", where no other label stands in the text before it."""
    found = [(one, label) for one in _LISTED.finditer(text) if (label := _only_label(one["label"], labels))]
    listed = all(_PARTING.fullmatch(text, one.end(), other.start()) for (one, _), (other, _) in pairwise(found))
    if len(found) < FEWEST or not listed or any(token.kind == "label" for token in tokenize(text[: found[0][0].start()], labels)):
        return text
    start, end = found[0][0].start(), found[-1][0].end()
    return "".join([text[:start], ", ".join(f"{label} = {one['value']}" for one, label in found), text[end:]])


def _only_label(piece: str, labels: Labels) -> str:
    """The label that ``piece`` is, but for signs around it."""
    tokens = list(tokenize(piece, labels))[:-1]
    own = [token for token in tokens if token.kind == "label"]
    rest = {token.kind for token in tokens if token.kind != "label" and token.text.lower() not in _BOOKS}
    return own[0].text if len(own) == 1 and rest <= {"sign", "right", "close", "cell"} else ""
