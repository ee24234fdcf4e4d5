"""The fork server's side: a process that has loaded NumPy and the harness, has seen none of anybody's code, and never does.

Each program gets a process that is forked from it, unless it can do nothing but compute: those share one. It first closes the way back to
the server, then gives up what ``child.serve`` gives up, and only then is handed somebody's code: it knows what a fresh process would know.
A system call filter then keeps it from reaching the server, so nothing that it does is there for the next one.

Control is a socket at standard input. Two bytes come, what to do and for which child, ALONE or SHARED: FORK with the two ends of a pipe;
WAIT and KILL are answered by how the process ended.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import time
from importlib import import_module

import numpy as np

from whygrad.sandbox import child, jail, wire
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.process import TO_END_BY_ITSELF
from whygrad.sandbox.requests import Piece, Request
from whygrad.sandbox.server import ENDED, FORK, READY, SIZE, WAIT

_LOOK_EVERY = 0.005
_COLLECT_AFTER = 20_000
"""Objects after which rings of them are looked for in a child: few are left behind in the fraction of a second that it lives."""


def main() -> None:
    """Serve until the other side closes the socket."""
    jail.die_with_the_parent()
    control = socket.socket(fileno=os.dup(0))
    child.forget_the_standard_streams()
    size = SIZE.unpack(control.recv(SIZE.size, socket.MSG_WAITALL))[0]
    _load_all(json.loads(control.recv(size, socket.MSG_WAITALL)))
    gc.collect()
    gc.freeze()  # what is never collected is not copied for each child
    gc.set_threshold(_COLLECT_AFTER)
    control.sendall(READY)
    living: dict[bytes, int] = {}
    while True:
        message, ends, _, _ = socket.recv_fds(control, 2, 2)
        if not message:
            for process in living.values():
                _end(process)
            return
        asked, which = message[:1], message[1:]
        process = living.pop(which, 0)
        if asked == FORK:
            _end(process)
            living[which] = os.fork()
            if not living[which]:
                _be_a_child(control, *ends)
            for end in ends:
                os.close(end)
            control.sendall(FORK)
        else:
            control.sendall(ENDED.pack(_end(process, TO_END_BY_ITSELF if asked == WAIT else 0.0)))


def _load_all(parts: dict[str, str]) -> None:
    """Have everything there that is loaded or compiled at first use: run a program of our own, traced and not."""
    for layer in ("landlock", "seccomp"):
        import_module(f"whygrad.sandbox.{layer}")
    program = [Piece("first", 1, "def first(x):\n    y = x * np.random.randn()\n    return y\n", ("first",))]
    harness = Harness(program, parts | {"first": "def first(x): return x"})
    for trace in (False, True):
        wire.encode_reply(harness.run(Request("first", (np.ones(2),), frozenset({"first"}), frozenset({"first"}), trace=trace)))


def _be_a_child(control: socket.socket, questions: int, answers: int) -> None:
    """Become the process of one program; never comes back."""
    code = 1
    try:
        control.close()
        child.serve(os.fdopen(questions, "rb"), os.fdopen(answers, "wb"))
        code = 0
    finally:
        os._exit(code)


def _end(living: int, seconds: float = 0.0) -> int:
    """End the child if it does not end by itself within so many seconds; its exit code, 0 where it had to be ended."""
    if not living:
        return 0
    until = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(living, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            os.kill(living, signal.SIGKILL)
            os.waitpid(living, 0)
            return 0
        time.sleep(_LOOK_EVERY)
