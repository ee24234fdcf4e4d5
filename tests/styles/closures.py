from __future__ import annotations

import functools
from collections import namedtuple

import numpy as np

Step = namedtuple("Step", "a c h k f i g o x p")
GATE = dict(f="f", i="i", g="c", o="o")


def quiet(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        with np.errstate(over="ignore"):
            return function(*args, **kwargs)

    return inner


@quiet
def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.reciprocal(1 + np.exp(-z))


def softmax(z: np.ndarray) -> np.ndarray:
    return (e := np.exp(z - z.max(axis=0))) / e.sum(axis=0)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v = np.r_[a_prev, xt]

    def gate(letter, squash=sigmoid):
        return squash(parameters[f"W{letter}"] @ v + parameters[f"b{letter}"])

    f, i, o = map(gate, "fio")
    g = gate("c", squash=np.tanh)
    c = f * c_prev + i * g
    a = o * np.tanh(c)
    y = softmax(parameters["Wy"] @ a + parameters["by"])
    return a, c, y, (a, c, a_prev, c_prev, f, i, g, o, xt, parameters)


def unrolled(x, a, c, parameters):
    for t in range(x.shape[2]):
        a, c, y, cache = lstm_cell_forward(x[:, :, t], a, c, parameters)
        yield a, c, y, cache


def lstm_forward(x, a0, parameters):
    a, c, y, caches = map(list, zip(*unrolled(x, a0, np.zeros(a0.shape), parameters)))
    return np.stack(a, 2), np.stack(y, 2), np.stack(c, 2), (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    s = Step(*cache)
    n = s.a.shape[0]
    v = np.r_[s.h, s.x]
    th = np.tanh(s.c)
    dc = dc_next + da_next * s.o * (1 - th**2)

    def logistic(letter):
        value = getattr(s, letter)
        return value * (1 - value)

    def through(letter):
        if letter == "g":
            return dc * s.i * (1 - s.g**2)
        upstream, partner = {"f": (dc, s.k), "i": (dc, s.g), "o": (da_next, th)}[letter]
        return upstream * partner * logistic(letter)

    dz = {GATE[letter]: through(letter) for letter in "figo"}
    dv = functools.reduce(np.add, (s.p[f"W{letter}"].T @ d for letter, d in dz.items()))
    out = dict(dxt=dv[n:], da_prev=dv[:n], dc_prev=dc * s.f)
    for letter, d in dz.items():
        out |= {f"dW{letter}": d @ v.T, f"db{letter}": d.sum(axis=1, keepdims=True)}
    return out


def lstm_backward(da, caches):
    steps, x = caches
    n, m, T = da.shape
    da_t = dc_t = np.zeros((n, m))
    dx = np.zeros((len(x), m, T))
    total = {}

    def collect(step):
        nonlocal total
        total = {key: total.get(key, 0) + step[key] for key in step if key[:2] in ("dW", "db")}

    t = T
    while (t := t - 1) >= 0:
        step = lstm_cell_backward(*(da[:, :, t] + da_t, dc_t), cache=steps[t])
        da_t, dc_t = (step[f"d{name}_prev"] for name in "ac")
        dx[:, :, t] = step["dxt"]
        collect(step)
    return dict(total, dx=dx, da0=da_t)
