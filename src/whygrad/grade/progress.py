"""How far a run is, on standard error: a bar with the time to go on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from whygrad.mistakes.words import counted
from whygrad.report.phrases import first_few
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from pathlib import Path

_EVERY = 10.0
"""Seconds between two lines."""


def say_locked(folders: Iterable[str]) -> None:
    """Whose work is missing, because its folder cannot be opened."""
    for name in folders:
        _say(f"The folder {printable(name)} could not be opened, so nothing in it is judged; change its rights, and run this again.")


def say_gone(names: Sequence[str]) -> None:
    """What loses its line and its page, because the file is no longer there."""
    if names:
        _say(f"What was found before in files that are no longer there is removed: {first_few(names, 3)}.")


def say_stopped(done: int, total: int, path: Path) -> None:
    """What a run that somebody stops has done so far."""
    having = "submission has its line" if done == 1 else "submissions have their line"
    _say(f"Stopped. {done:,} of {total:,} {having} in {printable(str(path))}; the same command goes on from there.")


@contextmanager
def progress(done: int, total: int) -> Generator[Callable[[int], None]]:
    """A function to be told how many more have their line; ``done`` had it before."""
    if sys.stderr.isatty():
        with _bar(done, total) as advance:
            yield advance
    else:
        yield _Lines(done, total).advance


@contextmanager
def _bar(done: int, total: int) -> Generator[Callable[[int], None]]:
    from rich.console import Console  # noqa: PLC0415 - for a terminal only
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("to go")
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("judging", total=total, completed=done)
        yield lambda more: bar.update(task, advance=more)


class _Lines:
    def __init__(self, done: int, total: int) -> None:
        self._done, self._total, self._at_first = done, total, done
        self._began = self._said = time.monotonic()
        _say(f"{done:,} of {total:,} submissions were judged before." if done else f"{counted(total, 'submission')} to judge.")

    def advance(self, more: int) -> None:
        self._done += more
        now = time.monotonic()
        if now - self._said >= _EVERY and self._done < self._total:
            self._said = now
            left = (now - self._began) / (self._done - self._at_first) * (self._total - self._done)
            _say(f"{self._done:,} of {self._total:,}, {_duration(left)} to go.")


def _say(text: str) -> None:
    print(f"whygrad: {text}", file=sys.stderr, flush=True)  # noqa: T201 - it is said here and nowhere else


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
