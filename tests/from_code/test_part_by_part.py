"""What is stored, collected or taken part by part: the line that loses or orders parts wrongly is told, not where they come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

EXAMPLE_BY_EXAMPLE = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_prev.shape
    da_prev, dxt, dc_prev = np.zeros((n_a, m)), np.zeros(xt.shape), np.zeros((n_a, m))
    dW = {gate: np.zeros(parameters["W" + gate].shape) for gate in "fico"}
    db = {gate: np.zeros((n_a, 1)) for gate in "fico"}
    for e in range(m):
        tanh_c = np.tanh(c_next[:, e])
        dc = dc_next[:, e] + da_next[:, e] * ot[:, e] * (1 - tanh_c ** 2)
        d = {
            "f": dc * c_prev[:, e] * ft[:, e] * (1 - ft[:, e]),
            "i": dc * cct[:, e] * it[:, e] * (1 - it[:, e]),
            "c": dc * it[:, e] * (1 - cct[:, e] ** 2),
            "o": da_next[:, e] * tanh_c * ot[:, e] * (1 - ot[:, e]),
        }
        for gate in "fico":
            dW[gate] += np.outer(d[gate], np.concatenate((a_prev[:, e], xt[:, e])))
            db[gate][:, 0] += d[gate]
            back = parameters["W" + gate].T @ d[gate]
            da_prev[:, e] += back[:n_a]
            dxt[:, e] += back[n_a:]
        dc_prev[:, e] = dc * ft[:, e]
    gradients = {"dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev}
    for gate in "fico":
        gradients["dW" + gate], gradients["db" + gate] = dW[gate], db[gate]
    return gradients
"""

ALL_GATES = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, tanh_c = len(a_prev), np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c ** 2)
    d = np.vstack((dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * it * (1 - cct ** 2), da_next * tanh_c * ot * (1 - ot)))
    back = np.vstack([parameters["W" + gate] for gate in "fico"]).T @ d
    dW = d @ np.r_[a_prev, xt].T
    db = d.sum(axis=1, keepdims=True)
    gradients = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for k, gate in enumerate("fico"):
        gradients["dW" + gate] = dW[k * n_a:(k + 1) * n_a]
        gradients["db" + gate] = db[k * n_a:(k + 1) * n_a]
    return gradients
"""

OF_ALL_STEPS = """
import numpy as np

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    all_steps, carry = [], np.zeros((n_a, m))
    for t in range(T_x)[::-1]:
        all_steps = [rnn_cell_backward(da[:, :, t] + carry, steps[t])] + all_steps
        carry = all_steps[0]["da_prev"]
    return dict(dx=np.dstack([one["dxt"] for one in all_steps]), da0=carry,
                **{key: sum(one[key] for one in all_steps) for key in ("dWax", "dWaa", "dba")})
"""

LISTS = """
import numpy as np

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    dx, carry, weights, recurrent, biases = np.zeros((len(x), m, T_x)), np.zeros((n_a, m)), [], [], []
    for t in range(T_x)[::-1]:
        got = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = got["dxt"], got["da_prev"]
        weights.append(got["dWax"])
        recurrent.append(got["dWaa"])
        biases.append(got["dba"])
    dWax, dWaa, dba = sum(weights), sum(recurrent), sum(biases)
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""

IN_ONE = """
import numpy as np

def rnn_cell_only(da, caches):
    return rnn_cell_backward(da[:, :, 0], caches[0][0])

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    W = steps[0][3]
    dx, carry, dz = np.zeros((len(x), m, T_x)), np.zeros((n_a, m)), np.zeros((n_a, m, T_x))
    before, inputs = np.zeros((n_a, m, T_x)), np.zeros((len(x), m, T_x))
    for t in range(T_x)[::-1]:
        a_next, before[:, :, t], inputs[:, :, t], _ = steps[t]
        dz[:, :, t] = (da[:, :, t] + carry) * (1 - a_next ** 2)
        dx[:, :, t], carry = W["Wax"].T @ dz[:, :, t], W["Waa"].T @ dz[:, :, t]
    dWax = np.tensordot(dz, inputs, axes=([1, 2], [1, 2]))
    dWaa = np.tensordot(dz, before, axes=([1, 2], [1, 2]))
    dba = dz.sum(axis=(1, 2)).reshape(-1, 1)
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""

TERM_BY_TERM = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, stack, tanh_c = len(a_prev), np.concatenate((a_prev, xt)), np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c ** 2)
    dft = dc * c_prev * ft * (1 - ft)
    dit = dc * cct * it * (1 - it)
    dcct = dc * it * (1 - cct ** 2)
    dot = da_next * tanh_c * ot * (1 - ot)
    back = np.dot(parameters["Wf"].T, dft)
    back = np.add(back, np.dot(parameters["Wo"].T, dot))
    back = np.add(back, np.dot(parameters["Wi"].T, dit))
    back = np.add(back, np.dot(parameters["Wc"].T, dcct))
    gradients = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for gate, d in zip("fico", (dft, dit, dcct, dot)):
        gradients["dW" + gate], gradients["db" + gate] = np.dot(d, stack.T), np.sum(d, axis=1, keepdims=True)
    return gradients
"""

