import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e_x = np.exp(x - np.max(x, axis=0, keepdims=True))
    return e_x / np.sum(e_x, axis=0, keepdims=True)


def activate(name, z):
    if name == "tanh":
        return np.tanh(z)
    return sigmoid(z)


def slope(name, value):
    if name == "tanh":
        return 1 - np.square(value)
    return value * (1 - value)


def rnn_cell_forward(xt, a_prev, parameters):
    z = np.dot(parameters["Waa"], a_prev)
    z = z + np.dot(parameters["Wax"], xt)
    z = z + parameters["ba"]
    a_next = activate(name="tanh", z=z)
    yt_pred = softmax(x=np.dot(parameters["Wya"], a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters, verbose=False):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros(shape=(n_a, m, T_x))
    y_pred = np.zeros(shape=(n_y, m, T_x))
    caches = list()
    last = a0
    for t in range(0, T_x):
        last, yt_pred, cache = rnn_cell_forward(xt=x[:, :, t], a_prev=last, parameters=parameters)
        if verbose:
            print("step", t, last.shape)
        a[:, :, t], y_pred[:, :, t] = last, yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dtanh = da_next * slope(name="tanh", value=a_next)
    return dict(
        dxt=np.dot(parameters["Wax"].T, dtanh),
        da_prev=np.dot(parameters["Waa"].T, dtanh),
        dWax=np.dot(dtanh, xt.T),
        dWaa=np.dot(dtanh, a_prev.T),
        dba=np.sum(dtanh, axis=1, keepdims=True),
    )


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    if T == 0:
        return {}
    dx = np.zeros(shape=(x.shape[0], m, T))
    da_prevt = np.zeros(shape=(n_a, m))
    dWax, dWaa, dba = 0, 0, 0
    for t, cache in reversed(list(enumerate(steps[:T]))):
        gradients = rnn_cell_backward(da_next=da[:, :, t] + da_prevt, cache=cache)
        da_prevt = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWax = dWax + gradients["dWax"]
        dWaa = dWaa + gradients["dWaa"]
        dba = dba + gradients["dba"]
    return dict(dx=dx, da0=da_prevt, dWax=dWax, dWaa=dWaa, dba=dba)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate([a_prev, xt], axis=0)
    ft = activate(name="sigmoid", z=np.dot(parameters["Wf"], concat) + parameters["bf"])
    it = activate(name="sigmoid", z=np.dot(parameters["Wi"], concat) + parameters["bi"])
    cct = activate(name="tanh", z=np.dot(parameters["Wc"], concat) + parameters["bc"])
    ot = activate(name="sigmoid", z=np.dot(parameters["Wo"], concat) + parameters["bo"])
    kept = ft * c_prev
    added = it * cct
    c_next = kept + added
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(x=np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters, c0=None):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros(shape=(n_a, m, T_x))
    c = np.zeros(shape=(n_a, m, T_x))
    y = np.zeros(shape=(n_y, m, T_x))
    caches = list()
    if c0 is None:
        c0 = np.zeros(shape=(n_a, m))
    a_next, c_next = a0, c0
    t = 0
    while t < T_x:
        a_next, c_next, yt, cache = lstm_cell_forward(xt=x[:, :, t], a_prev=a_next, c_prev=c_next, parameters=parameters)
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)
        t += 1
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    concat = np.concatenate([a_prev, xt], axis=0)

    dtanh_c = da_next * ot
    dc_next = dc_next + dtanh_c * slope(name="tanh", value=np.tanh(c_next))

    dft = dc_next * c_prev * slope(name="sigmoid", value=ft)
    dit = dc_next * cct * slope(name="sigmoid", value=it)
    dcct = dc_next * it * slope(name="tanh", value=cct)
    dot = da_next * np.tanh(c_next) * slope(name="sigmoid", value=ot)

    dconcat = np.dot(parameters["Wf"].T, dft)
    dconcat = dconcat + np.dot(parameters["Wi"].T, dit)
    dconcat = dconcat + np.dot(parameters["Wc"].T, dcct)
    dconcat = dconcat + np.dot(parameters["Wo"].T, dot)

    return dict(
        dxt=dconcat[n_a:, :],
        da_prev=dconcat[:n_a, :],
        dc_prev=dc_next * ft,
        dWf=np.dot(dft, concat.T),
        dWi=np.dot(dit, concat.T),
        dWc=np.dot(dcct, concat.T),
        dWo=np.dot(dot, concat.T),
        dbf=np.sum(dft, axis=1, keepdims=True),
        dbi=np.sum(dit, axis=1, keepdims=True),
        dbc=np.sum(dcct, axis=1, keepdims=True),
        dbo=np.sum(dot, axis=1, keepdims=True),
    )


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    if T == 0:
        return {}
    n_x = x.shape[0]
    dx = np.zeros(shape=(n_x, m, T))
    da_prevt = np.zeros(shape=(n_a, m))
    dc_prevt = np.zeros(shape=(n_a, m))
    dWf, dWi, dWc, dWo = 0, 0, 0, 0
    dbf, dbi, dbc, dbo = 0, 0, 0, 0
    t = T
    while t > 0:
        t -= 1
        gradients = lstm_cell_backward(da_next=da[:, :, t] + da_prevt, dc_next=dc_prevt, cache=steps[t])
        da_prevt = gradients["da_prev"]
        dc_prevt = gradients["dc_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWf = dWf + gradients["dWf"]
        dWi = dWi + gradients["dWi"]
        dWc = dWc + gradients["dWc"]
        dWo = dWo + gradients["dWo"]
        dbf = dbf + gradients["dbf"]
        dbi = dbi + gradients["dbi"]
        dbc = dbc + gradients["dbc"]
        dbo = dbo + gradients["dbo"]
    return dict(dx=dx, da0=da_prevt, dWf=dWf, dWi=dWi, dWc=dWc, dWo=dWo, dbf=dbf, dbi=dbi, dbc=dbc, dbo=dbo)
