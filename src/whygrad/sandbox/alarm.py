"""A time limit for code that is run in this very process: where the system has signals, and in its main thread.

Elsewhere nothing can stop a function from outside, and none is tried.
"""

from __future__ import annotations

import signal
import threading
import time
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from whygrad.sandbox.allowance import Allowance
from whygrad.sandbox.requests import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator, Sequence
    from types import FrameType

    from whygrad.sandbox.harness import Harness
    from whygrad.sandbox.requests import Piece, Request

_AGAIN = 0.2
"""Seconds after which it rings again, for the code may catch anything once."""


class TimeIsUpError(BaseException):
    """Raised within the code that has had its time."""


class InTime:
    """A harness of live functions whose runs end in time, if that can be."""

    def __init__(self, harness: Harness, seconds: float = 10.0) -> None:
        """Nothing is run yet; ``seconds`` are for one run."""
        self._harness, self._time = harness, Allowance(seconds)

    def run(self, request: Request) -> Reply:
        """Answer a request, with the status "timeout" where it had to be stopped, or where no time is left."""
        if not self._time.left:
            return Reply("timeout", last=True)
        began = time.monotonic()
        with _alarm(self._time.of(request.part), self._harness.sources) as rang, warnings.catch_warnings(action="ignore"):
            # Python warns of a coroutine that nobody awaits when it goes, which is at the very end
            reply = self._harness.run(request)
        if not rang():
            self._time.spend(time.monotonic() - began)
            return reply
        self._time.exceed(request.part)
        return Reply("timeout", output=reply.output)

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[InTime]:
        """The same with another program in the meantime."""
        before = self._harness
        with before.holding(pieces) as other:
            self._harness = other
            try:
                yield self
            finally:
                self._harness = before


@contextmanager
def _alarm(seconds: float, sources: Container[str]) -> Generator[Callable[[], bool]]:
    """Raise in code of these ``sources`` that is still running then; the function given tells whether that was needed.

    Our own lines around that code are never stopped: they put back what was there before.
    """
    rung: list[bool] = []

    def ring(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            if frame.f_code.co_filename in sources:
                rung.append(True)
                raise TimeIsUpError
            frame = frame.f_back

    if not _can_ring():
        yield lambda: False
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield lambda: bool(rung)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _can_ring() -> bool:
    """Whether there is such a signal, only the main thread gets any, and nobody else waits for it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    return signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
