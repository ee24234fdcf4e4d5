"""A slip in what other lines use: a table of fields, a loop's letters, a pattern. It is told there, once, and not where it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from code_answer import examined
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

TABLES = """
import numpy as np

SLOPES = {"f": lambda y: y * (1 - y), "i": lambda y: y * (1 - y), "o": lambda y: y * (1 - y), "c": lambda y: 1 - y ** 2}
UPSTREAM = {
    "f": lambda dc, dh, k: dc * k["c0"],
    "i": lambda dc, dh, k: dc * k["g"],
    "c": lambda dc, dh, k: dc * k["i"],
    "o": lambda dc, dh, k: dh * np.tanh(k["c1"]),
}
VALUE = {"f": "f", "i": "i", "c": "g", "o": "o"}
FIELDS = ("h1", "c1", "h0", "c0", "f", "i", "g", "o", "x", "p")

def lstm_cell_backward(da_next, dc_next, cache):
    k = dict(zip(FIELDS, cache))
    n = k["h1"].shape[0]
    z = np.concatenate([k["h0"], k["x"]], axis=0)
    dc = dc_next + da_next * k["o"] * (1 - np.tanh(k["c1"]) ** 2)
    out = {}
    dz = np.zeros(z.shape)
    for q in "fico":
        d = UPSTREAM[q](dc, da_next, k) * SLOPES[q](k[VALUE[q]])
        out["dW" + q] = d @ z.T
        out["db" + q] = np.sum(d, axis=1, keepdims=True)
        dz += k["p"]["W" + q].T @ d
    out["da_prev"], out["dxt"], out["dc_prev"] = dz[:n], dz[n:], dc * k["f"]
    return out
"""
WORDS = TABLES.replace(TABLES[TABLES.index("FIELDS = (") : TABLES.index("\n\ndef lstm")], 'FIELDS = "h1 c1 h0 c0 f i g o x p".split()')
PATTERN = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    match cache:
        case [a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, {**parameters}]:
            pass
        case _:
            raise ValueError("cache")
    n_a = a_next.shape[0]
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)
    z = np.vstack((a_prev, xt))
    gr = {}
    dz = 0
    for k, d in zip("fico", (dft, dit, dcct, dot)):
        gr["dW" + k] = d @ z.T
        gr["db" + k] = d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + k].T @ d
    gr["da_prev"], gr["dxt"], gr["dc_prev"] = dz[:n_a], dz[n_a:], dc * ft
    return gr
"""
PAIRS = (
    PATTERN.replace("    dz = 0\n", "    da, dx = 0, 0\n")
    .replace("    for k, d in zip(", '    W = {k: parameters["W" + k] for k in "fico"}\n    for k, d in zip(')
    .replace('        dz = dz + parameters["W" + k].T @ d\n', "")
    .replace(
        '    gr["da_prev"], gr["dxt"], gr["dc_prev"] = dz[:n_a], dz[n_a:], dc * ft\n',
        """    for w, dd in [(W["f"], dft), (W["i"], dit), (W["c"], dcct), (W["o"], dot)]:
        da = da + w[:, :n_a].T @ dd
        dx = dx + w[:, n_a:].T @ dd
    gr["da_prev"], gr["dxt"], gr["dc_prev"] = da, dx, dc * ft
""",
    )
)
"""Two sums that one loop over pairs fills."""
MADE = """
import numpy as np

def make(cell, carries, sums, xkey):
    def run(da, caches):
        kept, x = caches
        steps = da.shape[-1]
        state = [np.zeros(da.shape[:-1])] * len(carries)
        out = {}
        dx = np.zeros(x.shape[:2] + (steps,))
        for t in range(steps - 1, -1, -1):
            up = [da[..., t] + state[0], *state[1:]]
            g = cell(*up, kept[t])
            state = [g[k] for k in carries]
            dx[..., t] = g[xkey]
            for s in sums:
                out[s] = out.get(s, 0.0) + g[s]
        return {"dx": dx, "da0": state[0], **out}
    return run

lstm_backward = make(lstm_cell_backward, ("da_prev", "dc_prev"), [a + b for a in ("dW", "db") for b in "fico"], "dxt")
"""
"""A sequence that another function makes; the cell of ``PATTERN`` stands before it."""
OBJECTS = """
import numpy as np

class Gate:
    def __init__(self, W, b, kind="sigmoid"):
        self.W, self.b, self.kind = W, b, kind

    def forward(self, v):
        z = self.W @ v + self.b
        return np.tanh(z) if self.kind == "tanh" else 1 / (1 + np.exp(-z))

    def backward(self, dout, out, v):
        dz = dout * (1 - out ** 2 if self.kind == "tanh" else out * (1 - out))
        dW, db = dz @ v.T, dz.sum(axis=1, keepdims=True)
        return dW, db, self.W.T @ dz

def gates_of(p):
    return {
        "f": Gate(p["Wf"], p["bf"]),
        "i": Gate(p["Wi"], p["bi"]),
        "c": Gate(p["Wc"], p["bc"], "tanh"),
        "o": Gate(p["Wo"], p["bo"]),
    }
"""
OBJECTS_FORWARD = """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v = np.concatenate([a_prev, xt])
    gates = gates_of(parameters)
    k = {name: gate.forward(v) for name, gate in gates.items()}
    c_next = k["f"] * c_prev + k["i"] * k["c"]
    a_next = k["o"] * np.tanh(c_next)
    yt = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, k["f"], k["i"], k["c"], k["o"], xt, parameters)
    return a_next, c_next, yt / yt.sum(axis=0), cache
"""
OBJECTS_BACKWARD = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    v = np.concatenate([a_prev, xt])
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    outs = {"f": ft, "i": it, "c": cct, "o": ot}
    douts = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * np.tanh(c_next)}
    gr, dv = {"dc_prev": dc * ft}, np.zeros(v.shape)
    for name, gate in gates_of(parameters).items():
        gr["dW" + name], gr["db" + name], part = gate.backward(douts[name], outs[name], v)
        dv += part
    gr["da_prev"], gr["dxt"] = dv[: len(a_next)], dv[len(a_next) :]
    return gr
