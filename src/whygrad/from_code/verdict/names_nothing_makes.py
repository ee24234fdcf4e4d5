"""Names that the functions use and that nothing in the file makes, such as ``np`` without an import.

In a notebook they may be left from a cell that is gone, and of a file only a part may have been handed in. So this is a fact beside the
verdicts, which are given as if the names were there.
"""

from __future__ import annotations

import re
from inspect import unwrap
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.mistakes.words import listed
from whygrad.read.needed import asked
from whygrad.sandbox.standins import COURSE, HAS_HELPERS, HELPERS

if TYPE_CHECKING:
    from whygrad.read.source import Source

_BRINGS_NAMES = re.compile(r"\s*%(?:pylab|run|load)\b")
"""Magics that make names which are written nowhere."""


def from_a_file(source: Source) -> str | None:
    """A sentence about such names that come out of a file which is not there and is not the course's ``rnn_utils``; None without any."""
    for module, names in source.imports.items():
        taken = [name for name in names if name in HELPERS and name != "np"]
        if taken and module.startswith(COURSE) and not module.startswith(HAS_HELPERS):
            return f"{listed(taken)} of {module} {'is' if len(taken) == 1 else 'are'} not here: the functions were judged with the course's"
    return None


def unmade(source: Source) -> str | None:
    """A sentence about such names; None where there are none, or where it cannot be told."""
    starred = any("*" in names for names in source.imports.values())
    if source.unparsed or starred or not any(name in FUNCTIONS for piece in source.pieces for name in piece.names):
        return None
    if not source.live and any(_BRINGS_NAMES.match(line) for origin in source.origins.values() for line in origin.lines):
        return None
    made = {name for piece in source.pieces for name in piece.names} | source.computed.keys() | _there(source)
    used = {name for piece in source.pieces for name in asked(piece.text)}
    names = [name for name in HELPERS if name in used - made]
    if not names:
        return None
    them = "it" if len(names) == 1 else "them"
    if not source.live:
        return f"nothing in the file makes {listed(names)}: the functions were judged as in a notebook that has {them}"
    if not PARTS.keys() >= set(names):  # no other stands in for NumPy of a program that runs
        return f"nothing here makes {listed(names)}: run the cell or line that does"
    return f"nothing here makes {listed(names)}: the functions were judged as if {them.replace('them', 'they')} were there"


def _there(source: Source) -> set[str]:
    """The helpers that functions which are there already find among their global names; all of them where it cannot be seen."""
    scopes = [getattr(unwrap(function), "__globals__", HELPERS) for function in source.live.values()]
    return {name for scope in (*scopes, source.around) for name in HELPERS if name in scope}
