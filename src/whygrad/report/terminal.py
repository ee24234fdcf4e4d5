"""The same report with colours, for a terminal. Imports rich, so it is itself imported only where a terminal is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from whygrad.report.parts import parts
from whygrad.report.text import LINE, belongs, table

if TYPE_CHECKING:
    from whygrad.records import Result
    from whygrad.report.parts import Part

_WIDTH = 100
_STYLES = {"answer": "bold", "hint": "", "fact": "", "line": "", "table": "", "offer": "dim"}
_VERDICT_STYLES = {"explained": "yellow", "partly": "yellow", "right": "green", "unknown": "magenta", "unreadable": "red"}


def show(result: Result, hint: int = 2, console: Console | None = None) -> None:
    """Print the report on ``result`` to ``console``, standard output by default. NO_COLOR is honoured by rich.

    Nothing in the texts is read as rich's own markup, emoji codes or number colours.
    """
    console = console or Console(highlight=False, markup=False, emoji=False)
    before: Part | None = None
    for part in parts(result, hint):
        if before is not None and not belongs(before, part):
            console.print()
        _print(console, _drawn(part, _VERDICT_STYLES[result.verdict]))
        for item in part.items:
            if part.role == "line":
                console.print(Text(f"{LINE}{item}", style="bold"), soft_wrap=True)
            else:
                _print(console, Text(item), "  - ")
        for line in table(part.rows, min(_WIDTH, console.width)):
            console.print(Text(line), soft_wrap=True)
        before = part


def _drawn(part: Part, verdict_style: str) -> Text:
    style = f"{_STYLES[part.role]} {verdict_style}" if part.role == "answer" else _STYLES[part.role]
    text = Text(style=style)
    if part.label:
        text.append(f"{part.label}: ", style="cyan")
    return text.append(part.text)


def _print(console: Console, text: Text, first: str = "") -> None:
    for number, line in enumerate(text.wrap(console, min(_WIDTH, console.width) - len(first))):
        console.print(Text(first if number == 0 else " " * len(first)).append_text(line), soft_wrap=True)
