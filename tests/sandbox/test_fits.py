"""Replies that no run of their request can give: what the judge indexes by is checked where it is received."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from whygrad.sandbox import fits, wire
from whygrad.sandbox.frames import WireError
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Called, Piece, Reply, Request, Seen

PIECES = [Piece("one.py", 1, "def f(x):\n    y = x + 1\n    g(y)\n    return y, [x]\n", ("f",))]
PARTS = {"f": "def f(x):\n    return x\n", "g": "def g(x):\n    return x\n"}
REQUEST = Request("f", (np.ones(2),), frozenset({"f"}), frozenset({"g"}))
TRACED = replace(REQUEST, trace=True)


@pytest.mark.parametrize("request_", [REQUEST, TRACED, replace(TRACED, wanted=frozenset({0}))], ids=["run", "traced", "one place"])
def test_what_a_run_gives_fits(request_: Request) -> None:
    """A reply as it comes, with what was watched, traced and shared in it."""
    reply = Harness(PIECES, PARTS).run(request_)
    assert reply.calls
    assert bool(reply.seen) == request_.trace
    fits.check(reply, request_, PIECES, PARTS)


def test_keys_of_any_kind_fit() -> None:
    """In a reply a key is a text, in the value and where memory is shared: the number of a step, or of none, or a truth value."""
    code = """def f(x):
    kept = {-1: x}
    for t in range(2):
        kept[t] = kept[t - 1][:1]
    return {**kept, True: x.T, "all": [x]}
"""
    piece = Piece("one.py", 1, code, ("f",))
    reply = wire.decode_reply(wire.encode_reply(Harness([piece], PARTS).run(REQUEST)))
    assert {place for pair in reply.shared for place in pair} == {("-1",), ("0",), ("1",), ("all", 0)}
    fits.check(reply, REQUEST, [piece], PARTS)


@pytest.mark.parametrize(
    ("request_", "forged"),
    [
        (REQUEST, {"seen": (Seen(0, 0, 1),)}),
        (TRACED, {"seen": (Seen(10**6, 0, 1),)}),
        (replace(TRACED, wanted=frozenset({1})), {"seen": (Seen(0, 0, 1),)}),
        (REQUEST, {"calls": (Called("f", (), None),)}),
        (REQUEST, {"value": (1, 2), "shared": (((2,), (0,)),)}),
        (REQUEST, {"value": (1, 2), "shared": (((0,), ("dx",)),)}),
        (REQUEST, {"value": {"dx": 1}, "shared": (((), ("dx",)),)}),
    ],
)
def test_what_no_run_gives_is_refused(request_: Request, forged: dict[str, Any]) -> None:
    """Places, calls and parts of the value that are not there."""
    with pytest.raises(WireError):
        fits.check(Reply("returned", **forged), request_, PIECES, PARTS)
