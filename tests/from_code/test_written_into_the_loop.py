"""A loop that computes the cell by itself: a carry that gets no new value is one mistake, told where the carry starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

TEXT = """
import numpy as np

def lstm_forward(x, a0, parameters):
    Wf, Wi, Wc, Wo, Wy = [parameters["W" + k] for k in ["f", "i", "c", "o", "y"]]
    bf, bi, bc, bo, by = [parameters["b" + k] for k in ["f", "i", "c", "o", "y"]]
    n_x, m, T_x = x.shape
    n_y, n_a = Wy.shape
    a, c, y = np.zeros((n_a, m, T_x)), np.zeros((n_a, m, T_x)), np.zeros((n_y, m, T_x))
    caches = []
    before = a0
    memory = np.zeros((n_a, m))
    for t in range(T_x):
        xt = x[:, :, t]
        concat = np.concatenate((before, xt), axis=0)
        ft = sigmoid(np.dot(Wf, concat) + bf)
        it = sigmoid(np.dot(Wi, concat) + bi)
        cct = np.tanh(np.dot(Wc, concat) + bc)
        ot = sigmoid(np.dot(Wo, concat) + bo)
        c_next = ft * memory + it * cct
        a_next = ot * np.tanh(c_next)
        y[:, :, t] = softmax(np.dot(Wy, a_next) + by)
        a[:, :, t], c[:, :, t] = a_next, c_next
        caches.append((a_next, c_next, before, memory, ft, it, cct, ot, xt, parameters))
        before = a_next
        memory = c_next
    return a, y, c, (caches, x)

def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T))
    sums = {"dW" + k: np.zeros((n_a, n_a + n_x)) for k in "fico"} | {"db" + k: np.zeros((n_a, 1)) for k in "fico"}
    from_a = np.zeros((n_a, m))
    from_c = np.zeros((n_a, m))
    for t in range(T)[::-1]:
        a_t, c_t, a_before, c_before, ft, it, cct, ot, xt, parameters = steps[t]
        da_t = da[:, :, t] + from_a
        concat = np.concatenate((a_before, xt), axis=0)
        tc = np.tanh(c_t)
        dc = from_c + da_t * ot * (1 - tc ** 2)
        back = 0
        for k, d in (
            ("f", dc * c_before * ft * (1 - ft)), ("i", dc * cct * it * (1 - it)), ("c", dc * it * (1 - cct ** 2)),
            ("o", da_t * tc * ot * (1 - ot)),
        ):
            sums["dW" + k] += np.dot(d, concat.T)
            sums["db" + k] += np.sum(d, axis=1, keepdims=True)
            back = back + np.dot(parameters["W" + k].T, d)
        dx[:, :, t] = back[n_a:]
        from_a = back[:n_a]
        from_c = dc * ft
    return {"dx": dx, "da0": from_a, **sums}
"""
LOST = {
    "memory": ("        memory = c_next\n", "    memory = np.zeros((n_a, m))", "state-not-carried"),
    "before": ("        before = a_next\n", "    before = a0", "state-not-carried"),
    "from_c": ("        from_c = dc * ft\n", "    from_c = np.zeros((n_a, m))", "carry-missing"),
    "from_a": ("        from_a = back[:n_a]\n", "    from_a = np.zeros((n_a, m))", "carry-missing"),
}


def _said(name: str) -> str:
    return f"{name} gets a value before the loop, and no new one in it: each step starts from the same"


@pytest.mark.parametrize("name", LOST)
def test_a_carry_without_a_new_value_is_told_where_it_starts(name: str, told: Callable[[str], list[Told]]) -> None:
    """Not at all the lines that read it, in which nothing is wrong."""
    lost, start, id_ = LOST[name]
    text = TEXT.replace(lost, "")
    (one,) = told(text)
    assert (one.id, one.proof, one.says) == (id_, "proved", _said(name))
    assert text.split("\n")[one.line - 1] == start


@pytest.mark.parametrize("names", [("before", "memory"), ("from_a", "from_c")])
def test_two_carries_without_a_new_value_are_both_told(names: tuple[str, ...], told: Callable[[str], list[Told]]) -> None:
    """Nothing is carried at all."""
    text = TEXT
    for name in names:
        text = text.replace(LOST[name][0], "")
    assert [one.says for one in told(text)] == [_said(name) for name in names]


def test_nothing_is_said_of_a_loop_that_carries(told: Callable[[str], list[Told]]) -> None:
    """The cells need not be there."""
    assert not told(TEXT)
