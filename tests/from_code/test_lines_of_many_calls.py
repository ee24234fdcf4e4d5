"""What comes out wrong at a line that a function goes through several times: told where it is made, if an edit of that line mends all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

LAYERS = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, z):
        self.z = z
        return self.W @ z + self.b
    def backward(self, d):
        return d @ self.z.T, np.sum(d, 1, keepdims=True), self.W.T @ d

class Sigmoid:
    def forward(self, z):
        self.s = sigmoid(z)
        return self.s
    def backward(self, d):
        return d * self.s * (1 - self.s)

class Tanh:
    def forward(self, z):
        self.s = np.tanh(z)
        return self.s
    def backward(self, d):
        return d * (1 - self.s * self.s)

def lstm_cell_backward(da_next, dc_next, cache):
    _, c_next, a_prev, c_prev, *_, xt, p = cache
    z = np.vstack([a_prev, xt])
    before = {k: Affine(p["W" + k], p["b" + k]) for k in "fico"}
    act = {k: Tanh() if k == "c" else Sigmoid() for k in "fico"}
    v = {k: act[k].forward(before[k].forward(z)) for k in "fico"}
    out = Tanh()
    tc = out.forward(c_next)
    dc = dc_next + out.backward(da_next * v["o"])
    up = dict(f=dc * c_prev, i=dc * v["c"], c=dc * v["i"], o=da_next * tc)
    found, dz = {}, np.zeros_like(z)
    for k in up:
        found["dW" + k], found["db" + k], s = before[k].backward(act[k].backward(up[k]))
        dz += s
    n = len(c_next)
    return found | {"da_prev": dz[:n], "dxt": dz[n:], "dc_prev": dc * v["f"]}
"""
"""Layers as objects, of which each gate has its own."""

TAPE = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

class V:
    def __init__(self, v, parents=()):
        self.v, self.p, self.g = np.asarray(v), parents, 0
    def __add__(s, o): return V(s.v + o.v, ((s, lambda d: fit(d, s.v.shape)), (o, lambda d: fit(d, o.v.shape))))
    def __mul__(s, o): return V(s.v * o.v, ((s, lambda d: d * o.v), (o, lambda d: d * s.v)))
    def __matmul__(s, o): return V(s.v @ o.v, ((s, lambda d: d @ o.v.T), (o, lambda d: s.v.T @ d)))

def fit(d, shape):
    return d if d.shape == shape else d.sum(axis=1, keepdims=True)

def gate(x):
    y = sigmoid(x.v)
    return V(y, ((x, lambda d: d * y * (1 - y)),))

def tanh(x):
    y = np.tanh(x.v)
    return V(y, ((x, lambda d: d * (1 - y ** 2)),))

def stack(a, b):
    n = len(a.v)
    return V(np.vstack([a.v, b.v]), ((a, lambda d: d[:n]), (b, lambda d: d[n:])))

def go_back(outs):
    order, seen = [], set()
    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for other, _ in node.p:
                visit(other)
            order.append(node)
    for node, _ in outs:
        visit(node)
    for node, d in outs:
        node.g = node.g + d
    for node in reversed(order):
        for other, back in node.p:
            other.g = other.g + back(node.g)

def lstm_cell_backward(da_next, dc_next, cache):
    a_prev, c_prev, xt, p = V(cache[2]), V(cache[3]), V(cache[8]), {k: V(v) for k, v in cache[9].items()}
    z = stack(a_prev, xt)
    f, i, o = (gate(p["W" + k] @ z + p["b" + k]) for k in "fio")
    g = tanh(p["Wc"] @ z + p["bc"])
    c = f * c_prev + i * g
    a = o * tanh(c)
    go_back([(c, dc_next), (a, da_next)])
    out = {"d" + k: p[k].g for k in p if k[-1] in "fico"}
    out.update(dxt=xt.g, da_prev=a_prev.g, dc_prev=c_prev.g)
    return out
"""
"""A tape on which each operation leaves its derivative."""

FORWARD = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def softmax(x):
    e = np.exp(x - np.max(x, axis=0))
    return e / e.sum(axis=0)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    Wf, bf, Wi, bi, Wc, bc, Wo, bo, Wy, by = [parameters[k] for k in ("Wf", "bf", "Wi", "bi", "Wc", "bc", "Wo", "bo", "Wy", "by")]
    concat = np.vstack((a_prev, xt))
    ft = sigmoid(Wf @ concat + bf)
    it = sigmoid(Wi @ concat + bi)
    cct = np.tanh(Wc @ concat + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(Wo @ concat + bo)
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(Wy @ a_next + by)
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""


@pytest.mark.parametrize("program", [LAYERS, TAPE, FORWARD], ids=["layers", "tape", "forward"])
def test_the_programs_are_right(program: str, told: Tell) -> None:
    """Before anything is written otherwise."""
    assert not told(program)


@pytest.mark.parametrize(
    ("program", "before", "after", "id_"),
    [
        (LAYERS, 'f=dc * c_prev, i=dc * v["c"]', 'f=dc * v["c"], i=dc * c_prev', "names-exchanged"),
        (TAPE, "(s, lambda d: d * o.v)", "(s, lambda d: d * s.v)", "name-replaced"),
        (LAYERS, "return d * self.s * (1 - self.s)", "return d * self.s * (1 + self.s)", "sign-flipped"),
        (FORWARD, "np.exp(-x)", "np.exp(-np.clip(x, -8, 8))", "activation-wrong"),
    ],
)  # fmt: skip
def test_the_line_that_makes_it_is_told(program: str, before: str, after: str, id_: str, told: Tell) -> None:
    """Once, and not the lines that are right with what they are given, as their other visits show."""
    text = program.replace(before, after)
    assert text != program
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (line_of(text, after), id_, "proved")
