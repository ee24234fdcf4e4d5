"""The child's side: gives up what it does not need, then runs somebody's code as it is asked to.

Started by ``parent.py``. Standard input and output are the pipe; they are moved to other descriptors at once, so that what the code
prints cannot get into it by accident. (On purpose it can: the parent believes nothing that it reads.)
"""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from whygrad.sandbox import jail
from whygrad.sandbox.frames import WireError, read_frame, write_frame
from whygrad.sandbox.requests import Raised, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_PRINTED = 50_000


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._left = _MOST_PRINTED

    def write(self, text: str, /) -> int:
        if self._left > 0:
            self._parts.append(text[: self._left])
            self._left -= len(text)
        return len(text)

    def take(self) -> str:
        text = "".join(self._parts)
        self._parts, self._left = [], _MOST_PRINTED
        return text


class _Nobody(io.TextIOBase):
    """Standard input, at which nobody types: to read from it fails, as ``input`` does at the end of a file."""

    def read(self, size: int | None = -1, /) -> str:
        del size
        raise EOFError("nobody types here")

    def readline(self, size: int = -1, /) -> str:  # pyright: ignore[reportIncompatibleMethodOverride] - io's own stub has two forms
        return self.read(size)


def main() -> None:
    """The process that ``process.Child`` starts."""
    serve(*move_the_pipe())


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the parent closes the pipe: first who one is, then a program, then requests, until another program comes."""
    first = read_frame(questions)
    if first is None:
        return
    token, content = first
    asked: dict[str, Any] = json.loads(content)
    landlock = jail.limit(asked["memory"], asked["seconds"], asked["readable"])

    from whygrad.sandbox import wire  # noqa: PLC0415 - NumPy: under the limits
    from whygrad.sandbox.harness import Harness  # noqa: PLC0415
    from whygrad.sandbox.source_lines import keep_lines  # noqa: PLC0415

    held = {"landlock": landlock, "seccomp": jail.close()}
    write_frame(answers, token, json.dumps(held).encode())
    sys.stdout = sys.stderr = printed = _Printed()
    sys.stdin = _Nobody()

    harness: Harness | None = None

    def build() -> Reply:
        nonlocal harness
        harness = None
        jail.tidy()
        pieces, parts = wire.decode_program(content)
        keep_lines(pieces)
        harness = Harness(pieces, parts, alone=True)
        return Reply("returned")

    while (question := read_frame(questions)) is not None:
        token, content = question
        if content.startswith(wire.PROGRAM):
            _answer(answers, token, build, printed, wire.encode_reply)
        elif harness is not None:
            request, given = wire.decode_request(content)
            _answer(answers, token, partial(harness.run, request), printed, partial(wire.encode_reply, given=given))


def move_the_pipe() -> tuple[BinaryIO, BinaryIO]:
    """The pipe that is standard input and output, on other descriptors."""
    pipe = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    forget_the_standard_streams()
    return pipe


def forget_the_standard_streams() -> None:
    """Let standard input, output and error lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _answer(answers: BinaryIO, token: bytes, run: Callable[[], Reply], printed: _Printed, encode: Callable[[Reply], bytes]) -> None:
    """Write what comes of ``run``, whatever comes."""
    try:
        reply = run()
    except BaseException as error:  # noqa: BLE001 - somebody's code can raise anything
        reply = Reply("raised", raised=Raised(type(error).__name__, _text(error)))
    sys.settrace(None)
    output = printed.take()
    try:
        content = encode(reply if reply.output else replace(reply, output=output))
    except (WireError, MemoryError, RecursionError) as error:
        content = encode(Reply("too-large", problem=f"What the code returned {error or 'is too large'}."))
    write_frame(answers, token, content)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - its text is somebody's code too
        return ""
