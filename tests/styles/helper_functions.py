import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_grad(s):
    """Slope of the sigmoid, from its value."""
    return s * (1 - s)


def tanh_grad(y):
    """Slope of tanh, from its value."""
    return 1 - y ** 2


def softmax(z):
    shifted = z - np.max(z, axis=0)
    e = np.exp(shifted)
    return e / np.sum(e, axis=0)


def affine(W, v, b):
    return np.dot(W, v) + b


def affine_grads(dz, W, v):
    """Gradients at W, at b and at v of z = W v + b."""
    dW = np.dot(dz, v.T)
    db = np.sum(dz, axis=1, keepdims=True)
    dv = np.dot(W.T, dz)
    return dW, db, dv


def stack(a, x):
    return np.concatenate((a, x), axis=0)


def unstack(v, n_a):
    top = v[:n_a]
    bottom = v[n_a:]
    return top, bottom


def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]
    a_next = np.tanh(affine(Wax, xt, ba) + np.dot(Waa, a_prev))
    yt_pred = softmax(affine(Wya, a_next, by))
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * tanh_grad(a_next)
    dWax, dba, dxt = affine_grads(dz, parameters["Wax"], xt)
    dWaa, _, da_prev = affine_grads(dz, parameters["Waa"], a_prev)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def add_step(total, step, names):
    for name in names:
        total[name] += step[name]


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    names = ("dWax", "dWaa", "dba")
    total = {"dWax": np.zeros((n_a, n_x)), "dWaa": np.zeros((n_a, n_a)), "dba": np.zeros((n_a, 1))}
    total["dx"] = np.zeros((n_x, m, T_x))
    da_prev = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        step = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]
        total["dx"][:, :, t] = step["dxt"]
        add_step(total, step, names)
    total["da0"] = da_prev
    return total


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v = stack(a_prev, xt)
    ft = sigmoid(affine(parameters["Wf"], v, parameters["bf"]))
    it = sigmoid(affine(parameters["Wi"], v, parameters["bi"]))
    cct = np.tanh(affine(parameters["Wc"], v, parameters["bc"]))
    ot = sigmoid(affine(parameters["Wo"], v, parameters["bo"]))
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(affine(parameters["Wy"], a_next, parameters["by"]))
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))
    caches = []
    a_next = a0
    c_next = np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        y[:, :, t] = yt
        caches.append(cache)
    return a, y, c, (caches, x)


def cell_state_grad(da_next, dc_next, c_next, ot):
    through_a = da_next * ot * tanh_grad(np.tanh(c_next))
    return dc_next + through_a


def gate_grads(dc, da_next, c_next, c_prev, ft, it, cct, ot):
    """Gradients at the pre-activations."""
    dzf = dc * c_prev * sigmoid_grad(ft)
    dzi = dc * cct * sigmoid_grad(it)
    dzc = dc * it * tanh_grad(cct)
    dzo = da_next * np.tanh(c_next) * sigmoid_grad(ot)
    return dzf, dzi, dzc, dzo


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    v = stack(a_prev, xt)
    dc = cell_state_grad(da_next, dc_next, c_next, ot)
    dzf, dzi, dzc, dzo = gate_grads(dc, da_next, c_next, c_prev, ft, it, cct, ot)
    dWf, dbf, dvf = affine_grads(dzf, parameters["Wf"], v)
    dWi, dbi, dvi = affine_grads(dzi, parameters["Wi"], v)
    dWc, dbc, dvc = affine_grads(dzc, parameters["Wc"], v)
    dWo, dbo, dvo = affine_grads(dzo, parameters["Wo"], v)
    da_prev, dxt = unstack(dvf + dvi + dvc + dvo, n_a)
    dc_prev = dc * ft
    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev,
        "dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo,
        "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo,
    }


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    names = ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo")
    total = {name: np.zeros((n_a, n_a + n_x if name[1] == "W" else 1)) for name in names}
    total["dx"] = np.zeros((n_x, m, T_x))
    da_prev = np.zeros((n_a, m))
    dc_prev = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev = step["da_prev"]
        dc_prev = step["dc_prev"]
        total["dx"][:, :, t] = step["dxt"]
        add_step(total, step, names)
    total["da0"] = da_prev
    return total
