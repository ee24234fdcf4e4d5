import numpy as np
from rnn_utils import sigmoid, softmax


def rnn_cell_forward(xt, a_prev, parameters):
    W = np.hstack((parameters["Waa"], parameters["Wax"]))
    stacked = np.vstack((a_prev, xt))
    a_next = np.tanh(W.dot(stacked) + parameters["ba"])
    yt_pred = softmax(parameters["Wya"].dot(a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    T_x = x.shape[2]
    caches = []
    a = np.zeros(a0.shape + (T_x,))
    y_pred = np.zeros((parameters["by"].shape[0], x.shape[1], T_x))
    a_prev = a0
    for t in range(T_x):
        a_prev, y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], a_prev, parameters)
        a[:, :, t] = a_prev
        caches += [cache]
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a = a_next.shape[0]
    W = np.hstack((parameters["Waa"], parameters["Wax"]))
    concat = np.vstack((a_prev, xt))
    dz = da_next * (1 - a_next * a_next)
    dW = dz.dot(concat.T)
    dconcat = W.T.dot(dz)
    gradients = {}
    gradients["da_prev"] = dconcat[:n_a]
    gradients["dxt"] = dconcat[n_a:]
    gradients["dWaa"] = dW[:, :n_a]
    gradients["dWax"] = dW[:, n_a:]
    gradients["dba"] = dz.sum(axis=1, keepdims=True)
    return gradients


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    da_prev = np.zeros((n_a, m))
    for t in range(T_x - 1, -1, -1):
        da_next = da[:, :, t] + da_prev
        step = rnn_cell_backward(da_next, steps[t])
        da_prev = step["da_prev"]
        dx[:, :, t] += step["dxt"]
        dWax += step["dWax"]
        dWaa += step["dWaa"]
        dba += step["dba"]
    return {"dx": dx, "da0": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.vstack((a_prev, xt))
    ft = sigmoid(parameters["Wf"].dot(concat) + parameters["bf"])
    it = sigmoid(parameters["Wi"].dot(concat) + parameters["bi"])
    cct = np.tanh(parameters["Wc"].dot(concat) + parameters["bc"])
    ot = sigmoid(parameters["Wo"].dot(concat) + parameters["bo"])
    c_next = ft * c_prev
    c_next += it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"].dot(a_next) + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros_like(a)
    y = np.zeros((n_y, m, T_x))
    caches = []
    a_prev = a0
    c_prev = np.zeros_like(a0)
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        y[:, :, t] = yt
        caches.append(cache)
        a_prev = a_next
        c_prev = c_next
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    concat = np.vstack((a_prev, xt))
    tanh_c = np.tanh(c_next)

    # output gate
    dot = da_next * tanh_c
    dot = dot * ot * (1 - ot)

    # cell state
    dc = dc_next.copy()
    dc += da_next * ot * (1 - tanh_c ** 2)
    dft = dc * c_prev * ft * (1 - ft)
    dit = dc * cct * it * (1 - it)
    dcct = dc * it * (1 - cct ** 2)
    dc_prev = dc * ft

    # the stacked input gets something from each gate
    dconcat = parameters["Wf"].T.dot(dft)
    dconcat += parameters["Wi"].T.dot(dit)
    dconcat += parameters["Wc"].T.dot(dcct)
    dconcat += parameters["Wo"].T.dot(dot)
    da_prev = dconcat[:n_a, :]
    dxt = dconcat[n_a:, :]

    gradients = {"dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev}
    gradients["dWf"] = dft.dot(concat.T)
    gradients["dWi"] = dit.dot(concat.T)
    gradients["dWc"] = dcct.dot(concat.T)
    gradients["dWo"] = dot.dot(concat.T)
    gradients["dbf"] = dft.sum(axis=1, keepdims=True)
    gradients["dbi"] = dit.sum(axis=1, keepdims=True)
    gradients["dbc"] = dcct.sum(axis=1, keepdims=True)
    gradients["dbo"] = dot.sum(axis=1, keepdims=True)
    return gradients


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x))
    da_prev = np.zeros((n_a, m))
    dc_prev = np.zeros((n_a, m))
    dWf = np.zeros((n_a, n_a + n_x))
    dWi = np.zeros_like(dWf)
    dWc = np.zeros_like(dWf)
    dWo = np.zeros_like(dWf)
    dbf = np.zeros((n_a, 1))
    dbi = np.zeros_like(dbf)
    dbc = np.zeros_like(dbf)
    dbo = np.zeros_like(dbf)
    for t in range(T_x - 1, -1, -1):
        da_next = da[:, :, t] + da_prev
        step = lstm_cell_backward(da_next, dc_prev, steps[t])
        da_prev = step["da_prev"]
        dc_prev = step["dc_prev"]
        dx[:, :, t] += step["dxt"]
        dWf += step["dWf"]
        dWi += step["dWi"]
        dWc += step["dWc"]
        dWo += step["dWo"]
        dbf += step["dbf"]
        dbi += step["dbi"]
        dbc += step["dbc"]
        dbo += step["dbo"]
    return {"dx": dx, "da0": da_prev, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi, "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo}
