"""The four checks of the forward functions: what each draws, what it calls, and what it prints.

They draw from seed 1 as those of the backward functions do, but the hidden state's weight before the input's, and the sequences draw the
weights of their predictions too. Of a tuple of caches they print one array of one entry, which stands in every place here: an edited
program may put anything into the others.
"""

# pyright: basic, reportUndefinedVariable=false
# ruff: noqa: ANN201, D103, F821, NPY002, RUF059
import numpy as np


def rnn_cell_forward_check():
    np.random.seed(1)
    xt = np.random.randn(3, 10)
    a_prev = np.random.randn(5, 10)
    Waa = np.random.randn(5, 5)
    Wax = np.random.randn(5, 3)
    Wya = np.random.randn(2, 5)
    ba = np.random.randn(5, 1)
    by = np.random.randn(2, 1)
    parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": ba, "by": by}
    a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, parameters)
    outputs = {"a_next": a_next, "yt_pred": yt_pred}
    return outputs


def rnn_forward_check():
    np.random.seed(1)
    x = np.random.randn(3, 10, 4)
    a0 = np.random.randn(5, 10)
    Waa = np.random.randn(5, 5)
    Wax = np.random.randn(5, 3)
    Wya = np.random.randn(2, 5)
    ba = np.random.randn(5, 1)
    by = np.random.randn(2, 1)
    parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": ba, "by": by}
    a, y_pred, caches = rnn_forward(x, a0, parameters)
    outputs = {"a": a, "y_pred": y_pred, "caches": np.array([caches[1], caches[1]])}
    return outputs


def lstm_cell_forward_check():
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
    outputs = {"a_next": a_next, "c_next": c_next, "yt": yt, "cache": np.array([cache[1], cache[1]])}
    return outputs


def lstm_forward_check():
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
    Wy = np.random.randn(2, 5)
    by = np.random.randn(2, 1)
    parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
    a, y, c, caches = lstm_forward(x, a0, parameters)
    outputs = {"a": a, "y": y, "caches": np.array([caches[1], caches[1]]), "c": c}
    return outputs
