"""What the child gives up for good before it sees any of somebody's code.

In two steps, because NumPy has to be loaded between them: first limits and files (its threads, if it starts any, inherit both), then the
system calls.
"""

from __future__ import annotations

import gc
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SET_NO_NEW_PRIVILEGES, _SET_SIGNAL_AT_PARENTS_DEATH, _SIGKILL = 38, 1, 9
_FILES = 64
_STACK = 64 << 20
"""Bytes of address space for each thread's stack. Whoever starts threads without end so meets the limit of memory while it starts one,
and is told; a new thread that finds a few KB left dies unheard, and who started it waits for ever."""

_MUCH = 100_000
"""Kilobytes: half as much again as a process with NumPy."""


def die_with_the_parent() -> None:
    """Have the kernel end this process when the thread that started it ends; on Linux only."""
    if sys.platform.startswith("linux"):
        import ctypes  # noqa: PLC0415 - only where it is used

        ctypes.CDLL(None).prctl(_SET_SIGNAL_AT_PARENTS_DEATH, _SIGKILL, 0, 0, 0)


def limit(memory: int, seconds: int, readable: Iterable[str]) -> int:
    """Limit memory (bytes), processor time, files and processes, and forbid every file but ``readable`` ones.

    Returns:
        Landlock's version, 0 where it does not hold.
    """
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - not on Windows

    threading.stack_size(_STACK)
    limits = {"RLIMIT_AS": memory, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": _FILES, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, ValueError, OSError):  # macOS refuses some; a stricter one may stand already
            continue
    if not sys.platform.startswith("linux"):
        return 0
    import ctypes  # noqa: PLC0415 - NumPy loads it as well, but only now the limits hold

    from whygrad.sandbox.landlock import allow_reading_only  # noqa: PLC0415

    die_with_the_parent()
    ctypes.CDLL(None).prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return allow_reading_only(readable)


def tidy() -> None:
    """Before another program: what the one before took must not count against it, where that was much."""
    if sys.platform.startswith("linux"):
        import resource  # noqa: PLC0415 - not on Windows

        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _MUCH:
            gc.collect()


def close() -> bool:
    """Forbid the system calls that computing does not take; where that cannot be done, at least new processes (for all but root).

    Returns:
        Whether the system calls are forbidden.
    """
    if sys.platform.startswith("linux"):
        from whygrad.sandbox.seccomp import refuse_calls  # noqa: PLC0415 - only where it can hold

        if refuse_calls():
            return True
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return False
