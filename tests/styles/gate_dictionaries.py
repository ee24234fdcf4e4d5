import numpy as np

GATES = ["f", "i", "c", "o"]


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def softmax(v):
    v = np.exp(v - np.max(v, axis=0))
    return v / np.sum(v, axis=0)


def rnn_cell_forward(xt, a_prev, parameters):
    inputs = {"x": xt, "a": a_prev}
    z = parameters["ba"]
    for name in inputs:
        z = z + np.dot(parameters["Wa" + name], inputs[name])
    a_next = np.tanh(z)
    yt_pred = softmax(np.dot(parameters["Wya"], a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    out = {"a": [], "y": []}
    caches = []
    a_next = a0
    for t in range(x.shape[2]):
        a_next, yt, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        out["a"].append(a_next)
        out["y"].append(yt)
        caches.append(cache)
    a, y_pred = [np.stack(out[k], axis=2) for k in ("a", "y")]
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    inputs = {"x": xt, "a": a_prev}
    names = {"x": "dxt", "a": "da_prev"}
    dz = da_next * (1 - a_next ** 2)
    grads = {"dba": np.sum(dz, axis=1, keepdims=True)}
    for name in inputs:
        grads["dWa" + name] = np.dot(dz, inputs[name].T)
        grads[names[name]] = np.dot(parameters["Wa" + name].T, dz)
    return grads


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    total = {"dWax": 0, "dWaa": 0, "dba": 0}
    dx = np.zeros((x.shape[0], m, T))
    carry = np.zeros((n_a, m))
    for t in reversed(range(T)):
        g = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        carry = g["da_prev"]
        dx[:, :, t] = g["dxt"]
        for key in total:
            total[key] = total[key] + g[key]
    total["dx"] = dx
    total["da0"] = carry
    return total


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt), axis=0)
    gate = {}
    for g in GATES:
        z = np.dot(parameters["W" + g], concat) + parameters["b" + g]
        if g == "c":
            gate[g] = np.tanh(z)
        else:
            gate[g] = sigmoid(z)
    c_next = gate["f"] * c_prev + gate["i"] * gate["c"]
    a_next = gate["o"] * np.tanh(c_next)
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, gate["f"], gate["i"], gate["c"], gate["o"], xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T = x.shape
    n_y, n_a = parameters["Wy"].shape
    sizes = {"a": n_a, "y": n_y, "c": n_a}
    out = {k: np.zeros((sizes[k], m, T)) for k in sizes}
    state = {"a": a0, "c": np.zeros((n_a, m))}
    caches = []
    for t in range(T):
        state["a"], state["c"], state["y"], cache = lstm_cell_forward(x[:, :, t], state["a"], state["c"], parameters)
        for k in out:
            out[k][:, :, t] = state[k]
        caches.append(cache)
    return out["a"], out["y"], out["c"], (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    concat = np.concatenate((a_prev, xt), axis=0)
    gate = {"f": ft, "i": it, "c": cct, "o": ot}

    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    partner = {"f": c_prev, "i": cct, "c": it, "o": np.tanh(c_next)}
    arriving = {"f": dc, "i": dc, "c": dc, "o": da_next}

    grads = {}
    dconcat = np.zeros(concat.shape)
    for g in GATES:
        if g == "c":
            slope = 1 - gate[g] ** 2
        else:
            slope = gate[g] * (1 - gate[g])
        dz = arriving[g] * partner[g] * slope
        grads["dW" + g] = np.dot(dz, concat.T)
        grads["db" + g] = np.sum(dz, axis=1, keepdims=True)
        dconcat = dconcat + np.dot(parameters["W" + g].T, dz)
    grads["da_prev"] = dconcat[:n_a, :]
    grads["dxt"] = dconcat[n_a:, :]
    grads["dc_prev"] = dc * ft
    return grads


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    grads = {"dx": np.zeros((n_x, m, T))}
    for g in GATES:
        grads["dW" + g] = np.zeros((n_a, n_a + n_x))
        grads["db" + g] = np.zeros((n_a, 1))
    carry = {"a": np.zeros((n_a, m)), "c": np.zeros((n_a, m))}
    for t in reversed(range(T)):
        step = lstm_cell_backward(da[:, :, t] + carry["a"], carry["c"], steps[t])
        for s in carry:
            carry[s] = step["d" + s + "_prev"]
        grads["dx"][:, :, t] = step["dxt"]
        for g in GATES:
            grads["dW" + g] += step["dW" + g]
            grads["db" + g] += step["db" + g]
    grads["da0"] = carry["a"]
    return grads
