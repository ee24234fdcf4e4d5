"""The pipe to a process that answers where nothing but a thread can wait for it: on Windows."""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading
from typing import TYPE_CHECKING

from whygrad.sandbox.channel import TO_END
from whygrad.sandbox.frames import TOKEN, WireError, read_frame, write_frame

if TYPE_CHECKING:
    from typing import BinaryIO


class Channel:
    """As ``channel.Channel``."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO) -> None:
        self._pipe = questions, answers
        self._thread: threading.Thread | None = None
        self._questions: queue.SimpleQueue[tuple[bytes, bytes] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[bytes, bytes] | WireError | None] = queue.SimpleQueue()

    def send(self, content: bytes) -> bytes:
        """Begin an exchange: a thread waits for the child."""
        token = secrets.token_bytes(TOKEN)
        self._questions.put((token, content))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, daemon=True)
            self._thread.start()
        return token

    def receive(self, token: bytes, seconds: float) -> bytes | None:
        """The answer."""
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
