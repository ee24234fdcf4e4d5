import numpy as np
from numpy import einsum, tanh

sigmoid = lambda z: 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(0))
    return e / e.sum(0)


def rnn_cell_forward(xt, a_prev, parameters):
    z = einsum("ij,jm->im", parameters["Wax"], xt) + einsum("ij,jm->im", parameters["Waa"], a_prev) + parameters["ba"]
    a_next = tanh(z)
    yt_pred = softmax(einsum("ij,jm->im", parameters["Wya"], a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    states, predictions, caches = [a0], [], []
    for t in range(x.shape[-1]):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], states[-1], parameters)
        states.append(a_next)
        predictions.append(yt_pred)
        caches.append(cache)
    a = np.stack(states[1:], axis=-1)
    y_pred = np.stack(predictions, axis=-1)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    delta = da_next * (1 - a_next ** 2)
    return {
        "dxt": einsum("ij,im->jm", parameters["Wax"], delta),
        "da_prev": einsum("ij,im->jm", parameters["Waa"], delta),
        "dWax": einsum("im,jm->ij", delta, xt),
        "dWaa": einsum("im,jm->ij", delta, a_prev),
        "dba": einsum("im->i", delta)[:, None],
    }


def rnn_backward(da, caches):
    steps, x = caches
    T = da.shape[-1]
    found = []
    da_prev = np.zeros(da.shape[:2])
    for t in reversed(range(T)):
        found.append(rnn_cell_backward(da[:, :, t] + da_prev, steps[t]))
        da_prev = found[-1]["da_prev"]
    return {
        "dx": np.stack([g["dxt"] for g in found[::-1]], axis=-1),
        "da0": found[-1]["da_prev"],
        "dWax": sum(g["dWax"] for g in found),
        "dWaa": sum(g["dWaa"] for g in found),
        "dba": sum(g["dba"] for g in found),
    }


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    s = np.concatenate([a_prev, xt])
    zf, zi, zc, zo = [einsum("ij,jm->im", parameters[f"W{g}"], s) + parameters[f"b{g}"] for g in "fico"]
    ft, it, cct, ot = sigmoid(zf), sigmoid(zi), tanh(zc), sigmoid(zo)
    c_next = ft * c_prev + it * cct
    a_next = ot * tanh(c_next)
    yt_pred = softmax(einsum("ij,jm->im", parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    hidden, memory, predictions, caches = [a0], [np.zeros(a0.shape)], [], []
    for t in range(x.shape[-1]):
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], hidden[-1], memory[-1], parameters)
        hidden.append(a_next)
        memory.append(c_next)
        predictions.append(yt_pred)
        caches.append(cache)
    a = np.stack(hidden[1:], axis=-1)
    c = np.stack(memory[1:], axis=-1)
    y = np.stack(predictions, axis=-1)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_next)
    s = np.concatenate([a_prev, xt])
    dc = dc_next + einsum("im,im,im->im", da_next, ot, 1 - tanh(c_next) ** 2)
    dz = {
        "f": einsum("im,im,im,im->im", dc, c_prev, ft, 1 - ft),
        "i": einsum("im,im,im,im->im", dc, cct, it, 1 - it),
        "c": einsum("im,im,im->im", dc, it, 1 - cct ** 2),
        "o": einsum("im,im,im,im->im", da_next, tanh(c_next), ot, 1 - ot),
    }
    ds = sum([einsum("ij,im->jm", parameters[f"W{g}"], dz[g]) for g in dz])
    gradients = {"da_prev": ds[:n_a], "dxt": ds[n_a:], "dc_prev": dc * ft}
    gradients.update({f"dW{g}": einsum("im,jm->ij", dz[g], s) for g in dz})
    gradients.update({f"db{g}": einsum("im->i", dz[g]).reshape(-1, 1) for g in dz})
    return gradients


def lstm_backward(da, caches):
    steps, x = caches
    T = da.shape[-1]
    found = []
    da_prev, dc_prev = np.zeros(da.shape[:2]), np.zeros(da.shape[:2])
    for t in reversed(range(T)):
        g = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev, dc_prev = g["da_prev"], g["dc_prev"]
        found.insert(0, g)
    gradients = {key: sum([g[key] for g in found]) for key in found[0] if key[1] in "Wb"}
    gradients["dx"] = np.stack([g["dxt"] for g in found], axis=-1)
    gradients["da0"] = found[0]["da_prev"]
    return gradients
