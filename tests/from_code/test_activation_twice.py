"""A helper for an activation's derivative that takes the activation once more, of what the cache holds as one already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

CELL = """{helpers}
def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    n_a = a_prev.shape[0]
    dc = dc_next + da_next * ot * slope_tanh(np.tanh(c_next))
    d = {{"f": dc * c_prev * slope(ft), "i": dc * cct * slope(it), "c": dc * it * slope_tanh(cct)}}
    d["o"] = da_next * np.tanh(c_next) * slope(ot)
    inputs = np.concatenate([a_prev, xt])
    grads = {{f"dW{{g}}": dg @ inputs.T for g, dg in d.items()}}
    grads.update({{f"db{{g}}": dg.sum(axis=1, keepdims=True) for g, dg in d.items()}})
    back = sum(parameters["W" + g].T @ d[g] for g in d)
    grads["da_prev"], grads["dxt"], grads["dc_prev"] = back[:n_a], back[n_a:], dc * ft
    return grads
"""
TANH = "def slope_tanh(a):\n    return 1 - a ** 2\n"
SIGMOID = "def slope(s):\n    return s * (1 - s)\n"
IN_A_CLASS = """class Sigmoid:
    @staticmethod
    def of(z):
        return 1.0 / (1.0 + np.exp(-z))

    @staticmethod
    def slope(z):
        out = Sigmoid.of(z)
        return out * (1 - out)

slope = Sigmoid.slope
"""
ALREADY = "the sigmoid of what is a sigmoid already"
HELPERS = {
    "in a line before": ("def slope(z):\n    s = sigmoid(z)\n    return s * (1 - s)\n" + TANH, "s = sigmoid(z)", "a sigmoid too many"),
    "of the tanh": ("def slope_tanh(z):\n    t = np.tanh(z)\n    return 1 - t * t\n" + SIGMOID, "t = np.tanh(z)", "a np.tanh too many"),
    "at two places": ("def slope(z):\n    return sigmoid(z) * (1 - sigmoid(z))\n" + TANH, "return sigm", "a sigmoid too many at 2 places"),
    "written out": ("def slope(z):\n    s = 1 / (1 + np.exp(-z))\n    return s * (1 - s)\n" + TANH, "s = 1 / (1", ALREADY),
    "in a class": (IN_A_CLASS + TANH, "return 1.0 / (1.0", ALREADY),
}


@pytest.mark.parametrize(("helpers", "at", "says"), HELPERS.values(), ids=HELPERS.keys())
def test_it_is_named_at_the_line_that_takes_it(told: Tell, helpers: str, at: str, says: str) -> None:
    """All calls of the helper are mended with what it was given; and a fraction that is returned is looked at without a fault."""
    program = edited(("lstm_cell_backward", "", CELL.format(helpers=helpers)))
    (said,) = told(program)
    assert at in program.split("\n")[said.line - 1]
    assert said.id == ("wrong-activation-derivative" if at.startswith("return sigm") else "activation-wrong")
    assert says in said.says
    assert said.proof == "proved"


def test_helpers_that_are_given_an_activation_are_right(told: Tell) -> None:
    """Without it all is right."""
    assert not told(edited(("lstm_cell_backward", "", CELL.format(helpers=SIGMOID + TANH))))
