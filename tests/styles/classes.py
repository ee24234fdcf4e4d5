import numpy as np


class Activation:
    @staticmethod
    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    @staticmethod
    def softmax(z):
        e = np.exp(z - np.max(z, axis=0))
        return e / np.sum(e, axis=0)


class RnnCell:
    def __init__(self, parameters):
        self.parameters = parameters
        self.Wax = parameters["Wax"]
        self.Waa = parameters["Waa"]
        self.Wya = parameters["Wya"]
        self.ba = parameters["ba"]
        self.by = parameters["by"]

    def forward(self, xt, a_prev):
        a_next = np.tanh(np.dot(self.Wax, xt) + np.dot(self.Waa, a_prev) + self.ba)
        yt_pred = Activation.softmax(np.dot(self.Wya, a_next) + self.by)
        return a_next, yt_pred, (a_next, a_prev, xt, self.parameters)

    def backward(self, da_next, a_next, a_prev, xt):
        self.dz = (1 - a_next ** 2) * da_next
        self.dWax = np.dot(self.dz, xt.T)
        self.dWaa = np.dot(self.dz, a_prev.T)
        self.dba = np.sum(self.dz, axis=1, keepdims=True)
        self.dxt = np.dot(self.Wax.T, self.dz)
        self.da_prev = np.dot(self.Waa.T, self.dz)
        return self


def rnn_cell_forward(xt, a_prev, parameters):
    return RnnCell(parameters).forward(xt, a_prev)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    cell = RnnCell(parameters).backward(da_next, a_next, a_prev, xt)
    return {"dxt": cell.dxt, "da_prev": cell.da_prev, "dWax": cell.dWax, "dWaa": cell.dWaa, "dba": cell.dba}


class Totals:
    """Sums of gradients over the steps."""

    def __init__(self, *names):
        self.names = names
        self.sums = {}

    def add(self, gradients):
        for name in self.names:
            if name not in self.sums:
                self.sums[name] = np.zeros_like(gradients[name])
            self.sums[name] += gradients[name]


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    totals = Totals("dWax", "dWaa", "dba")
    dx = np.zeros((x.shape[0], m, T_x))
    da_prev = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        gradients = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
        totals.add(gradients)
    return dict(totals.sums, dx=dx, da0=da_prev)


class LstmCell:
    def __init__(self, parameters):
        self.p = parameters

    def gate(self, name, concat, activation):
        return activation(np.dot(self.p["W" + name], concat) + self.p["b" + name])

    def forward(self, xt, a_prev, c_prev):
        concat = np.concatenate((a_prev, xt), axis=0)
        self.ft = self.gate("f", concat, Activation.sigmoid)
        self.it = self.gate("i", concat, Activation.sigmoid)
        self.cct = self.gate("c", concat, np.tanh)
        self.ot = self.gate("o", concat, Activation.sigmoid)
        self.c_next = self.ft * c_prev + self.it * self.cct
        self.a_next = self.ot * np.tanh(self.c_next)
        self.yt = Activation.softmax(np.dot(self.p["Wy"], self.a_next) + self.p["by"])
        self.cache = (self.a_next, self.c_next, a_prev, c_prev, self.ft, self.it, self.cct, self.ot, xt, self.p)
        return self

    def load(self, cache):
        self.a_next, self.c_next, self.a_prev, self.c_prev, self.ft, self.it, self.cct, self.ot, self.xt, self.p = cache
        self.concat = np.concatenate((self.a_prev, self.xt), axis=0)
        return self

    def pre_activations(self, da_next, dc_next):
        tanh_c = np.tanh(self.c_next)
        self.dc = dc_next + da_next * self.ot * (1 - tanh_c ** 2)
        self.dot = da_next * tanh_c * self.ot * (1 - self.ot)
        self.dft = self.dc * self.c_prev * self.ft * (1 - self.ft)
        self.dit = self.dc * self.cct * self.it * (1 - self.it)
        self.dcct = self.dc * self.it * (1 - self.cct ** 2)

    def backward(self, da_next, dc_next):
        self.pre_activations(da_next, dc_next)
        n_a = self.a_next.shape[0]
        gradients = {"dc_prev": self.dc * self.ft}
        dconcat = 0
        for name, dz in (("f", self.dft), ("i", self.dit), ("c", self.dcct), ("o", self.dot)):
            gradients["dW" + name] = np.dot(dz, self.concat.T)
            gradients["db" + name] = np.sum(dz, axis=1, keepdims=True)
            dconcat = dconcat + np.dot(self.p["W" + name].T, dz)
        gradients["da_prev"] = dconcat[:n_a]
        gradients["dxt"] = dconcat[n_a:]
        return gradients


class Lstm:
    def __init__(self, parameters):
        self.parameters = parameters

    def forward(self, x, a0):
        n_x, m, T_x = x.shape
        n_y, n_a = self.parameters["Wy"].shape
        self.a = np.zeros((n_a, m, T_x))
        self.c = np.zeros((n_a, m, T_x))
        self.y = np.zeros((n_y, m, T_x))
        self.caches = []
        hidden, memory = a0, np.zeros((n_a, m))
        for t in range(T_x):
            hidden, memory, yt, cache = lstm_cell_forward(x[:, :, t], hidden, memory, self.parameters)
            self.a[:, :, t] = hidden
            self.c[:, :, t] = memory
            self.y[:, :, t] = yt
            self.caches.append(cache)
        return self.a, self.y, self.c, (self.caches, x)

    def backward(self, da, steps, x):
        n_a, m, T_x = da.shape
        self.totals = Totals("dWf", "dbf", "dWi", "dbi", "dWc", "dbc", "dWo", "dbo")
        self.dx = np.zeros((x.shape[0], m, T_x))
        self.da = np.zeros((n_a, m))
        self.dc = np.zeros((n_a, m))
        for t in reversed(range(T_x)):
            gradients = lstm_cell_backward(da[:, :, t] + self.da, self.dc, steps[t])
            self.da = gradients["da_prev"]
            self.dc = gradients["dc_prev"]
            self.dx[:, :, t] = gradients["dxt"]
            self.totals.add(gradients)
        return dict(self.totals.sums, dx=self.dx, da0=self.da)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    cell = LstmCell(parameters).forward(xt, a_prev, c_prev)
    return cell.a_next, cell.c_next, cell.yt, cell.cache


def lstm_forward(x, a0, parameters):
    return Lstm(parameters).forward(x, a0)


def lstm_cell_backward(da_next, dc_next, cache):
    return LstmCell(cache[-1]).load(cache).backward(da_next, dc_next)


def lstm_backward(da, caches):
    steps, x = caches
    return Lstm(steps[0][-1]).backward(da, steps, x)
