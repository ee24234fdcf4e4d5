"""The fork server as the parent holds it: makes a process for each program in milliseconds, where starting one takes half a second.

See ``forking`` for why this is as safe as a process that is started from nothing. Programs that can do nothing but compute
(``from_code.tame``) leave nothing behind in their process, so it is ``kept`` for the next one of them, which saves its making.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from whygrad.errors import SandboxError
from whygrad.sandbox import launch
from whygrad.sandbox.process import TO_END, TO_END_BY_ITSELF, Channel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_TO_START = 60.0
"""Seconds that Python and NumPy can take to load."""
READY, FORK, WAIT, KILL = b"r", b"f", b"w", b"k"
ENDED = struct.Struct("<i")
"""An exit code, negative for a signal."""
SIZE = struct.Struct("<I")
ALONE, SHARED = b"a", b"s"
"""The two processes that there can be at a time: one for a program alone, and one for programs that leave nothing behind."""
_PROGRAMS, _SECONDS = 100, 5.0
"""A process is kept for so many programs, and for so long in use: what the next one may take of its limits stays nearly the same."""


class ForkServer:
    """Makes processes, each for one program, but for the one that may be ``kept``; used in a ``with`` statement.

    It is started at the first one.

    Linux only: see ``works_here``. ``parts`` are those of all programs, which it compiles once for all.
    """

    def __init__(self, parts: Mapping[str, str] = MappingProxyType({})) -> None:
        self._parts = json.dumps(dict(parts)).encode()
        self.wrapper = launch.bubblewrap()
        """The path of ``bwrap``; None where it is not there, or turned out not to work."""
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._kept: Forked | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def child(self, which: bytes = ALONE) -> Forked:
        """A new process; the one before of the same kind is ended if it is still there.

        Raises:
            SandboxError: The server does not start.
        """
        for _ in range(2):  # a server that is lost is started once more
            control = self._control or self._start()
            questions, answers = os.pipe(), os.pipe()
            try:
                socket.send_fds(control, [FORK + which], [questions[0], answers[1]])
                forked = control.recv(1) == FORK
            except OSError:
                forked = False
            os.close(questions[0])
            os.close(answers[1])
            if forked:
                return Forked(self, which, questions[1], answers[0])
            os.close(questions[1])
            os.close(answers[0])
            self.close()
        raise SandboxError("The process that should run the code did not start.")

    def kept(self, limits: bytes) -> Forked | None:
        """The process that was kept, with these limits; None where there is none. Whoever takes it keeps it again, or ends it."""
        child, self._kept = self._kept, None
        if child is not None and child.limits != limits:
            child.end()
            return None
        return child

    def keep(self, child: Forked) -> None:
        """Keep a process in which everything went well for the next program that leaves nothing behind."""
        child.programs += 1
        if child.programs < _PROGRAMS and child.used < _SECONDS:
            child.built, self._kept = False, child
        else:
            child.end()

    def end(self, which: bytes, *, at_once: bool) -> int:
        """End the child, or first wait a moment for it; its exit code, negative for a signal and 0 where it had to be ended."""
        if self._control is None:
            return 0
        try:
            self._control.sendall((KILL if at_once else WAIT) + which)
            code = self._control.recv(ENDED.size, socket.MSG_WAITALL)
        except OSError:
            code = b""
        if len(code) < ENDED.size:
            self.close()
            return 0
        return int(ENDED.unpack(code)[0])

    def close(self) -> None:
        """End the server, and with it its children."""
        kept, self._kept = self._kept, None
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(TO_END)
            self._process = None
        if kept is not None:
            kept.end()

    def _start(self) -> socket.socket:
        self._control, its = control, _ = socket.socketpair()
        control.settimeout(_TO_START)
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            launch.command(self.wrapper, server=True),
            stdin=its.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=launch.environment(),
            cwd="/",
            start_new_session=True,
        )
        its.close()
        try:
            control.sendall(SIZE.pack(len(self._parts)) + self._parts)
            ready = control.recv(1) == READY
        except OSError:
            ready = False
        if not ready:
            self.close()
            if self.wrapper is None:
                raise SandboxError("The process that should run the code did not start.")
            self.wrapper = None  # it may be installed and not be allowed what it needs
            return self._start()
        control.settimeout(TO_END + TO_END_BY_ITSELF)
        return control


class Forked(Channel):
    """A process made by a server; see ``process.Child``.

    ``programs`` is how many it has run, ``used`` the seconds that they took, ``limits`` what it was told first, ``tier`` what holds.
    """

    def __init__(self, server: ForkServer, which: bytes, questions: int, answers: int) -> None:
        super().__init__(os.fdopen(questions, "wb"), os.fdopen(answers, "rb"))
        self.built = False
        """Whether the program was taken."""
        self.programs, self.used = 0, 0.0
        self.limits, self.tier = b"", ""
        self._server, self._which = server, which
        self._code: int | None = None

    def how_it_ended(self) -> int:
        """The exit code of a child whose pipe has ended, negative for a signal; it may have closed the pipe only, then it is ended here."""
        if self._code is None:
            self._code = self._server.end(self._which, at_once=False)
        return self._code

    def end(self) -> None:
        """End the child."""
        if self._code is None:
            self._code = self._server.end(self._which, at_once=True)
        self.close()


def works_here() -> bool:
    """Whether a process can be forked and its descriptors handed over, which has been tried on Linux only."""
    return sys.platform.startswith("linux")
