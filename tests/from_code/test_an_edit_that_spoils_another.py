"""Two edits make a loop right, one of them in a helper that the cell uses too: told is the other one, with which the cell stays right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipping import edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

PROGRAM = """
import numpy as np

class Back:
    def __init__(self, parameters):
        self.W = {gate: parameters["W" + gate] for gate in "fico"}
        self.n_a = len(parameters["Wf"])
        self.sums = {}
        for gate in "fico":
            self.sums["dW" + gate] = np.zeros(parameters["W" + gate].shape)
            self.sums["db" + gate] = np.zeros((self.n_a, 1))

    def step(self, dh, dc, cache):
        _, c_new, h, c, f, i, g, o, xt, _ = cache
        th = np.tanh(c_new)
        dc = dc + dh * o * (1 - th ** 2)
        each = {"f": dc * c * f * (1 - f), "i": dc * g * i * (1 - i), "c": dc * i * (1 - g ** 2), "o": dh * th * o * (1 - o)}
        dz = 0
        for gate, d in each.items():
            self.sums["dW" + gate] += d @ np.concatenate((h, xt)).T
            self.sums["db" + gate] += d.sum(axis=1, keepdims=True)
            dz = dz + self.W[gate].T @ d
        return dz[:self.n_a], dc * f, dz[self.n_a:]

def lstm_cell_backward(da_next, dc_next, cache):
    net = Back(cache[-1])
    da_prev, dc_prev, dxt = net.step(da_next, dc_next, cache)
    return dict(net.sums, dxt=dxt, da_prev=da_prev, dc_prev=dc_prev)

def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    net = Back(caches[0][-1])
    dx = np.zeros((len(x), m, T_x))
    dh, dc = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        dh, dc, dx[:, :, t] = net.step(da[:, :, t] + dh, dc, caches[t])
    return dict(net.sums, dx=dx, da0=dh)
"""


def test_the_line_of_the_loop(told: Callable[[str], list[Told]]) -> None:
    """What the helper hands back is unpacked in another order: one mistake, at the line that unpacks it."""
    text, said = slip_told(told, PROGRAM, "dh, dc, dx[:, :, t] = ", "dc, dh, dx[:, :, t] = ")
    assert (said.line, said.id) == (line_of(text, "dc, dh, dx"), "names-exchanged")
    assert said.says == "dc and dh stand in each other's place"


def test_a_helper_that_does_its_work_for_one_line_of_a_wrong_function(told: Callable[[str], list[Told]]) -> None:
    """It is called with what is a tanh already, by two functions, one of which uses it rightly as well: the calls are told."""
    text = edited(
        ("rnn_cell_backward", "def rnn_cell_backward", "def dtanh(z):\n    return 1 - np.tanh(z) ** 2\n\ndef rnn_cell_backward"),
        ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) *", "dz = dtanh(a_next) *"),
        ("rnn_cell_backward", "dtanh)", "dz)"),
        ("rnn_cell_backward", "(dtanh,", "(dz,"),
        ("lstm_cell_backward", "(1 - np.tanh(c_next) ** 2)", "dtanh(c_next)"),
        ("lstm_cell_backward", "(1 - cct ** 2)", "dtanh(cct)"),
    )
    said = [(one.line, one.id) for one in told(text)]
    assert said == [(line_of(text, line), "wrong-activation-derivative") for line in ("dz = dtanh(a_next)", "dcct = dc * it")]
