"""A cell and its sequence that go through one helper, with the examples in rows: a slip in it is one mistake, and no caches are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def _cell(x, h, c, P):
    v = np.hstack([h, x])
    f = sigmoid(v @ P["Wf"].T + P["bf"].T)
    i = sigmoid(v @ P["Wi"].T + P["bi"].T)
    g = np.tanh(v @ P["Wc"].T + P["bc"].T)
    o = sigmoid(v @ P["Wo"].T + P["bo"].T)
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new, softmax(h_new @ P["Wy"].T + P["by"].T), (h_new, c_new, h, c, f, i, g, o, x, P)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    h, c, y, cache = _cell(xt.T, a_prev.T, c_prev.T, parameters)
    return h.T, c.T, y.T, cache
"""

BOTH = (
    FORWARD
    + """
def _cell_back(dh, dc, cache):
    h_new, c_new, h, c, f, i, g, o, x, P = cache
    tanh_c = np.tanh(c_new)
    dc = dc + dh * o * (1 - tanh_c ** 2)
    n = h.shape[1]
    gates = np.hstack([f, i, o, g])
    d = np.hstack([dc * c, dc * g, dh * tanh_c, dc * i])
    d[:, :3 * n] *= gates[:, :3 * n] * (1 - gates[:, :3 * n])
    d[:, 3 * n:] *= 1 - gates[:, 3 * n:] ** 2
    df, di, do, dg = np.split(d, 4, axis=1)
    v = np.hstack([h, x])
    back = df @ P["Wf"] + di @ P["Wi"] + dg @ P["Wc"] + do @ P["Wo"]
    weights = [one.T @ v for one in (df, di, dg, do)]
    biases = [one.sum(axis=0)[:, None] for one in (df, di, dg, do)]
    return back[:, n:], back[:, :n], dc * f, weights, biases

def lstm_cell_backward(da_next, dc_next, cache):
    dx, dh, dc, w, b = _cell_back(da_next.T, dc_next.T, cache)
    grads = {"dxt": dx.T, "da_prev": dh.T, "dc_prev": dc.T}
    grads["dWf"], grads["dWi"], grads["dWc"], grads["dWo"] = w
    grads["dbf"], grads["dbi"], grads["dbc"], grads["dbo"] = b
    return grads

def lstm_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    dx, dh, dc = np.zeros((x.shape[0], m, steps)), np.zeros((m, n_a)), np.zeros((m, n_a))
    ws, bs = [0] * 4, [0] * 4
    for t in reversed(range(steps)):
        dxt, dh, dc, w, b = _cell_back(da[:, :, t].T + dh, dc, kept[t])
        dx[:, :, t] = dxt.T
        ws = [s + q for s, q in zip(ws, w)]
        bs = [s + q for s, q in zip(bs, b)]
    grads = {"dx": dx, "da0": dh.T}
    grads.update(zip(["dWf", "dWi", "dWc", "dWo"], ws))
    grads.update(zip(["dbf", "dbi", "dbc", "dbo"], bs))
    return grads
"""
)


def test_caches_that_lie_on_their_side_are_not_told_beside_wrong_outputs(told: Callable[[str], list[Told]]) -> None:
    """They are a layout, whatever they hold."""
    text, said = slip_told(told, BOTH, 'P["bo"].T', 'P["bc"].T')
    assert (said.line, said.proof) == (line_of(text, "o = sigmoid"), "proved")


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("one.T @ v for one in (df, di,", "one.T @ v for one in (di, df,", "names-exchanged"),
        ("one.sum(axis=0)[:, None] for one in (df, di,", "one.sum(axis=0)[:, None] for one in (di, df,", "names-exchanged"),
    ],
    ids=["weights", "biases"],
)
def test_a_slip_in_the_helper_is_told_there_alone(told: Callable[[str], list[Told]], before: str, after: str, id_: str) -> None:
    """Of both functions, and not where the cell takes its parts, nor where the loop adds them up."""
    text = BOTH.replace(before, after)
    assert text != BOTH
    assert {(said.line, said.id, said.proof) for said in told(text)} == {(line_of(text, after), id_, "proved")}
