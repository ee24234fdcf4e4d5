"""The main path of a class run: find, take over what was done, judge the rest, and show it."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from whygrad.errors import UsageError
from whygrad.grade import formats
from whygrad.grade.alike import key
from whygrad.grade.find import find, name_of, path_of
from whygrad.grade.index import write_index
from whygrad.grade.pages import Pages, title
from whygrad.grade.pool import Pool
from whygrad.grade.progress import progress, say_gone, say_locked, say_stopped
from whygrad.grade.records import Job, Options
from whygrad.grade.results import Results, lines_of
from whygrad.grade.summary import Summary, summary
from whygrad.grade.table import write_table
from whygrad.grade.written import Written
from whygrad.read.code_file import MOST_BYTES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Generator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from whygrad.grade.find import Submission
    from whygrad.grade.pool import Workers
    from whygrad.grade.results import Content

TABLE, INDEX = "class.csv", "index.html"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked for; see ``whygrad grade --help``."""

    roots: tuple[Path, ...]
    out: Path
    options: Options = field(default_factory=Options)
    hint: int = 2
    jobs: int | None = None
    shard: tuple[int, int] | None = None
    scheduler: str | None = None
    write: tuple[str, ...] = ()


def grade(settings: Settings) -> tuple[Summary, Path]:
    """Judge every submission and write what there is to read; the class as far as this run goes, and the file to open.

    Raises:
        UsageError: Something that was named is not there, there is nothing to judge, or the results cannot be written.
        SandboxError: Nothing here keeps somebody's code from doing harm.
    """
    if os.path.islink(settings.out) and not os.path.isdir(settings.out):  # noqa: PTH112, PTH114 - unlike those of Path they raise nothing
        raise UsageError(f"{settings.out} is a link that leads to no folder; name the folder for the results itself (-o).")
    found = find(settings.roots, settings.out)
    chosen = [one for one in found.submissions if settings.shard is None or shard_of(one.name, settings.shard[1]) == settings.shard[0]]
    say_locked(found.locked)
    if not found.submissions:
        why = "a folder's README.md is none unless it is named itself"
        raise UsageError(f"There is no notebook, Python file or text in what was named ({why}); nothing was judged.")
    contents = {one.name: (one.kind, _digest(one.path)) for one in chosen}
    files = {contents[one.name]: one for one in reversed(chosen)}
    try:
        results = Results(settings.out, settings.shard, contents, settings.options)
        written = Written(settings.out)
        written.refuse_others((TABLE, INDEX, *formats.ALONE), results.path)
        formats.refuse_other_folders(settings.out)
        pages = Pages(settings.out, settings.hint)
        _look_back(settings, results, contents)
        with _told_if_stopped(results, len(contents)), results:
            _judge(settings, results, pages, files, len(contents))
            return _show(settings, results.path, pages, written, found.left_out)
    except OSError as error:
        raise UsageError(f"The results could not be written into {_folder_of(error, settings.out)} ({error.strerror}).") from error


def _folder_of(error: OSError, out: Path) -> Path:
    """Where it was that something could not be written: ``out``, or a folder in it."""
    folder = Path(str(error.filename)).parent
    return folder if folder.is_relative_to(out) else out


def _look_back(settings: Settings, results: Results, contents: Mapping[str, Content]) -> None:
    """Say whose results are dropped since the files are gone.

    Raises:
        UsageError: The results of files would be dropped that are still there, outside of what was named.
    """
    roots, there = [root.resolve() for root in settings.roots], {digest for _, digest in contents.values()}
    others = {line.path: line.sha256 for line in results.earlier() if line.path not in contents}
    for name, path in ((name, path_of(name)) for name in sorted(others)):
        if path.is_file() and not any(path.resolve().is_relative_to(root) for root in roots):
            raise UsageError(f"{settings.out} has the results of other files, such as {name}; name them too, or choose another folder.")
    say_gone(sorted(name for name, digest in others.items() if digest not in there))


@contextmanager
def _told_if_stopped(results: Results, total: int) -> Generator[None]:
    """Whoever stops a run is told what is done, and how it goes on."""
    try:
        yield
    except KeyboardInterrupt:
        say_stopped(total - sum(map(len, results.todo.values())), total, results.path)
        raise


def _judge(settings: Settings, results: Results, pages: Pages, files: Mapping[Content, Submission], total: int) -> None:
    """Judge what has no line yet, like after like."""
    left = sum(map(len, results.todo.values()))
    with progress(total - left, total) as advance:
        if not left:
            return
        with _workers(settings) as workers:
            waiting = sorted(results.todo, key=lambda content: key(files[content].path))
            for content, outcome in workers.outcomes(waiting, lambda content: _job(files[content], content, settings.hint)):
                pages.write(results.todo[content], outcome.page, outcome.diagnosis)
                advance(len(results.add(content, outcome)))


def _show(settings: Settings, path: Path, pages: Pages, written: Written, left_out: Counter[str]) -> tuple[Summary, Path]:
    """Write everything that is made from the lines. A shard leaves the overview to the run that has them all."""
    pages.complete(lines_of(path), whole=settings.shard is None)
    found = summary(lines_of(path), {name_of(root / "file").rpartition("/")[0] for root in settings.roots})
    submissions, alone = {one.path for one in found.briefs}, _is_one_file(settings.roots)
    for name in dict.fromkeys((*settings.write, *formats.written(settings.out))):
        formats.write(name, written, (line for line in lines_of(path) if line.path in submissions), settings.hint, alone=alone)
    if settings.shard is not None:
        return found, path
    pages.forget([*submissions, *(one.path for one in found.beside)])
    formats.forget(written, submissions, alone=alone)
    written.put(TABLE, lambda beside: write_table(beside, found))
    written.put(INDEX, lambda beside: write_index(beside, found, left_out))
    return found, settings.out / INDEX


def _workers(settings: Settings) -> AbstractContextManager[Workers]:
    if settings.scheduler is None:
        return Pool(settings.options, settings.jobs)
    from whygrad.grade.cluster import Cluster  # noqa: PLC0415 - its library is there with the extra only

    return Cluster(settings.scheduler, settings.options)


def _is_one_file(roots: Sequence[Path]) -> bool:
    return len(roots) == 1 and not roots[0].is_dir()


def shard_of(name: str, count: int) -> int:
    """Which of so many parts a submission belongs to, from 1: by its name alone, so every machine says the same."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % count + 1


def _digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _job(submission: Submission, content: Content, hint: int) -> Job:
    try:
        with submission.path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)  # of a longer one the reader says that it is
    except OSError as error:
        problem = f"It could not be opened ({error.strerror}); check its rights, and run this again."
        return Job(submission.kind, None, title(submission.name), hint, problem=problem)
    problem = "It changed while it was looked at; run this again." if not _is_still(data, content[1]) else ""
    return Job(submission.kind, data, title(submission.name), hint, problem=problem)


def _is_still(data: bytes, digest: str) -> bool:
    return len(data) > MOST_BYTES or hashlib.sha256(data).hexdigest() == digest
