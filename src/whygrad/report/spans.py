"""Tells the names and formulas in a sentence from its words, so that they can be drawn as code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.records import Result

_ENTRY = r"[A-Za-z]\w*(?:\[[^\[\]`]*\])+"
_LIST = re.compile(r", (?![^\[]*\])| and ")
"""What parts the names where a mistake is at several quantities, but not within an index."""
_UNDERSCORED = r"[A-Za-z]\w*_\w+"


def names_in(result: Result) -> re.Pattern[str]:
    """What is shown as code: ``backticked`` pieces, entries, names with an underscore, and the quantities of this result."""
    found = result.mistakes + tuple(mistake for alternative in result.alternatives for mistake in alternative.mistakes)
    quantities = {name for mistake in found for name in _LIST.split(mistake.quantity) if len(name) > 1}
    names = "|".join([_ENTRY, _UNDERSCORED, *map(re.escape, sorted(quantities, key=len, reverse=True))])
    return re.compile(rf"`([^`]+)`|(?<!\w)({names})(?!\w)")


def spans(text: str, names: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """The pieces of ``text`` in order, and whether each is code."""
    end = 0
    for found in names.finditer(text):
        yield text[end : found.start()], False
        yield found[1] or found[2], True
        end = found.end()
    yield text[end:], False
