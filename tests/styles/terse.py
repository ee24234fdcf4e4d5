import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def softmax(z):
    e = np.exp(z - z.max(0))
    return e / e.sum(0)


def rnn_cell_forward(xt, a_prev, parameters):
    p = parameters
    a = np.tanh(np.hstack([p["Waa"], p["Wax"]]) @ np.vstack([a_prev, xt]) + p["ba"])
    return a, softmax(p["Wya"] @ a + p["by"]), (a, a_prev, xt, p)


def rnn_forward(x, a0, parameters):
    h, out = a0, []
    for xt in np.moveaxis(x, 2, 0):
        out.append(rnn_cell_forward(xt, h, parameters))
        h = out[-1][0]
    a, y, caches = zip(*out)
    return np.dstack(a), np.dstack(y), (list(caches), x)


def rnn_cell_backward(da_next, cache):
    a, h, x, p = cache
    dz = da_next * (1 - a * a)
    dW = dz @ np.vstack([h, x]).T
    dh, dx = p["Waa"].T @ dz, p["Wax"].T @ dz
    return dict(zip(("dxt", "da_prev", "dWaa", "dWax", "dba"), (dx, dh, *np.split(dW, [len(h)], axis=1), dz.sum(1, keepdims=True))))


def rnn_backward(da, caches):
    steps, x = caches
    T = da.shape[2]
    g = {"da_prev": np.zeros(da.shape[:2])}
    dx, total = [], {"dWaa": 0, "dWax": 0, "dba": 0}
    for d, cache in zip(np.moveaxis(da, 2, 0)[::-1], steps[:T][::-1]):
        g = rnn_cell_backward(d + g["da_prev"], cache)
        dx.append(g["dxt"])
        total = {k: v + g[k] for k, v in total.items()}
    return total | {"dx": np.dstack(dx[::-1]), "da0": g["da_prev"]}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    p = parameters
    W, b = np.vstack([p[f"W{g}"] for g in "fioc"]), np.vstack([p[f"b{g}"] for g in "fioc"])
    zf, zi, zo, zc = np.split(W @ np.vstack([a_prev, xt]) + b, 4)
    f, i, o, g = sigmoid(zf), sigmoid(zi), sigmoid(zo), np.tanh(zc)
    c = f * c_prev + i * g
    a = o * np.tanh(c)
    return a, c, softmax(p["Wy"] @ a + p["by"]), (a, c, a_prev, c_prev, f, i, g, o, xt, p)


def lstm_forward(x, a0, parameters):
    h, c, out = a0, np.zeros_like(a0), []
    for xt in np.moveaxis(x, 2, 0):
        out.append(lstm_cell_forward(xt, h, c, parameters))
        h, c = out[-1][:2]
    a, c, y, caches = zip(*out)
    return np.dstack(a), np.dstack(y), np.dstack(c), (list(caches), x)


def lstm_cell_backward(da_next, dc_next, cache):
    a, c, h, c_prev, f, i, g, o, x, p = cache
    tc = np.tanh(c)
    dc = dc_next + da_next * o * (1 - tc**2)
    dz = np.vstack([
        dc * c_prev * f * (1 - f),
        dc * g * i * (1 - i),
        da_next * tc * o * (1 - o),
        dc * i * (1 - g**2),
    ])
    W = np.vstack([p[f"W{k}"] for k in "fioc"])
    dh, dx = np.split(W.T @ dz, [len(a)])
    dW = np.split(dz @ np.vstack([h, x]).T, 4)
    db = np.split(dz.sum(1, keepdims=True), 4)
    return {"dxt": dx, "da_prev": dh, "dc_prev": dc * f} | {f"dW{k}": w for k, w in zip("fioc", dW)} | {f"db{k}": v for k, v in zip("fioc", db)}


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    dh, dc = np.zeros((2, n_a, m))
    dx = np.zeros((T, len(x), m))
    total = {}
    for t in range(T)[::-1]:
        g = lstm_cell_backward(da[..., t] + dh, dc, steps[t])
        dx[t], dh, dc = g.pop("dxt"), g.pop("da_prev"), g.pop("dc_prev")
        total = {k: total.get(k, 0) + v for k, v in g.items()}
    return {**total, "dx": dx.transpose(1, 2, 0), "da0": dh}
