import numpy as np
from rnn_utils import sigmoid, softmax

dtype = np.float32


def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = [parameters[k].astype(dtype) for k in ("Wax", "Waa", "Wya", "ba", "by")]
    z = np.matmul(Wax, xt.astype(dtype)) + np.matmul(Waa, a_prev.astype(dtype)) + ba
    a_next = np.tanh(z)
    yt_pred = softmax(np.matmul(Wya, a_next) + by)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x), dtype=dtype)
    y_pred = np.zeros((n_y, m, T_x), dtype=dtype)
    caches = []
    a_prev = a0
    for t in range(T_x):
        a_prev, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_prev, parameters)
        a[:, :, t] = a_prev
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = np.multiply(1 - np.power(a_next, 2), da_next).astype(dtype)
    dWax = np.matmul(dz, xt.T.astype(dtype))
    dWaa = np.matmul(dz, a_prev.T.astype(dtype))
    dba = np.sum(dz, axis=-1, keepdims=True)
    dxt = np.matmul(parameters["Wax"].T.astype(dtype), dz)
    da_prev = np.matmul(parameters["Waa"].T.astype(dtype), dz)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x), dtype=dtype)
    dWax = np.zeros((n_a, n_x), dtype=dtype)
    dWaa = np.zeros((n_a, n_a), dtype=dtype)
    dba = np.zeros((n_a, 1), dtype=dtype)
    da_prev = np.zeros((n_a, m), dtype=dtype)
    for t in range(T_x)[::-1]:
        grads = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = grads["da_prev"]
        dx[:, :, t] = grads["dxt"]
        dWax += grads["dWax"]
        dWaa += grads["dWaa"]
        dba += grads["dba"]
    return {"dx": dx, "da0": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt), axis=0).astype(dtype)
    ft = sigmoid(np.matmul(parameters["Wf"].astype(dtype), concat) + parameters["bf"].astype(dtype))
    it = sigmoid(np.matmul(parameters["Wi"].astype(dtype), concat) + parameters["bi"].astype(dtype))
    cct = np.tanh(np.matmul(parameters["Wc"].astype(dtype), concat) + parameters["bc"].astype(dtype))
    ot = sigmoid(np.matmul(parameters["Wo"].astype(dtype), concat) + parameters["bo"].astype(dtype))
    c_next = np.multiply(ft, c_prev) + np.multiply(it, cct)
    a_next = np.multiply(ot, np.tanh(c_next))
    yt_pred = softmax(np.matmul(parameters["Wy"].astype(dtype), a_next) + parameters["by"].astype(dtype))
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x), dtype=dtype)
    c = np.zeros((n_a, m, T_x), dtype=dtype)
    y = np.zeros((n_y, m, T_x), dtype=dtype)
    caches = []
    a_prev = a0
    c_prev = np.zeros((n_a, m), dtype=dtype)
    for t in range(T_x):
        a_prev, c_prev, yt, cache = lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters)
        a[:, :, t] = a_prev
        c[:, :, t] = c_prev
        y[:, :, t] = yt
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    concat = np.concatenate((a_prev, xt), axis=0).astype(dtype)
    tanh_c = np.tanh(c_next)
    dot = np.multiply(np.multiply(da_next, tanh_c), np.multiply(ot, 1 - ot)).astype(dtype)
    dc = (dc_next + np.multiply(np.multiply(da_next, ot), 1 - np.power(tanh_c, 2))).astype(dtype)
    dft = np.multiply(np.multiply(dc, c_prev), np.multiply(ft, 1 - ft)).astype(dtype)
    dit = np.multiply(np.multiply(dc, cct), np.multiply(it, 1 - it)).astype(dtype)
    dcct = np.multiply(np.multiply(dc, it), 1 - np.power(cct, 2)).astype(dtype)
    dW = {k: np.zeros((n_a, concat.shape[0]), dtype=dtype) for k in "fico"}
    db = {k: np.zeros((n_a, 1), dtype=dtype) for k in "fico"}
    dinput = np.zeros(concat.shape, dtype=dtype)
    for k, dz in zip("fico", (dft, dit, dcct, dot)):
        dW[k][:] = np.matmul(dz, concat.T)
        db[k][:, 0] = np.sum(dz, axis=1)
        dinput += np.matmul(parameters["W" + k].T.astype(dtype), dz)
    return {
        "dxt": dinput[n_a:, :], "da_prev": dinput[:n_a, :], "dc_prev": np.multiply(dc, ft).astype(dtype),
        "dWf": dW["f"], "dWi": dW["i"], "dWc": dW["c"], "dWo": dW["o"],
        "dbf": db["f"], "dbi": db["i"], "dbc": db["c"], "dbo": db["o"],
    }


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x), dtype=dtype)
    da_prev = np.zeros((n_a, m), dtype=dtype)
    dc_prev = np.zeros((n_a, m), dtype=dtype)
    sums = {}
    for k in ("Wf", "Wi", "Wc", "Wo"):
        sums["d" + k] = np.zeros((n_a, n_a + n_x), dtype=dtype)
    for k in ("bf", "bi", "bc", "bo"):
        sums["d" + k] = np.zeros((n_a, 1), dtype=dtype)
    for t in range(T_x)[::-1]:
        grads = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev = grads["da_prev"]
        dc_prev = grads["dc_prev"]
        dx[:, :, t] = grads["dxt"]
        for k in sums:
            sums[k] += grads[k]
    sums["dx"] = dx
    sums["da0"] = da_prev
    return sums
