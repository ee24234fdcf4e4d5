"""A function for the whole sequence that does not call the cell: its own line for one step is found, at whatever step."""

from __future__ import annotations

import pytest
from code_answer import examined

INLINED = """import numpy as np


class Cell:
    def __init__(self, p):
        self.p = p

    def step(self, xt, a_prev, c_prev):
        z = np.vstack((a_prev, xt))
        f, i, o = (1 / (1 + np.exp(-(self.p["W" + k] @ z + self.p["b" + k]))) for k in "fio")
        g = np.tanh(self.p["Wc"] @ z + self.p["bc"])
        c = f * c_prev + i * g
        a = o * np.tanh(c)
        return a, c, (a, c, a_prev, c_prev, f, i, g, o, xt, self.p)


def out(a, p):
    e = np.exp(p["Wy"] @ a + p["by"])
    return e / e.sum(axis=0)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    a, c, cache = Cell(parameters).step(xt, a_prev, c_prev)
    return a, c, out(a, parameters), cache


def lstm_forward(x, a0, parameters):
    cell, h, s, steps = Cell(parameters), a0, np.zeros(a0.shape), []
    for t in range(x.shape[2]):
        h, s, cache = cell.step(x[:, :, t], h, s)
        steps.append((h, out(h, parameters), s, cache))
    a, y, c = (np.stack([step[k] for step in steps], axis=2) for k in range(3))
    return a, y, c, ([step[3] for step in steps], x)


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    Wax, Waa = (steps[0][3][k] for k in ("Wax", "Waa"))
    D, back = np.zeros((n_a, m, T)), np.zeros((n_a, m))
    for t in range(T)[::-1]:
        D[:, :, t] = (da[:, :, t] + back) * (1 - steps[t][0] ** 2)
        back = Waa.T @ D[:, :, t]
    before = np.stack([step[1] for step in steps[:T]], axis=2)
    return {
        "dx": np.einsum("ai,amt->imt", Wax, D), "da0": back, "dba": D.sum(axis=(1, 2))[:, None],
        "dWax": np.einsum("amt,imt->ai", D, x[:, :, :T]), "dWaa": np.einsum("amt,bmt->ab", D, before),
    }
"""


def test_it_is_right() -> None:
    """No function of it is called wrong."""
    assert not examined(INLINED).wrong


@pytest.mark.parametrize(
    ("before", "after", "functions"),
    [
        ("c = f * c_prev + i * g", "c = f * c_prev + i * o", ["lstm_cell_forward", "lstm_forward"]),
        ("(da[:, :, t] + back) * (1 - steps[t][0] ** 2)", "da[:, :, t] * (1 - steps[t][0] ** 2) + back", ["rnn_backward"]),
    ],
)
def test_the_line_of_a_step(before: str, after: str, functions: list[str]) -> None:
    """A method that the cell and the sequence share, and the cell's equation written within the loop."""
    text = INLINED.replace(before, after)
    line = INLINED[: INLINED.index(before)].count("\n") + 1
    assert [(said.function, said.line) for said in examined(text).findings] == [(function, line) for function in functions]


GATES = """import numpy as np


class Gate:
    def __init__(self, W, b):
        self.W, self.b = W, b


class Cell:
    def __init__(self, p):
        self.gates = {k: Gate(p["W" + k], p["b" + k]) for k in "fico"}

    def back(self, da, dc, cache):
        a, c, a_prev, c_prev, f, i, g, o, xt, p = cache
        dc = dc + da * o * (1 - np.tanh(c) ** 2)
        d = dict(f=dc * c_prev * f * (1 - f), i=dc * g * i * (1 - i), c=dc * i * (1 - g ** 2), o=da * np.tanh(c) * o * (1 - o))
        out, dz = {"dc_prev": dc * f}, 0
        for k, v in d.items():
            out["dW" + k] = v.dot(np.vstack((a_prev, xt)).T)
            out["db" + k] = v.sum(axis=1, keepdims=True)
            dz = dz + self.gates[k].W.T.dot(v)
        out["da_prev"], out["dxt"] = dz[:a.shape[0]], dz[a.shape[0]:]
        return out


def lstm_backward(da, caches):
    steps, x = caches
    cell, dx = Cell(steps[0][-1]), np.zeros((x.shape[0], *da.shape[1:]))
    grads = {k + g: 0 for k in ("dW", "db") for g in "fico"}
    back_a = back_c = np.zeros(da.shape[:2])
    for t in range(da.shape[2] - 1, -1, -1):
        g = cell.back(da[:, :, t] + back_a, back_c, steps[t])
        back_a, back_c, dx[:, :, t] = g["da_prev"], g["dc_prev"], g["dxt"]
        grads = {k: grads[k] + g[k] for k in grads}
    return {**grads, "dx": dx, "da0": back_a}
"""


@pytest.mark.slow
def test_parameters_as_they_were_handed_in_are_not_where_it_goes_wrong() -> None:
    """Where no experiment mends anything, the first value that is no right quantity is told; a bias as it came in is none of these."""
    assert not examined(GATES).wrong
    text = GATES.replace("a_prev, xt)).T)", "a_prev, xt)).T) / len(v)")
    lines = {text.split("\n")[(said.line or 1) - 1].strip() for said in examined(text).findings}
    assert lines == {'out["dW" + k] = v.dot(np.vstack((a_prev, xt)).T) / len(v)'}


