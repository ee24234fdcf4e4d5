"""Slips of learners who count from one, work on all steps at once, or hand their work to helpers: one mistake, at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

FROM_ONE = """
def rnn_backward(da, caches):
    store, x = caches
    n_a, m, T = da.shape
    dx = np.zeros((x.shape[0], m, T))
    sums = {key: 0 for key in ("dWax", "dWaa", "dba")}
    carry = np.zeros((n_a, m))
    for k in range(T, 0, -1):
        g = rnn_cell_backward(da[:, :, k - 1] + carry, store[k - 1])
        dx[:, :, k - 1] = g["dxt"]
        for key in sums:
            sums[key] = sums[key] + g[key]
        carry = g["da_prev"]
    return {"dx": dx, "da0": carry, **sums}
"""
AT_ONCE = """
mm = np.matmul

def flat(v):
    return v.reshape(v.shape[0], -1)

def rnn_backward(da, caches):
    store, x = caches
    parameters, (n_a, m, T) = store[0][3], da.shape
    dz, before = np.empty((n_a, m, T)), np.stack([cache[1] for cache in store], axis=-1)
    carry = np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        dz[:, :, t] = (da[:, :, t] + carry) * (1 - store[t][0] ** 2)
        carry = mm(parameters["Waa"].T, dz[:, :, t])
    gradients = {"da0": carry}
    gradients["dx"] = mm(parameters["Wax"].T, flat(dz)).reshape(x.shape)
    gradients["dWax"] = mm(flat(dz), flat(x).T)
    gradients["dWaa"] = mm(flat(dz), flat(before).T)
    gradients["dba"] = flat(dz).sum(axis=1, keepdims=True)
    return gradients
"""
LAYERS = """
def back_through(dz, W, v):
    dv = np.dot(W.T, dz)
    dW = np.dot(dz, v.T)
    return dv, dW, dz.sum(axis=1, keepdims=True)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * (1 - a_next ** 2)
    dxt, dWax, dba = back_through(dz, parameters["Wax"], xt)
    da_prev, dWaa, _ = back_through(dz, parameters["Waa"], a_prev)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
TABLE = """
SLOPES = {"f": lambda s: s * (1 - s), "i": lambda s: s * (1 - s), "c": lambda s: 1 - s ** 2, "o": lambda s: s * (1 - s)}

def turned(W, at):
    return np.hstack((W[:, at:], W[:, :at]))

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    th, n_x, n_a = np.tanh(c_next), len(xt), len(a_prev)
    dc = dc_next + da_next * o * (1 - th ** 2)
    both = np.vstack((xt, a_prev))
    values = [f, i, g, o]
    upstream = [dc * c_prev, dc * g, dc * i, da_next * th]
    grads, back = {"dc_prev": dc * f}, 0
    for k, s, up in zip("fico", values, upstream):
        d = up * SLOPES[k](s)
        grads["dW" + k] = turned(np.dot(d, both.T), n_x)
        grads["db" + k] = d.sum(axis=1, keepdims=True)
        back = back + np.dot(turned(parameters["W" + k], n_a).T, d)
    return {**{"dxt": back[:n_x], "da_prev": back[n_x:]}, **grads}
"""
FORWARD = """
def at(v, t):
    return v[:, :, t]

def rnn_forward(x, a0, parameters):
    a_prev, states, outputs, caches = a0, [], [], []
    for t in range(x.shape[2]):
        xt = at(x, t)
        a_next = np.tanh(np.dot(parameters["Wax"], xt) + np.dot(parameters["Waa"], a_prev) + parameters["ba"])
        caches.append((a_next, a_prev, xt, parameters))
        a_prev = a_next
        states.append(a_next)
        outputs.append(softmax(np.dot(parameters["Wya"], a_next) + parameters["by"]))
    return np.stack(states, 2), np.stack(outputs, 2), (caches, x)
"""
PROGRAMS = {
    "from one": edited(without=("rnn_backward",)) + FROM_ONE,
    "at once": edited(without=("rnn_backward",)) + AT_ONCE,
    "layers": edited(without=("rnn_cell_backward",)) + LAYERS,
    "table": edited(without=("lstm_cell_backward",)) + TABLE,
    "forward": edited(without=("rnn_forward",)) + FORWARD,
    "course": edited(),
}
CACHED, HANDED = "        caches.append((a_next, a_prev, xt, parameters))\n", "        a_prev = a_next\n"

