"""Programs put together of objects, gates or layers: told is the line that makes one wrongly, or hands a wrong thing to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

GATES = """
import numpy as np

class Gate:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, hx):
        self.out = 1 / (1 + np.exp(-(self.W @ hx + self.b)))

class Candidate(Gate):
    def forward(self, hx):
        self.out = np.tanh(self.W @ hx + self.b)

def gates_of(p):
    return {
        "f": Gate(p["Wf"], p["bf"]),
        "i": Gate(p["Wi"], p["bi"]),
        "c": Candidate(p["Wc"], p["bc"]),
        "o": Gate(p["Wo"], p["bo"]),
    }

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    hx = np.concatenate([a_prev, xt])
    gates = gates_of(parameters)
    for gate in gates.values():
        gate.forward(hx)
    f, i, g, o = (gates[k].out for k in "fico")
    c_next = f * c_prev + i * g
    a_next = o * np.tanh(c_next)
    e = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, e / e.sum(axis=0), (a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters)
"""
LAYERS = """
import numpy as np

class Linear:
    def __init__(self, W):
        self.W = W

    def __call__(self, x):
        self.x = x
        return self.W @ x

    def backward(self, dy):
        self.dW = dy @ self.x.T
        return self.W.T @ dy

class Step:
    def __init__(self, p):
        self.inp, self.rec = Linear(p["Wax"]), Linear(p["Waa"])
        self.ba = p["ba"]

    def forward(self, x, a):
        self.out = np.tanh(self.inp(x) + self.rec(a) + self.ba)
        return self.out

    def backward(self, da):
        dz = da * (1 - self.out ** 2)
        self.dba = dz.sum(axis=1, keepdims=True)
        return self.inp.backward(dz), self.rec.backward(dz)

def rnn_cell_forward(xt, a_prev, parameters):
    step = Step(parameters)
    a_next = step.forward(xt, a_prev)
    e = np.exp(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, e / e.sum(axis=0), step

def rnn_cell_backward(da_next, cache):
    dxt, da_prev = cache.backward(da_next)
    return dict(dxt=dxt, da_prev=da_prev, dWax=cache.inp.dW, dWaa=cache.rec.dW, dba=cache.dba)
"""
ROWS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v = np.hstack([a_prev.T, xt.T])
    c = c_prev.T
    f = sigmoid(v @ parameters["Wf"].T + parameters["bf"].T)
    i = sigmoid(v @ parameters["Wi"].T + parameters["bi"].T)
    g = np.tanh(v @ parameters["Wc"].T + parameters["bc"].T)
    o = sigmoid(v @ parameters["Wo"].T + parameters["bo"].T)
    c_next = f * c + i * g
    a_next = o * np.tanh(c_next)
    e = np.exp(a_next @ parameters["Wy"].T + parameters["by"].T)
    return a_next.T, c_next.T, (e / e.sum(axis=1, keepdims=True)).T, (v, c, f, i, g, o, c_next, parameters)
"""


KINDS = GATES[: GATES.index("class Candidate")] + GATES[GATES.index("def gates_of") :].replace("Candidate", "Gate")
KINDS = KINDS.replace("W, b):", 'W, b, kind="sigmoid"):').replace("self.b = W, b", "self.b, self.kind = W, b, kind")
KINDS = KINDS.replace("self.out = 1 / (1 + np.exp(-(self.W @ hx + self.b)))", "z = self.W @ hx + self.b\n        self.out = OUT")
KINDS = KINDS.replace("OUT", 'np.tanh(z) if self.kind == "tanh" else 1 / (1 + np.exp(-z))').replace('p["bc"])', 'p["bc"], "tanh")')
HELD = LAYERS.replace("np.tanh(self.inp(x) + self.rec(a) + self.ba)", "self.squash(self.inp(x) + self.rec(a))")
HELD = HELD.replace("class Step:", "class Tanh:\n    def __call__(self, x):\n        return np.tanh(x)\n\nclass Step:")
HELD = HELD.replace("class Step:", "class Sigmoid:\n    def __call__(self, x):\n        return 1 / (1 + np.exp(-x))\n\nclass Step:")
HELD = HELD.replace('self.ba = p["ba"]', "self.squash = Tanh()").replace("def __init__(self, W):", "def __init__(self, W, b):")
HELD = HELD.replace("self.W = W\n", "self.W, self.b = W, b\n").replace("return self.W @ x", "return self.W @ x + self.b")
HELD = HELD.replace('Linear(p["Wax"]), Linear(p["Waa"])', 'Linear(p["Wax"], p["ba"]), Linear(p["Waa"], 0)')
CALLED = GATES.replace("def forward(self, hx):", "def __call__(self, hx):").replace("self.out =", "return")
CALLED = CALLED.replace("    for gate in", "    outs = []\n    for gate in").replace("gate.forward(hx)", "outs.append(gate(hx))")
CALLED = CALLED.replace('(gates[k].out for k in "fico")', "outs")
FIELDS = GATES.replace('    f, i, g, o = (gates[k].out for k in "fico")\n', "").replace(" f, i, g, o,", ' *(gates[k].out for k in "fico"),')
FIELDS = FIELDS.replace("f * c_prev + i * g", 'gates["f"].out * c_prev + gates["i"].out * gates["c"].out')
FIELDS = FIELDS.replace("= o * np", '= gates["o"].out * np')


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        (GATES, 'Candidate(p["Wc"], p["bc"])', 'Gate(p["Wc"], p["bc"])'),
        (CALLED, 'Candidate(p["Wc"], p["bc"])', 'Gate(p["Wc"], p["bc"])'),
        (FIELDS, 'Gate(p["Wi"], p["bi"])', 'Gate(p["Wi"], p["bf"])'),
        (KINDS, 'Gate(p["Wc"], p["bc"], "tanh")', 'Gate(p["Wc"], p["bc"])'),
        (KINDS, "self.kind = W, b, kind", 'self.kind = W, b, "sigmoid"'),
        (KINDS, 'b, kind="sigmoid"', 'b, kind="tanh"'),
        (HELD, "self.squash = Tanh()", "self.squash = Sigmoid()"),
    ],
)
def test_the_line_that_makes_the_object(told: Callable[[str], list[Told]], program: str, before: str, after: str) -> None:
    """The gates share a method that is right: what one of them is made with, or the class of which it is, is not."""
    text, said = slip_told(told, program, before, after)
    assert (said.line, said.id) == (line_of(text, after), "name-replaced")


def test_the_second_object_that_is_given_what_is_added_once(told: Callable[[str], list[Told]]) -> None:
    """The line that adds both is right."""
    text = HELD.replace('Linear(p["Waa"], 0)', 'Linear(p["Waa"], p["ba"])')
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "self.inp, self.rec ="), "term-repeated")


def test_what_a_method_of_an_object_is_given(told: Callable[[str], list[Told]]) -> None:
    """What it hands back is not all that comes of it: the object keeps another gradient."""
    text, said = slip_told(told, LAYERS, "self.rec.backward(dz)", "self.rec.backward(da)")
    assert (said.line, said.id) == (line_of(text, "return self.inp.backward"), "name-replaced")


def test_rows_stacked_in_another_order(told: Callable[[str], list[Told]]) -> None:
    """A cache of one's own form, of which nothing is known, does not keep the outputs from being mended."""
    text, said = slip_told(told, ROWS, "[a_prev.T, xt.T]", "[xt.T, a_prev.T]")
    assert (said.line, said.id) == (line_of(text, "v = "), "names-exchanged")
