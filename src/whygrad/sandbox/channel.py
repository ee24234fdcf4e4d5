"""The pipe to a process that answers, as the parent holds it: whatever the process does, nothing here hangs."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import threading
import time
from typing import TYPE_CHECKING

from whygrad.sandbox.frames import TOKEN, WireError, frame_of, take_frame

if TYPE_CHECKING:
    from typing import BinaryIO

TO_END = 5.0
"""Seconds that a killed process can take to be gone."""
_AT_ONCE = 1 << 18
"""Bytes that are read at once."""


class Channel:
    """Each exchange waits for the process. One thread has it, and any may close it."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO) -> None:
        self._pipe = questions, answers
        self._unsent, self._came = memoryview(b""), bytearray()
        self._waits = threading.Lock()
        self._room, self._more = select.poll(), select.poll()
        self._room.register(questions, select.POLLOUT)
        self._more.register(answers, select.POLLIN)
        for stream in self._pipe:
            os.set_blocking(stream.fileno(), False)

    def send(self, content: bytes) -> bytes:
        """Begin an exchange without waiting; the token it goes by.

        Raises:
            WireError: ``content`` is too large.
        """
        token = secrets.token_bytes(TOKEN)
        with self._waits:
            self._unsent = memoryview(frame_of(token, content))
            with contextlib.suppress(OSError, ValueError):  # who is gone gives no answer
                self._write()
        return token

    def receive(self, token: bytes, seconds: float) -> bytes | None:
        """The answer to what was sent with ``token``; None where the child ended.

        Raises:
            TimeoutError: There was none within ``seconds``.
            WireError: What came is no answer to it.
        """
        until = time.monotonic() + seconds
        with self._waits:
            while self._unsent:
                _wait(self._room, until)
                try:
                    self._write()
                except (OSError, ValueError):  # the process is gone, or we closed the pipe
                    return None
            while (answer := take_frame(self._came)) is None:
                _wait(self._more, until)
                try:
                    more = os.read(self._pipe[1].fileno(), _AT_ONCE)
                except (OSError, ValueError):
                    return None
                if not more:
                    return None
                self._came += more
        if not secrets.compare_digest(answer[0], token):
            raise WireError("answers another question")
        return answer[1]

    def _write(self) -> None:
        """Send what there is room for."""
        with contextlib.suppress(BlockingIOError):
            self._unsent = self._unsent[os.write(self._pipe[0].fileno(), self._unsent) :]

    def close(self) -> None:
        """Close the pipe to a process that has ended; whoever waits for it has seen that it ends."""
        if not self._waits.acquire(timeout=TO_END):  # only without a seccomp filter: a process that got away holds it
            return
        for stream in self._pipe:
            with contextlib.suppress(OSError):
                stream.close()
        self._waits.release()


def _wait(pipe: select.poll, until: float) -> None:
    if not pipe.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError
