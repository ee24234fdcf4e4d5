"""A helper that puts matrices together along another axis is told, not the lines of the cells that cannot use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELLS = """import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

def together(p):
    all_of_them = np.concatenate((p["Wi"], p["Wf"], p["Wo"], p["Wc"]), axis=0)
    shift = np.concatenate((p["bi"], p["bf"], p["bo"], p["bc"]), axis=0)
    return all_of_them, shift

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = len(a_prev)
    M, s = together(parameters)
    z = M.dot(np.vstack((a_prev, xt))) + s
    it, ft, ot = sigmoid(z[:n_a]), sigmoid(z[n_a:2 * n_a]), sigmoid(z[2 * n_a:3 * n_a])
    cct = np.tanh(z[3 * n_a:])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt = softmax(parameters["Wy"].dot(a_next) + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_prev)
    M, _ = together(parameters)
    th = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - th * th)
    dz = np.vstack((dc * cct * it * (1 - it), dc * c_prev * ft * (1 - ft), da_next * th * ot * (1 - ot), dc * it * (1 - cct * cct)))
    dM, ds = dz.dot(np.vstack((a_prev, xt)).T), dz.sum(axis=1, keepdims=True)
    back = M.T.dot(dz)
    grads = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for number, gate in enumerate("ifoc"):
        rows = slice(number * n_a, (number + 1) * n_a)
        grads["dW" + gate], grads["db" + gate] = dM[rows], ds[rows]
    return grads
"""


def test_the_program_is_right(told: Callable[[str], list[Told]]) -> None:
    """As it stands."""
    assert not told(CELLS)


@pytest.mark.parametrize(
    "stack", ['np.concatenate((p["Wi"], p["Wf"], p["Wo"], p["Wc"]), axis=1)', 'np.hstack((p["Wi"], p["Wf"], p["Wo"], p["Wc"]))']
)
def test_the_helper_is_told(stack: str, told: Callable[[str], list[Told]]) -> None:
    """For each of the cells, with the line where it cannot use what comes out."""
    text = CELLS.replace('np.concatenate((p["Wi"], p["Wf"], p["Wo"], p["Wc"]), axis=0)', stack)
    for one, line in zip(told(text), ("z = M.dot", "back = M.T"), strict=True):
        assert one.id in {"stack-wrong", "operator-replaced"}
        assert one.proof == "proved"
        assert one.line == text[: text.index("all_of_them =")].count("\n") + 1
        assert f"and so line {text[: text.index(line)].count(chr(10)) + 1} raises ValueError" in one.says


def test_pieces_in_each_others_rows_are_told_where_they_are_written(told: Callable[[str], list[Told]]) -> None:
    """All lines that read the stack are wrong then, and none of them is to be mended."""
    filled = """dz = np.empty((4 * n_a, xt.shape[1]))
    dz[2 * n_a:3 * n_a] = dc * cct * it * (1 - it)
    dz[n_a:2 * n_a] = dc * c_prev * ft * (1 - ft)
    dz[:n_a] = da_next * th * ot * (1 - ot)
    dz[3 * n_a:] = dc * it * (1 - cct * cct)
"""
    start = CELLS.index("dz = np.vstack(")
    text = CELLS[:start] + filled + CELLS[CELLS.index("\n", start) + 1 :]
    (one,) = told(text)
    assert (one.id, one.proof, one.line) == ("stack-wrong", "proved", text[: text.index("dz[2 * n_a:3 * n_a] =")].count("\n") + 1)
    assert "is written into other rows of dz than those where it belongs" in one.says


def test_a_sum_whose_first_part_raises_lacks_nothing_else(told: Callable[[str], list[Told]]) -> None:
    """In a cell the line that raises is no start of zeros, and the next line of the sum is right."""
    parts = "dxt = M[:n_a, n_a:].dot(dz[:n_a])\n    dxt += M[n_a:, n_a:].T.dot(dz[n_a:])\n    back = M.T.dot(dz)"
    text = CELLS.replace("back = M.T.dot(dz)", parts).replace('"dxt": back[n_a:]', '"dxt": dxt')
    (one,) = told(text)
    assert one.line == text[: text.index("dxt = M[")].count("\n") + 1
    assert not told(text.replace("n_a:].dot(dz[:n_a])", "n_a:].T.dot(dz[:n_a])"))
