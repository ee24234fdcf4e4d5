"""What is kept for each gate, in a dictionary or a stack: told at the entry that is wrong, not at the line that goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = np.vstack((a_prev, xt))
    squash = {"f": sigmoid, "i": sigmoid, "c": np.tanh, "o": sigmoid}
    gate = {}
    for g in squash:
        gate[g] = squash[g](parameters["W" + g] @ z + parameters["b" + g])
    c_next = gate["f"] * c_prev + gate["i"] * gate["c"]
    a_next = gate["o"] * np.tanh(c_next)
    e = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, gate["f"], gate["i"], gate["c"], gate["o"], xt, parameters)
    return a_next, c_next, e / e.sum(axis=0), cache
"""

BACKWARD = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, z = len(a_next), np.vstack((a_prev, xt))
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    slope = {"f": ft * (1 - ft), "i": it * (1 - it), "c": 1 - cct ** 2, "o": ot * (1 - ot)}
    partner = {"f": c_prev, "i": cct, "c": it, "o": np.tanh(c_next)}
    source = {"f": dc, "i": dc, "c": dc, "o": da_next}
    grads, dz = {"dc_prev": dc * ft}, 0
    for g in "fico":
        d = source[g] * partner[g] * slope[g]
        grads["dW" + g], grads["db" + g] = d @ z.T, d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + g].T @ d
    grads["da_prev"], grads["dxt"] = dz[:n_a], dz[n_a:]
    return grads
"""

STACKED = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, z = len(a_next), np.vstack((a_prev, xt))
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    d = np.vstack(
        (dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), da_next * np.tanh(c_next) * ot * (1 - ot), dc * it * (1 - cct ** 2)))
    W = np.concatenate([parameters["W" + g] for g in "fioc"])
    dz = W.T @ d
    dWf, dWi, dWo, dWc = np.split(d @ z.T, 4)
    dbf, dbi, dbo, dbc = np.split(d.sum(axis=1, keepdims=True), 4)
    return {"dxt": dz[n_a:], "da_prev": dz[:n_a], "dc_prev": dc * ft, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
            "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo}
"""


@pytest.mark.parametrize(("before", "after"), [('"c": np.tanh', '"c": sigmoid'), ('"i": sigmoid', '"i": np.tanh')])
def test_an_activation_in_a_dictionary(told: Callable[[str], list[Told]], before: str, after: str) -> None:
    """The entry is told, by its key."""
    assert not told(FORWARD)
    (said,) = told(FORWARD.replace(before, after))
    key = before[1]
    assert (said.line, said.id, said.proof) == (9, "activation-wrong", "proved")
    assert said.says == f"squash has another activation under the key '{key}' than belongs there"


def test_two_entries_that_one_line_goes_through(told: Callable[[str], list[Told]]) -> None:
    """Each of them, and not the line of the loop, which is right."""
    assert not told(BACKWARD)
    text = BACKWARD.replace('"c": it', '"c": ft').replace('"o": da_next', '"o": dc')
    assert [(said.line, said.proof) for said in told(text)] == [(9, "proved"), (10, "proved")]


def test_a_stack_in_another_order_beside_another_slip(told: Callable[[str], list[Told]]) -> None:
    """The line that makes the stack is told."""
    assert not told(STACKED)
    text = STACKED.replace('"fioc"', '"fico"').replace("ft * (1 - ft), dc", "ft * (1 + ft), dc")
    first, second = told(text)
    assert first.line in {8, 9}
    assert (second.line, second.id, second.proof) == (10, "gate-swapped", "proved")
