"""One paragraph of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whygrad.errors import UsageError

HINTS = (1, 2, 3)


def check_hint(hint: object) -> None:
    """See to it that this is a level of hints.

    Raises:
        UsageError: It is something else.
    """
    if not isinstance(hint, int) or hint not in HINTS:
        raise UsageError(f"hint is 1, 2 or 3, not {hint!r}")


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
