"""The standard streams: what is said goes out in UTF-8, and a reader that is gone or a disk that is full is no fault of ours."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
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
    """Where the shell has closed a standard stream (``<&-``) there is nothing to read, and what is said of errors goes nowhere.

    An answer cannot be written there: standard output fails then, as on a full disk.
    """
    for name, mode, way in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, way), mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def speak_utf8() -> None:
    """Whatever the system's own encoding, say everything, and never fail on a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def close_stdout() -> None:
    """Nobody reads any more: what is still in the buffer goes nowhere, so that Python does not complain at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
