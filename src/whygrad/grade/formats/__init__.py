"""What course systems read: one writer a system, each a pure function from a report card to a file's text.

In every one of them "could not be run" is something else than "wrong": the learner's work was not judged.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import TYPE_CHECKING

from whygrad.grade.formats.card import card
from whygrad.grade.pages import gone, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from whygrad.grade.records import Line

FILES = {
    "gradescope": "results.json",
    "prairielearn": "results.json",
    "coursera": "feedback.json",
    "junit": "junit.xml",
    "check50": "check50.json",
}
"""The systems, and the name of the file that each of them reads."""


def write(system: str, out: Path, lines: Iterable[Line], hint: int, *, alone: bool) -> None:
    """Write a file for each submission, in a folder of its own below ``out/system``; in that folder itself where it is ``alone``."""
    to_text = import_module(f"whygrad.grade.formats.{system}").to_text
    for line in lines:
        folder = out / system if alone else out / system / slug(line.path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILES[system]).write_text(to_text(card(line, hint)), encoding="utf-8")


def written(out: Path) -> Iterator[str]:
    """The systems for which a run has written something: it says what was found then, until it is written anew."""
    for system, file in FILES.items():
        folder = out / system
        if folder.is_dir() and ((folder / file).exists() or gone(folder, "", ())):
            yield system


def forget(out: Path, names: Iterable[str], *, alone: bool) -> None:
    """Remove what any run has written for submissions that are not among these ``names``, or in the other of the two places."""
    for system in written(out):
        for folder in gone(out / system, "", () if alone else names):
            with contextlib.suppress(OSError):  # somebody has put something else there
                (folder / FILES[system]).unlink(missing_ok=True)
                folder.rmdir()
        if not alone:
            (out / system / FILES[system]).unlink(missing_ok=True)
