"""Lines that were found, and of which something was said that is not so: what is told of them now holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import Slip, edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


GATES = "fico"
SUMMED = "\n        ".join(f"d{kind}{gate} = d{kind}{gate} + gradients['d{kind}{gate}']" for kind in "Wb" for gate in GATES)
STARTS = "\n    ".join(
    f"d{kind}{gate} = np.zeros((n_a, {columns}), dtype)" for kind, columns in (("W", "n_a + n_x"), ("b", "1")) for gate in GATES
)
BIASES = "dbf, dbi, dbc, dbo = sums['dbf'], sums['dbi'], sums['dbc'], sums['dbo']"
SUMS = (
    ("lstm_backward", STARTS, "sums = {}"),
    ("lstm_backward", SUMMED, "for key in gradients:\n            sums[key] = sums.get(key, 0) + gradients[key]"),
    ("lstm_backward", "da0 = gradients", f"dWf, dWi, dWc, dWo = [sums['dW' + gate] for gate in 'fico']\n    {BIASES}\n    da0 = gradients"),
)
"""The sums in a dictionary, taken out of it behind the loop."""
BOTH = ("lstm_backward", "da_prevt = gradients['da_prev']\n        dc_prevt = g", "da_prevt, dc_prevt = gradients['da_prev'], g")
TWO_OF_FOUR = "\n        a_next, c_next = step[0], step[1]\n        yt, cache = step[2:]"
STEP = (
    "lstm_forward",
    "a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)",
    f"step = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters){TWO_OF_FOUR}",
)
"""What the cell gives, taken apart below the call."""
ALL_STEPS = (
    ("lstm_backward", "dc_prevt = np.zeros((n_a, m), dtype)", "dcs = np.zeros((n_a, m, T_x + 1), dtype)"),
    ("lstm_backward", "da_prevt, dc_prevt, caches", "da_prevt, dcs[:, :, t + 1], caches"),
    ("lstm_backward", "dc_prevt = gradients['dc_prev']", "dcs[:, :, t] = gradients['dc_prev']"),
)
"""What the cell state's gradient is at each step, in an array of its own."""
WRITTEN_OUT = (
    "rnn_cell_forward",
    "yt_pred = softmax(np.dot(Wya, a_next) + by)",
    "scores = np.dot(Wya, a_next) + by\n    e = np.exp(scores - np.max(scores, axis=0))\n    yt_pred = e / np.sum(e, axis=0)",
)
NO_SOFTMAX = "what turns scores into probabilities is wrong in yt_pred: the exponentials are "
SLIPS = [
    Slip(
        SUMS, BIASES, BIASES.replace("dbo']", "dbc']"), "dbf, dbi, ", "gate-swapped",
        "dbo gets the sum over the steps that belongs to dbc",
    ),
    Slip(
        SUMS, "gate in 'fico'", "gate in 'ffco'", "dWf, dWi, ", "gate-swapped",
        "dWi gets the sum over the steps that belongs to dWf",
    ),
    Slip(
        (BOTH,), "gradients['dc_prev']", "dc_prevt", "da_prevt, dc_prevt = gradients", "carry-missing",
        "dc_prevt stays as it is here: it gets no part of what the cell hands back",
    ),
    Slip(
        (STEP,), "step[0], step[1]", "a_next, step[1]", "a_next, c_next = a_next", "state-not-carried",
        "a_next stays as it is here: it gets no part of what the cell hands back",
    ),
    Slip(
        ALL_STEPS, "dcs[:, :, t] = ", "dcs[:, :, t - 1] = ", "dcs[:, :, t - 1] = ", "carry-wrong",
        "dcs[:, :, t - 1] is written at another step than the one that was computed",
    ),
    Slip((WRITTEN_OUT,), "e / np.sum(e, axis=0)", "e", "yt_pred = ", "prediction-wrong", f"{NO_SOFTMAX}not divided by their sum."),
    Slip(
        (WRITTEN_OUT,), "np.sum(e, axis=0)", "np.max(e, axis=0)", "yt_pred = ", "prediction-wrong",
        f"{NO_SOFTMAX}divided by something else than their sum.",
    ),
    Slip(
        (WRITTEN_OUT,), "np.sum(e, axis=0)", "np.sum(e)", "yt_pred = ", "prediction-wrong",
        f"{NO_SOFTMAX}divided by their sum over classes and examples.",
    ),
    Slip(
        (WRITTEN_OUT,), "np.sum(e, axis=0)", "np.sum(e, axis=1, keepdims=True)", "yt_pred = ", "prediction-wrong",
        f"{NO_SOFTMAX}divided by their sum over the examples.",
    ),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after)
def test_it_is_so(told: Tell, slip: Slip) -> None:
    """The form without the slip is right."""
    right = edited(*slip.right)
    assert told(right) == []
    assert slip.before in right
    text = right.replace(slip.before, slip.after)
    (said,) = told(text)
    assert (said.line, said.id, said.says) == (line_of(text, slip.line), slip.id, slip.says)