BY_HAND = """import numpy as np


def lstm_backward(da, caches):
    steps, x = caches
    p = steps[0][-1]
    n_a, m, T = da.shape
    back_a, back_c = np.zeros((n_a, m)), np.zeros((n_a, m))
    dx, dW, db = np.zeros((len(x), m, T)), {k: 0 for k in "fico"}, {k: 0 for k in "fico"}
    for t in range(T)[::-1]:
        _, c, a_prev, c_prev, f, i, g, o, xt, _ = steps[t]
        above = da[:, :, t] + back_a
        s = back_c + above * o * (1 - np.tanh(c) ** 2)
        at = {"f": s * c_prev * f * (1 - f), "i": s * g * i * (1 - i), "c": s * i * (1 - g ** 2), "o": above * np.tanh(c) * o * (1 - o)}
        z = np.vstack((a_prev, xt))
        dz = sum(p["W" + k].T @ at[k] for k in "fico")
        for k in "fico":
            dW[k] = dW[k] + at[k] @ z.T
            db[k] = db[k] + at[k].sum(axis=1, keepdims=True)
        back_a, dx[:, :, t] = dz[:n_a], dz[n_a:]
        back_c = s * f
    return {"dx": dx, "da0": back_a, **{"dW" + k: dW[k] for k in "fico"}, **{"db" + k: db[k] for k in "fico"}}
"""


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("back_c = s * f\n", "back_c = s * f * c_prev\n", "factor-added"),
        ("back_c = s * f\n", "back_c = s\n", "factor-dropped"),
        ("above = da[:, :, t] + back_a", "above = da[:, :, t]", "carry-missing"),
        ("s = back_c + above * o", "s = above * o", "term-dropped"),
    ],
)
def test_a_carry_of_cells_written_into_the_loop(before: str, after: str, id_: str) -> None:
    """The gates' lines read what is carried on, and are right themselves: they are not named."""
    assert not examined(BY_HAND).wrong
    text = BY_HAND.replace(before, after)
    line = BY_HAND[: BY_HAND.index(before)].count("\n") + 1
    assert text != BY_HAND
    assert [(said.line, said.id, said.proof) for said in examined(text).findings] == [(line, id_, "proved")]


INTO = """import numpy as np


def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    dc = np.subtract(1, np.tanh(c_next) ** 2)
    np.multiply(dc, da_next, out=dc)
    np.multiply(dc, ot, out=dc)
    np.add(dc, dc_next, out=dc)
    at = np.empty((4, *a_next.shape))
    np.multiply(dc, c_prev * ft * (1 - ft), out=at[0])
    np.multiply(dc, cct * it * (1 - it), out=at[1])
    np.multiply(dc, it * (1 - cct ** 2), out=at[2])
    np.multiply(da_next, np.tanh(c_next) * ot * (1 - ot), out=at[3])
    z, grads = np.vstack((a_prev, xt)), {"dc_prev": dc * ft}
    dz = np.zeros(z.shape)
    for k, d in zip("fico", at):
        grads["dW" + k], grads["db" + k] = d @ z.T, d.sum(axis=1, keepdims=True)
        np.add(dz, parameters["W" + k].T @ d, out=dz)
    grads["da_prev"], grads["dxt"] = dz[: len(a_next)], dz[len(a_next) :]
    return grads
"""


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("np.multiply(dc, da_next, out=dc)", "np.multiply(dc, dc_next, out=dc)", "name-replaced"),
        ("np.add(dc, dc_next, out=dc)", "np.subtract(dc, dc_next, out=dc)", "sign-flipped"),
    ],
)
def test_what_is_computed_into_an_array(before: str, after: str, id_: str) -> None:
    """A call with ``out=`` is where the array gets its value, not one of the lines that read it."""
    assert not examined(INTO).wrong
    line = INTO[: INTO.index(before)].count("\n") + 1
    assert [(said.line, said.id, said.proof) for said in examined(INTO.replace(before, after)).findings] == [(line, id_, "proved")]


def test_steps_side_by_side_may_be_anothers() -> None:
    """The states of the steps in the place of those before: a right array, and told where it is made, not where it is read."""
    before = "before = np.stack([step[1] for step"
    text = INLINED.replace(before, before.replace("[1]", "[0]"))
    (said,) = examined(text).findings
    assert "before = np.stack(" in text.split("\n")[(said.line or 1) - 1]
    assert said.proof == "proved"


OWN_METHOD = '''import numpy as np


class Net:
    """A network that goes back through its steps by a method of its own."""

    def back(self, upstream, kept):
        a_next, a_prev, xt, parameters = kept
        dz = upstream * (1 - a_next ** 2)
        return parameters["Waa"].T @ dz, parameters["Wax"].T @ dz, dz @ xt.T, dz @ a_prev.T, dz.sum(axis=1, keepdims=True)


def rnn_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    net, carry, dx = Net(), np.zeros((n_a, m)), np.zeros((len(x), m, steps))
    sums = [0, 0, 0]
    for t in reversed(range(steps)):
        carry, dx[:, :, t], *parts = net.back(da[:, :, t] + carry, kept[t])
        sums = [total + part for total, part in zip(sums, parts)]
    return {"dx": dx, "da0": carry, "dWax": sums[0], "dWaa": sums[1], "dba": sums[2]}
'''


@pytest.mark.parametrize("step", ["t", "steps - 1 - t", "t - 1"])
def test_the_caches_that_a_method_of_one_s_own_is_handed(step: str) -> None:
    """Those of other steps are told at its call, and found at once."""
    text = OWN_METHOD.replace("kept[t]", f"kept[{step}]")
    found = examined(text).findings
    told = [(text.split("\n")[(said.line or 1) - 1].strip(), said.id, said.proof) for said in found]
    call = f"carry, dx[:, :, t], *parts = net.back(da[:, :, t] + carry, kept[{step}])"
    assert told == ([] if step == "t" else [(call, "cache-of-wrong-step", "proved")])
