"""Arrays that loops fill number by number: the line that writes the wrong one is told, and not the next one that writes another."""

from __future__ import annotations

import ast

import pytest
from code_answer import examined
from slipping import line_of

from whygrad.from_code.text.sibling_edits import sibling_edits

LOOPS = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    W, both = np.hstack([parameters["Waa"], parameters["Wax"]]), np.vstack([a_prev, xt])
    NX, NA, M = len(xt), *a_prev.shape
    dWax, dWaa, dba = np.zeros((NA, NX)), np.zeros((NA, NA)), np.zeros((NA, 1))
    dxt, da_prev = np.zeros(xt.shape), np.zeros((NA, M))
    for m in range(M):
        for j in range(NA):
            dz = da_next[j, m] * (1 - a_next[j, m] * a_next[j, m])
            dba[j, 0] += dz
            for k in range(NA):
                da_prev[k, m] += W[j, k] * dz
                dWaa[j, k] += dz * both[k, m]
            for k in range(NX):
                q = NA + k
                dxt[k, m] += W[j, q] * dz
                dWax[j, k] += dz * both[q, m]
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
SUMS = """
import numpy as np

def rnn_cell_forward(xt, a_prev, parameters):
    W = np.hstack([parameters["Waa"], parameters["Wax"]])
    NX, NA, M = len(xt), *a_prev.shape
    a_next = np.zeros((NA, M))
    for m in range(M):
        for j in range(NA):
            z, even, odd = parameters["ba"][j, 0], 0, 0
            for k in range(NA):
                z += W[j, k] * a_prev[k, m]
            for k in range(0, NX, 2):
                even += W[j, NA + k] * xt[k, m]
            for k in range(1, NX, 2):
                odd += W[j, NA + k] * xt[k, m]
            z = z + even + odd
            a_next[j, m] = np.tanh(z)
    z = parameters["Wya"] @ a_next + parameters["by"]
    e = np.exp(z - z.max(axis=0))
    return a_next, e / e.sum(axis=0), (a_next, a_prev, xt, parameters)
"""
LSTM = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    both, (NA, M) = np.vstack([a_prev, xt]), a_prev.shape
    FILLED
    out, back = {"dc_prev": dc_prev}, 0
    for k, d in (("f", df), ("i", di), ("c", dcct), ("o", do)):
        out["dW" + k], out["db" + k] = d @ both.T, d.sum(axis=1, keepdims=True)
        back = back + parameters["W" + k].T @ d
    out["da_prev"], out["dxt"] = back[:NA], back[NA:]
    return out
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dWaa[j, k] += dz * both[k, m]", "dWaa[j, k] += dz * both[j, m]"),
        ("dWaa[j, k] += dz", "dWaa[k, j] += dz"),
        ("q = NA + k", "q = NX + k"),
        ("q = NA + k", "q = NA"),
        ("+= W[j, k] * dz", "+= W[k, j] * dz"),
    ],
)
def test_the_line_that_writes_the_wrong_array_is_told(before: str, after: str) -> None:
    """Or the one index that all the lines use which write wrong arrays."""
    assert not examined(LOOPS).wrong
    text = LOOPS.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.proof) == (line_of(text, after), "proved")


def test_two_arrays_are_told_at_two_lines() -> None:
    """Each is mended by an edit of its own line, and both edits together make all right."""
    text = LOOPS.replace("dWaa[j, k] += dz", "dWaa[k, j] += dz").replace("both[q, m]", "both[k, m]")
    assert {one.line for one in examined(text).findings} == {line_of(text, "dWaa[k, j]"), line_of(text, "both[k, m]\n    return")}


def test_a_number_that_is_added_up_is_told_where_it_is_added_to() -> None:
    """And not where the sum is used."""
    assert not examined(SUMS).wrong
    text = SUMS.replace("odd += W[j, NA + k]", "odd += W[j, k]")
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, "odd += W[j, k]"), "slice-wrong", "proved")


def test_an_index_is_held_against_lines_that_are_built_alike() -> None:
    """Each name and index as it stands there, but not the name that the line gives a value."""
    function = ast.parse("def f():\n    zf += Wf[j, k] * xt[k]\n    zi += Wi[j, NA + k] * xt[k]\n    zc += Wc[j, k]\n").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert {(edit.text, edit.id) for edit in sibling_edits(function.body[0], function)} == {
        ("Wi", "name-replaced"),
        ("NA + k", "slice-wrong"),
    }


