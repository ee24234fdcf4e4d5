"""A line that only looks up what is kept stores nothing: what is missing or added wrongly is told where something is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slip_told

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = (
    "import numpy as np\n\n"
    + PARTS["sigmoid"]
    + """
class Back:
    def __init__(self, cache):
        self.cache = cache
        for kind in "fico":
            setattr(self, "dW" + kind, np.zeros(cache[-1]["W" + kind].shape))
            setattr(self, "db" + kind, np.zeros(cache[-1]["b" + kind].shape))

    def run(self, da_next, dc_next):
        a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = self.cache
        stack = np.concatenate((a_prev, xt))
        dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
        dft, dit = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)
        dcct, dot = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)
        dz = 0
        for kind, d in zip("fico", (dft, dit, dcct, dot)):
            weight = getattr(self, "dW" + kind)
            weight += d @ stack.T
            bias = getattr(self, "db" + kind)
            bias += d.sum(axis=1, keepdims=True)
            dz = dz + parameters["W" + kind].T @ d
        return dz[:len(a_prev)], dc * ft, dz[len(a_prev):]

    def gradients(self):
        return {what + kind: getattr(self, what + kind) for what in ("dW", "db") for kind in "fico"}

def lstm_cell_backward(da_next, dc_next, cache):
    back = Back(cache)
    da_prev, dc_prev, dxt = back.run(da_next, dc_next)
    return dict(back.gradients(), dxt=dxt, da_prev=da_prev, dc_prev=dc_prev)
"""
)
LOOP = (
    "import numpy as np\nfrom types import SimpleNamespace\n\n"
    + PARTS["lstm_cell_backward"]
    + """

def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    sums = SimpleNamespace(dx=np.zeros((len(x), m, T_x)))
    for kind in "fico":
        setattr(sums, "dW" + kind, np.zeros((n_a, n_a + len(x))))
        setattr(sums, "db" + kind, np.zeros((n_a, 1)))
    da_prev, dc_prev = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        step = SimpleNamespace(**lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, caches[t]))
        da_prev, dc_prev = step.da_prev, step.dc_prev
        sums.dx[:, :, t] = step.dxt
        for kind in "fico":
            for what in ("dW", "db"):
                setattr(sums, what + kind, getattr(sums, what + kind) + getattr(step, what + kind))
    sums.da0 = da_prev
    return vars(sums)
"""
)


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("weight += d @ stack.T", "weight = d @ stack.T", "dWf, dWi, dWc and dWo"),
        ("bias += d.sum", "bias = bias + d.sum", "dbf, dbi, dbc and dbo"),
    ],
    ids=["set anew", "added to a new array"],
)
def test_stored_in_a_name_alone(told: Callable[[str], list[Told]], before: str, after: str, names: str) -> None:
    """An array that is looked up, and then not added to: told at the line that computes what belongs into it."""
    text, said = slip_told(told, CELL, before, after)
    assert (said.id, said.line) == ("left-at-zero", line_of(text, after))
    assert said.says.startswith(f"{names} stay as they are made at line ")
    assert said.says.endswith(": nothing of what this line computes is stored there")


def test_set_by_its_name(told: Callable[[str], list[Told]]) -> None:
    """What ``setattr`` sets anew at each step, and not the return that only looks it up."""
    text, said = slip_told(told, LOOP, "getattr(sums, what + kind) + getattr", "getattr")
    assert (said.id, said.line) == ("overwritten-not-summed", line_of(text, "setattr(sums, what"))
    assert said.says == "of the steps' gradients, dWf, dbf, dWi, dbi, dWc, dbc, dWo and dbo hold that of step 0 alone"
