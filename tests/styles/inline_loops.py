import numpy as np


def sigmoid(u):
    return 1.0 / (1.0 + np.exp(-u))


def softmax(u):
    v = np.exp(u - u.max(axis=0))
    return v / v.sum(axis=0)


def rnn_forward(x, a0, parameters):
    p = parameters
    n_a, m = a0.shape
    T = x.shape[2]
    a = np.zeros((n_a, m, T))
    y = np.zeros((p["by"].size, m, T))
    caches = []
    prev = a0
    for t in range(T):
        cur = np.tanh(p["Wax"].dot(x[:, :, t]) + p["Waa"].dot(prev) + p["ba"])
        a[:, :, t] = cur
        y[:, :, t] = softmax(p["Wya"].dot(cur) + p["by"])
        caches.append((cur, prev, x[:, :, t], p))
        prev = cur
    return a, y, (caches, x)


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    p = steps[0][3]
    dx = np.zeros((x.shape[0], m, T))
    dWax, dWaa, dba = np.zeros_like(p["Wax"]), np.zeros_like(p["Waa"]), np.zeros_like(p["ba"])
    carry = np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        cur, prev, xt, _ = steps[t]
        dz = (da[:, :, t] + carry) * (1 - cur ** 2)
        dWax += dz.dot(xt.T)
        dWaa += dz.dot(prev.T)
        dba += dz.sum(axis=1, keepdims=True)
        dx[:, :, t] = p["Wax"].T.dot(dz)
        carry = p["Waa"].T.dot(dz)
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_forward(x, a0, parameters):
    p = parameters
    n_a, m = a0.shape
    T = x.shape[2]
    a, c = np.zeros((n_a, m, T)), np.zeros((n_a, m, T))
    y = np.zeros((p["by"].size, m, T))
    caches = []
    a_prev, c_prev = a0, np.zeros((n_a, m))
    for t in range(T):
        v = np.concatenate((a_prev, x[:, :, t]))
        f = sigmoid(p["Wf"].dot(v) + p["bf"])
        i = sigmoid(p["Wi"].dot(v) + p["bi"])
        g = np.tanh(p["Wc"].dot(v) + p["bc"])
        o = sigmoid(p["Wo"].dot(v) + p["bo"])
        c_cur = f * c_prev + i * g
        a_cur = o * np.tanh(c_cur)
        a[:, :, t] = a_cur
        c[:, :, t] = c_cur
        y[:, :, t] = softmax(p["Wy"].dot(a_cur) + p["by"])
        caches.append((a_cur, c_cur, a_prev, c_prev, f, i, g, o, x[:, :, t], p))
        a_prev, c_prev = a_cur, c_cur
    return a, y, c, (caches, x)


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    p = steps[0][-1]
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T))
    dWf, dWi, dWc, dWo = (np.zeros((n_a, n_a + n_x)) for _ in range(4))
    dbf, dbi, dbc, dbo = (np.zeros((n_a, 1)) for _ in range(4))
    da_carry = np.zeros((n_a, m))
    dc_carry = np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        a_cur, c_cur, a_prev, c_prev, f, i, g, o, xt, _ = steps[t]
        dh = da[:, :, t] + da_carry
        tc = np.tanh(c_cur)
        dc = dc_carry + dh * o * (1 - tc ** 2)
        do = dh * tc * o * (1 - o)
        df = dc * c_prev * f * (1 - f)
        di = dc * g * i * (1 - i)
        dg = dc * i * (1 - g ** 2)
        v = np.concatenate((a_prev, xt))
        dWf += df.dot(v.T)
        dWi += di.dot(v.T)
        dWc += dg.dot(v.T)
        dWo += do.dot(v.T)
        dbf += df.sum(axis=1, keepdims=True)
        dbi += di.sum(axis=1, keepdims=True)
        dbc += dg.sum(axis=1, keepdims=True)
        dbo += do.sum(axis=1, keepdims=True)
        dv = p["Wf"].T.dot(df) + p["Wi"].T.dot(di) + p["Wc"].T.dot(dg) + p["Wo"].T.dot(do)
        da_carry = dv[:n_a]
        dx[:, :, t] = dv[n_a:]
        dc_carry = dc * f
    return {
        "dx": dx, "da0": da_carry, "dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo, "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo,
    }
