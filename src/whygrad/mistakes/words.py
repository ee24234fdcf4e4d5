"""Call a piece of an equation by what it means, not by how it is written: a hint must not spell the formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.mistakes.operator import Site

_ONE_MINUS = re.compile(r"\(?1 - (\w+)\)?$")
_SQUARE = re.compile(r"\(?1 - (\w+) ?\*\* ?2\)?$")


def called(piece: str, site: Site) -> str:
    """What ``piece`` of an equation is called in a sentence: "the update gate", "the derivative of the tanh at the cell state"."""
    word = site.assignment.vocabulary.word
    piece = piece.strip()
    if piece.isidentifier():
        return word(piece)
    if found := _ONE_MINUS.match(piece):
        return f"a part of the derivative of {word(found[1])}"
    if found := _SQUARE.match(piece):
        return f"the derivative of the tanh that made {word(found[1])}"
    if "np.tanh(c_next)" in piece and "1 -" in piece:
        return "the path through the tanh of the cell state"
    if found := re.match(r"np\.tanh\((\w+)\)$", piece):
        return f"the tanh of {word(found[1])}"
    names = [name for name in re.findall(r"[A-Za-z_]\w*", piece) if name in site.assignment.vocabulary.words]
    return f"the part with {word(names[0])}" if names else "one part"
