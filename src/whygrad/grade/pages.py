"""One page for each submission, under a name that says whose it is and can do no harm."""

from __future__ import annotations

import contextlib
import hashlib
import re
from typing import TYPE_CHECKING

from whygrad import __version__
from whygrad.diagnosis import Diagnosis
from whygrad.files import in_one_step
from whygrad.grade.written import refuse_links
from whygrad.report.json import from_json
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from whygrad.grade.records import Line

FOLDER, MADE = "pages", "made-by"
_MOST_LETTERS = 60
_MOST_TITLE = 200
_SLUG = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9-]*)?-[0-9a-f]{12}")


def slug(name: str) -> str:
    """A file's name made of plain letters: the end of the path, and a few digits that no other path has."""
    letters = re.sub(r"[^A-Za-z0-9]+", "-", name)[-_MOST_LETTERS:].strip("-")
    return f"{letters}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def gone(folder: Path, suffix: str, names: Iterable[str]) -> list[Path]:
    """What stands in a folder under the ``slug`` of a submission that is none of these ``names``; whatever else is there is not ours."""
    there = {f"{slug(name)}{suffix}" for name in names}
    return [
        path
        for path in folder.iterdir()
        if path.name not in there and path.suffix == suffix and _SLUG.fullmatch(path.name.removesuffix(suffix))
    ]


def title(name: str) -> str:
    """The name on one line, shortened at its front."""
    text = printable(name)
    return text if len(text) <= _MOST_TITLE else f"…{text[-_MOST_TITLE:]}"


class Pages:
    """The pages of one run, at one level of hints.

    ``made-by`` names the version and the level of all pages that are there. It is gone from the moment on when a run at another level may
    write one, until a run has written them all.
    """

    def __init__(self, out: Path, hint: int) -> None:
        self._folder, self._hint = out / FOLDER, hint
        self._made, self._by = self._folder / MADE, f"whygrad {__version__}, hint {hint}\n"
        refuse_links([self._folder, self._made])
        self._folder.mkdir(parents=True, exist_ok=True)
        if not any(self._folder.iterdir()):
            self._made.write_text(self._by, encoding="utf-8")
        self._forget_others()

    def write(self, names: Iterable[str], page: str, diagnosis: str) -> None:
        """Write a submission's pages: the first of the ``names`` has its ``page``, the others get one with their own title."""
        for number, name in enumerate(names):
            text = page if number == 0 else self._page(name, diagnosis)
            self._put(self._path(name), text)

    def complete(self, lines: Iterable[Line], *, whole: bool) -> None:
        """Write the pages that are missing or empty, or that another version or level of hints may have made: all, or those of a shard."""
        self._forget_others()
        stale = not self._made.exists()
        for line in lines:
            path = self._path(line.path)
            if stale or not path.exists() or not path.stat().st_size:
                self._put(path, self._page(line.path, bytes(line.diagnosis)))
        if whole:
            self._made.write_text(self._by, encoding="utf-8")

    def forget(self, names: Iterable[str]) -> None:
        """Remove the pages of all who are not among these ``names``: what was handed in is no longer there."""
        for path in gone(self._folder, ".html", names):
            path.unlink()

    def _forget_others(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # another shard has done it
            if self._made.read_bytes() != self._by.encode():
                self._made.unlink()

    def _page(self, name: str, diagnosis: str | bytes) -> str:
        return Diagnosis(from_json(diagnosis)).to_html(self._hint, title(name), above=False)

    @staticmethod
    def _put(path: Path, text: str) -> None:
        with in_one_step(path) as beside:
            beside.write_text(text, encoding="utf-8")

    def _path(self, name: str) -> Path:
        return self._folder / f"{slug(name)}.html"
