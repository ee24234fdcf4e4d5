"""Annotations for GitHub's workflows: a line for each mistake or wrong function, which GitHub shows beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.report.code_parts import NO_LINE, place, sentences
from whygrad.report.part import check_hint
from whygrad.report.phrases import function_of
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from whygrad.records import Location, Mistake, Result


def to_github(result: Result, hint: int = 2) -> str:
    """Return a workflow command for each mistake and each wrong function without one; where there is neither, one for the whole.

    A mistake of the notebook's check alone is a warning: the functions are right.
    """
    check_hint(hint)
    if result.verdict == "right":
        return ""
    level = "warning" if result.of_a_check else "error"
    commands = [_command(_title(mistake, hint), mistake.location, " ".join(sentences(mistake, hint)), level) for mistake in result.mistakes]
    for verdict in result.functions:
        if verdict.function in result.unexplained:
            what = f": {verdict.says}" if hint > 1 else ""
            commands.append(_command(f"whygrad: {verdict.function}", verdict.location, f"{verdict.function} is not right{what}. {NO_LINE}"))
    return "\n".join(commands or [_command("whygrad", None, result.problem or "What is wrong is not known.")]) + "\n"


def _title(mistake: Mistake, hint: int) -> str:
    """The function, and from level 2 on the name of what is wrong there."""
    return f"whygrad: {function_of(mistake)}" + (f": {mistake.id}" if hint > 1 else "")


def _command(title: str, location: Location | None, said: str, level: str = "error") -> str:
    properties = {"title": title}
    where = ""
    if location is not None:
        properties |= {"file": (location.file or location.source).removeprefix("./")}
        if location.cell is None:
            properties |= {"line": str(location.line), "col": str(location.column)}
        else:
            where = f"{place(location)}: "
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {listed}::{_text(where + said)}"


def _text(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
