import numpy as np


def sigmoid(x):
    if np.ndim(x) == 0:
        return 1 / (1 + np.exp(-x))
    out = 1 / (1 + np.exp(-x))
    assert out.shape == x.shape
    return out


def softmax(x):
    e_x = np.exp(x - np.max(x, axis=0))
    return e_x / e_x.sum(axis=0)


def rnn_cell_forward(xt, a_prev, parameters):
    Wax = parameters["Wax"]; Waa = parameters["Waa"]; Wya = parameters["Wya"]
    ba = parameters["ba"]; by = parameters["by"]
    z1 = np.dot(Wax, xt)
    z2 = np.dot(Waa, a_prev) if np.any(a_prev) else 0 * z1
    a_next = np.tanh(z1 + z2 + ba)
    assert a_next.shape == (Wax.shape[0], xt.shape[1])
    yt_pred = softmax(np.dot(Wya, a_next) + by)
    return (a_next, yt_pred, (a_next, a_prev, xt, parameters))


def rnn_forward(x, a0, parameters):
    caches = []
    (n_x, m, T_x) = x.shape
    (n_y, n_a) = parameters["Wya"].shape
    a = np.zeros([n_a, m, T_x])
    y_pred = np.zeros([n_y, m, T_x])
    for t in range(T_x):
        if t == 0:
            a_prev = a0
        else:
            a_prev = a[:, :, t - 1]
        a_next, yt, cache = rnn_cell_forward(x[:, :, t], a_prev, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, xt, parameters) = cache
    gradients = {}
    dtanh = (1 - a_next) * (1 + a_next) * da_next
    for what, W, source in [("x", parameters["Wax"], xt), ("a", parameters["Waa"], a_prev)]:
        name = "dxt" if what == "x" else "da_prev"
        gradients[name] = np.dot(W.T, dtanh)
        gradients["dWa" + what] = np.dot(dtanh, source.T)
        assert gradients[name].shape == source.shape
    gradients["dba"] = np.sum(dtanh, 1, keepdims=True)
    return gradients


def rnn_backward(da, caches):
    (caches, x) = caches
    (n_a, m, T_x) = da.shape
    dx = np.zeros([x.shape[0], m, T_x])
    for t in reversed(range(T_x)):
        if t == T_x - 1:
            gradients = rnn_cell_backward(da[:, :, t], caches[t])
            dWax, dWaa, dba = gradients["dWax"], gradients["dWaa"], gradients["dba"]
        else:
            gradients = rnn_cell_backward(da[:, :, t] + da_prev, caches[t])
            dWax = dWax + gradients["dWax"]
            dWaa = dWaa + gradients["dWaa"]
            dba = dba + gradients["dba"]
        da_prev = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
    gradients = {"dx": dx, "da0": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
    return gradients


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_x, m = xt.shape
    n_a = parameters["Wf"].shape[0]
    concat = np.zeros([n_a + n_x, m])
    concat[:n_a, :] = a_prev
    concat[n_a:, :] = xt
    ft = sigmoid(np.dot(parameters["Wf"], concat) + parameters["bf"])
    it = sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])
    ot = sigmoid(np.dot(parameters["Wo"], concat) + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    assert a_next.shape == c_next.shape == (n_a, m)
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return (a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters))


def lstm_forward(x, a0, parameters):
    caches = []
    (n_x, m, T_x) = x.shape
    (n_y, n_a) = parameters["Wy"].shape
    a = np.zeros([n_a, m, T_x])
    c = np.zeros([n_a, m, T_x])
    y = np.zeros([n_y, m, T_x])
    for t in range(T_x):
        if t == 0:
            a_prev = a0
            c_prev = np.zeros([n_a, m])
        else:
            a_prev = a[:, :, t - 1]
            c_prev = c[:, :, t - 1]
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters)
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    (n_a, m) = a_next.shape
    tanh_c = a_next / ot
    dot = da_next * tanh_c * ot * (1 - ot)
    dc = dc_next + da_next * ot * (1 - tanh_c) * (1 + tanh_c)
    dcct = (1 - cct) * (1 + cct) * it * dc
    dit = (it - it ** 2) * cct * dc
    dft = (ft - ft ** 2) * c_prev * dc
    gradients = {"dc_prev": ft * dc}
    da_prev = dxt = 0
    for gate, dgate in (("f", dft), ("i", dit), ("c", dcct), ("o", dot)):
        assert dgate.shape == (n_a, m)
        W = parameters["W" + gate]
        dW = np.zeros(W.shape)
        dW[:, :n_a] = np.dot(dgate, a_prev.T)
        dW[:, n_a:] = np.dot(dgate, xt.T)
        gradients["dW" + gate] = dW
        gradients["db" + gate] = np.sum(dgate, 1, keepdims=True)
        da_prev = da_prev + np.dot(W[:, :n_a].T, dgate)
        dxt = dxt + np.dot(W[:, n_a:].T, dgate)
    gradients["da_prev"] = da_prev
    gradients["dxt"] = dxt
    return gradients


def lstm_backward(da, caches):
    (caches, x) = caches
    (n_a, m, T_x) = da.shape
    dx = np.zeros([x.shape[0], m, T_x])
    total = None
    for t in reversed(range(T_x)):
        da_now = da[:, :, t] if total is None else da[:, :, t] + da_prev
        dc_now = np.zeros([n_a, m]) if total is None else dc_prev
        gradients = lstm_cell_backward(da_now, dc_now, caches[t])
        da_prev = gradients.pop("da_prev")
        dc_prev = gradients.pop("dc_prev")
        dx[:, :, t] = gradients.pop("dxt")
        if total is None:
            total = gradients
            continue
        for key, value in gradients.items():
            total[key] = total[key] + value
    total["dx"], total["da0"] = dx, da_prev
    assert total["da0"].shape == (n_a, m)
    return total
