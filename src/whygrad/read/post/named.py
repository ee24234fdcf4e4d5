"""Where a text names one of the checks: ``lstm_backward``, "LSTM backward", ``rnn_cell_backward()``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def checks_named(text: str, checks: Iterable[str]) -> list[tuple[int, str]]:
    """Each place where one of ``checks`` is named, and which one."""
    return [(match.start(), str(match.lastgroup)) for match in _pattern(tuple(checks)).finditer(text)]


def the_check_named(text: str, checks: Iterable[str]) -> str | None:
    """The check that ``text`` names; None where it names none or several."""
    named = {name for _, name in checks_named(text, checks)}
    return named.pop() if len(named) == 1 else None


@cache
def _pattern(checks: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = (f"(?P<{name}>(?<![a-z]){name.replace('_', '[ _-]{0,3}')}(?![a-z]))" for name in checks)
    return re.compile("|".join(alternatives), re.IGNORECASE)
