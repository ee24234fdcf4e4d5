"""Programs that compute one entry, or one example, after another: each line is looked at as the array that it makes."""

from __future__ import annotations

import pytest
from code_answer import examined

PROGRAM = """import numpy as np


def rnn_cell_forward(xt, a_prev, parameters):
    n_x, m = xt.shape
    n_a = a_prev.shape[0]
    Waa, Wax, ba, by = parameters["Waa"], parameters["Wax"], parameters["ba"], parameters["by"]
    a_next, scores = np.zeros((n_a, m)), np.zeros((by.shape[0], m))
    for j in range(m):
        for i in range(n_a):
            total = ba[i, 0]
            for k in range(n_x):
                total += Wax[i, k] * xt[k, j]
            for k in range(n_a):
                total += Waa[i, k] * a_prev[k, j]
            a_next[i, j] = np.tanh(total)
        scores[:, j] = parameters["Wya"] @ a_next[:, j] + by[:, 0]
    powers = np.exp(scores)
    return a_next, powers / powers.sum(axis=0), (a_next, a_prev, xt, parameters)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a, m = a_next.shape
    n_x = xt.shape[0]
    dWax, dWaa, dba = np.zeros((n_a, n_x)), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    dxt, da_prev = np.zeros((n_x, m)), np.zeros((n_a, m))
    for i in range(n_a):
        for j in reversed(range(m)):
            dz = (1 - a_next[i, j] ** 2) * da_next[i, j]
            dba[i, 0] += dz
            for k in range(n_x):
                dWax[i, k] += dz * xt[k, j]
                dxt[k, j] += parameters["Wax"][i, k] * dz
            for k in range(n_a):
                dWaa[i, k] += dz * a_prev[k, j]
                da_prev[k, j] += parameters["Waa"][i, k] * dz
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    dZ = {gate: np.zeros((n_a, m)) for gate in "fico"}
    dc_prev = np.zeros((n_a, m))
    for i in range(n_a):
        for j in range(m):
            dc = dc_next[i, j] + da_next[i, j] * ot[i, j] * (1 - np.tanh(c_next[i, j]) ** 2)
            dZ["o"][i, j] = da_next[i, j] * np.tanh(c_next[i, j]) * ot[i, j] * (1 - ot[i, j])
            dZ["c"][i, j] = dc * it[i, j] * (1 - cct[i, j] ** 2)
            dZ["i"][i, j] = dc * cct[i, j] * it[i, j] * (1 - it[i, j])
            dZ["f"][i, j] = dc * c_prev[i, j] * ft[i, j] * (1 - ft[i, j])
            dc_prev[i, j] = dc * ft[i, j]
    stacked = np.vstack((a_prev, xt))
    gradients = {"dc_prev": dc_prev}
    back = np.zeros(stacked.shape)
    for gate in "fico":
        dW, db = np.zeros((n_a, len(stacked))), np.zeros((n_a, 1))
        for example in range(m):
            column = dZ[gate][:, example]
            dW += np.outer(column, stacked[:, example])
            db[:, 0] += column
            back[:, example] += parameters["W" + gate].T @ column
        gradients["dW" + gate], gradients["db" + gate] = dW, db
    gradients["da_prev"], gradients["dxt"] = back[:n_a], back[n_a:]
    return gradients
"""
SLIPS = [
    ("a_next[i, j] = np.tanh(total)", "a_next[i, j] = 1 / (1 + np.exp(-total))", "activation-wrong"),
    ("total += Waa[i, k] * a_prev[k, j]", "total += Waa[k, i] * a_prev[k, j]", "transpose-wrong"),
    ("dz = (1 - a_next[i, j] ** 2)", "dz = (1 - a_next[i, j])", "wrong-activation-derivative"),
    ("dWaa[i, k] += dz * a_prev[k, j]", "dWaa[i, k] += dz * a_next[k, j]", "name-replaced"),
    ('da_prev[k, j] += parameters["Waa"][i, k]', 'da_prev[k, j] += parameters["Waa"][k, i]', "transpose-wrong"),
    ("dc = dc_next[i, j] + da_next[i, j]", "dc = da_next[i, j]", "term-dropped"),
    ('dZ["i"][i, j] = dc * cct[i, j]', 'dZ["i"][i, j] = dc * ft[i, j]', "gate-swapped"),
    ("dc_prev[i, j] = dc * ft[i, j]", "dc_prev[i, j] = dc", "factor-dropped"),
]


def test_a_right_program_is_right() -> None:
    """However it loops."""
    assert examined(PROGRAM).wrong == frozenset()


@pytest.mark.parametrize(("before", "after", "id_"), SLIPS, ids=[after for _, after, _ in SLIPS])
def test_the_line_of_an_entry_is_named_and_proved(before: str, after: str, id_: str) -> None:
    """As a line of whole arrays is."""
    assert before in PROGRAM
    text = PROGRAM.replace(before, after)
    (said,) = examined(text).findings
    assert text.split("\n")[(said.line or 1) - 1].strip().startswith(after.split(" ", maxsplit=1)[0])
    assert (said.id, said.proof) == (id_, "proved")


IN_TWO_PASSES = """import numpy as np


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    (n_a, m), n_x = a_next.shape, len(xt)
    dz = np.zeros((n_a, m))
    for i in range(n_a):
        for j in range(m):
            dz[i][j] = da_next[i][j] * (1 - a_next[i][j] ** 2)
    dxt, da_prev, dWax = np.zeros((n_x, m)), np.zeros((n_a, m)), np.zeros((n_a, n_x))
    for i in range(n_a):
        for j in range(m):
            for k in range(n_x):
                dWax[i][k] += dz[i][j] * xt[k][j]
                dxt[k][j] += Wax[i][k] * dz[i][j]
            for k in range(n_a):
                da_prev[k][j] += Waa[i][k] * dz[i][j]
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dz @ a_prev.T, "dba": dz.sum(axis=1, keepdims=True)}
"""


def test_the_array_that_two_wrong_ones_are_made_of_is_not_told_if_it_is_right() -> None:
    """Each has a mistake of its own, and each is told at its line."""
    assert not examined(IN_TWO_PASSES).findings
    text = IN_TWO_PASSES.replace("    dxt[k][j] += Wax[i][k]", "dxt[k][j] += Wax[i][k]").replace("Waa[i][k]", "Waa[k][i]")
    lines = text.split("\n")
    assert {lines[(said.line or 1) - 1].strip(): said.id for said in examined(text).findings} == {
        "dxt[k][j] += Wax[i][k] * dz[i][j]": "left-at-zero",
        "da_prev[k][j] += Waa[k][i] * dz[i][j]": "transpose-wrong",
    }
