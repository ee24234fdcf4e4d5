"""``index.html``: the class on one page, from which each submission's page is reached. No script; texts from outside are escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from whygrad.grade.pages import FOLDER, slug, title
from whygrad.grade.records import STATUSES
from whygrad.grade.table import mistakes_of, numbers_there
from whygrad.mistakes import OPERATORS
from whygrad.mistakes.words import counted
from whygrad.read.pieces import FUNCTIONS
from whygrad.report.html.page import environment
from whygrad.report.of_code import OF_CODE
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from jinja2 import Environment

    from whygrad.grade.summary import Brief, Summary

_VERDICTS = ("right", "wrong", "raises", "blank", "missing", "not reached")
MARKS = {"right": "✓", "wrong": "✗", "unknown": "?", "could not be run": "!"}


def write_index(path: Path, found: Summary, left_out: Counter[str]) -> None:
    """Write the page. ``left_out`` says how many folders and files were not looked at, and why."""
    text = (
        _environment()
        .get_template("index.html")
        .render(
            found=found,
            statuses=[(status, MARKS[status], found.statuses[status]) for status in STATUSES],
            functions=[
                (name, [found.by_function[name][verdict] for verdict in _VERDICTS]) for name in FUNCTIONS if name in found.by_function
            ],
            verdicts=_VERDICTS,
            unknown=[one for one in found.briefs if one.status == "unknown"],
            libraries=[title(one.path) for one in found.libraries],
            left_out=[printable(counted(number, reason)) for reason, number in sorted(left_out.items())],
        )
    )
    path.write_text(text, encoding="utf-8")


def kind_name(id_: str) -> str:
    """What a kind of mistake is called."""
    return OPERATORS[id_].title if id_ in OPERATORS else OF_CODE[id_].title


def _link(one: Brief) -> str:
    return f"{FOLDER}/{slug(one.path)}.html"


def _title(one: Brief) -> str:
    return title(one.path)


@cache
def _environment() -> Environment:
    made = environment("whygrad.grade", "whygrad.report.html")
    filters: dict[str, Callable[..., object]] = {
        "link": _link,
        "title": _title,
        "kind": kind_name,
        "mistakes": mistakes_of,
        "numbers": numbers_there,
        "printable": printable,
        "counted": counted,
        "mark": MARKS.__getitem__,
    }
    made.filters.update(filters)  # pyright: ignore[reportUnknownMemberType] - the library does not say what they are
    return made
