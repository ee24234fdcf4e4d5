"""Which files are submissions: every notebook, Python file and text below what was named, in an order that does not change.

Nothing that is found here is trusted: names are bytes that somebody chose, a link may lead to the teacher's own files, and a file may be
a pipe. Links and everything that is no plain file are left out, and what is left out is said.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from whygrad.errors import UsageError
from whygrad.grade.formats import FILES
from whygrad.grade.pages import FOLDER, MADE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXTS = frozenset({".txt", ".md"})
SUFFIXES = frozenset({".ipynb", ".py", *TEXTS})
_OF_A_FOLDER = "readme.md"
"""What tells of a folder is handed in by nobody."""
_ENVIRONMENT = "pyvenv.cfg"
_WRITTEN = re.compile(r"results(-\d+-of-\d+)?\.(jsonl|lock|new)|class\.csv|index\.html|written\.json")
_SHORT = re.compile(r"\.[a-z\d]{1,6}")


@dataclass(frozen=True, slots=True)
class Submission:
    """A file; ``name`` is its path as text: no two files have the same, and it can be written as UTF-8."""

    path: Path
    name: str

    @property
    def kind(self) -> str:
        """``.ipynb``, ``.py``, ``.txt`` or ``.md``."""
        return self.path.suffix.lower()


@dataclass(slots=True)
class Found:
    """The submissions, how many folders and files were left out for which reason, and the names of folders that cannot be opened."""

    submissions: list[Submission] = field(default_factory=list[Submission])
    left_out: Counter[str] = field(default_factory=Counter[str])
    locked: list[str] = field(default_factory=list[str])


def find(roots: Iterable[Path], out: Path) -> Found:
    """Everything to be judged in ``roots``, files or folders, but for what whygrad writes into ``out``, which may lie in one of them.

    Raises:
        UsageError: One of the roots is not there, or is a file of another kind.
    """
    found = Found()
    paths: dict[bytes, Path] = {}
    for root in roots:
        mode = _mode(root)
        if stat.S_ISDIR(mode):
            for path in _below(root, Path(os.path.realpath(out)), found):
                paths.setdefault(os.fsencode(path.resolve()), path)
        elif root.suffix.lower() not in SUFFIXES or not stat.S_ISREG(mode):
            raise UsageError(f"{root} is no submission: those are notebooks, Python files and texts (.ipynb, .py, .txt, .md).")
        else:
            paths.setdefault(os.fsencode(root.resolve()), root)
    found.submissions = [Submission(path, name_of(path)) for path in sorted(paths.values(), key=os.fsencode)]
    return found


def _mode(root: Path) -> int:
    """Of which kind it is, as the system says it.

    Raises:
        UsageError: It is not there, or leads nowhere.
    """
    try:
        return root.stat().st_mode
    except FileNotFoundError:
        if root.is_symlink():
            raise UsageError(f"{root} is a link to what is not there; name the file or folder itself.") from None
        raise UsageError(f"There is no file or folder {root}; check the name.") from None
    except OSError as error:
        raise UsageError(f"{root} could not be opened ({error.strerror}); check its name and rights.") from None


def name_of(path: Path) -> str:
    r"""The path as text. Bytes that are no UTF-8 become ``\xe9``, and then a backslash is doubled, so that two names never become one."""
    text = str(path) if sys.platform != "win32" else path.as_posix()
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return text if sys.platform == "win32" else text.replace("\\", "\\\\")


def path_of(name: str) -> Path:
    """The path that ``name_of`` made this name of."""
    if sys.platform == "win32":
        return Path(name)
    raw = re.sub(rb"\\(?:\\|x([0-9a-f]{2}))", lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"\\", name.encode())
    return Path(os.fsdecode(raw))


def _below(root: Path, out: Path, found: Found) -> Iterator[Path]:
    """The submissions in a folder and below it."""
    folders, left_out = [root], found.left_out
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            found.locked.append(name_of(folder))
            left_out[f"locked folder ({found.locked[-1]})"] += 1
            continue
        if any(entry.name == _ENVIRONMENT for entry in entries):
            left_out["virtual environment"] += 1
            continue
        for entry in entries:
            path = folder / entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            of_another_kind = path.suffix.lower() not in SUFFIXES or entry.name.lower() == _OF_A_FOLDER
            if not is_folder and of_another_kind and not entry.is_symlink():
                if not entry.name.startswith(".") and not _is_ours(folder.resolve() / entry.name, out):
                    left_out[_other_kind(path.suffix.lower())] += 1
                continue
            reason = _reason_against(entry, is_folder=is_folder)
            if reason:
                left_out[reason] += 1
            elif is_folder:
                folders.append(path)
            else:
                yield path


def _is_ours(path: Path, out: Path) -> bool:
    """Whether a file of another kind than a submission has the name and place of one that whygrad writes into ``out``."""
    match path.relative_to(out).parts if path.is_relative_to(out) else ():
        case (name,):
            return _WRITTEN.fullmatch(name) is not None
        case (folder, *_, name) if folder == FOLDER:
            return name == MADE or name.endswith(".html")
        case (system, *_, name):
            return FILES.get(system) == name
        case _:
            return False


def _other_kind(suffix: str) -> str:
    """What a file of another kind is called: whoever hands in a .zip is missed."""
    return f"{suffix} file" if _SHORT.fullmatch(suffix) else "other file"


def _reason_against(entry: os.DirEntry[str], *, is_folder: bool) -> str:
    if entry.is_symlink():
        return "link"
    if entry.name.startswith("."):
        return "hidden folder" if is_folder else "hidden file"
    if is_folder:
        return ""
    try:
        is_plain = stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)
    except OSError:  # it was there a moment ago
        return "vanished file"
    return "" if is_plain else "pipe or device"
