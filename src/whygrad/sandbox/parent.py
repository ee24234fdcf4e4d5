"""The parent's side: starts the child, asks it, waits no longer than allowed, and believes nothing that comes back but its form."""

from __future__ import annotations

import json
import math
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from whygrad.errors import SandboxError
from whygrad.sandbox import launch
from whygrad.sandbox.allowance import SESSION, Allowance
from whygrad.sandbox.frames import WireError
from whygrad.sandbox.process import Child
from whygrad.sandbox.requests import Reply
from whygrad.sandbox.server import SHARED, Forked

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from types import TracebackType

    from whygrad.sandbox import wire
    from whygrad.sandbox.requests import Piece, Request
    from whygrad.sandbox.server import ForkServer

_TO_START = 60.0
"""Seconds that Python and NumPy can take to load; none of somebody's code runs in them."""
_MOST_STARTS = 12
"""How often a child is started; it is lost when the code never ends, or ends the process."""


class Sandbox:
    """Runs somebody's pieces of code in a child process that can do no harm; used in a ``with`` statement.

    Starting does not wait for the child: it loads while the parent does other things. One that a server makes is there in milliseconds,
    and is made at the first request. A request that finds no child any more gets a new
    one; where the pieces themselves never end, or end the process, all requests get that answer.

    Args:
        pieces: The code.
        parts: Names and texts of the programs that stand in for what is not the learner's.
        seconds: The longest that a request can take, less after one that did not end; all together can take three times as long.
        memory: The most that the child can use, in bytes, with Python and NumPy (about 100 MB).
        unsafe: Go on where nothing but limits holds.
        server: Makes the processes; without one each is started from nothing.
        tame: The pieces can do nothing but compute, so that their process may have run others of that kind, and may run more.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        parts: Mapping[str, str],
        seconds: float = 10.0,
        memory: int = 1 << 30,
        *,
        unsafe: bool = False,
        server: ForkServer | None = None,
        tame: bool = False,
    ) -> None:
        self._program = tuple(pieces), dict(parts)
        self._time, self._unsafe = Allowance(seconds), unsafe
        limits = {"memory": memory, "seconds": math.ceil(self._time.left) + 5, "readable": launch.readable()}
        self._limits = json.dumps(limits).encode()
        self._server, self._tame = server, tame
        self._wrapper = launch.bubblewrap()
        self._starts = 0
        self._child: Child | Forked | None = None
        self._hello = b""
        self._tier = ""
        self._hopeless: Reply | None = None
        self._spoiled = False

    def __enter__(self) -> Self:
        if self._server is None:
            self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None and self._tame and isinstance(self._child, Forked) and not self._spoiled:
            self._server.keep(self._child)
            self._child = None
        self._lose()

    @property
    def started(self) -> bool:
        """Whether any process was needed."""
        return self._starts > 0

    @property
    def tier(self) -> str:
        """What keeps the code from doing harm, as "bubblewrap + landlock 7 + seccomp + limits" or "limits only".

        On Windows a process cannot be given limits, so there it is "a limit of time only".

        Raises:
            SandboxError: Nothing but limits holds and ``unsafe`` was not said, or the child does not start.
        """
        if not self._tier:
            self._ready()
        return self._tier

    def run(self, request: Request) -> Reply:
        """Ask the child; see ``Reply`` for what can come of it.

        Raises:
            SandboxError: As for ``tier``.
            WireError: The request's own values are too large.
        """
        from whygrad.sandbox import wire  # noqa: PLC0415 - NumPy: the child is started before it is loaded

        content, given = wire.encode_request(request)
        if self._hopeless is not None:
            return self._hopeless
        child = self._ready()
        if not child.built:
            built = self._ask(child, wire.encode_program(*self._program))
            if built.status == "died" and isinstance(child, Forked) and child.programs:  # it was gone before this program came
                child = self._ready()
                built = self._ask(child, wire.encode_program(*self._program))
            if built.status != "returned":
                self._hopeless = built
                self._lose()
                return built
            child.built = True
        return self._ask(child, content, given, request)

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Sandbox]:
        """The same with another program in the meantime, such as this one with a line mended."""
        program, hopeless = self._program, self._hopeless
        self._hold(tuple(pieces), program[1])
        try:
            yield self
        finally:
            self._hold(*program)
            self._hopeless = hopeless if self._time.left else self._hopeless

    def _hold(self, pieces: tuple[Piece, ...], parts: dict[str, str]) -> None:
        self._program = pieces, parts
        if self._child is not None:
            self._child.built = False

    def _ask(self, child: Child | Forked, content: bytes, given: wire.Given = (), request: Request | None = None) -> Reply:
        from whygrad.sandbox import fits, wire  # noqa: PLC0415 - as above

        part = 1 if request is None else request.part
        began = time.monotonic()
        try:
            answer = child.receive(child.send(content), self._time.of(part))
            took = time.monotonic() - began
            self._time.spend(took)
            if isinstance(child, Forked):
                child.used += took
            if answer is not None:
                reply = wire.decode_reply(answer, given)
                if request is not None:
                    fits.check(reply, request, *self._program)
                self._spoiled |= reply.raised is not None and reply.raised.type == "MemoryError"
                return reply
            reply = Reply("died", problem=_how_it_ended(child.how_it_ended()))
        except TimeoutError:
            self._time.exceed(part)
            reply = self._too_long()
        except WireError as error:
            reply = Reply(
                "died", problem=f"The code wrote something of its own into the answers, so its process was ended: what came back {error}."
            )
        self._lose()
        if self._starts >= _MOST_STARTS or not self._time.left:
            self._hopeless = reply = replace(reply, last=not self._time.left)
        return reply

    def _too_long(self) -> Reply:
        """The same words whenever time is up: the times that the user knows, not what is left of them."""
        one, together = f"{self._time.seconds:g} seconds for one call", f"{SESSION * self._time.seconds:g} seconds for all"
        return Reply(
            "timeout",
            problem=f"The code did not come to an end and was stopped: it has {one}, less with a loop that may have no end "
            f"and after a call that did not end, and {together}.",
        )

    def _start(self) -> Child | Forked:
        self._starts += 1
        kept = self._server.kept(self._limits) if self._server is not None and self._tame else None
        if kept is not None:
            self._child, self._tier = kept, kept.tier
            return kept
        if self._server is None:
            self._child = Child(self._wrapper)
        else:
            self._child = self._server.child(SHARED) if self._tame else self._server.child()
            self._child.limits, self._wrapper = self._limits, self._server.wrapper
        self._hello = self._child.send(self._limits)
        return self._child

    def _lose(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ready(self) -> Child | Forked:
        """A child that has given up what it can, and waits for the program or for requests."""
        child = self._child or self._start()
        if not self._hello:
            return child
        held = self._first_answer(child)
        if self._server is not None and not (held and held["seccomp"]):  # then a child could get at the server, and so at the next ones
            self._server, self._wrapper = None, launch.bubblewrap()
            self._lose()
            return self._ready()
        if held is None and self._wrapper is not None:  # it may be installed and not be allowed what it needs
            self._wrapper = None
            self._lose()
            return self._ready()
        if held is None:
            self._lose()
            raise SandboxError("The process that should run the code did not start.")
        if not self._unsafe and self._wrapper is None and not held["seccomp"]:
            self._lose()
            raise SandboxError(
                "The code was not run: nothing on this machine keeps it from doing harm (no bubblewrap, no seccomp). "
                "If you trust it as you trust a program that you start yourself, say --unsafe."
            )
        layers = [f"landlock {held['landlock']}"] * bool(held["landlock"]) + ["seccomp"] * bool(held["seccomp"])
        if self._wrapper is not None:
            layers.insert(0, "bubblewrap")
        limits = "a limit of time" if sys.platform == "win32" else "limits"  # Windows has none of a process's own
        self._tier = " + ".join([*layers, limits]) if layers else f"{limits} only"
        self._hello = b""
        if isinstance(child, Forked):
            child.tier = self._tier
        return child

    def _first_answer(self, child: Child | Forked) -> dict[str, int] | None:
        try:
            answer = child.receive(self._hello, _TO_START)
        except (TimeoutError, WireError):
            return None
        return None if answer is None else json.loads(answer)


def _how_it_ended(code: int) -> str:
    number = -code if code < 0 else code - 128
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"The code ended the Python process that ran it (exit code {code})."
    return f"The Python process that ran the code was ended by {name}: a crash, too deep a recursion, or a limit."
