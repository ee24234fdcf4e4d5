import numpy as np


def sigmoid(z):
    return np.divide(1, np.add(1, np.exp(np.negative(z))))


def softmax(z):
    exps = np.exp(np.subtract(z, np.amax(z, axis=0, keepdims=True)))
    return np.divide(exps, np.sum(exps, axis=0, keepdims=True))


def rnn_cell_forward(xt, a_prev, parameters):
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    z_x = np.matmul(Wax, xt)
    z_a = np.matmul(Waa, a_prev)
    z = np.add(np.add(z_x, z_a), parameters["ba"])
    a_next = np.tanh(z)
    z_y = np.add(np.matmul(parameters["Wya"], a_next), parameters["by"])
    yt_pred = softmax(z_y)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = np.shape(x)
    n_y, n_a = np.shape(parameters["Wya"])
    a = np.zeros(shape=(n_a, m, T_x))
    y_pred = np.zeros(shape=(n_y, m, T_x))
    caches = []
    a_next = np.copy(a0)
    for t in np.arange(T_x):
        xt = np.take(x, t, axis=2)
        a_next, yt_pred, cache = rnn_cell_forward(xt, a_next, parameters)
        a[..., t] = a_next
        y_pred[..., t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    slope = np.subtract(1, np.power(a_next, 2))
    dz = np.multiply(da_next, slope)
    dxt = np.matmul(np.transpose(parameters["Wax"]), dz)
    dWax = np.matmul(dz, np.transpose(xt))
    da_prev = np.matmul(np.transpose(parameters["Waa"]), dz)
    dWaa = np.matmul(dz, np.transpose(a_prev))
    dba = np.sum(dz, axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    cell_caches, x = caches
    n_x = np.size(x, 0)
    n_a, m, T_x = np.shape(da)
    dx = np.zeros(shape=(n_x, m, T_x))
    dWax = np.zeros(shape=(n_a, n_x))
    dWaa = np.zeros(shape=(n_a, n_a))
    dba = np.zeros(shape=(n_a, 1))
    da_prevt = np.zeros(shape=(n_a, m))
    for t in np.flip(np.arange(T_x)):
        upstream = np.add(np.take(da, t, axis=2), da_prevt)
        gradients = rnn_cell_backward(upstream, cell_caches[t])
        da_prevt = gradients["da_prev"]
        np.copyto(dx[..., t], gradients["dxt"])
        dWax = np.add(dWax, gradients["dWax"])
        dWaa = np.add(dWaa, gradients["dWaa"])
        dba = np.add(dba, gradients["dba"])
    return {"dx": dx, "da0": da_prevt, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate([a_prev, xt], axis=0)
    z_f = np.add(np.matmul(parameters["Wf"], concat), parameters["bf"])
    z_i = np.add(np.matmul(parameters["Wi"], concat), parameters["bi"])
    z_c = np.add(np.matmul(parameters["Wc"], concat), parameters["bc"])
    z_o = np.add(np.matmul(parameters["Wo"], concat), parameters["bo"])
    ft, it, ot = sigmoid(z_f), sigmoid(z_i), sigmoid(z_o)
    cct = np.tanh(z_c)
    kept = np.multiply(ft, c_prev)
    new = np.multiply(it, cct)
    c_next = np.add(kept, new)
    a_next = np.multiply(ot, np.tanh(c_next))
    yt_pred = softmax(np.add(np.matmul(parameters["Wy"], a_next), parameters["by"]))
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = np.shape(x)
    n_y, n_a = np.shape(parameters["Wy"])
    a = np.zeros(shape=(n_a, m, T_x))
    c = np.zeros(shape=(n_a, m, T_x))
    y = np.zeros(shape=(n_y, m, T_x))
    caches = []
    a_next = np.copy(a0)
    c_next = np.zeros_like(a0)
    for t in np.arange(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(np.take(x, t, axis=2), a_next, c_next, parameters)
        np.copyto(a[..., t], a_next)
        np.copyto(c[..., t], c_next)
        np.copyto(y[..., t], yt)
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = np.shape(a_next)
    tanh_c = np.tanh(c_next)
    through_a = np.multiply(np.multiply(da_next, ot), np.subtract(1, np.square(tanh_c)))
    dc = np.add(dc_next, through_a)
    dot = np.multiply(np.multiply(da_next, tanh_c), np.multiply(ot, np.subtract(1, ot)))
    dcct = np.multiply(np.multiply(dc, it), np.subtract(1, np.square(cct)))
    dit = np.multiply(np.multiply(dc, cct), np.multiply(it, np.subtract(1, it)))
    dft = np.multiply(np.multiply(dc, c_prev), np.multiply(ft, np.subtract(1, ft)))
    concat_T = np.transpose(np.concatenate([a_prev, xt], axis=0))
    dWf, dWi, dWc, dWo = np.matmul(dft, concat_T), np.matmul(dit, concat_T), np.matmul(dcct, concat_T), np.matmul(dot, concat_T)
    dbf = np.sum(dft, axis=1, keepdims=True)
    dbi = np.sum(dit, axis=1, keepdims=True)
    dbc = np.sum(dcct, axis=1, keepdims=True)
    dbo = np.sum(dot, axis=1, keepdims=True)
    dconcat = np.matmul(np.transpose(parameters["Wf"]), dft)
    dconcat = np.add(dconcat, np.matmul(np.transpose(parameters["Wi"]), dit))
    dconcat = np.add(dconcat, np.matmul(np.transpose(parameters["Wc"]), dcct))
    dconcat = np.add(dconcat, np.matmul(np.transpose(parameters["Wo"]), dot))
    da_prev, dxt = np.split(dconcat, [n_a], axis=0)
    dc_prev = np.multiply(dc, ft)
    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }


def lstm_backward(da, caches):
    cell_caches, x = caches
    n_x = np.size(x, 0)
    n_a, m, T_x = np.shape(da)
    dx = np.zeros(shape=(n_x, m, T_x))
    da_prevt = np.zeros(shape=(n_a, m))
    dc_prevt = np.zeros(shape=(n_a, m))
    dWf = np.zeros(shape=(n_a, n_a + n_x))
    dWi, dWc, dWo = np.zeros_like(dWf), np.zeros_like(dWf), np.zeros_like(dWf)
    dbf = np.zeros(shape=(n_a, 1))
    dbi, dbc, dbo = np.zeros_like(dbf), np.zeros_like(dbf), np.zeros_like(dbf)
    for t in np.flip(np.arange(T_x)):
        upstream = np.add(np.take(da, t, axis=2), da_prevt)
        gradients = lstm_cell_backward(upstream, dc_prevt, cell_caches[t])
        da_prevt, dc_prevt = gradients["da_prev"], gradients["dc_prev"]
        np.copyto(dx[..., t], gradients["dxt"])
        np.add(dWf, gradients["dWf"], out=dWf)
        np.add(dWi, gradients["dWi"], out=dWi)
        np.add(dWc, gradients["dWc"], out=dWc)
        np.add(dWo, gradients["dWo"], out=dWo)
        np.add(dbf, gradients["dbf"], out=dbf)
        np.add(dbi, gradients["dbi"], out=dbi)
        np.add(dbc, gradients["dbc"], out=dbc)
        np.add(dbo, gradients["dbo"], out=dbo)
    return {
        "dx": dx, "da0": da_prevt, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }
