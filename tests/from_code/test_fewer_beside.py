"""A slip that many lines go through, beside another one: both are told, and none of the lines that only use what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_next)
    squashed = np.tanh(c_next)
    dc_next = dc_next + 0
    dot = da_next * squashed * ot * (1 - ot)
    dcct = (dc_next + ot * (1 - squashed ** 2) * da_next) * it * (1 - cct ** 2)
    dit = (dc_next + ot * (1 - squashed ** 2) * da_next) * cct * it * (1 - it)
    dft = (dc_next + ot * (1 - squashed ** 2) * da_next) * c_prev * ft * (1 - ft)
    both = np.concatenate((a_prev, xt))
    out = {"dc_prev": (dc_next + ot * (1 - squashed ** 2) * da_next) * ft}
    back = np.zeros_like(both)
    for name, d in zip("fico", (dft, dit, dcct, dot)):
        out["dW" + name] = d @ both.T
        out["db" + name] = d.sum(axis=1, keepdims=True)
        back += parameters["W" + name].T @ d
    out["da_prev"], out["dxt"] = back[:n_a], back[n_a:]
    return out
"""
LOOP = """
def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    sums = {name: 0 for name in ("dWax", "dWaa", "dba")}
    dx, carry = np.zeros((len(x), m, T)), np.zeros((n_a, m))
    for t in reversed(range(T)):
        one = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = one["dxt"], one["da_prev"]
        for name in sums:
            sums[name] = sums[name] + one[name]
    return {"dx": dx, "da0": carry, **sums}
"""
ORDER = "c_prev, ft, it, cct, ot, xt, parameters = cache", "c_prev, it, ft, cct, ot, xt, parameters = cache"
TWICE = "dc_next = dc_next + 0", "dc_next = dc_next + da_next * ot * (1 - squashed ** 2)"


@pytest.mark.parametrize(
    ("function", "right", "slips", "said"),
    [
        pytest.param(
            "lstm_cell_backward", CELL, (ORDER, TWICE),
            (
                "it and ft are unpacked here in another order than they stand in",
                "dc_next has a term too many: da_next * ot * (1 - squashed ** 2)",
            ),
            marks=pytest.mark.slow,
        ),
        (
            "rnn_backward", LOOP, (("reversed(range(T))", "range(T)"), ("steps[t]", "steps[t - 1]")),
            ("the loop goes the other way than it should", "the call at the last step gets the cache of the last step but one"),
        ),
        (
            "rnn_backward", LOOP, (("reversed(range(T))", "reversed(range(1, T))"), ("steps[t]", "steps[T - 1 - t]")),
            ("range(1, T) leaves out the first of those that it should go over", "the call at the last step gets the cache of step 0"),
        ),
    ],
    ids=("unpacked", "turned", "too short"),
)  # fmt: skip
def test_two_lines_and_no_more(
    told: Callable[[str], list[Told]], function: str, right: str, slips: tuple[tuple[str, str], ...], said: tuple[str, ...]
) -> None:
    """Without the slips nothing is told."""
    text = edited((function, "", right))
    assert told(text) == []
    for before, after in slips:
        assert before in text
        text = text.replace(before, after)
    found = told(text)
    assert [(one.line, one.says, one.proof) for one in found] == [
        (line_of(text, after), sentence, "proved") for (_, after), sentence in zip(slips, said, strict=True)
    ]
