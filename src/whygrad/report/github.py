"""Annotations for GitHub's workflows: a line for each mistake, which GitHub shows beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.report.printable import printable

if TYPE_CHECKING:
    from whygrad.records import Mistake, Result


def to_github(result: Result, hint: int = 2) -> str:
    """Return a workflow command for each mistake; where there is none but something is not right, one for the whole."""
    if result.verdict == "right":
        return ""
    if not result.mistakes:
        return f"::error title=whygrad::{_text(result.problem or 'The functions are not right, and no line is known.')}\n"
    return "".join(f"{_command(mistake, hint)}\n" for mistake in result.mistakes)


def _command(mistake: Mistake, hint: int) -> str:
    properties = {"title": f"whygrad: {mistake.id}"}
    where = ""
    if mistake.location is not None:
        place = mistake.location
        properties |= {"file": place.file or place.source}
        if place.cell is None:
            properties |= {"line": str(place.line), "col": str(place.column)}
        else:
            where = f"cell {place.cell}, line {place.line}: "
    said = mistake.hints[0] if hint == 1 else " ".join(mistake.hints[1:hint])
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::error {listed}::{_text(where + said)}"


def _text(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
