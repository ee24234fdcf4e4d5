import numpy as np


def squash(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def normalise(z):
    w = np.exp(z - np.max(z, axis=0, keepdims=True))
    return w / np.sum(w, axis=0, keepdims=True)


def rnn_cell_forward(xt, a_prev, parameters):
    pre = parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"]
    a_next = np.tanh(pre)
    return a_next, normalise(parameters["Wya"] @ a_next + parameters["by"]), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    T = x.shape[2]
    driven = np.einsum("ax,xmt->amt", Wax, x) + ba[:, :, None]
    a = np.empty((Waa.shape[0], x.shape[1], T))
    h = a0
    for t in range(T):
        h = np.tanh(driven[:, :, t] + Waa @ h)
        a[:, :, t] = h
    y = normalise(np.einsum("ya,amt->ymt", parameters["Wya"], a) + parameters["by"][:, :, None])
    before = np.concatenate((a0[:, :, None], a[:, :, :-1]), axis=2)
    caches = [(a[:, :, t], before[:, :, t], x[:, :, t], parameters) for t in range(T)]
    return a, y, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    delta = da_next - da_next * a_next * a_next
    return dict(
        dxt=parameters["Wax"].T @ delta,
        dWax=delta @ xt.T,
        da_prev=parameters["Waa"].T @ delta,
        dWaa=delta @ a_prev.T,
        dba=np.sum(delta, axis=1, keepdims=True),
    )


def rnn_backward(da, caches):
    cells, x = caches
    T = da.shape[2]
    p = cells[0][3]
    deltas = np.zeros_like(da)
    back = np.zeros(da.shape[:2])
    for t in reversed(range(T)):
        a_t = cells[t][0]
        deltas[:, :, t] = (da[:, :, t] + back) * (1 - a_t ** 2)
        back = p["Waa"].T @ deltas[:, :, t]
    before = np.stack([cell[1] for cell in cells[:T]], axis=2)
    return {
        "dx": np.einsum("ax,amt->xmt", p["Wax"], deltas),
        "da0": back,
        "dWax": np.einsum("amt,xmt->ax", deltas, x[:, :, :T]),
        "dWaa": np.einsum("amt,bmt->ab", deltas, before),
        "dba": deltas.sum(axis=(1, 2)).reshape(-1, 1),
    }


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    joined = np.concatenate((a_prev, xt))
    W = np.concatenate([parameters[k] for k in ("Wf", "Wi", "Wc", "Wo")])
    b = np.concatenate([parameters[k] for k in ("bf", "bi", "bc", "bo")])
    z = W @ joined + b
    ft, it, ot = squash(z[:n_a]), squash(z[n_a:2 * n_a]), squash(z[3 * n_a:])
    cct = np.tanh(z[2 * n_a:3 * n_a])
    c_next = c_prev * ft + cct * it
    a_next = ot * np.tanh(c_next)
    yt = normalise(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    T = x.shape[2]
    a, c = a0, np.zeros_like(a0)
    kept = [lambda: None] * T
    for t in range(T):
        kept[t] = lstm_cell_forward(x[:, :, t], a, c, parameters)
        a, c = kept[t][0], kept[t][1]
    return (
        np.stack([step[0] for step in kept], axis=-1),
        np.stack([step[2] for step in kept], axis=-1),
        np.stack([step[1] for step in kept], axis=-1),
        ([step[3] for step in kept], x),
    )


def slopes(f, i, g, o):
    return f * (1 - f), i * (1 - i), 1 - g * g, o * (1 - o)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    n_a = a_prev.shape[0]
    s_f, s_i, s_g, s_o = slopes(f, i, g, o)
    squashed = np.tanh(c_next)
    dc = dc_next + da_next * o - da_next * o * squashed ** 2
    dz = np.concatenate((dc * c_prev * s_f, dc * g * s_i, dc * i * s_g, da_next * squashed * s_o))
    W = np.concatenate([parameters[k] for k in ("Wf", "Wi", "Wc", "Wo")])
    djoined = W.T @ dz
    dW = dz @ np.concatenate((a_prev, xt)).T
    db = dz.sum(axis=1, keepdims=True)
    gates = dict(zip("fico", range(0, 4 * n_a, n_a)))
    result = {"da_prev": djoined[:n_a], "dxt": djoined[n_a:], "dc_prev": dc * f}
    result.update({"dW" + k: dW[at:at + n_a] for k, at in gates.items()})
    result.update({"db" + k: db[at:at + n_a] for k, at in gates.items()})
    return result


def lstm_backward(da, caches):
    cells, x = caches
    T = da.shape[2]
    per_step = [None] * T
    da_back = dc_back = np.zeros(da.shape[:2])
    for t in range(T - 1, -1, -1):
        per_step[t] = lstm_cell_backward(da[:, :, t] + da_back, dc_back, cells[t])
        da_back, dc_back = per_step[t]["da_prev"], per_step[t]["dc_prev"]
    names = [name for name in per_step[0] if name[:2] in ("dW", "db")]
    result = {name: np.sum([step[name] for step in per_step], axis=0) for name in names}
    result["dx"] = np.stack([step["dxt"] for step in per_step], axis=2)
    result["da0"] = da_back
    return result
