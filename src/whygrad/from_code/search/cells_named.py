"""Lines in sentences: one that stands in another cell than the line that the sentence is told at is named with its cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def with_cells(says: str, source: str, lines: Iterable[tuple[str, int]], where: Callable[[str, int], str]) -> str:
    """The sentence with ``where`` each of these lines stands that is not in ``source``; a number that is a line there too stays."""
    every = tuple(lines)
    for other, line in every:
        if other != source and (source, line) not in every:
            says = re.sub(rf"\bline {line}\b", where(other, line), says)
    return says
