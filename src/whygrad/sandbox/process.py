"""A process that answers, and the pipe to it, as the parent holds them."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import threading
from typing import BinaryIO, cast

from whygrad.sandbox import launch
from whygrad.sandbox.frames import TOKEN, WireError, read_frame, write_frame

TO_END = 5.0
"""Seconds that a killed process can take to be gone."""
TO_END_BY_ITSELF = 0.5
"""Seconds for a process that has closed its pipe."""


class Channel:
    """The pipe to a process that answers: each exchange waits for it."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO) -> None:
        self._pipe = questions, answers
        self._thread: threading.Thread | None = None
        self._questions: queue.SimpleQueue[tuple[bytes, bytes] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[bytes, bytes] | WireError | None] = queue.SimpleQueue()

    def send(self, content: bytes) -> bytes:
        """Begin an exchange without waiting; the token it goes by. Never hangs: a thread waits for the child."""
        token = secrets.token_bytes(TOKEN)
        self._questions.put((token, content))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, daemon=True)
            self._thread.start()
        return token

    def receive(self, token: bytes, seconds: float) -> bytes | None:
        """The answer to what was sent with ``token``; None where the child ended.

        Raises:
            TimeoutError: There was none within ``seconds``.
            WireError: What came is no answer to it.
        """
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(answer, WireError):
            raise answer
        if answer is None:
            return None
        if not secrets.compare_digest(answer[0], token):
            raise WireError("answers another question")
        return answer[1]

    def _serve(self) -> None:
        while (question := self._questions.get()) is not None:
            self._answers.put(self._exchange(*question))

    def _exchange(self, token: bytes, content: bytes) -> tuple[bytes, bytes] | WireError | None:
        questions, answers = self._pipe
        try:
            write_frame(questions, token, content)
            return read_frame(answers)
        except WireError as error:
            return error
        except (OSError, ValueError):  # the process is gone, or we closed the pipe
            return None

    def close(self) -> None:
        """Close the pipe to a process that has ended."""
        self._questions.put(None)
        if self._thread is not None:
            self._thread.join(TO_END)  # the pipe ends with the last process that holds it
            if self._thread.is_alive():  # only without a seccomp filter: a process that got away; closing would wait for it
                return
        for stream in self._pipe:
            with contextlib.suppress(OSError):
                stream.close()


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
