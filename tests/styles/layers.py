import numpy as np


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, v):
        self.v = v
        return self.W @ v + self.b

    def backward(self, d):
        self.dW = d @ self.v.T
        self.db = d.sum(axis=1)[:, None]
        return self.W.T @ d


class Sigmoid:
    def forward(self, z):
        self.out = 1.0 / (1.0 + np.exp(-z))
        return self.out

    def backward(self, d):
        return d * self.out * (1.0 - self.out)


class Tanh:
    def forward(self, z):
        self.out = np.tanh(z)
        return self.out

    def backward(self, d):
        return d * (1.0 - np.square(self.out))


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, v):
        for layer in self.layers:
            v = layer.forward(v)
        return v

    def backward(self, d):
        for layer in self.layers[::-1]:
            d = layer.backward(d)
        return d


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def rnn_cell_forward(xt, a_prev, parameters):
    p = parameters
    hidden = Chain(Linear(np.hstack((p["Waa"], p["Wax"])), p["ba"]), Tanh())
    a_next = hidden.forward(np.vstack((a_prev, xt)))
    return a_next, softmax(Linear(p["Wya"], p["by"]).forward(a_next)), (a_next, a_prev, xt, p)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    states, predictions, caches = [a0], [], []
    for t in range(T_x):
        a_next, yt, cache = rnn_cell_forward(x[:, :, t], states[-1], parameters)
        states.append(a_next)
        predictions.append(yt)
        caches.append(cache)
    return np.stack(states[1:], axis=2), np.stack(predictions, axis=2), (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, p = cache
    n_a = len(a_prev)
    linear, squash = Linear(np.hstack((p["Waa"], p["Wax"])), p["ba"]), Tanh()
    squash.out, linear.v = a_next, np.vstack((a_prev, xt))
    d = Chain(linear, squash).backward(da_next)
    return {"da_prev": d[:n_a], "dxt": d[n_a:], "dWaa": linear.dW[:, :n_a], "dWax": linear.dW[:, n_a:], "dba": linear.db}


def rnn_backward(da, caches):
    steps, x = caches
    dx, totals = np.empty((x.shape[0], x.shape[1], da.shape[2])), {"dWaa": 0.0, "dWax": 0.0, "dba": 0.0}
    carry = np.zeros(da.shape[:2])
    for t in range(da.shape[2] - 1, -1, -1):
        g = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        carry = g["da_prev"]
        dx[:, :, t] = g["dxt"]
        for name in totals:
            totals[name] = totals[name] + g[name]
    totals["dx"] = dx
    totals["da0"] = carry
    return totals


class Cell:
    def __init__(self, p):
        self.forget = Chain(Linear(p["Wf"], p["bf"]), Sigmoid())
        self.update = Chain(Linear(p["Wi"], p["bi"]), Sigmoid())
        self.output = Chain(Linear(p["Wo"], p["bo"]), Sigmoid())
        self.candidate = Chain(Linear(p["Wc"], p["bc"]), Tanh())
        self.squash = Tanh()

    def forward(self, a_prev, xt, c_prev):
        v = np.vstack((a_prev, xt))
        self.c_prev = c_prev
        self.f, self.i = self.forget.forward(v), self.update.forward(v)
        self.o, self.g = self.output.forward(v), self.candidate.forward(v)
        self.c = self.f * c_prev + self.i * self.g
        self.s = self.squash.forward(self.c)
        return self.o * self.s

    def backward(self, da, dc):
        dc = dc + self.squash.backward(da * self.o)
        dv = self.forget.backward(dc * self.c_prev)
        dv = dv + self.update.backward(dc * self.g)
        dv = dv + self.output.backward(da * self.s)
        dv = dv + self.candidate.backward(dc * self.i)
        return dv, dc * self.f


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    cell = Cell(parameters)
    a_next = cell.forward(a_prev, xt, c_prev)
    yt = softmax(Linear(parameters["Wy"], parameters["by"]).forward(a_next))
    return a_next, cell.c, yt, (a_next, cell.c, a_prev, c_prev, cell.f, cell.i, cell.g, cell.o, xt, parameters)


def lstm_forward(x, a0, parameters):
    a, c = [a0], [np.zeros_like(a0)]
    y, caches = [], []
    for t in range(x.shape[2]):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a[-1], c[-1], parameters)
        a.append(a_next)
        c.append(c_next)
        y.append(yt)
        caches.append(cache)
    return np.stack(a[1:], axis=2), np.stack(y, axis=2), np.stack(c[1:], axis=2), (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache
    cell = Cell(p)
    cell.forward(a_prev, xt, c_prev)
    dv, dc_prev = cell.backward(da_next, dc_next)
    grads = {"da_prev": dv[: len(a_prev)], "dxt": dv[len(a_prev) :], "dc_prev": dc_prev}
    for letter, gate in (("f", cell.forget), ("i", cell.update), ("o", cell.output), ("c", cell.candidate)):
        linear = gate.layers[0]
        grads["dW" + letter] = linear.dW
        grads["db" + letter] = linear.db
    return grads


def lstm_backward(da, caches):
    steps, x = caches
    dx, totals = np.empty((x.shape[0], x.shape[1], da.shape[2])), {}
    da_carry, dc_carry = np.zeros(da.shape[:2]), np.zeros(da.shape[:2])
    for t in range(da.shape[2] - 1, -1, -1):
        g = lstm_cell_backward(da[:, :, t] + da_carry, dc_carry, steps[t])
        da_carry, dc_carry = g["da_prev"], g["dc_prev"]
        dx[:, :, t] = g["dxt"]
        for name, value in g.items():
            if name.startswith(("dW", "db")):
                totals[name] = totals.get(name, 0.0) + value
    totals.update(dx=dx, da0=da_carry)
    return totals
