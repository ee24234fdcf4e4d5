"""Two mistakes, and three, that only one stage of the search finds each: what it would miss without that stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

LF, LB, LCF, LCB = "lstm_forward", "lstm_backward", "lstm_cell_forward", "lstm_cell_backward"
CHECK = "lstm_backward_check"
FOUR_STEPS: Change = (CHECK, "x = np.random.randn(3, 10, 7)", "x = np.random.randn(3, 10, 4)")
CUT_OFF: Change = (CHECK, "da = np.random.randn(5, 10, 4)", "da = np.random.randn(5, 10, 7)[:, :, :4]")
TAKEN_APART: Change = (LCB, "a_prev, c_prev, ft, it, cct, ot, xt", "a_prev, c_prev, ot, ft, cct, it, xt")
MEAN: Change = (LB, "dc_prevt = gradients['dc_prev']", "dc_prevt = np.mean(gradients['dc_prev'], axis=1, keepdims=True)")
MIRRORED: Change = (LB, "da[:, :, t] + da_prevt", "da[:, :, T_x - 1 - t] + da_prevt")
A_GRADIENT_OF_ALL: Change = (LCB, "dc_prev = dc * ft", "dc_prev = dc * ft + dbi")
BOTH_COME_IN: Change = (LCB, "xt, parameters = cache", "xt, parameters = cache\n    dc_next = dc_next + da_next")
HALF_A_SLOPE: Change = (LCB, "* it * (1 - it)", "* it")
ANOTHER_GATE: Change = (
    LCF,
    "c_next = ft * c_prev + it * cct\n    ot = sigmoid(np.dot(Wo, concat) + bo)",
    "ot = sigmoid(np.dot(Wo, concat) + bo)\n    c_next = ft * c_prev + (1 - ot) * cct",
)
LAST_INPUT: Change = (LF, "x[:, :, t]", "x[:, :, -1]")
DRAWN: Change = (LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = np.random.randn(n_a, m)")
NOT_BACK: Change = (LB, "        da_prevt = gradients['da_prev']\n", "")
OUT_OF_ORDER: Change = (LCB, "* ft * (1 - ft)", "* ft * (1 - ft)\n    dft, dit, dot, dcct = dit, dot, dcct, dft")
HALVED: Change = (LCB, "dc * cct * it * (1 - it)", "dc * cct * it * (1 - it) / a_next.shape[1]")
FOUND: dict[str, tuple[str, list[Change], set[str]]] = {
    "all is drawn otherwise, and one in the cell": (
        LB,
        [FOUR_STEPS, HALF_A_SLOPE],
        {"check-draws-otherwise", "factor-dropped"},
    ),
    "all is drawn otherwise, one in the forward pass, one in the loop": (
        LB,
        [FOUR_STEPS, ANOTHER_GATE, NOT_BACK],
        {"check-draws-otherwise", "complement-taken", "carry-missing"},
    ),
    "another upstream gradient, and the cache in another order": (
        LB,
        [CUT_OFF, TAKEN_APART],
        {"check-draws-otherwise", "state-stored-wrong"},
    ),
    "a mean in the loop, and another upstream gradient": (LB, [MEAN, MIRRORED], {"carry-wrong", "upstream-wrong-step"}),
    "what mixes examples a step later, and what comes in": (LB, [A_GRADIENT_OF_ALL, BOTH_COME_IN], {"term-added", "upstreams-added"}),
    "gates that have changed places, and one in what a gate is made of": (
        LB,
        [OUT_OF_ORDER, HALVED],
        {"gates-out-of-order", "mean-for-sum"},
    ),
    "gates that have changed places, and one before": (LB, [OUT_OF_ORDER, ANOTHER_GATE], {"gates-out-of-order", "complement-taken"}),
    "two rare ones in the forward pass": (LB, [ANOTHER_GATE, LAST_INPUT], {"complement-taken", "input-of-wrong-step"}),
    "a state that is drawn, and a rare one in the forward cell": (LB, [DRAWN, ANOTHER_GATE], {"initial-state-wrong", "complement-taken"}),
    "two in one gradient": (
        "rnn_backward",
        [
            (
                "rnn_forward",
                "        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)",
                "        new_a, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n        a_next[:] = new_a",
            ),
            ("rnn_cell_backward", "dWaa = np.dot(dtanh", "dWaa = np.dot(da_next"),
        ],
        {"updated-in-place", "activation-derivative-missing"},
    ),
}


@pytest.mark.parametrize(("check", "changes", "mistakes"), FOUND.values(), ids=FOUND)
def test_they_are_found(notebook: Notebook, answer: Answer, check: str, changes: list[Change], mistakes: set[str]) -> None:
    """All numbers are explained, by these."""
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.id for mistake in result.mistakes} == mistakes
