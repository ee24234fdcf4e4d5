"""What the fork server promises: every program finds a process as if it were the first, and none can reach the server or the next one."""

from __future__ import annotations

import os
import select
import signal
import stat
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.errors import SandboxError
from whygrad.sandbox import launch, wire
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.process import TO_END
from whygrad.sandbox.requests import Piece, Reply, Request
from whygrad.sandbox.server import ForkServer

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

NAME = "rnn_cell_forward"
PARTS = {NAME: f"def {NAME}(xt, a_prev, parameters):\n    return xt\n"}
REQUEST = Request(NAME, (np.arange(6.0).reshape(2, 3), np.ones(2), {}), frozenset({NAME}))


@pytest.fixture(scope="module")
def server() -> Generator[ForkServer]:
    """One server for all tests, as for all submissions."""
    with ForkServer() as made:
        yield made


def answer(server: ForkServer, body: str, before: str = "", seconds: float = 10.0) -> Reply:
    """What a function with this body gives."""
    lines = "\n".join("    " + line for line in body.splitlines())
    code = f"import os, sys\nimport numpy as np\n{before}\ndef {NAME}(xt, a_prev, parameters):\n{lines}\n"
    with Sandbox([Piece("submission.py", 1, code, (NAME,))], PARTS, seconds, server=server) as sandbox:
        return sandbox.run(REQUEST)


def test_the_answer_is_the_harness_s(server: ForkServer, exact_parts: dict[str, str], forward: tuple[Any, ...]) -> None:
    """A forked process answers to the bit what the harness answers in this very process, traced or not."""
    program = [Piece("submission.py", 1, text) for text in (exact_parts["lstm_cell_forward"], exact_parts["lstm_forward"])]
    own, watched = frozenset({"lstm_forward"}), frozenset({"lstm_cell_forward"})
    harness = Harness(program, exact_parts)
    with Sandbox(program, exact_parts, server=server) as sandbox:
        for trace in (False, True):
            request = Request("lstm_forward", forward, own, watched, trace=trace, seed=5)
            assert wire.encode_reply(sandbox.run(request)) == wire.encode_reply(harness.run(request))


def test_nothing_is_left_for_the_next_program(server: ForkServer) -> None:
    """What one program does to NumPy, to modules and to the interpreter is gone in the next one's process."""
    mark = "import numpy as real, builtins\nreal.mark = sys.mark = builtins.mark = os.environ['MARK'] = 'mine'\n"
    look = "import builtins\nreturn [hasattr(place, 'mark') for place in (np, sys, builtins)] + ['MARK' in os.environ]"
    assert answer(server, f"sys.modules['numpy'].mark = 1\n{mark}{look}").value == [True] * 4
    assert answer(server, look).value == [False] * 4


def test_only_the_pipe_is_open(server: ForkServer) -> None:
    """Of the server's descriptors a program finds the standard ones, which lead nowhere, and its own pipe: not the server's socket.

    New versions of libffi keep their own file open, to read from.
    """
    look = """
found = []
for number in range(64):
    try: kind = stat.S_IFMT(os.fstat(number).st_mode)
    except OSError: continue
    try: can_write = os.write(number, b"") == 0
    except OSError: can_write = False
    if can_write or kind != stat.S_IFREG: found.append(kind)
return found"""
    assert answer(server, look, "import stat").value == [stat.S_IFCHR] * 3 + [stat.S_IFIFO] * 2


def test_how_it_ended_is_said(server: ForkServer) -> None:
    """Exit codes, signals, and code that does not end."""
    assert "(exit code 7)" in answer(server, "os._exit(7)").problem
    assert "SIGSEGV" in answer(server, "__import__('ctypes').string_at(0)").problem
    assert answer(server, "while True: pass", seconds=0.5).status == "timeout"
    assert answer(server, "return 1").value == 1


def test_a_server_that_is_lost_is_started_again(server: ForkServer) -> None:
    """Somebody ends the server's process: the next program finds a new one."""
    assert answer(server, "return 1").value == 1
    process = server._process  # noqa: SLF001 - nothing else knows it
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert answer(server, "return 2").value == 2


