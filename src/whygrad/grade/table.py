"""``class.csv``: one row a submission, for a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from whygrad.grade.pages import FOLDER, slug
from whygrad.read.pieces import FUNCTIONS
from whygrad.report.printable import printable
from whygrad.shadowing import has_a_librarys_name

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.grade.summary import Brief, Summary

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 - some programs take these for the same
BESIDE = "beside a submission"
"""What stands for the status of a file that is none."""
_GROUPS = ("same code as", "same mistakes as")
HEAD = ("path", "status", "mistakes", "numbers", *FUNCTIONS, *_GROUPS, "why it could not be run", "page", "sha256")


def write_table(path: Path, found: Summary) -> None:
    """Write the table."""
    code = {one.path: number for number, group in enumerate(found.same_code, 1) for one in group}
    mistakes = {one.path: number for number, group in enumerate(found.same_mistakes, 1) for one in group}
    beside = {one.path for one in found.beside}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for one in sorted([*found.briefs, *found.beside], key=lambda one: one.path):
            groups = [f"group {known[one.path]}" if one.path in known else "" for known in (code, mistakes)]
            verdicts = {judged.function: judged.verdict for judged in one.functions}
            row = (
                one.path,
                BESIDE if one.path in beside else one.status,
                mistakes_of(one),
                numbers_there(one),
                *(verdicts.get(name, "") for name in FUNCTIONS),
                *groups,
            )
            why = why_beside(one) if one.path in beside else one.problem or ""
            writer.writerow([cell(text) for text in (*row, why, f"{FOLDER}/{slug(one.path)}.html", one.sha256)])


def cell(text: str) -> str:
    """``text`` on one line, and never a formula: spreadsheets run what begins with ``=`` and the like."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def mistakes_of(one: Brief) -> str:
    """Its mistakes in one line: "view-of-output in lstm_forward; gate-swapped in lstm_cell_backward".

    "At least" stands before them where more may be wrong.
    """
    said = "; ".join(f"{id_} in {function}" if function else id_ for id_, function in one.kinds)
    return said if one.complete or not said else f"at least {said}"


def numbers_there(one: Brief) -> str:
    """How much of what its checks print is in a text: "1 of 11 in lstm_cell_backward"; empty for code."""
    found = one.numbers
    return "" if found is None else f"{found.there} of {found.asked} in {', '.join(found.checks)}"


def why_beside(one: Brief) -> str:
    """Why a file beside a submission is none, and what it may do to those that lie there."""
    says = "It defines none of the functions, and lies in the folder of a file that does."
    if has_a_librarys_name(one.path):
        says += " It has the name of a library: programs that are run in its folder get this file in place of the library. Have it renamed."
    return says