RIGHT = {
    "term by term": TERM_BY_TERM,
    "example by example": EXAMPLE_BY_EXAMPLE,
    "all gates": ALL_GATES,
    "of all steps": OF_ALL_STEPS,
    "lists": LISTS,
    "in one": IN_ONE,
}

CASES = [
    (EXAMPLE_BY_EXAMPLE, "da_prev[:, e] += back[:n_a]", "da_prev[:, e] = back[:n_a]", "overwritten-not-summed"),
    (EXAMPLE_BY_EXAMPLE, "db[gate][:, 0] += d[gate]", "db[gate][:, 0] = d[gate]", "overwritten-not-summed"),
    (ALL_GATES, "d @ np.r_[a_prev, xt].T", "d @ np.r_[xt, a_prev].T", "gate-swapped"),
    (LISTS, 'biases.append(got["dba"])', 'biases.append(got["dWaa"].sum(axis=1, keepdims=True))', "name-replaced"),
    (IN_ONE, "dz.sum(axis=(1, 2)).reshape(-1, 1)", "dz.sum(axis=1)[:, -1:]", "overwritten-not-summed"),
]


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right_ones_are_right(text: str, told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of them."""
    assert not told(text)


@pytest.mark.parametrize(("text", "before", "after", "id_"), CASES, ids=[after for _, _, after, _ in CASES])
def test_the_line_that_was_changed_is_told(text: str, before: str, after: str, id_: str, told: Callable[[str], list[Told]]) -> None:
    """Alone, with its name, and proved."""
    assert before in text
    changed = text.replace(before, after)
    (said,) = told(changed)
    assert after in changed.split("\n")[said.line - 1]
    assert (said.id, said.proof) == (id_, "proved")


def test_sums_that_leave_a_step_out_are_told_where_they_are_made(told: Callable[[str], list[Told]]) -> None:
    """Not at the call of the cell, which is right."""
    text = OF_ALL_STEPS.replace("for one in all_steps) for key", "for one in all_steps[1:]) for key")
    (said,) = told(text)
    assert (said.id, said.proof) == ("accumulated-wrongly", "proved")
    assert text.split("\n")[said.line - 1].strip().startswith("return dict(")


@pytest.mark.parametrize("after", ["np.tensordot(dz[:, :, 1:], before,", "np.tensordot(dz, before[:, :, :-1],"])
def test_a_product_over_steps_that_raises_is_told_itself(after: str, told: Callable[[str], list[Told]]) -> None:
    """What it makes is handed out: it does not stay as something else has made it."""
    text = IN_ONE.replace("np.tensordot(dz, before,", after)
    (said,) = told(text)
    assert after in text.split("\n")[said.line - 1]
    assert said.says.startswith("rnn_backward raises ValueError")


@pytest.mark.parametrize("statement", ['np.add(back, np.dot(parameters["Wi"].T, dit))', 'back + np.dot(parameters["Wi"].T, dit)'])
def test_what_a_cell_computes_and_stores_nowhere_is_told_there(statement: str, told: Callable[[str], list[Told]]) -> None:
    """Not at the line before, which is right; with another mistake that goes into it too."""
    text = TERM_BY_TERM.replace('back = np.add(back, np.dot(parameters["Wi"].T, dit))', statement)
    alone = told(text)
    both = told(text.replace("dit = ", "dit = 2 * "))
    assert (len(alone), len(both)) == (1, 2)
    for said in (alone[-1], both[-1]):
        assert (said.id, said.proof, said.says) == (
            "term-dropped",
            "proved",
            "back stays as it is: what this line computes is stored nowhere",
        )
        assert text.split("\n")[said.line - 1].strip() == statement


def test_a_sum_that_begins_with_another_one_is_named(told: Callable[[str], list[Told]]) -> None:
    """The line is right at its first turn, where both sums are zero."""
    one = """
    dWax, dWaa, dba = np.zeros((n_a, len(x))), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    dx, carry = np.zeros((len(x), m, T_x)), np.zeros((n_a, m))
    for t in range(T_x)[::-1]:
        got = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = got["dxt"], got["da_prev"]
        dWax, dWaa, dba = dWax + got["dWax"], dWaa + got["dWaa"], SUM + got["dba"]
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
    head = LISTS.partition("    dx, carry")[0]
    assert not told(head + one.replace("SUM", "dba"))
    (said,) = told(head + one.replace("SUM", "dWaa[:, :1]"))
    assert said.proof == "proved"
    (said,) = told(
        head + one.replace("dWaa + got", "SUM + got", 1).replace('SUM + got["dba"]', 'dba + got["dba"]').replace("SUM", "dWaa.T")
    )
    assert (said.id, said.proof) == ("transpose-wrong", "proved")
