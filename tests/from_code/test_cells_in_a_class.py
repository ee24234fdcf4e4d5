"""A class whose method is the cell, called by both functions: loops over gates, loops over steps, and what is told of which function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    from whygrad.records import Result

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


STEPS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - np.max(z, axis=0))
    return e / e.sum(axis=0)

class Network:
    def __init__(self, params):
        self.params = params

    def gate(self, letter, hx):
        return self.params["W" + letter] @ hx + self.params["b" + letter]

    def step(self, x, h, c):
        hx = np.vstack([h, x])
        f, i, o = (sigmoid(self.gate(letter, hx)) for letter in "fio")
        g = np.tanh(self.gate("c", hx))
        c_new = f * c + i * g
        h_new = o * np.tanh(c_new)
        return h_new, c_new, softmax(self.gate("y", h_new)), (h_new, c_new, h, c, f, i, g, o, x, self.params)

    def run(self, x, h):
        c = np.zeros_like(h)
        steps, caches = [], []
        for t in range(x.shape[2]):
            h, c, y, cache = self.step(x[:, :, t], h, c)
            steps.append((h, y, c))
            caches.append(cache)
        a, y, c = (np.stack(each, axis=2) for each in zip(*steps))
        return a, y, c, (caches, x)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    return Network(parameters).step(xt, a_prev, c_prev)

def lstm_forward(x, a0, parameters):
    return Network(parameters).run(x, a0)
"""


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("h, c, y, cache =", "h, c_next, y, cache =", "what is made here is called c_next, and no line reads that"),
        ("self.step(x[:, :, t], h, c)", "self.step(x[:, :, t], c, h)", "c and h stand in each other's place in this call of self.step"),
    ],
)
def test_a_state_that_goes_through_a_method(before: str, after: str, says: str, told: Callable[[str], list[Told]]) -> None:
    """The loop calls no cell: that the state is not carried on, or goes to the wrong name, is told once, at the call."""
    text = STEPS.replace(before, after)
    (mistake,) = told(text)
    assert (mistake.line, mistake.says) == (line_of(text, "self.step("), says)


RECORD = """
import numpy as np
from dataclasses import dataclass

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

@dataclass
class Kept:
    h_new: np.ndarray
    c_new: np.ndarray
    h: np.ndarray
    c: np.ndarray
    gates: dict
    x: np.ndarray
    params: dict

    @property
    def hx(self):
        return np.vstack([self.h, self.x])

class Network:
    @classmethod
    def forward(cls, x, h, c, params):
        hx = np.vstack([h, x])
        gates = {letter: sigmoid(params["W" + letter] @ hx + params["b" + letter]) for letter in "fio"}
        gates["c"] = np.tanh(params["Wc"] @ hx + params["bc"])
        c_new = gates["f"] * c + gates["i"] * gates["c"]
        h_new = gates["o"] * np.tanh(c_new)
        return h_new, c_new, Kept(h_new, c_new, h, c, gates, x, params)

    @staticmethod
    def backward(dh, dc, kept):
        g = kept.gates
        tc = np.tanh(kept.c_new)
        dc = dc + dh * g["o"] * (1 - tc * tc)
        d = {
            "f": dc * kept.c * g["f"] * (1 - g["f"]),
            "i": dc * g["c"] * g["i"] * (1 - g["i"]),
            "c": dc * g["i"] * (1 - g["c"] ** 2),
            "o": dh * tc * g["o"] * (1 - g["o"]),
        }
        back = sum(kept.params["W" + letter].T @ d[letter] for letter in d)
        out = {"da_prev": back[:len(dh)], "dxt": back[len(dh):], "dc_prev": dc * g["f"]}
        out.update({"dW" + letter: d[letter] @ kept.hx.T for letter in d})
        out.update({"db" + letter: d[letter].sum(axis=1, keepdims=True) for letter in d})
        return out

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    a_next, c_next, cache = Network.forward(xt, a_prev, c_prev, parameters)
    scores = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, scores / scores.sum(axis=0), cache

def lstm_cell_backward(da_next, dc_next, cache):
    return Network.backward(da_next, dc_next, cache)
"""


def test_a_method_is_not_blamed_for_another_one_of_its_class(told: Callable[[str], list[Told]]) -> None:
    """The backward method of a class does not call the forward one: nothing there is edited to mend it."""
    text = RECORD.replace("np.vstack([self.h, self.x])", "np.vstack([self.h_new, self.x])")
    (mistake,) = told(text)
    assert mistake.line == line_of(text, "np.vstack([self.h_new, self.x])")


METHODS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)

class Net:
    @staticmethod
    def lstm_cell_forward(xt, a_prev, c_prev, p):
        z = np.vstack([a_prev, xt])
        f, i, o = (sigmoid(p["W" + g] @ z + p["b" + g]) for g in "fio")
        g = np.tanh(p["Wc"] @ z + p["bc"])
        c = f * c_prev + i * g
        a = o * np.tanh(c)
        return a, c, softmax(p["Wy"] @ a + p["by"]), (a, c, a_prev, c_prev, f, i, g, o, xt, p)

    @classmethod
    def lstm_forward(cls, x, a0, p):
        h, s = a0, np.zeros_like(a0)
        steps = []
        for t in range(x.shape[2]):
            h, s, y, memory = cls.lstm_cell_forward(x[..., t], h, s, p)
            steps.append((h, y, s, memory))
        a, y, c = (np.stack([step[k] for step in steps], -1) for k in range(3))
        return a, y, c, ([step[3] for step in steps], x)
"""


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("h, s = np.zeros_like(a0), np.zeros_like(a0)", "the sequence starts from zero in h"),
        ("h, s = a0, a0", "the sequence starts with a0 as its first cell state"),
    ],
)
def test_a_start_that_goes_into_a_call_by_the_class(examined: Callable[..., Result], start: str, says: str) -> None:
    """The call gives its names new values, and stands at other columns in the class than in the function made of its method."""
    right = "h, s = a0, np.zeros_like(a0)"
    assert examined(METHODS).mistakes == ()
    text = METHODS.replace(right, start)
    (mistake,) = examined(text).mistakes
    assert mistake.location is not None
    assert (mistake.location.line, mistake.says.rstrip(".")) == (line_of(METHODS, right), says)
