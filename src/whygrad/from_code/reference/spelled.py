"""A second way of writing the four cells, with every intermediate that people give a name: the right value of each is then known."""

from __future__ import annotations

import re

from whygrad.assignments import SEQUENCE_MODELS

_RNN_FORWARD = """
def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = parameters["Wax"], parameters["Waa"], parameters["Wya"], parameters["ba"], parameters["by"]
    W, stack = np.concatenate((Waa, Wax), axis=1), np.concatenate((a_prev, xt), axis=0)
    zx = np.dot(Wax, xt)
    za = np.dot(Waa, a_prev)
    zxb = zx + ba
    z = zx + za + ba
    a_next = np.tanh(z)
    zy = np.dot(Wya, a_next) + by
    ey, eyt, eyg = np.exp(zy), np.exp(zy - np.max(zy, axis=0)), np.exp(zy - np.max(zy))
    yt_pred = softmax(zy)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
"""
_RNN_BACKWARD = """
def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    square = a_next * a_next
    slope = 1 - square
    dz = da_next * slope
    dzT = dz.T
    concat = np.concatenate((a_prev, xt), axis=0)
    W = np.concatenate((Waa, Wax), axis=1)
    dW = np.dot(dz, concat.T)
    dconcat = np.dot(W.T, dz)
    dWax, dWaa = dW[:, len(Waa):], dW[:, :len(Waa)]
    dba = np.sum(dz, axis=1, keepdims=True)
    dxt, da_prev = dconcat[len(Waa):], dconcat[:len(Waa)]
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
_LSTM_FORWARD = """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    Wf, bf, Wi, bi = parameters["Wf"], parameters["bf"], parameters["Wi"], parameters["bi"]
    Wc, bc, Wo, bo = parameters["Wc"], parameters["bc"], parameters["Wo"], parameters["bo"]
    concat = np.concatenate((a_prev, xt), axis=0)
    zf = np.dot(Wf, concat) + bf
    zi = np.dot(Wi, concat) + bi
    zc = np.dot(Wc, concat) + bc
    zo = np.dot(Wo, concat) + bo
    ef, ei, eo = np.exp(-zf), np.exp(-zi), np.exp(-zo)
    ft = sigmoid(zf)
    it = sigmoid(zi)
    cct = np.tanh(zc)
    ot = sigmoid(zo)
    kept = ft * c_prev
    new = it * cct
    c_next = kept + new
    tanh_c = np.tanh(c_next)
    a_next = ot * tanh_c
    zy = np.dot(parameters["Wy"], a_next) + parameters["by"]
    ey, eyt, eyg = np.exp(zy), np.exp(zy - np.max(zy, axis=0)), np.exp(zy - np.max(zy))
    yt_pred = softmax(zy)
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""
_LSTM_BACKWARD = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_x, m = xt.shape
    n_a = a_next.shape[0]
    Wfa, Wia = parameters["Wf"][:, :n_a], parameters["Wi"][:, :n_a]
    Wca, Woa = parameters["Wc"][:, :n_a], parameters["Wo"][:, :n_a]
    Wfx, Wix = parameters["Wf"][:, n_a:], parameters["Wi"][:, n_a:]
    Wcx, Wox = parameters["Wc"][:, n_a:], parameters["Wo"][:, n_a:]
    Wf, Wi = np.concatenate((Wfa, Wfx), axis=1), np.concatenate((Wia, Wix), axis=1)
    Wc, Wo = np.concatenate((Wca, Wcx), axis=1), np.concatenate((Woa, Wox), axis=1)
    concat = np.concatenate((a_prev, xt), axis=0)
    concatT = concat.T
    tanh_c = np.tanh(c_next)
    slope_tanh = 1 - tanh_c ** 2
    slope_f, slope_i, slope_c, slope_o = ft * (1 - ft), it * (1 - it), 1 - cct ** 2, ot * (1 - ot)
    through_a = da_next * ot
    through_h = through_a * slope_tanh
    dc = dc_next + through_h
    do = da_next * tanh_c
    df = dc * c_prev
    di = dc * cct
    dcc = dc * it
    dft = df * slope_f
    dit = di * slope_i
    dcct = dcc * slope_c
    dot = do * slope_o
    dc_prev = dc * ft
    dWf, dWi, dWc, dWo = np.dot(dft, concatT), np.dot(dit, concatT), np.dot(dcct, concatT), np.dot(dot, concatT)
    dWfa, dWia, dWca, dWoa = dWf[:, :n_a], dWi[:, :n_a], dWc[:, :n_a], dWo[:, :n_a]
    dWfx, dWix, dWcx, dWox = dWf[:, n_a:], dWi[:, n_a:], dWc[:, n_a:], dWo[:, n_a:]
    dbf = np.sum(dft, axis=1, keepdims=True)
    dbi = np.sum(dit, axis=1, keepdims=True)
    dbc = np.sum(dcct, axis=1, keepdims=True)
    dbo = np.sum(dot, axis=1, keepdims=True)
    stack_f, stack_i, stack_c, stack_o = np.dot(Wf.T, dft), np.dot(Wi.T, dit), np.dot(Wc.T, dcct), np.dot(Wo.T, dot)
    dconcat = stack_f + stack_i + stack_c + stack_o
    da_prev = dconcat[:n_a]
    dxt = dconcat[n_a:]
    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }
"""
SPELLED = {
    "rnn_cell_forward": _RNN_FORWARD,
    "rnn_cell_backward": _RNN_BACKWARD,
    "lstm_cell_forward": _LSTM_FORWARD,
    "lstm_cell_backward": _LSTM_BACKWARD,
}
_GATED = re.compile(r"(z|stack_|slope_|d)[fico]|dcc")


def kind_of(name: str) -> str:
    """What a quantity is to its gate: the same for ``ft`` and ``ot``, for ``zf`` and ``zi``."""
    if _GATED.fullmatch(name):
        return "d?" if name == "dcc" else f"{name[:-1]}?"
    return SEQUENCE_MODELS.vocabulary.kind(name) or name
