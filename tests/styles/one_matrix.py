import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def stack_weights(p):
    W = np.concatenate([p["Wf"], p["Wi"], p["Wo"], p["Wc"]], axis=0)
    b = np.concatenate([p["bf"], p["bi"], p["bo"], p["bc"]], axis=0)
    return W, b


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    H = a_prev.shape[0]
    W, b = stack_weights(parameters)
    z = W @ np.concatenate([a_prev, xt], axis=0) + b  # (4H, m)
    s = sigmoid(z[:3 * H])
    ft = s[:H]
    it = s[H:2 * H]
    ot = s[2 * H:]
    cct = np.tanh(z[3 * H:])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_x, m, T = x.shape
    H = a0.shape[0]
    K = parameters["Wy"].shape[0]
    a = np.empty((H, m, T))
    c = np.empty((H, m, T))
    y = np.empty((K, m, T))
    caches = [None] * T
    a_t, c_t = a0, np.zeros((H, m))
    for t in range(T):
        a_t, c_t, y_t, caches[t] = lstm_cell_forward(x[..., t], a_t, c_t, parameters)
        a[..., t] = a_t
        c[..., t] = c_t
        y[..., t] = y_t
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    H, m = a_next.shape
    W, _ = stack_weights(parameters)
    tc = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tc ** 2)

    # gradient at all pre-activations, in the order f, i, o, c
    dz = np.empty((4 * H, m))
    dz[:H] = dc * c_prev * ft * (1 - ft)
    dz[H:2 * H] = dc * cct * it * (1 - it)
    dz[2 * H:3 * H] = da_next * tc * ot * (1 - ot)
    dz[3 * H:] = dc * it * (1 - cct ** 2)

    dW = dz @ np.concatenate([a_prev, xt], axis=0).T
    db = np.sum(dz, axis=1, keepdims=True)
    dinput = W.T @ dz

    return {
        "dxt": dinput[H:],
        "da_prev": dinput[:H],
        "dc_prev": dc * ft,
        "dWf": dW[:H],
        "dWi": dW[H:2 * H],
        "dWo": dW[2 * H:3 * H],
        "dWc": dW[3 * H:],
        "dbf": db[:H],
        "dbi": db[H:2 * H],
        "dbo": db[2 * H:3 * H],
        "dbc": db[3 * H:],
    }


def lstm_backward(da, caches):
    cache_list, x = caches
    H, m, T = da.shape
    n_x = x.shape[0]
    dx = np.empty((n_x, m, T))
    dW = np.zeros((4 * H, H + n_x))
    db = np.zeros((4 * H, 1))
    da_t = np.zeros((H, m))
    dc_t = np.zeros((H, m))
    for t in range(T)[::-1]:
        g = lstm_cell_backward(da[..., t] + da_t, dc_t, cache_list[t])
        da_t = g["da_prev"]
        dc_t = g["dc_prev"]
        dx[..., t] = g["dxt"]
        dW += np.concatenate([g["dWf"], g["dWi"], g["dWo"], g["dWc"]], axis=0)
        db += np.concatenate([g["dbf"], g["dbi"], g["dbo"], g["dbc"]], axis=0)
    return {
        "dx": dx,
        "da0": da_t,
        "dWf": dW[:H],
        "dWi": dW[H:2 * H],
        "dWo": dW[2 * H:3 * H],
        "dWc": dW[3 * H:],
        "dbf": db[:H],
        "dbi": db[H:2 * H],
        "dbo": db[2 * H:3 * H],
        "dbc": db[3 * H:],
    }
