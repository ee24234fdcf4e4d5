"""What course systems read: one writer a system, each a pure function from a report card to a file's text.

In every one of them "could not be run" is something else than "wrong": the learner's work was not judged.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import TYPE_CHECKING

from whygrad.files import in_one_step
from whygrad.grade.formats.card import card
from whygrad.grade.pages import gone, slug
from whygrad.grade.written import refuse_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from whygrad.grade.records import Line
    from whygrad.grade.written import Written

FILES = {
    "gradescope": "results.json",
    "prairielearn": "results.json",
    "coursera": "feedback.json",
    "junit": "junit.xml",
    "check50": "check50.json",
}
"""The systems, and the name of the file that each of them reads."""


ALONE = tuple(f"{system}/{file}" for system, file in FILES.items())
"""Where the file of a submission stands that is the only one."""


def refuse_other_folders(out: Path) -> None:
    """See to it that nothing is written elsewhere.

    Raises:
        UsageError: A system's folder is a link, or has one.
    """
    folders = [out / system for system in FILES]
    refuse_links(folders)
    refuse_links(path for folder in folders if folder.is_dir() for path in folder.iterdir())


def write(system: str, out: Written, lines: Iterable[Line], hint: int, *, alone: bool) -> None:
    """Write a file for each submission, in a folder of its own below ``out/system``; in that folder itself where it is ``alone``."""
    to_text = import_module(f"whygrad.grade.formats.{system}").to_text
    for line in lines:
        text = to_text(card(line, hint)).encode()
        if alone:
            out.put(f"{system}/{FILES[system]}", lambda beside, text=text: beside.write_bytes(text))
            continue
        folder = out.folder / system / slug(line.path)
        folder.mkdir(parents=True, exist_ok=True)
        with in_one_step(folder / FILES[system]) as beside:
            beside.write_bytes(text)


def written(out: Path) -> Iterator[str]:
    """The systems for which a run has written something: it says what was found then, until it is written anew."""
    for system, file in FILES.items():
        folder = out / system
        if folder.is_dir() and ((folder / file).exists() or gone(folder, "", ())):
            yield system


def forget(out: Written, names: Iterable[str], *, alone: bool) -> None:
    """Remove what any run has written for submissions that are not among these ``names``, or in the other of the two places."""
    for system in written(out.folder):
        for folder in gone(out.folder / system, "", () if alone else names):
            with contextlib.suppress(OSError):  # somebody has put something else there
                (folder / FILES[system]).unlink(missing_ok=True)
                folder.rmdir()
        if not alone:
            out.remove(f"{system}/{FILES[system]}")
