"""Edits of what a loop goes over, where something stands in it twice: without one of the two, or with what is missing in its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import GATES, Edit
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def letter_twice(node: ast.Constant, letters: str) -> Iterator[Edit]:
    """The edits of a text of the gates' letters."""
    for place, letter in enumerate(letters if set(letters) <= set(GATES) else ""):
        if letters.count(letter) > 1:
            says = f"{letter!r} stands in {letters!r} twice"
            for other in ("", *(one for one in GATES if one not in letters)):
                yield Edit(node, repr(letters[:place] + other + letters[place + 1 :]), "loop-wrong", says)


def entry_twice(row: ast.Tuple | ast.List, keys: Sequence[str]) -> Iterator[Edit]:
    """The edits of a row that is no index; ``keys`` are those under which the function hands back its results: an entry may begin one."""
    written = [] if any(isinstance(part, ast.Slice) for part in row.elts) else [ast.unparse(part) for part in row.elts]
    for place, (part, text) in enumerate(zip(row.elts, written, strict=False)):
        if written.count(text) > 1:
            says = f"{text} stands here twice"
            rest = [*written[:place], *written[place + 1 :]]
            yield Edit(row, f"[{', '.join(rest)}]", "loop-wrong", says)
            leaf = next((one for one in walk(part) if isinstance(one, ast.Constant) and isinstance(one.value, str)), None)
            begins = dict.fromkeys(key[: len(str(leaf.value))] for key in keys) if leaf is not None else ()
            yield from (Edit(leaf, repr(one), "loop-wrong", says) for one in begins if leaf is not None and one != leaf.value)
