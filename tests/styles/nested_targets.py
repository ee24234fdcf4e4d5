import numpy as np


def sigmoid(z):
    return np.where(z < 0, np.exp(np.minimum(z, 0)), 1) / (1 + np.exp(-np.abs(z)))


def softmax(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def activate(zs):
    *squashed, candidate = zs
    return (*map(sigmoid, squashed), np.tanh(candidate))


def affine(weights, bias, column):
    return weights.dot(column) + bias


def affine_back(delta, weights, column, n_a):
    back = weights.T.dot(delta)
    return (delta.dot(column.T), delta.sum(axis=1, keepdims=True)), (back[:n_a], back[n_a:])


def rnn_cell_forward(xt, a_prev, parameters):
    (Wax, Waa, Wya), (ba, by) = (parameters[k] for k in ("Wax", "Waa", "Wya")), (parameters[k] for k in ("ba", "by"))
    recurrent, fed = Waa.dot(a_prev), Wax.dot(xt)
    a_next = np.tanh(recurrent + fed + ba)
    return a_next, softmax(affine(Wya, by, a_next)), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    ((n_x, m, T_x), (n_y, n_a)), caches = (x.shape, parameters["Wya"].shape), []
    (a, y), a_next = (np.zeros((n_a, m, T_x)), np.zeros((n_y, m, T_x))), a0
    for t in range(T_x):
        (a_next, yt), cache = [*split_last(rnn_cell_forward(x[:, :, t], a_next, parameters))]
        (a[:, :, t], y[:, :, t]), _ = (a_next, yt), caches.append(cache)
    return a, y, (caches, x)


def split_last(several):
    *first, last = several
    return first, last


def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, *(xt,)), params = split_last(cache)
    delta = (1 - a_next ** 2) * da_next
    (dWaa, dba), (da_prev, _) = affine_back(delta, params["Waa"], a_prev, len(a_prev))
    (dWax, _), (dxt, _) = affine_back(delta, params["Wax"], xt, len(xt))
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    (steps, x), (n_a, m, T_x) = caches, da.shape
    (dx, da_prevt), (dWax, dWaa, dba) = (np.zeros((x.shape[0], m, T_x)), np.zeros((n_a, m))), (0, 0, 0)
    for t in reversed(range(T_x)):
        g = rnn_cell_backward(da[:, :, t] + da_prevt, steps[t])
        (dx[:, :, t], da_prevt), (dWax, dWaa, dba) = (g["dxt"], g["da_prev"]), (dWax + g["dWax"], dWaa + g["dWaa"], dba + g["dba"])
    return {"dx": dx, "da0": da_prevt, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    column, names = np.concatenate([a_prev, xt]), ("f", "i", "o", "c")
    zs = [affine(parameters["W" + k], parameters["b" + k], column) for k in names]
    (ft, it, ot), cct = split_last(activate(zs))
    (kept, written), exposed = (ft * c_prev, it * cct), ot
    c_next = kept + written
    a_next = exposed * np.tanh(c_next)
    yt = softmax(affine(parameters["Wy"], parameters["by"], a_next))
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    (_, m, T_x), (n_y, n_a) = x.shape, parameters["Wy"].shape
    (a, c), y, caches = np.zeros((2, n_a, m, T_x)), np.zeros((n_y, m, T_x)), []
    (a_next, c_next), t = (a0, np.zeros((n_a, m))), 0
    while t < T_x:
        (a_next, c_next), (yt, cache) = halves(lstm_cell_forward(x[:, :, t], a_next, c_next, parameters))
        (a[:, :, t], c[:, :, t]), y[:, :, t], t = (a_next, c_next), yt, t + 1
        caches.append(cache)
    return a, y, c, (caches, x)


def halves(four):
    return four[:2], four[2:]


def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next), (a_prev, c_prev), *gates, xt, parameters = cache[:2], cache[2:4], *cache[4:]
    (ft, it), (cct, ot) = halves(gates)
    tanh_c, n_a = np.tanh(c_next), a_next.shape[0]
    dc = dc_next + da_next * ot * (1 - tanh_c * tanh_c)
    (df, di), (dcc, do) = (dc * c_prev, dc * cct), (dc * it, da_next * tanh_c)
    (dzf, dzi, dzo), dzc = (d * s * (1 - s) for d, s in zip((df, di, do), (ft, it, ot))), dcc * (1 - cct * cct)
    column = np.concatenate([a_prev, xt])
    ((dWf, dbf), (af, xf)), ((dWi, dbi), (ai, xi)) = (affine_back(z, parameters[k], column, n_a) for z, k in ((dzf, "Wf"), (dzi, "Wi")))
    ((dWo, dbo), (ao, xo)), ((dWc, dbc), (ac, xc)) = (affine_back(z, parameters[k], column, n_a) for z, k in ((dzo, "Wo"), (dzc, "Wc")))
    return {
        "dxt": xf + xi + xo + xc, "da_prev": af + ai + ao + ac, "dc_prev": dc * ft,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi, "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }


def lstm_backward(da, caches):
    (steps, x), (n_a, m, T_x) = caches, da.shape
    (da_prevt, dc_prevt), dx = np.zeros((2, n_a, m)), np.zeros((x.shape[0], m, T_x))
    (dWf, dWi, dWc, dWo), (dbf, dbi, dbc, dbo) = np.zeros((4, n_a, n_a + x.shape[0])), np.zeros((4, n_a, 1))
    for t in range(T_x - 1, -1, -1):
        g = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, steps[t])
        (dx[:, :, t], da_prevt), dc_prevt = (g["dxt"], g["da_prev"]), g["dc_prev"]
        (dWf, dWi), (dWc, dWo) = (dWf + g["dWf"], dWi + g["dWi"]), (dWc + g["dWc"], dWo + g["dWo"])
        (dbf, dbi), (dbc, dbo) = (dbf + g["dbf"], dbi + g["dbi"]), (dbc + g["dbc"], dbo + g["dbo"])
    return {
        "dx": dx, "da0": da_prevt,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi, "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }
