"""One slip in what several results are made of: told where it is made, once, and not at each of the lines that only take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

COLUMNS = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    size, count = xt.shape
    both = np.concatenate((a_prev, xt))
    dz = (1 - a_next ** 2) * da_next
    dxt = np.zeros(xt.shape)
    for i in range(count):
        dxt[:, i] = parameters["Wax"].T @ dz[:, i]
    dv, d, dba = np.zeros(both.shape), {"W": np.zeros((len(dz), len(both)))}, np.zeros((len(dz), 1))
    for j in range(count):
        dv[:-size, j] += parameters["Waa"].T @ dz[:, j]
        dv[-size:, j] += dxt[:, j]
        d["W"][:] += np.outer(dz[:, j], both[:, j])
        dba += dz[:, [j]]
    return {"dxt": dv[-size:], "da_prev": dv[:-size], "dWaa": d["W"][:, :-size], "dWax": d["W"][:, -size:], "dba": dba}
"""
STEPS = """
import numpy as np

def lstm_backward(da, caches):
    T = da.shape[2]
    da = np.dstack((np.zeros(da.shape[:2]), da))
    dc = np.zeros_like(da)
    steps, out = [], {}
    for t in range(T - 1, -1, -1):
        one = lstm_cell_backward(da[:, :, t + 1], dc[:, :, t + 1], caches[0][t])
        da[:, :, t] += one["da_prev"]
        dc[:, :, t] += one["dc_prev"]
        steps.insert(0, one)
        out = {k: out.get(k, 0) + one[k] for k in one if k[:2] in {"dW", "db"}}
    out["dx"] = np.stack([one["dxt"] for one in steps], axis=2)
    out["da0"] = da[:, :, 0]
    return out
"""
LISTED = STEPS.replace('out["da0"] = da[:, :, 0]', 'out["da0"] = steps[0]["da_prev"]')
CASES = {
    "steps not turned round": (LISTED, "insert(0, one)", "append(one)", "        steps.", "loop-wrong"),
    "the other state's": (STEPS, '+= one["da_prev"]', '+= one["dc_prev"]', "        da[", "name-replaced"),
    "of one result": (COLUMNS.replace("dv[-size:],", "dxt,"), "i in range(count)", "i in range(count - 1)", "    for i", "loop-wrong"),
    "another size": (COLUMNS, "j in range(count)", "j in range(size)", "    for j", "name-replaced"),
    "each overwrites": (COLUMNS, "dba += ", "dba = ", "        dba =", "overwritten-not-summed"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_told_where_all_of_it_is_made(told: Callable[[str], list[Told]], case: tuple[str, ...]) -> None:
    """Nothing is told of the lines that hand it on."""
    right, before, after, line, known = case
    text, said = slip_told(told, right, before, after)
    assert (said.line, said.id, said.proof) == (line_of(text, line), known, "proved")
