"""Names that the functions use and that Python or NumPy has no longer, such as ``np.float``.

Course notebooks were written when these were there, so this is a fact beside the verdicts, which are given as if they still were. But who
runs them today gets an error, and should read why.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.from_code.verdict.reasons import at
from whygrad.mistakes.words import listed
from whygrad.sandbox.noisy import is_gone
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from whygrad.read.source import Source
    from whygrad.records import Location


def gone(source: Source) -> str | None:
    """A sentence about such names, each with the place that asks for it first; None where there are none."""
    found: dict[str, Location] = {}
    made = {name for piece in source.pieces for name in piece.names}
    for piece in source.pieces:
        for name, line in _asked(piece.text):
            if name not in made:
                found.setdefault(name, source.location(piece.source, piece.line + line - 1, 1))
    if not found:
        return None
    named = listed([f"{name} ({at(place)})" for name, place in found.items()])
    it = "it" if len(found) == 1 else "they"
    return f"Python or NumPy no longer has {named}: the functions were judged as if {it} still existed"


@lru_cache(maxsize=300)
def _asked(text: str) -> tuple[tuple[str, int], ...]:
    """The names that are gone, and the lines of a text that ask for them; most submissions of a class share most of their functions."""
    try:
        nodes = walked(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found: list[tuple[str, int]] = []
    for node in nodes:
        match node:
            case ast.Attribute(ast.Name("np" | "numpy") as library, name) if is_gone(name):
                found.append((f"{library.id}.{name}", node.lineno))
            case ast.Name("xrange", ast.Load()):
                found.append(("xrange", node.lineno))
            case _:
                pass
    return tuple(found)
