"""One paragraph of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HINTS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph: ``label`` in front of it, ``items`` below it. ``quoted`` items are lines of somebody's input, shown as they are.

    ``offer`` parts name an option of the command line; a reply that is pasted elsewhere leaves them out.
    """

    role: Literal["answer", "hint", "fact", "offer"]
    text: str
    label: str = ""
    items: tuple[str, ...] = ()
    quoted: bool = False
