"""A process that answers, as the parent holds it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import BinaryIO, cast

from whygrad.sandbox import launch
from whygrad.sandbox.channel import TO_END

if sys.platform == "win32":  # whose pipes cannot be waited for
    from whygrad.sandbox.threaded import Channel
else:
    from whygrad.sandbox.channel import Channel

TO_END_BY_ITSELF = 0.5
"""Seconds for a process that has closed its pipe."""


class Child(Channel):
    """A process of its own for one program. It is started at once."""

    def __init__(self, wrapper: str | None) -> None:
        self.built = False
        """Whether the program was taken."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            launch.command(wrapper),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=launch.environment(),
            cwd="/" if os.name == "posix" else None,
            start_new_session=True,
        )
        super().__init__(cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout))

    def how_it_ended(self) -> int:
        """The exit code of a child whose pipe has ended, negative for a signal; it may have closed the pipe only, then it is ended here."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=TO_END_BY_ITSELF)
        self.end()
        return 0

    def end(self) -> None:
        """End the child and all that it started. One inside of bubblewrap is ended by the kernel, a moment later."""
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=TO_END)
        self.close()
