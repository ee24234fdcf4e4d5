"""A class whose method is the cell, called by both functions: loops over gates, loops over steps, and what is told of which function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = """
import numpy as np

GATES = ("f", "i", "c", "o")

def slope(s):
    return s - s * s

class Cell:
    def __init__(self, params):
        self.W = [params["W" + g] for g in GATES]
        self.dW, self.db = [None] * 4, [None] * 4

    def backward(self, dh, dc, memory):
        _, c_new, h, c, f, i, g, o, x, _ = memory
        tc = np.tanh(c_new)
        do = dh * tc * slope(o)
        whole = dc + dh * o * (1 - tc * tc)
        df = whole * c * slope(f)
        di = whole * g * slope(i)
        dg = whole * i * (1 - g * g)
        hx = np.r_[h, x]
        back = np.zeros_like(hx)
        for k, dz in enumerate([df, di, dg, do]):
            self.dW[k] = dz @ hx.T
            self.db[k] = dz.sum(axis=1, keepdims=True)
            back = back + self.W[k].T @ dz
        return back[len(h):], back[:len(h)], whole * f

def lstm_cell_backward(da_next, dc_next, cache):
    cell = Cell(cache[-1])
    dx, dh, dc = cell.backward(da_next, dc_next, cache)
    out = {"dxt": dx, "da_prev": dh, "dc_prev": dc}
    for k, g in enumerate(GATES):
        out["dW" + g], out["db" + g] = cell.dW[k], cell.db[k]
    return out

def lstm_backward(da, caches):
    memories, x = caches
    cell = Cell(memories[0][-1])
    n_a, m, T = da.shape
    dx = np.zeros((x.shape[0], m, T))
    dW = [np.zeros_like(W) for W in cell.W]
    db = [np.zeros((n_a, 1)) for _ in cell.W]
    dh, dc = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        dx[:, :, t], dh, dc = cell.backward(da[:, :, t] + dh, dc, memories[t])
        for k in range(4):
            dW[k] += cell.dW[k]
            db[k] += cell.db[k]
    out = {"dx": dx, "da0": dh}
    for k, g in enumerate(GATES):
        out["dW" + g], out["db" + g] = dW[k], db[k]
    return out
"""

IN_THE_CELL = [
    ("dz.sum(axis=1, keepdims=True)", "dz.mean(axis=1, keepdims=True)", "mean-for-sum"),
    ("s - s * s", "s * s - s", "sign-flipped"),
    ("dg = whole * i * (1 - g * g)", "dg = whole * i * (1 - g)", "wrong-activation-derivative"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "id_"), IN_THE_CELL, ids=[after for _, after, _ in IN_THE_CELL])
def test_a_slip_in_the_cell_is_told_once(before: str, after: str, id_: str, told: Callable[[str], list[Told]]) -> None:
    """At the line of the method; of the loop, which goes through it as well, nothing unsure is told."""
    text = CELL.replace(before, after)
    first, *rest = told(text)
    assert {(one.line, one.id, one.proof) for one in (first, *rest)} == {(line_of(text, after), id_, "proved")}


def test_a_loop_that_calls_a_method_and_leaves_out_a_step(told: Callable[[str], list[Told]]) -> None:
    """It is a loop over the steps, though nothing in it calls the assignment's cell."""
    slip = "for t in range(T - 1, 0, -1):"
    text = CELL.replace("for t in range(T - 1, -1, -1):", slip)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, slip), "loop-wrong", "proved")


def test_sums_that_are_overwritten(told: Callable[[str], list[Told]]) -> None:
    """Told at the loop's line, and not where the method gives one step's gradient, as it should."""
    slip = "db[k] = cell.db[k]"
    text = CELL.replace("db[k] += cell.db[k]", slip)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, slip), "overwritten-not-summed", "proved")


def test_right_as_it_is(told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of it."""
    assert not told(CELL)
