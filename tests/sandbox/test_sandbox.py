"""What the sandbox promises its user: tiers, refusals, time, restarts, and answers that are the harness's own."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.errors import SandboxError
from whygrad.sandbox import launch, parent, wire
from whygrad.sandbox.alarm import InTime
from whygrad.sandbox.allowance import Allowance
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.process import Child
from whygrad.sandbox.requests import Piece, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can close a child in")

NAME = "rnn_cell_forward"
PARTS = {NAME: f"def {NAME}(xt, a_prev, parameters):\n    return xt\n"}
REQUEST = Request(NAME, (np.arange(6.0).reshape(2, 3), np.ones(2), {}), frozenset({NAME}))
GOOD = f"""
import numpy as np
def {NAME}(xt, a_prev, parameters):
    print("hello", file=__import__("sys").stderr)
    xt *= 2
    return np.dot(xt.T, a_prev), (xt, np.float32(1.5), float("nan")), {{"W": [1, None]}}
"""
ONCE = f"""
import os
def {NAME}(xt, a_prev, parameters):
    if parameters.get("end"):
        os._exit(3)
    return 1
"""


def pieces(code: str) -> list[Piece]:
    """The program as one piece."""
    return [Piece("submission.py", 1, code, (NAME,))]


def asking(**parameters: bool) -> Request:
    """A request whose last argument says what to do."""
    return Request(NAME, (1, 2, parameters), frozenset({NAME}))


@linux
def test_code_can_read_its_own_source() -> None:
    """A piece's lines are where Python looks for them, at their numbers."""
    code = (
        f"def helper():\n    return 7\nfrom inspect import getsource\ndef {NAME}(x, a, p):\n    return getsource(helper), getsource({NAME})"
    )
    with Sandbox([Piece("submission.py", 30, code, (NAME,))], PARTS) as sandbox:
        helper, itself = sandbox.run(asking()).value
    assert helper == "def helper():\n    return 7\n"
    assert itself.startswith(f"def {NAME}(")


@linux
@pytest.mark.parametrize("other", ["return 2", "return", "os._exit(3)"])
def test_another_program_is_run_in_the_meantime(other: str) -> None:
    """Afterwards the first one is there again, whatever came of the other; in this process it is the same."""
    with Sandbox(pieces(ONCE), PARTS) as sandbox:
        assert sandbox.run(asking()).value == 1
        with sandbox.holding(pieces(ONCE.replace("return 1", other))) as meanwhile:
            assert meanwhile.run(asking()).value == {"return 2": 2}.get(other)
        assert sandbox.run(asking()).value == 1
    harness = InTime(Harness(pieces(ONCE), PARTS))
    with harness.holding(pieces(ONCE.replace("return 1", "return 2"))) as meanwhile:
        assert meanwhile.run(asking()).value == 2
    assert harness.run(asking()).value == 1


@linux
def test_the_answer_is_the_harness_s(exact_parts: dict[str, str], forward: tuple[Any, ...]) -> None:
    """Across the pipe comes to the bit what the harness answers in this very process, traced or not."""
    program = [Piece("submission.py", 1, text) for text in (GOOD, exact_parts["lstm_cell_forward"], exact_parts["lstm_forward"])]
    own, watched = frozenset({"lstm_forward", NAME}), frozenset({"lstm_cell_forward"})
    requests = [REQUEST, *(Request("lstm_forward", forward, own, watched, trace=trace, seed=5) for trace in (False, True))]
    harness = Harness(program, exact_parts)
    with Sandbox(program, exact_parts) as sandbox:
        for request in requests:
            reply = sandbox.run(request)
            assert reply.status == "returned"
            assert wire.encode_reply(reply) == wire.encode_reply(harness.run(request))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The wrappers of all children that are started from here on."""
    made: list[str | None] = []
    start = Child.__init__

    def counted(self: Child, wrapper: str | None) -> None:
        made.append(wrapper)
        start(self, wrapper)

    monkeypatch.setattr(Child, "__init__", counted)
    return made


@linux
def test_a_child_that_was_lost_is_replaced() -> None:
    """After a death the next request is answered by a new child; the death is said in one sentence."""
    with Sandbox(pieces(ONCE), PARTS) as sandbox:
        assert sandbox.run(asking(end=True)) == Reply("died", problem="The code ended the Python process that ran it (exit code 3).")
        assert sandbox.run(asking()).value == 1


@linux
def test_children_are_replaced_a_limited_number_of_times(started: list[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends its process at each call is given up, and then nothing is started any more."""
    monkeypatch.setattr("whygrad.sandbox.parent._MOST_STARTS", 3)
    with Sandbox(pieces(ONCE), PARTS) as sandbox:
        replies = [sandbox.run(asking(end=True)) for _ in range(6)]
        assert {reply.status for reply in replies} == {"died"}
        assert sandbox.run(asking()).status == "died"
    assert len(started) == 3


