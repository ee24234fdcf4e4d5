import numpy as np
from rnn_utils import sigmoid, softmax


def rnn_cell_forward(xt, a_prev, parameters):
    z = np.dot(parameters["Wax"], xt)
    z += np.dot(parameters["Waa"], a_prev)
    z += parameters["ba"]
    a_next = np.tanh(z, out=z)
    yt_pred = softmax(np.dot(parameters["Wya"], a_next) + parameters["by"])
    return a_next, yt_pred, [a_next, a_prev, xt, parameters]


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.empty((n_a, m, T_x))
    y_pred = np.empty((n_y, m, T_x))
    caches = []
    a_next = a0
    for t in range(T_x):
        a_next, y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        caches.append(cache)
    return a, y_pred, [caches, x]


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = np.square(a_next)
    np.subtract(1, dz, out=dz)
    dz *= da_next
    return {
        "dxt": np.dot(parameters["Wax"].T, dz),
        "da_prev": np.dot(parameters["Waa"].T, dz),
        "dWax": np.dot(dz, xt.T),
        "dWaa": np.dot(dz, a_prev.T),
        "dba": np.sum(dz, axis=1, keepdims=True),
    }


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    del steps[T:]
    dx = np.empty((n_x, m, T))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    da_prev = np.zeros((n_a, m))
    while steps:
        cache = steps.pop()
        t = len(steps)
        da_prev += da[:, :, t]
        g = rnn_cell_backward(da_prev, cache)
        da_prev[:] = g["da_prev"]
        dx[:, :, t] = g["dxt"]
        dWax += g["dWax"]
        dWaa += g["dWaa"]
        dba += g["dba"]
    return {"dx": dx, "da0": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.append(a_prev, xt, axis=0)
    ft = sigmoid(np.dot(parameters["Wf"], concat) + parameters["bf"])
    it = sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])
    ot = sigmoid(np.dot(parameters["Wo"], concat) + parameters["bo"])
    c_next = ft * c_prev
    c_next += it * cct
    a_next = np.tanh(c_next)
    a_next *= ot
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, [a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters]


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.empty((n_a, m, T_x))
    c = np.empty((n_a, m, T_x))
    y = np.empty((n_y, m, T_x))
    caches = []
    a_next = a0.copy()
    c_next = np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, y[:, :, t], cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        caches.append(cache)
    return a, y, c, [caches, x]


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    concat = np.append(a_prev, xt, axis=0)
    tanh_c = np.tanh(c_next)
    dc_next += da_next * ot * (1 - tanh_c ** 2)
    dot = da_next * tanh_c
    dot *= ot * (1 - ot)
    dft = dc_next * c_prev
    dft *= ft * (1 - ft)
    dit = dc_next * cct
    dit *= it * (1 - it)
    dcct = dc_next * it
    dcct *= 1 - cct ** 2
    dconcat = np.zeros(concat.shape)
    dconcat += np.dot(parameters["Wf"].T, dft)
    dconcat += np.dot(parameters["Wi"].T, dit)
    dconcat += np.dot(parameters["Wc"].T, dcct)
    dconcat += np.dot(parameters["Wo"].T, dot)
    dc_next *= ft
    gradients = {"dxt": dconcat[n_a:, :], "da_prev": dconcat[:n_a, :], "dc_prev": dc_next}
    gradients["dWf"], gradients["dbf"] = np.dot(dft, concat.T), np.sum(dft, axis=1, keepdims=True)
    gradients["dWi"], gradients["dbi"] = np.dot(dit, concat.T), np.sum(dit, axis=1, keepdims=True)
    gradients["dWc"], gradients["dbc"] = np.dot(dcct, concat.T), np.sum(dcct, axis=1, keepdims=True)
    gradients["dWo"], gradients["dbo"] = np.dot(dot, concat.T), np.sum(dot, axis=1, keepdims=True)
    return gradients


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    del steps[T:]
    dx = np.empty((n_x, m, T))
    dWf, dWi, dWc, dWo = (np.zeros((n_a, n_a + n_x)) for _ in range(4))
    dbf, dbi, dbc, dbo = (np.zeros((n_a, 1)) for _ in range(4))
    da_prev = np.zeros((n_a, m))
    dc_prev = np.zeros((n_a, m))
    while steps:
        cache = steps.pop()
        t = len(steps)
        da_prev += da[:, :, t]
        g = lstm_cell_backward(da_prev, dc_prev, cache)
        da_prev[:] = g["da_prev"]
        dc_prev = g["dc_prev"]
        dx[:, :, t] = g["dxt"]
        dWf += g["dWf"]
        dWi += g["dWi"]
        dWc += g["dWc"]
        dWo += g["dWo"]
        dbf += g["dbf"]
        dbi += g["dbi"]
        dbc += g["dbc"]
        dbo += g["dbo"]
    return {"dx": dx, "da0": da_prev, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi, "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo}
