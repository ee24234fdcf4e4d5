"""The standard streams: what is said goes out in UTF-8, and a reader that is gone or a disk that is full is no fault of ours."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Generator


class OutputLostError(Exception):
    """Standard output takes no more: its reader is gone, or its disk is full."""


def say(text: str) -> None:
    """Print a text as it stands."""
    with writing():
        click.echo(text, nl=False)


@contextmanager
def writing() -> Generator[None]:
    """Tells a failing standard output apart from a failure of ours."""
    try:
        yield
    except OSError as error:
        raise OutputLostError(error.strerror) from error


def open_what_is_closed() -> None:
    """Where the shell has closed a standard stream (``<&-``) there is nothing to read, and nobody who reads."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def speak_utf8() -> None:
    """Whatever the system's own encoding, say everything, and never fail on a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def close_stdout() -> None:
    """Nobody reads any more: what is still in the buffer goes nowhere, so that Python does not complain at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