@linux
def test_requests_that_do_not_end_leave_time_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request that does not end is stopped, later ones sooner, in the same words; one that does end is answered after them."""
    allowed: list[float] = []
    receive = Child.receive

    def noted(self: Child, token: bytes, seconds: float) -> bytes | None:
        allowed.append(seconds)
        return receive(self, token, seconds)

    monkeypatch.setattr(Child, "receive", noted)
    monkeypatch.setattr("whygrad.sandbox.allowance._LEAST", 2)
    code = f"def {NAME}(xt, a_prev, parameters):\n    while parameters: pass\n    return 1\n"
    with Sandbox(pieces(code), PARTS, 2.0) as sandbox:
        replies = [sandbox.run(asking(end=True)) for _ in range(2)]
        says = (
            "The code did not come to an end and was stopped: "
            "it has 2 seconds for one call, less with a loop that may have no end and after a call that did not end, and 6 seconds for all."
        )
        assert replies == [Reply("timeout", problem=says)] * 2
        assert sandbox.run(asking()).value == 1
    assert max(seconds for seconds in allowed[-2:]) == 1.0
    assert 2.0 in allowed


def test_many_that_never_end_take_little_more_time_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five endless functions wait for less than 15 seconds in all; each of them has half a second at least."""
    allowed: list[float] = []

    class Endless:
        built = True

        def __init__(self, wrapper: str | None) -> None:
            del wrapper

        def send(self, content: bytes) -> bytes:
            return content

        def receive(self, token: bytes, seconds: float) -> bytes:
            if token.startswith(b"{"):  # the limits: it has started
                return b'{"landlock": 1, "seccomp": 1}'
            allowed.append(seconds)
            raise TimeoutError

        def end(self) -> None:
            pass

    monkeypatch.setattr("whygrad.sandbox.parent.Child", Endless)
    with Sandbox(pieces(GOOD), PARTS) as sandbox:
        assert {sandbox.run(REQUEST).status for _ in range(5)} == {"timeout"}
    assert allowed[0] == 10
    assert min(allowed) == 0.5
    assert sum(allowed) < 15


@linux
def test_slow_answers_use_up_the_time_of_all() -> None:
    """Requests that each come to an end in time are stopped when together they have taken three times as long as one may."""
    code = f"import threading\ndef {NAME}(xt, a_prev, parameters):\n    threading.Event().wait(0.3)\n    return 1\n"
    with Sandbox(pieces(code), PARTS, 0.6) as sandbox:
        replies = [sandbox.run(REQUEST) for _ in range(8)]
    assert replies[-1].status == "timeout"
    assert replies[-1] == replies[-2]


@linux
def test_when_the_time_is_up_no_other_program_is_started(started: list[str | None]) -> None:
    """A search with hundreds of edits left would wait for as many processes."""
    code = f"import threading\ndef {NAME}(xt, a_prev, parameters):\n    threading.Event().wait(0.2)\n    return 1\n"
    replies: list[Reply] = []
    with Sandbox(pieces(code), PARTS, 0.3) as sandbox:
        for _ in range(9):
            with sandbox.holding(pieces(code)) as other:
                replies.append(other.run(REQUEST))
    assert [reply.last for reply in replies[:3]] == [False] * 3
    assert all(reply.last for reply in replies[-3:])
    assert len(started) <= 2


def test_an_edit_of_a_slow_program_has_the_time_of_a_slow_one() -> None:
    """One of so many parts of the time would be less than a run takes; of a quick program's nothing changes."""
    quick, slow = Allowance(10.0), Allowance(10.0)
    quick.spend(0.1)
    slow.spend(0.7)
    slow.spend(0.1)
    assert (quick.of(20), slow.of(20), slow.of(1)) == (0.5, 1.4, 10.0)


@linux
def test_memory_is_the_caller_s_choice() -> None:
    """With little memory a program fails that runs with more."""
    code = f"def {NAME}(xt, a_prev, parameters):\n    return len(bytearray(300 << 20))\n"
    with Sandbox(pieces(code), PARTS, memory=300 << 20) as small, Sandbox(pieces(code), PARTS) as large:
        raised = small.run(REQUEST).raised
        assert raised is not None
        assert raised.type == "MemoryError"
        assert large.run(REQUEST).value == 300 << 20


