"""How long a search may still take. What there is to do is counted as work; on a slow machine the time for it is up first.

Time is the processor time of the thread that searches, so that other programs on the machine change no answer. What building tables takes
does not count: the first run finds what later ones do.
"""

from __future__ import annotations

from contextlib import contextmanager
from math import inf, isfinite
from threading import local
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

MOST_SECONDS = 8.0
"""So long one text may be searched. This is for slow machines: others have done their work before."""


class Clock(local):
    """The time of one search; without end until it is started. Each thread sees its own."""

    def __init__(self) -> None:
        self._until = inf
        self._standing = False
        self._read, self._read_at = 0.0, 0.0

    def start(self, share: float) -> None:
        """From now on there is this share of the time."""
        self._read_at, self._read = perf_counter(), thread_time()
        self._until = self._read + share * MOST_SECONDS

    def at_least(self, share: float) -> None:
        """From now on there is what is left, or this share of the time if that is more."""
        left = self._until
        self.start(share)
        self._until = max(left, self._until)

    @property
    def up(self) -> bool:
        """Whether no time is left. Asked very often: a thread's own time passes no faster than the clock on the wall, which costs less."""
        if self._read + perf_counter() - self._read_at < self._until:
            return False
        self._read_at, self._read = perf_counter(), thread_time()
        return self._read >= self._until

    @contextmanager
    def sparing(self, share: float) -> Generator[None]:
        """This share of the time that is left may not be used within; it is for what comes later."""
        spared = share * max(0.0, self._until - thread_time()) if isfinite(self._until) else 0.0
        self._until -= spared
        try:
            yield
        finally:
            self._until += spared

    @contextmanager
    def standing(self) -> Generator[None]:
        """What is done within takes no time."""
        if self._standing:
            yield
            return
        self._standing, begun = True, thread_time()
        try:
            yield
        finally:
            self._standing = False
            self._until += thread_time() - begun
