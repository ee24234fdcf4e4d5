"""Of a function that raises the line is told that a small change mends: at what raises, or at a line before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

OVER_STEPS = """
import numpy as np

def rnn_backward(da, caches):
    kept, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx, carry, all_sums = np.zeros((n_x, m, T_x)), np.zeros((n_a, m)), None
    for i in range(T_x - 1, -1, -1):
        back = rnn_cell_backward(da[:, :, i] + carry, kept[i])
        carry, dx[:, :, i] = back["da_prev"], back["dxt"]
        if all_sums is None:
            all_sums = {name: back[name] for name in ("dWax", "dWaa", "dba")}
        else:
            all_sums = {name: all_sums[name] + back[name] for name in all_sums}
    return {**all_sums, "dx": dx, "da0": carry}
"""

COUNTED = """
import numpy as np

def rnn_backward(da, caches):
    kept, x = caches
    T = da.shape[2]
    steps, carry = {}, 0
    names = ["d" + w for w in ("Wax", "Waa", "ba")]
    sums = {name: 0 * caches[0][0][3][name[1:]] for name in names}
    for turn in range(T):
        step = T - 1 - turn
        back = rnn_cell_backward(da[:, :, step] + carry, kept[step])
        steps[step], carry = back["dxt"], back["da_prev"]
        sums = {name: sums[name] + back[name] for name in sums}
    return {**sums, "dx": np.stack([steps[i] for i in range(T)], axis=2), "da0": carry}
"""

OF_ROWS = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    product = lambda name, d: np.dot(parameters[name].T, d)
    slope = lambda s: s * (1 - s)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    d_f, d_i = dc * c_prev * slope(ft), dc * cct * slope(it)
    d_c, d_o = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * slope(ot)
    down = product("Wf", d_f) + product("Wi", d_i) + product("Wc", d_c) + product("Wo", d_o)
    whole = np.concatenate((a_prev, xt))
    out = {"da_prev": down[:n_a], "dxt": down[n_a:], "dc_prev": dc * ft}
    for letter, d in zip("fico", (d_f, d_i, d_c, d_o)):
        out["dW" + letter], out["db" + letter] = d @ whole.T, d.sum(axis=1, keepdims=True)
    return out
"""

ALL_GATES = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    d_gates = np.concatenate((
        dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)
    ))
    W = np.concatenate([parameters["W" + gate] for gate in "fico"])
    back = W.T @ d_gates
    dW = d_gates @ np.concatenate((a_prev, xt)).T
    db = np.sum(d_gates, axis=1, keepdims=True)
    grads = {"dxt": back[n_a:], "da_prev": back[:n_a], "dc_prev": dc * ft}
    grads["dWf"], grads["dWi"], grads["dWc"], grads["dWo"] = np.split(dW, 4)
    grads["dbf"], grads["dbi"], grads["dbc"], grads["dbo"] = [db[i * n_a:(i + 1) * n_a] for i in range(4)]
    return grads
"""

TIME_FIRST = """
import numpy as np

def rnn_forward(x, a0, parameters):
    along = np.moveaxis(x, 2, 0)
    T, n_x, m = along.shape
    states, seen, kept = np.zeros((T + 1,) + a0.shape), [], []
    states[0] = a0
    for i in range(T):
        states[i + 1], out, cache = rnn_cell_forward(along[i], states[i], parameters)
        seen += [out]
        kept += [cache]
    return np.moveaxis(states[1:], 0, 2), np.stack(seen, axis=2), (kept, x)
"""

SLIPS = (
    (OVER_STEPS, "range(T_x - 1, -1, -1)", "range(T_x, 0, -1)", "loop-wrong", "does not go over all the steps, each once"),
    (OVER_STEPS, "if all_sums is None", "if all_sums is not None", "loop-wrong", "holds just where it should not"),
    (COUNTED, "step = T - 1 - turn", "step = T - turn", "loop-wrong", "step is 5 at turn 1 of the loop"),
    (COUNTED, '"d" + w for', 'w + "d" for', "names-exchanged", "stand in each other's place"),
    (OF_ROWS, 'product("Wi", d_i)', 'product(d_i, "Wi")', "call-argument-wrong", "stand in each other's place in this call of product"),
    (ALL_GATES, "np.sum(d_gates, axis=1, keepdims=True)", "np.sum(d_gates)", "sum-wrong", "goes over everything, and makes one number"),
    (ALL_GATES, "np.sum(d_gates, axis=1, keepdims=True)", "d_gates.sum()", "sum-wrong", "goes over everything, and makes one number"),
    (TIME_FIRST, "np.moveaxis(x, 2, 0)", "np.moveaxis(x, 0, 2)", "call-argument-wrong", "2 stand in each other's place in this call"),
    (TIME_FIRST, "np.zeros((T + 1,)", "np.zeros((T,)", "wrong-size", "and should have (6, 4, 3), and so line"),
    (TIME_FIRST, "seen += [out]", "seen += list(out)", "stack-wrong", "entry by entry, and not as one thing"),
)


@pytest.mark.parametrize(
    "text", [OVER_STEPS, COUNTED, OF_ROWS, ALL_GATES, TIME_FIRST], ids=["over steps", "counted", "of rows", "all gates", "time first"]
)
def test_right_ones_are_right(text: str, told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of them."""
    assert not told(text)


@pytest.mark.parametrize("slip", SLIPS, ids=[after for _, _, after, _, _ in SLIPS])
def test_the_line_with_the_slip_is_told(slip: tuple[str, str, str, str, str], told: Callable[[str], list[Told]]) -> None:
    """It is named, not the line that raises because of it."""
    text, before, after, id_, says = slip
    assert before in text
    text = text.replace(before, after, 1)
    (said,) = told(text)
    assert (said.id, said.proof) == (id_, "proved")
    assert said.line == line_of(text, after)
    assert says in said.says