def test_bubblewrap_that_does_not_work_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``bwrap`` may not do what it should, the other layers hold, and the tier says so."""
    monkeypatch.setattr(launch, "bubblewrap", lambda: "/bin/false")
    with ForkServer() as broken, Sandbox([Piece("a.py", 1, PARTS[NAME])], PARTS, server=broken) as sandbox:
        assert sandbox.run(REQUEST).status == "returned"
        assert "bubblewrap" not in sandbox.tier
        assert "seccomp" in sandbox.tier


def test_without_a_filter_each_program_gets_a_fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that is kept by no filter could reach the server: it never sees a program, and a fresh process is started in its place."""
    naked = "import whygrad.sandbox.jail as j; j.close = lambda: False; "
    before, after = launch.SERVE.split("from whygrad", 1)
    monkeypatch.setattr(launch, "SERVE", f"{before}{naked}from whygrad{after}")
    made: list[int] = []
    child = ForkServer.child
    monkeypatch.setattr(ForkServer, "child", lambda self: made.append(1) or child(self))
    with ForkServer() as weak, Sandbox([Piece("a.py", 1, PARTS[NAME])], PARTS, server=weak) as sandbox:
        assert sandbox.run(REQUEST).status == "returned"
        assert "seccomp" in sandbox.tier
        assert sandbox.run(REQUEST).status == "returned"
    assert made == [1]


def test_a_server_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python itself does not start, one sentence says so."""
    monkeypatch.setattr(launch, "command", lambda *_, **__: [sys.executable, "-c", "pass"])
    with ForkServer() as dead, pytest.raises(SandboxError, match="did not start"):
        dead.child()


INTO_THE_ANSWERS = """for number in range(3, 64):
        try: os.write(number, b'x' * 100)
        except OSError: pass
    return 1"""


def tame_answer(server: ForkServer, body: str, memory: int = 1 << 30) -> Reply:
    """The same for a program that is said to do nothing but compute."""
    code = f"import os\nimport numpy as np\ndef {NAME}(xt, a_prev, parameters):\n    {body}\n"
    with Sandbox([Piece("submission.py", 1, code, (NAME,))], PARTS, memory=memory, server=server, tame=True) as sandbox:
        return sandbox.run(REQUEST)


def test_programs_that_only_compute_share_a_process(server: ForkServer) -> None:
    """They do, one after another; another program gets its own beside it, and with other limits it is another one."""
    first = tame_answer(server, "return os.getpid()").value
    assert answer(server, "return os.getpid()").value != first
    assert tame_answer(server, "return os.getpid()").value == first
    assert tame_answer(server, "return xt + 1").value.tolist() == (REQUEST.arguments[0] + 1).tolist()
    assert tame_answer(server, "return os.getpid()", memory=1 << 29).value != first


def test_the_tier_of_a_shared_process_is_told(server: ForkServer) -> None:
    """A sandbox that begins no process knows what holds in the one that it takes over."""
    tiers: list[str] = []
    for _ in range(2):
        with Sandbox([Piece("a.py", 1, PARTS[NAME])], PARTS, server=server, tame=True) as sandbox:
            assert sandbox.run(REQUEST).status == "returned"
            tiers.append(sandbox.tier)
    assert tiers[0] == tiers[1]
    assert "seccomp" in tiers[0]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("raise MemoryError", id="took all memory"),
        pytest.param("os._exit(1)", id="ended it"),
        pytest.param(INTO_THE_ANSWERS, id="wrote into the answers"),
    ],
)
def test_a_process_in_which_something_went_wrong_is_not_shared(server: ForkServer, body: str) -> None:
    """The next program gets a new one."""
    first = tame_answer(server, "return os.getpid()").value
    tame_answer(server, body)
    later = tame_answer(server, "return os.getpid()")
    assert later.status == "returned"
    assert later.value != first


def test_a_shared_process_is_replaced_in_time(server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many programs, or so many seconds in use."""
    monkeypatch.setattr("whygrad.sandbox.server._PROGRAMS", 3)
    tame_answer(server, "raise MemoryError")
    found = [tame_answer(server, "return os.getpid()").value for _ in range(6)]
    assert (len(set(found)), len(set(found[:3])), len(set(found[3:]))) == (2, 1, 1)
    monkeypatch.setattr("whygrad.sandbox.server._SECONDS", 0.0)
    assert tame_answer(server, "return os.getpid()").value != tame_answer(server, "return os.getpid()").value


def test_a_shared_process_that_is_gone_costs_nobody_an_answer(server: ForkServer) -> None:
    """Somebody ends it while it waits: the next program gets a new one."""
    assert tame_answer(server, "return 1").value == 1
    process, kept = server._process, server._kept  # noqa: SLF001 - nothing else knows it
    assert process is not None
    assert kept is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    gone, _, _ = select.select([kept._pipe[1]], [], [], TO_END)  # noqa: SLF001 - the same: its pipe ends when it does
    assert gone
    assert tame_answer(server, "return 2").value == 2


def test_a_server_ends_all_its_processes() -> None:
    """Also the one that waits for the next program."""
    with ForkServer() as made:
        tame_answer(made, "return 1")
        kept = made._kept  # noqa: SLF001 - nothing else knows it
    assert kept is not None
    assert made._process is None  # noqa: SLF001 - the same
    assert tame_answer(made, "return 2").value == 2
    made.close()