SLIPS = {
    "the first step is not visited": ("from one", "range(T, 0, -1)", "range(T, 1, -1)", "loop-wrong"),
    "the last step is not visited": ("from one", "range(T, 0, -1)", "range(T - 1, 0, -1)", "loop-wrong"),
    "the cache of the step before": ("from one", "store[k - 1]", "store[k - 2]", "cache-of-wrong-step"),
    "the state behind the step": ("at once", "cache[1] for", "cache[0] for", "name-replaced"),
    "an array of another kind": ("at once", "mm(flat(dz), flat(x).T)", "mm(flat(da), flat(x).T)", "name-replaced"),
    "factors exchanged": ("at once", "mm(flat(dz), flat(before).T)", "mm(flat(before), flat(dz).T)", "transpose-wrong"),
    "the bias of one step": ("at once", "flat(dz).sum(axis=1, keepdims=True)", "dz[:, :, 0].sum(axis=1, keepdims=True)", None),
    "returned in another order": ("layers", "return dv, dW, dz", "return dW, dv, dz", "name-replaced"),
    "a power within a function": ("layers", "da_next * (1 - a_next ** 2)", "da_next * (1 - np.square(a_next ** 2))", None),
    "another function": ("layers", "1 - a_next ** 2", "1 - np.abs(a_next)", "operator-replaced"),
    "a mean by ones": ("layers", "dz.sum(axis=1, keepdims=True)", "dz.dot(np.ones((len(dz[0]), 1))) / len(dz[0])", None),
    "another value in the list": ("table", "values = [f, i, g, o]", "values = [f, i, c_next, o]", "name-replaced"),
    "another size for a helper": ("table", "both.T), n_x)", "both.T), n_a)", "slice-wrong"),
    "a dictionary within another": ("table", '"da_prev": back[n_x:]', '"da_prev": back[:n_a]', None),
    "a fixed step for a helper": ("forward", "at(x, t)", "at(x, 0)", "input-of-wrong-step"),
    "a carry by another name": (
        "course", "        dc_prevt = gradients['dc_prev']", "        da_prevt = gradients['dc_prev']", "name-replaced",
    ),
    "a gradient by another name": ("course", "    dcct = dc * it", "    cct = dc * it", None),
}  # fmt: skip


def test_the_programs_are_right(told: Tell) -> None:
    """Without a slip nothing is told of them."""
    assert not [name for name, text in PROGRAMS.items() if told(text)]


@pytest.mark.parametrize("name", SLIPS)
def test_one_slip_is_one_mistake_at_its_line(told: Tell, name: str) -> None:
    """Whatever follows from it is not told, and no helper that works is blamed."""
    program, before, after, known = SLIPS[name]
    assert PROGRAMS[program].count(before) == 1
    text = PROGRAMS[program].replace(before, after)
    (one,) = told(text)
    assert one.line == line_of(text, after.lstrip())
    assert known is None or one.id == known


def test_what_is_cached_too_late_is_told_where_the_name_gets_its_next_value(told: Tell) -> None:
    """The line that makes the cache is right but for its place."""
    text = PROGRAMS["forward"].replace(CACHED + HANDED, HANDED + CACHED)
    (one,) = told(text)
    asks = line_of(text, CACHED.strip())
    assert (one.line, one.says) == (asks - 1, f"a_prev gets another value here, and line {asks} asks for what it held before")
