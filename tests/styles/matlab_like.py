import numpy as np
from numpy import dot, tanh, exp, zeros, concatenate, sum as total, newaxis


def sig(z):
    return 1. / (1. + exp(-z))


def softm(z):
    ez = exp(z - np.max(z, 0))
    return ez / total(ez, 0)


def rnn_cell_forward(xt, a_prev, parameters):
    Wax = parameters['Wax']; Waa = parameters['Waa']; Wya = parameters['Wya']
    ba = parameters['ba']; by = parameters['by']
    h = tanh(dot(Waa, a_prev) + dot(Wax, xt) + ba)
    p = softm(dot(Wya, h) + by)
    return h, p, (h, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    nx, m, T = x.shape
    ny, na = parameters['Wya'].shape
    H = zeros((na, m, T + 1))
    H[:, :, -1] = a0
    P = zeros((ny, m, T))
    C = []
    t = 0
    while t < T:
        H[:, :, t], P[:, :, t], cache = rnn_cell_forward(x[:, :, t], H[:, :, t - 1].copy(), parameters)
        C.append(cache)
        t += 1
    return H[:, :, :T], P, (C, x)


def rnn_cell_backward(da_next, cache):
    h, hp, xt, p = cache
    d = da_next * (1. - h * h)
    g = {}
    g['dxt'] = dot(p['Wax'].T, d)
    g['dWax'] = dot(d, xt.T)
    g['da_prev'] = dot(p['Waa'].T, d)
    g['dWaa'] = dot(d, hp.T)
    g['dba'] = total(d, 1)[:, newaxis]
    return g


def rnn_backward(da, caches):
    C, x = caches[0], caches[1]
    na, m, T = da.shape
    nx = x.shape[0]
    DX = zeros((nx, m, T)); dWax = zeros((na, nx)); dWaa = zeros((na, na)); dba = zeros((na, 1))
    dh = zeros((na, m))
    for k in range(T):
        t = T - 1 - k
        g = rnn_cell_backward(da[:, :, t] + dh, C[t])
        dh = g['da_prev']; DX[:, :, t] = g['dxt']
        dWax = dWax + g['dWax']; dWaa = dWaa + g['dWaa']; dba = dba + g['dba']
    return {'dx': DX, 'da0': dh, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    p = parameters
    na, m = a_prev.shape
    nx, _ = xt.shape
    v = zeros((na + nx, m))
    v[0:na, :] = a_prev
    v[na:na + nx, :] = xt
    f = sig(dot(p['Wf'], v) + p['bf']); i = sig(dot(p['Wi'], v) + p['bi'])
    o = sig(dot(p['Wo'], v) + p['bo']); g = tanh(dot(p['Wc'], v) + p['bc'])
    c = f * c_prev + i * g
    h = o * tanh(c)
    y = softm(dot(p['Wy'], h) + p['by'])
    return h, c, y, (h, c, a_prev, c_prev, f, i, g, o, xt, p)


def lstm_forward(x, a0, parameters):
    nx, m, T = x.shape
    ny, na = parameters['Wy'].shape
    H = zeros((na, m, T)); S = zeros((na, m, T)); Y = zeros((ny, m, T))
    C = []
    for t in range(T):
        if t == 0:
            hp = a0; cp = zeros((na, m))
        else:
            hp = H[:, :, t - 1].copy(); cp = S[:, :, t - 1].copy()
        h, c, y, cache = lstm_cell_forward(x[:, :, t], hp, cp, parameters)
        H[:, :, t] = h; S[:, :, t] = c; Y[:, :, t] = y
        C.append(cache)
    return H, Y, S, (C, x)


def lstm_cell_backward(da_next, dc_next, cache):
    h, c, hp, cp, f, i, g, o, xt, p = cache
    na = h.shape[0]; nx = xt.shape[0]
    tc = tanh(c)
    ds = da_next * o * (1. - tc * tc) + dc_next
    do = da_next * tc * o * (1. - o)
    dg = ds * i * (1. - g * g)
    di = ds * g * i * (1. - i)
    df = ds * cp * f * (1. - f)
    grads = {}
    for name, d in zip(['f', 'i', 'c', 'o'], [df, di, dg, do]):
        grads['dW' + name] = concatenate((dot(d, hp.T), dot(d, xt.T)), 1)
        grads['db' + name] = total(d, 1)[:, newaxis]
    Wfh = p['Wf'][:, 0:na]; Wih = p['Wi'][:, 0:na]; Wch = p['Wc'][:, 0:na]; Woh = p['Wo'][:, 0:na]
    Wfx = p['Wf'][:, na:na + nx]; Wix = p['Wi'][:, na:na + nx]; Wcx = p['Wc'][:, na:na + nx]; Wox = p['Wo'][:, na:na + nx]
    grads['da_prev'] = dot(Wfh.T, df) + dot(Wih.T, di) + dot(Wch.T, dg) + dot(Woh.T, do)
    grads['dxt'] = dot(Wfx.T, df) + dot(Wix.T, di) + dot(Wcx.T, dg) + dot(Wox.T, do)
    grads['dc_prev'] = ds * f
    return grads


def lstm_backward(da, caches):
    C, x = caches[0], caches[1]
    na, m, T = da.shape
    nx = x.shape[0]
    DX = zeros((nx, m, T))
    acc = {}
    for name in ['f', 'i', 'c', 'o']:
        acc['dW' + name] = zeros((na, na + nx)); acc['db' + name] = zeros((na, 1))
    dh = zeros((na, m)); dc = zeros((na, m))
    for k in range(T):
        t = T - 1 - k
        g = lstm_cell_backward(da[:, :, t] + dh, dc, C[t])
        dh = g['da_prev']; dc = g['dc_prev']; DX[:, :, t] = g['dxt']
        for key in acc:
            acc[key] = acc[key] + g[key]
    acc['dx'] = DX; acc['da0'] = dh
    return acc
