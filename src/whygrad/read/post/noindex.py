"""A printed dictionary with one number for a gradient, ``{'da0': -0.06}``: of an array that is some entry, and nothing says which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.labels import shown

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels

FEWEST = 2
NO_INDEX = "No index stands in the printed dictionary"
_PAIR = re.compile(r'[{,]\s{0,20}"(\w{1,12})"\s{0,4}:\s{0,4}[-+]?\d{0,20}\.\d')


def said_of_entries(text: str, labels: Labels) -> str | None:
    """What is said of such a dictionary in the plain ``text``: which entries its numbers were taken for; None where there is none."""
    names = [labels.quantity(name) for name in dict.fromkeys(_PAIR.findall(text)) if labels.spells(name)]
    entries = [(name, labels.indexes[name][0]) for name in names if name and len(labels.indexes[name]) == 1]
    if len(entries) < FEWEST:
        return None
    return (
        f"{NO_INDEX}; its numbers were read as the entries that the check prints "
        f"(the first as {shown(entries[0])}): if they are others, print those."
    )
