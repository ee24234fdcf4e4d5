"""A number or a bracket of numbers, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side

Tree = str | list["Tree"]
"""A number as text, or the content of a pair of brackets."""


class Value(NamedTuple):
    """A number or a bracket, and whose it is where a word says so."""

    tree: Tree
    role: Side | None = None


def flat(tree: Tree) -> list[str]:
    """All numbers in ``tree``, from left to right."""
    if isinstance(tree, str):
        return [tree]
    return [text for part in tree for text in flat(part)]
