"""A forward sequence that takes its own cell's cache apart is judged with that cell, not with what another one keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    from whygrad.records import Result

KEPT = """
import numpy as np

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    scores = np.exp(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, scores / scores.sum(axis=0), {"out": a_next, "in": a_prev, "x": xt, "p": parameters}

def rnn_forward(x, a0, parameters):
    n_x, m, T = x.shape
    states, seen, kept = np.zeros((len(a0), m, T)), [], []
    state = a0
    for i in range(T):
        state, out, cache = rnn_cell_forward(x[:, :, i], state, parameters)
        cache["step"] = i
        states[:, :, i] = state
        seen.append(out)
        kept.append(cache)
    return states, np.stack(seen, axis=2), kept

def rnn_cell_backward(da_next, cache):
    d = da_next * (1 - cache["out"] ** 2)
    return {"dxt": cache["p"]["Wax"].T @ d, "da_prev": cache["p"]["Waa"].T @ d, "dWax": d @ cache["x"].T,
            "dWaa": d @ cache["in"].T, "dba": d.sum(axis=1, keepdims=True)}
"""


def test_right_ones_are_right(told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of them."""
    assert not told(KEPT)


def test_its_own_slip_is_told(told: Callable[[str], list[Told]]) -> None:
    """And not that it asks another cell's cache for what that has not."""
    text = KEPT.replace("states[:, :, i] = state", "states[:, :, i - 1] = state")
    (said,) = told(text)
    assert said.line == line_of(text, "states[:, :, i - 1] = state")
    assert said.id == "state-stored-wrong"


@pytest.mark.parametrize("slip", ["np.tanh(parameters", "-np.tanh(parameters"])
def test_beside_a_wrong_cell_nothing_is_said_of_it(slip: str, examined: Callable[[str], Result]) -> None:
    """It can be judged only after the cell."""
    result = examined(KEPT.replace("np.tanh(parameters", slip))
    verdicts = {verdict.function: verdict.verdict for verdict in result.functions}
    assert verdicts["rnn_forward"] == ("right" if slip[0] == "n" else "not reached")
    assert all(mistake.function != "rnn_forward" for mistake in result.mistakes)
