"""Two things in each other's place are one mistake, told where they are exchanged."""

from __future__ import annotations

import pytest
from code_answer import examined
from styles import TEXTS

STYLE = TEXTS["helper_functions"]
CACHE = "a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache\n    n_a"
UNPACKED = [
    ("a_next, c_next, yt, cache = lstm_cell_forward(", "c_next, a_next, yt, cache = lstm_cell_forward("),
    (f"a_next, c_next, {CACHE}", f"c_next, a_next, {CACHE}"),
    ("da_prev, dxt = unstack(", "dxt, da_prev = unstack("),
    ("dzf, dzi, dzc, dzo = gate_grads(", "dzi, dzf, dzc, dzo = gate_grads("),
    ("dzf, dzi, dzc, dzo = gate_grads(", "dzi, dzc, dzf, dzo = gate_grads("),
]


@pytest.mark.parametrize(("before", "after"), UNPACKED, ids=[after[:24] for _, after in UNPACKED])
def test_names_unpacked_in_another_order(before: str, after: str) -> None:
    """Told once, at the line that unpacks them, whatever their shapes; not at the helper's lines, which are right."""
    assert STYLE.count(before) == 1
    (said,) = examined(STYLE.replace(before, after)).findings
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1
    assert said.proof == "proved"


def test_two_arguments_of_the_cell_in_each_others_place() -> None:
    """The gradients at the hidden state and at the cell state."""
    before, after = "(da[:, :, t] + da_prev, dc_prev, steps[t])", "(dc_prev, da[:, :, t] + da_prev, steps[t])"
    (said,) = examined(STYLE.replace(before, after)).findings
    assert (said.id, said.proof) == ("call-argument-wrong", "proved")
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1


def test_two_carries_that_get_each_others_values() -> None:
    """Both lines are wrong, and it is one mistake."""
    before = 'da_prev = step["da_prev"]\n        dc_prev = step["dc_prev"]'
    (said,) = examined(STYLE.replace(before, 'da_prev = step["dc_prev"]\n        dc_prev = step["da_prev"]')).findings
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1
