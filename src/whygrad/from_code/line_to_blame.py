"""A line to blame in place of the one that raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whygrad.sandbox.places import Place


class Cause(NamedTuple):
    """The line to blame (its source, line and column), and what happens there: a clause whose subject is the function.

    ``hint`` is the second one, where that of the error would not help.
    """

    line: tuple[str, int, int]
    says: str
    hint: str = ""


def at(place: Place) -> tuple[str, int, int]:
    """Where a place begins."""
    return place.source, place.line, place.column