"""
"""Objects that a table holds which another function makes."""
SLIPS = [
    (OBJECTS + OBJECTS_FORWARD, 'p["bc"], "tanh"', 'p["bc"], "sigmoid"', "name-replaced"),
    (OBJECTS + OBJECTS_BACKWARD, "self.W.T @ dz", "dW.T @ dz", "name-replaced"),
    (TABLES, '"h0", "c0", "f"', '"c0", "h0", "f"', "names-exchanged"),
    (TABLES, '"f", "i", "g"', '"i", "f", "g"', "names-exchanged"),
    (TABLES, 'in "fico"', 'in "fic"', "loop-wrong"),
    (WORDS, "h0 c0 f", "c0 h0 f", "names-exchanged"),
    (PATTERN, "[a_next, c_next, a_prev", "[c_next, a_next, a_prev", "names-exchanged"),
    (PATTERN, "ft, it, cct, ot, xt", "ft, cct, it, ot, xt", "names-exchanged"),
    (PATTERN, 'zip("fico"', 'zip("ifco"', "name-replaced"),
    (PATTERN, "(dft, dit, dcct, dot)", "(dft, dit, dcct)", "term-dropped"),
    (PAIRS, '(W["c"], dcct), (W["o"], dot)]', '(W["c"], dcct)]', "loop-wrong"),
    (PATTERN + MADE, "range(steps - 1, -1, -1)", "range(steps - 1, 0, -1)", "loop-wrong"),
    (PATTERN + MADE, "range(steps - 1, -1, -1)", "range(steps - 2, -1, -1)", "loop-wrong"),
]


@pytest.mark.parametrize("text", [TABLES, WORDS, PATTERN, PAIRS, PATTERN + MADE, OBJECTS + OBJECTS_FORWARD + OBJECTS_BACKWARD])
def test_right_ones_are_right(text: str) -> None:
    """In any of these forms."""
    assert not examined(text).wrong


@pytest.mark.parametrize(("program", "before", "after", "id_"), SLIPS)
def test_a_slip_is_told_where_it_stands(program: str, before: str, after: str, id_: str) -> None:
    """And not at the lines that get another value by it."""
    assert before in program
    text = program.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, after), id_, "proved")


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        (TABLES, 'dc * k["c0"]', 'dc * k["c1"]'),
        (TABLES, 'dc * k["f"]\n', 'dc * k["i"]\n'),
        (PATTERN, "dc * it * (1 - cct ** 2)", "dc * it * (1 - it ** 2)"),
        (PATTERN, "np.vstack((a_prev, xt))", "np.vstack((c_prev, xt))"),
    ],
)
def test_a_slip_in_a_line_that_uses_them_is_told_there(program: str, before: str, after: str) -> None:
    """No edit of the table or of the pattern mends it."""
    assert before in program
    text = program.replace(before, after)
    assert {one.line for one in examined(text).findings} == {line_of(text, after)}


def test_what_a_loop_over_the_gates_leaves_out_is_not_told_of_its_first_turn(told: Callable[[str], list[Told]]) -> None:
    """There a sum holds one term and lacks all others. No other entry can be made of those that stand here, so the lines are told."""
    text = PAIRS.replace('(W["c"], dcct), (W["o"], dot)]', '(W["c"], +dcct)]').replace("da,", "da_prev,").replace("dx,", "dxt,")
    text = text.replace("da = da +", "da_prev = da_prev +").replace("dx = dx +", "dxt = dxt +").replace("dx = 0", "dxt = 0")
    assert {one.says for one in told(text)} == {f"{name} lacks a part of the sum once the loop is done" for name in ("da_prev", "dxt")}
