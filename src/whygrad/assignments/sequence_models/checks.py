"""The four checks of the notebook: what each draws, what it calls, and which numbers it prints.

A check is a small program too, so it can carry mistakes of its own (a stale bias, weights drawn that should be zeros).
Every check draws from seed 1, in the order written here.
"""

# pyright: basic, reportUndefinedVariable=false
# ruff: noqa: ANN201, D103, F821, NPY002
import numpy as np


def rnn_cell_backward_check():
    np.random.seed(1)
    xt = np.random.randn(3, 10)
    a_prev = np.random.randn(5, 10)
    Wax = np.random.randn(5, 3)
    Waa = np.random.randn(5, 5)
    Wya = np.random.randn(2, 5)
    ba = np.random.randn(5, 1)
    by = np.random.randn(2, 1)
    parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": ba, "by": by}
    a_next, yt, cache = rnn_cell_forward(xt, a_prev, parameters)
    da_next = np.random.randn(5, 10)
    gradients = rnn_cell_backward(da_next, cache)
    return gradients


def rnn_backward_check():
    np.random.seed(1)
    x = np.random.randn(3, 10, 4)
    a0 = np.random.randn(5, 10)
    Wax = np.random.randn(5, 3)
    Waa = np.random.randn(5, 5)
    Wya = np.random.randn(2, 5)
    ba = np.random.randn(5, 1)
    by = np.random.randn(2, 1)
    parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": ba, "by": by}
    a, y, caches = rnn_forward(x, a0, parameters)
    da = np.random.randn(5, 10, 4)
    gradients = rnn_backward(da, caches)
    return gradients


def lstm_cell_backward_check():
    np.random.seed(1)
    xt = np.random.randn(3, 10)
    a_prev = np.random.randn(5, 10)
    c_prev = np.random.randn(5, 10)
    Wf = np.random.randn(5, 8)
    bf = np.random.randn(5, 1)
    Wi = np.random.randn(5, 8)
    bi = np.random.randn(5, 1)
    Wo = np.random.randn(5, 8)
    bo = np.random.randn(5, 1)
    Wc = np.random.randn(5, 8)
    bc = np.random.randn(5, 1)
    Wy = np.random.randn(2, 5)
    by = np.random.randn(2, 1)
    parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
    a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    da_next = np.random.randn(5, 10)
    dc_next = np.random.randn(5, 10)
    gradients = lstm_cell_backward(da_next, dc_next, cache)
    return gradients


def lstm_backward_check():
    np.random.seed(1)
    x = np.random.randn(3, 10, 7)
    a0 = np.random.randn(5, 10)
    Wf = np.random.randn(5, 8)
    bf = np.random.randn(5, 1)
    Wi = np.random.randn(5, 8)
    bi = np.random.randn(5, 1)
    Wo = np.random.randn(5, 8)
    bo = np.random.randn(5, 1)
    Wc = np.random.randn(5, 8)
    bc = np.random.randn(5, 1)
    Wy = np.zeros((2, 5))
    by = np.zeros((2, 1))
    parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
    a, y, c, caches = lstm_forward(x, a0, parameters)
    da = np.random.randn(5, 10, 4)
    gradients = lstm_backward(da, caches)
    return gradients