@linux
def test_bubblewrap_that_does_not_work_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``bwrap`` is installed but may not do what it should, the other layers hold, and the tier says so."""
    monkeypatch.setattr(launch, "bubblewrap", lambda: "/bin/false")
    with Sandbox(pieces(GOOD), PARTS) as sandbox:
        assert sandbox.run(REQUEST).status == "returned"
        assert "bubblewrap" not in sandbox.tier
        assert "seccomp" in sandbox.tier


def test_without_any_layer_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only limits hold, the user is told how to go on; with ``unsafe`` it goes on, and the tier says what that means."""
    monkeypatch.setattr(launch, "bubblewrap", lambda: None)
    naked = "import whygrad.sandbox.jail as j; import sys; j.close = lambda: False; j.limit = lambda *a: 0; "
    before, after = launch.START.split("from whygrad", 1)
    monkeypatch.setattr(launch, "START", f"{before}{naked}from whygrad{after}")
    with Sandbox(pieces(GOOD), PARTS) as sandbox:
        with pytest.raises(SandboxError, match="nothing on this machine keeps it from doing harm") as caught:
            sandbox.run(REQUEST)
        assert "--unsafe" in str(caught.value)
        with pytest.raises(SandboxError):
            _ = sandbox.tier
    for platform, tier in (("darwin", "limits only"), ("win32", "a limit of time only")):
        monkeypatch.setattr(parent, "sys", SimpleNamespace(platform=platform))
        with Sandbox(pieces(GOOD), PARTS, unsafe=True) as sandbox:
            assert sandbox.run(REQUEST).status == "returned"
            assert sandbox.tier == tier


def test_a_child_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python itself does not start, one sentence says so."""
    monkeypatch.setattr(launch, "command", lambda _: [sys.executable, "-c", "pass"])
    with Sandbox(pieces(GOOD), PARTS) as sandbox, pytest.raises(SandboxError, match="did not start"):
        _ = sandbox.tier


@pytest.fixture
def paths_anew() -> Generator[Callable[[], None]]:
    """Has the child's paths found anew when it is called, and after the test."""

    def forget() -> None:
        launch.installed.cache_clear()
        launch.readable.cache_clear()

    yield forget
    forget()


@linux
def test_the_working_folder_is_not_searched(tmp_path: object, monkeypatch: pytest.MonkeyPatch, paths_anew: Callable[[], None]) -> None:
    """A folder that only this process imports from is neither on the child's path nor readable there."""
    monkeypatch.syspath_prepend(str(tmp_path))
    paths_anew()
    assert str(tmp_path) not in launch.search_path()
    assert not any(str(tmp_path).startswith(path + "/") for path in launch.readable())
    assert "" not in launch.search_path()


@linux
def test_numpy_can_be_read_where_whygrad_is_installed_beside_it(monkeypatch: pytest.MonkeyPatch, paths_anew: Callable[[], None]) -> None:
    """The folder of installed packages is readable though it is whygrad's own; a worker of a class has no prefix that names it."""
    packages = Path(np.__file__).parents[1]
    monkeypatch.setattr(launch, "_PACKAGE", packages / "whygrad")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    paths_anew()
    assert str(packages) in launch.search_path()
    assert str(packages) in launch.readable()


@linux
def test_a_forger_can_only_forge_its_own_answer() -> None:
    """Code that digs the token out of the child's memory answers for itself; the next request finds the child out of step and ends it."""
    code = f"""
def {NAME}(xt, a_prev, parameters):
    import os, sys, io
    frames, wire, requests = (sys.modules["whygrad.sandbox." + module] for module in ("frames", "wire", "requests"))
    frame = sys._getframe()
    while "token" not in frame.f_locals:
        frame = frame.f_back
    frames.write_frame(frame.f_locals["answers"], frame.f_locals["token"], wire.encode_reply(requests.Reply("returned", 42)))
    return 1
"""
    with Sandbox(pieces(code), PARTS) as sandbox:
        assert sandbox.run(REQUEST).value == 42
        second = sandbox.run(REQUEST)
        assert second.status == "died"
        assert second.problem.endswith("what came back answers another question.")


@pytest.mark.parametrize("reads", ["input('go on?')", "sys.stdin.readline()", "sys.stdin.read()", "next(iter(sys.stdin))"])
def test_nobody_types_anything(reads: str) -> None:
    """Whoever reads from standard input is told so, not given an empty text."""
    code = f"import sys\ndef {NAME}(xt, a_prev, parameters):\n    return {reads}\n"
    with Sandbox(pieces(code), PARTS) as sandbox:
        reply = sandbox.run(REQUEST)
    assert reply.raised is not None
    assert reply.raised.type == "EOFError"
