"""Live functions are stopped when their time is up, and nothing around them is."""

from __future__ import annotations

import random
import signal
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.from_code.reference.parts import PARTS
from whygrad.sandbox.alarm import InTime
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.sandbox.requests import Reply

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such signals")
STUBBORN = """
def f(x):
    number = 0
    while True:
        try:
            number += 1
        except BaseException:
            number = 0
            while True:
                number -= 1
"""


def run(text: str, seconds: float, times: int = 1, space: dict[str, Any] | None = None) -> list[Reply]:
    """What comes of calls of a function ``f`` of this text."""
    names: dict[str, Any] = {"np": np} if space is None else space
    exec(compile(text, "<a cell>", "exec"), names)  # noqa: S102 - the test's own
    runner = InTime(Harness.live({"f": names["f"]}, {**PARTS, "f": "def f(x):\n    return x"}), seconds)
    return [runner.run(Request("f", (1,), frozenset({"f"}))) for _ in range(times)]


def test_what_ends_is_not_disturbed() -> None:
    """An answer in time, and no signal waits any more."""
    (reply,) = run("def f(x):\n    return x + 1", 5.0)
    assert (reply.status, reply.value) == ("returned", 2)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


@pytest.mark.parametrize("text", ["def f(x):\n    while True: pass", STUBBORN, "import time\ndef f(x):\n    time.sleep(60)"])
def test_what_does_not_end_is_stopped(text: str) -> None:
    """Even if it catches everything once; in all three times as long as one has, then nothing is run."""
    state, numbers = random.getstate(), np.random.get_state(legacy=False)["state"]["pos"]  # noqa: NPY002
    replies = run(text, 0.3, 40)
    assert {reply.status for reply in replies} == {"timeout"}
    assert [reply.last for reply in (replies[0], replies[-1])] == [False, True]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert random.getstate() == state
    assert np.random.get_state(legacy=False)["state"]["pos"] == numbers  # noqa: NPY002


def test_elsewhere_nothing_rings() -> None:
    """In another thread no signal arrives, and where somebody waits for one it is left to them."""
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.extend(run("def f(x):\n    return x", 5.0)))
    thread.start()
    thread.join()
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 50)
    try:
        replies += run("def f(x):\n    return x", 5.0)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 40
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert [reply.status for reply in replies] == ["returned", "returned"]


def _values() -> dict[str, Callable[[], Any]]:
    return {
        "a list": lambda: [1],
        "an array": lambda: np.zeros(2),
        "a dictionary of lists": lambda: {"a": [1]},
        "a generator": lambda: np.random.default_rng(3),
    }


CHANGES = {"a list": "it.append(2)", "an array": "it[0] += 1", "a dictionary of lists": "it['a'].append(2)", "a generator": "it.random()"}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_function_reads_is_left_as_it_was(kind: str) -> None:
    """Each run has a copy, in which two names of one thing are one; new names are taken out again, and old ones hold what they held."""
    made = _values()[kind]()
    space: dict[str, Any] = {"np": np, "it": made, "same": made, "count": 1}
    body = f"def f(x):\n    global count, new\n    count, new = count + 1, 3\n    {CHANGES[kind]}\n    return it is same, count"
    replies = run(body, 5.0, 2, space)
    assert [reply.value for reply in replies] == [(True, 2), (True, 2)]
    assert space["it"] is space["same"] is made
    assert (space["count"], "new" in space) == (1, False)
    fresh = _values()[kind]()
    if kind == "a generator":
        assert made.random() == fresh.random()
    else:
        assert str(made) == str(fresh)


def test_what_is_large_is_not_copied() -> None:
    """Nor is what cannot be: the function gets the thing itself."""
    space: dict[str, Any] = {"large": [0] * 20_000, "odd": [threading.Lock()]}
    (reply,) = run(f"def f(x):\n    return id(large) == {id(space['large'])}, id(odd) == {id(space['odd'])}", 5.0, 1, space)
    assert reply.value == (True, True)
