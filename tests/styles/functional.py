"""LSTM and RNN, forward and backward, in NumPy."""
from typing import Dict, List, NamedTuple, Tuple

import numpy as np

Array = np.ndarray
GATES = ("f", "i", "c", "o")


class Weights(NamedTuple):
    W: Array
    b: Array


class Step(NamedTuple):
    a: Array
    c: Array
    a_before: Array
    c_before: Array
    f: Array
    i: Array
    g: Array
    o: Array
    x: Array
    params: Dict[str, Array]


def logistic(z: Array) -> Array:
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def softmax(z: Array) -> Array:
    z = z - z.max(axis=0, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=0, keepdims=True)
    return z


def d_logistic(y: Array) -> Array:
    return y - y * y


def d_tanh(y: Array) -> Array:
    return 1.0 - y * y


def rnn_cell_forward(xt: Array, a_prev: Array, parameters: Dict[str, Array]):
    net: Array = parameters["Waa"] @ a_prev
    net += parameters["Wax"] @ xt
    net += parameters["ba"]
    a_next = np.tanh(net)
    scores = parameters["Wya"] @ a_next + parameters["by"]
    return a_next, softmax(scores), (a_next, a_prev, xt, parameters)


def rnn_forward(x: Array, a0: Array, parameters: Dict[str, Array]):
    T = x.shape[-1]
    a = np.zeros(a0.shape + (T,))
    y = np.zeros((parameters["by"].shape[0], x.shape[1], T))
    caches: List[Tuple] = [()] * T
    state = a0
    for t, xt in enumerate(x.transpose(2, 0, 1)):
        state, y[..., t], caches[t] = rnn_cell_forward(xt, state, parameters)
        a[..., t] = state
    return a, y, (caches, x)


def rnn_cell_backward(da_next: Array, cache) -> Dict[str, Array]:
    a_next, a_prev, xt, parameters = cache
    dnet = da_next * d_tanh(a_next)
    grads: Dict[str, Array] = {}
    for name, other in (("Wax", xt), ("Waa", a_prev)):
        grads[f"d{name}"] = dnet @ other.T
    grads["dxt"], grads["da_prev"] = (parameters[name].T @ dnet for name in ("Wax", "Waa"))
    grads["dba"] = dnet.sum(1, keepdims=True)
    return grads


def rnn_backward(da: Array, caches) -> Dict[str, Array]:
    (steps, x), T = caches, da.shape[-1]
    out: Dict[str, Array] = {"dx": np.zeros(x.shape[:2] + (T,))}
    flowing = np.zeros(da.shape[:-1])
    for t in range(T)[::-1]:
        grads = rnn_cell_backward(da[..., t] + flowing, steps[t])
        flowing = grads.pop("da_prev")
        out["dx"][..., t] = grads.pop("dxt")
        for name, value in grads.items():
            if name in out:
                out[name] += value
            else:
                out[name] = value
    out["da0"] = flowing
    return out


def stacked(parameters: Dict[str, Array]) -> Weights:
    W = np.vstack([parameters["W" + gate] for gate in GATES])
    b = np.vstack([parameters["b" + gate] for gate in GATES])
    return Weights(W, b)


def lstm_cell_forward(xt: Array, a_prev: Array, c_prev: Array, parameters: Dict[str, Array]):
    weights = stacked(parameters)
    net = weights.W @ np.r_[a_prev, xt] + weights.b
    f, i, g, o = net.reshape(4, *a_prev.shape)
    f, i, g, o = logistic(f), logistic(i), np.tanh(g), logistic(o)
    c = c_prev * f
    c += i * g
    a = np.tanh(c) * o
    step = Step(a=a, c=c, a_before=a_prev, c_before=c_prev, f=f, i=i, g=g, o=o, x=xt, params=parameters)
    return a, c, softmax(parameters["Wy"] @ a + parameters["by"]), step


def lstm_forward(x: Array, a0: Array, parameters: Dict[str, Array]):
    T = x.shape[-1]
    a, c = np.zeros((2, *a0.shape, T))
    y = np.zeros((parameters["by"].shape[0], x.shape[1], T))
    caches: List[Step] = []
    state, memory = a0, np.zeros_like(a0)
    for t in range(T):
        state, memory, y[..., t], step = lstm_cell_forward(x[..., t], state, memory, parameters)
        a[..., t], c[..., t] = state, memory
        caches += [step]
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next: Array, dc_next: Array, cache) -> Dict[str, Array]:
    s = Step(*cache)
    squashed = np.tanh(s.c)
    dc = da_next * s.o * d_tanh(squashed)
    dc += dc_next
    d_forget = dc * s.c_before * d_logistic(s.f)
    d_input = dc * s.g * d_logistic(s.i)
    d_candidate = dc * s.i * d_tanh(s.g)
    d_output = da_next * squashed * d_logistic(s.o)
    dnet = np.stack((d_forget, d_input, d_candidate, d_output))
    inputs = np.r_[s.a_before, s.x]
    dinputs = np.zeros_like(inputs)
    grads = {}
    for gate, delta in zip(GATES, dnet):
        grads["dW" + gate] = delta @ inputs.T
        grads["db" + gate] = delta.sum(1, keepdims=True)
        dinputs += s.params["W" + gate].T @ delta
    grads["da_prev"], grads["dxt"] = np.split(dinputs, [len(s.a)])
    grads["dc_prev"] = dc * s.f
    return grads


def lstm_backward(da: Array, caches) -> Dict[str, Array]:
    (steps, x), T = caches, da.shape[-1]
    out = {"dx": np.zeros(x.shape[:2] + (T,))}
    da_flowing, dc_flowing = np.zeros((2, *da.shape[:-1]))
    for t in range(T)[::-1]:
        grads = lstm_cell_backward(da[..., t] + da_flowing, dc_flowing, steps[t])
        da_flowing, dc_flowing = grads.pop("da_prev"), grads.pop("dc_prev")
        out["dx"][..., t] = grads.pop("dxt")
        for name, value in grads.items():
            if name in out:
                out[name] += value
            else:
                out[name] = value
    out["da0"] = da_flowing
    return out
