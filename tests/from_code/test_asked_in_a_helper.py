"""A helper chooses by a text what it computes, and asks for another text than its callers give it: the helper is told, not the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

PROGRAM = """
import numpy as np

def act(gate, z):
    return np.tanh(z) if gate == "c" else 1 / (1 + np.exp(-z))

def slope(gate, s):
    return 1 - s ** 2 if gate == "c" else s * (1 - s)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = slope("c", a_next) * da_next
    return {"dxt": parameters["Wax"].T @ dz, "da_prev": parameters["Waa"].T @ dz, "dWax": dz @ xt.T, "dWaa": dz @ a_prev.T,
            "dba": dz.sum(axis=1, keepdims=True)}

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    hx, s = np.concatenate([a_prev, xt]), {}
    for gate in "fico":
        s[gate] = act(gate, parameters["W" + gate] @ hx + parameters["b" + gate])
    c_next = s["f"] * c_prev + s["i"] * s["c"]
    a_next = s["o"] * np.tanh(c_next)
    e = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, e / e.sum(axis=0), (a_next, c_next, a_prev, c_prev, s["f"], s["i"], s["c"], s["o"], xt, parameters)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    dc = dc_next + da_next * o * (1 - np.tanh(c_next) ** 2)
    s, up = {"f": f, "i": i, "c": g, "o": o}, {"f": dc * c_prev, "i": dc * g, "c": dc * i, "o": da_next * np.tanh(c_next)}
    gradients, back, hx = {"dc_prev": dc * f}, 0, np.concatenate([a_prev, xt])
    for gate in "fico":
        dz = up[gate] * slope(gate, s[gate])
        gradients["dW" + gate], gradients["db" + gate] = dz @ hx.T, dz.sum(axis=1, keepdims=True)
        back = back + parameters["W" + gate].T @ dz
    return gradients | {"da_prev": back[:len(f)], "dxt": back[len(f):]}
"""


def test_a_text_that_no_caller_gives(told: Callable[[str], list[Told]]) -> None:
    """No gate is called so: all of them get the sigmoid."""
    assert told(PROGRAM) == []
    text = PROGRAM.replace('np.tanh(z) if gate == "c"', 'np.tanh(z) if gate == "g"')
    (said,) = told(text)
    assert (said.line, said.says) == (line_of(text, "return np.tanh(z)"), "gate == 'g' holds at other times than it should")


def test_a_text_that_two_functions_miss(told: Callable[[str], list[Told]]) -> None:
    """For the one cell its call could give another text as well, which would leave the other cell wrong: one line, for both."""
    text = PROGRAM.replace('s ** 2 if gate == "c"', 's ** 2 if gate == "o"')
    assert {(said.line, said.id) for said in told(text)} == {(line_of(text, "return 1 - s"), "loop-wrong")}


def test_a_text_that_is_given_wrongly(told: Callable[[str], list[Told]]) -> None:
    """The helper is right for the other cell."""
    text = PROGRAM.replace('slope("c", a_next)', 'slope("o", a_next)')
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, 'dz = slope("o"'), "name-replaced")


def test_a_text_that_only_a_table_gives(told: Callable[[str], list[Told]]) -> None:
    """What stands under the table's keys is what the helper may ask for."""
    right = PROGRAM.replace('gate == "c" else 1', 'gate == "squash" else 1').replace("act(gate, p", "act(KIND[gate], p")
    right = right.replace("def act", 'KIND = {"f": "gate", "i": "gate", "c": "squash", "o": "gate"}\n\ndef act')
    assert told(right) == []
    text = right.replace('gate == "squash"', 'gate == "Squash"')
    assert {(said.line, said.id) for said in told(text)} == {(line_of(text, "return np.tanh(z)"), "loop-wrong")}
