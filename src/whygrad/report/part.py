"""One paragraph of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HINTS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph: ``label`` in front of it, ``items`` below it. ``quoted`` items are lines of somebody's input, shown as they are.

    A ``line`` part is on a line of code, and quotes it where it is known; a ``table`` part has ``rows`` whose cells stand below each other.
    ``offer`` parts name an option of the command line; a reply that is pasted elsewhere leaves them out.
    """

    role: Literal["answer", "hint", "fact", "line", "table", "offer"]
    text: str
    label: str = ""
    items: tuple[str, ...] = ()
    quoted: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
