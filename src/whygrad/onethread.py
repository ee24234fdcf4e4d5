"""One thread for matrix products while a search runs: they are small, and two threads that wait for each other take far longer.

On two cores that other programs want too a product of 286 x 50 with 50 x 670 took 27 ms in two threads, and 3 in one.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from collections.abc import Generator


class _Limit:
    """The limit holds for the whole process: it is set by the first search and lifted by the last, if several run at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._searches = 0
        self._limited = ExitStack()

    def begin(self) -> None:
        with self._lock:
            self._searches += 1
            if self._searches == 1:
                self._limited.enter_context(_controller().limit(limits=1, user_api="blas"))  # pyright: ignore[reportUnknownMemberType]

    def end(self) -> None:
        with self._lock:
            self._searches -= 1
            if not self._searches:
                self._limited.close()


_LIMIT = _Limit()


@contextmanager
def one_thread() -> Generator[None]:
    """Products made within run in one thread; afterwards in as many as before."""
    _LIMIT.begin()
    try:
        yield
    finally:
        _LIMIT.end()


@cache
def _controller() -> ThreadpoolController:
    """The libraries that are loaded now, NumPy's among them: found once, which takes a millisecond."""
    return ThreadpoolController()