def test_what_is_stored_in_another_array_is_one_mistake() -> None:
    """The line is told that stores it there, and nothing of the array that it was meant for."""
    lines = [f"d{gate} = np.zeros((NA, M))" for gate in ("f", "i", "cct", "o", "c_prev")]
    lines += ["for m in range(M):", "    for j in range(NA):"]
    lines += ["        dc = dc_next[j, m] + da_next[j, m] * ot[j, m] * (1 - np.tanh(c_next[j, m]) ** 2)"]
    lines += ["        do[j, m] = da_next[j, m] * np.tanh(c_next[j, m]) * ot[j, m] * (1 - ot[j, m])"]
    lines += ["        di[j, m] = dc * cct[j, m] * it[j, m] * (1 - it[j, m])"]
    lines += ["        df[j, m] = dc * c_prev[j, m] * ft[j, m] * (1 - ft[j, m])"]
    lines += ["        dc_prev[j, m] = dc * ft[j, m]", "        dcct[j, m] = dc * it[j, m] * (1 - cct[j, m] ** 2)"]
    right = LSTM.replace("    FILLED\n", "".join(f"    {line}\n" for line in lines))
    assert not examined(right).wrong
    text = right.replace("df[j, m] = dc", "di[j, m] = dc")
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, "di[j, m] = dc * c_prev"), "name-replaced")


_NUMBERS = """for m in range(M):
        for j in range(NA):
            th = np.tanh(c_next[j, m])
            dc = dc_next[j, m] + da_next[j, m] * ot[j, m] * (1 - th * th)
            dc_prev[j, m] = dc * ft[j, m]
            gf = dc * c_prev[j, m] * ft[j, m] * (1 - ft[j, m])
            gi = dc * cct[j, m] * it[j, m] * (1 - it[j, m])
            gc = dc * it[j, m] * (1 - cct[j, m] * cct[j, m])
            go = da_next[j, m] * th * ot[j, m] * (1 - ot[j, m])
            dbf[j, 0] += gf
            dbi[j, 0] += gi
            dbc[j, 0] += gc
            dbo[j, 0] += go
            for k in range(len(both)):
                dWf[j, k] += gf * both[k, m]
                dWi[j, k] += gi * both[k, m]
                dWc[j, k] += gc * both[k, m]
                dWo[j, k] += go * both[k, m]
            for k in range(NA):
                da_prev[k, m] += Wf[j, k] * gf + Wi[j, k] * gi + Wc[j, k] * gc + Wo[j, k] * go
            for k in range(len(xt)):
                dxt[k, m] += Wf[j, NA + k] * gf + Wi[j, NA + k] * gi + Wc[j, NA + k] * gc + Wo[j, NA + k] * go
    return {"dc_prev": dc_prev, "da_prev": da_prev, "dxt": dxt, "dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo,
            "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo}
"""


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("dWo[j, k] += go", "dWf[j, k] += go", "name-replaced"),
        ("cct[j, m] * it[j, m] * (1 - it[j, m])", "cct[j, m] * it[j, m]", "factor-dropped"),
        ("go = da_next[j, m] * th * ot[j, m]", "go = ot[j, m]", "unnamed"),
    ],
)
def test_a_number_of_which_several_arrays_are_made_is_one_mistake(before: str, after: str, known: str) -> None:
    """Told where it gets its value, also where it is not known what belongs there: just what comes of it is wrong."""
    head, _, _ = LSTM.partition("    FILLED")
    weights = 'Wf, Wi, Wc, Wo = (parameters[key] for key in ("Wf", "Wi", "Wc", "Wo"))'
    zeros = "dWf, dWi, dWc, dWo = (np.zeros(Wf.shape) for _ in range(4))"
    more = "dbf, dbi, dbc, dbo, da_prev, dc_prev = (np.zeros((NA, n)) for n in (1, 1, 1, 1, M, M))"
    right = f"{head}    {weights}\n    {zeros}\n    {more}\n    dxt = np.zeros(xt.shape)\n    {_NUMBERS}"
    assert not examined(right).wrong
    text = right.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, after), known)


BY_UNITS = """dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    df, di, dc_prev = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * ft
    dcct, do = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)
    dbf, dbi, dbc, dbo = (np.zeros((NA, 1)) for _ in "fico")
    for j in range(NA):
        dbf[j], dbi[j] = df[j].sum(), di[j].sum()
        dbc[j] = dcct[j].sum()
        dbo[j] = do[j].sum()"""


def test_what_is_stored_in_a_wrong_array_is_one_mistake() -> None:
    """The array that stays zero for it, which no line makes, is the other half of it."""
    right = LSTM.replace("FILLED", BY_UNITS).replace(', out["db" + k] = d @ both.T, d.sum(axis=1, keepdims=True)', " = d @ both.T")
    right = right.replace('{"dc_prev": dc_prev}', '{"dc_prev": dc_prev, "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo}')
    assert not examined(right).wrong
    text = right.replace("dbc[j] = ", "dbi[j] = ")
    (said,) = examined(text).findings
    assert (said.line, said.proof) == (line_of(text, "dbi[j] = dcct"), "proved")
