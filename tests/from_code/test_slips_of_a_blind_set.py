"""Slips that a blind set of notebooks showed to be told at the wrong line, without a name, or as right."""

from __future__ import annotations

import pytest
from code_answer import examined
from styles import TEXTS

MIRRORED = [("lstm_cell_forward(x[:,:,t]", "lstm_cell_forward(x[:,:,T_x-1-t]"), ("dx[:,:,t] = gr", "dx[:,:,T_x-1-t] = gr")]
BEFORE = [("lstm_cell_forward(x[:,:,t]", "lstm_cell_forward(x[:,:,t-1]"), ("dx[:,:,t] = gr", "dx[:,:,t-1] = gr")]
NO_TANH = [
    ("np.square(np.tanh(c_next))", "0"),
    ("dot = da_next * np.tanh(c_next)", "dot = da_next * c_next"),
    ("ot * np.tanh(c_next)", "ot * c_next"),
]

SLIPS = [
    ("course_template", "dWo = dWo + gradients['dWo']", "dWo + gradients['dWo']", "left-at-zero", "proved"),
    ("one_matrix", "    return a, y, c, ", "    return np.moveaxis(a, 2, 0), y, c, ", "transpose-wrong", "proved"),
    ("course_template", "da_prevt = gradients['da_prev']\n", "da_prevt += gradients['da_prev']\n", "carry-added-up", "proved"),
]  # fmt: skip

ENTRIES = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a, m = a_next.shape
    dz = np.zeros((n_a, m))
    dba = np.zeros((n_a, 1))
    for i in range(n_a):
        for j in range(m):
            dz[i, j] = da_next[i, j] * (1 - a_next[i, j] ** 2)
            dba[i, 0] += dz[i, j]
    dxt = np.dot(parameters["Wax"].T, dz)
    da_prev = np.dot(parameters["Waa"].T, dz)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": np.dot(dz, xt.T), "dWaa": np.dot(dz, a_prev.T), "dba": dba}
"""


def changed(style: str, *edits: tuple[str, str]) -> str:
    """A style with places changed, all of them."""
    text = TEXTS[style]
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize("edits", [MIRRORED, BEFORE], ids=["mirrored", "before"])
def test_steps_that_are_wrong_in_both_directions_are_wrong_in_both_functions(edits: list[tuple[str, str]]) -> None:
    """With fewer gradients than inputs, as in the assignment's own check, the backward pass is no derivative of that forward pass."""
    assert examined(changed("course_template", *edits)).wrong == {"lstm_forward", "lstm_backward"}


def test_the_derivative_of_another_formula_is_right() -> None:
    """A forward cell without the tanh of the state is so on purpose if the backward cell differentiates it; else it alone is wrong."""
    assert not examined(changed("course_template", *NO_TANH)).wrong
    assert examined(changed("course_template", NO_TANH[2])).wrong == {"lstm_cell_forward"}


@pytest.mark.parametrize(("style", "before", "after", "id_", "proof"), SLIPS, ids=[after.strip() for _, _, after, _, _ in SLIPS])
def test_each_is_named_at_its_line(style: str, before: str, after: str, id_: str, proof: str) -> None:
    """Once, and at the line that was changed."""
    start = TEXTS[style].rindex(before)
    text = TEXTS[style][:start] + after + TEXTS[style][start + len(before) :]
    (said,) = examined(text).findings
    assert (said.id, said.proof) == (id_, proof)
    assert (
        text.split("\n")[(said.line or 1) - 1].strip() == after.strip().split("\n")[0]
        or after.strip() in text.split("\n")[(said.line or 1) - 1]
    )


@pytest.mark.parametrize("after", ["dba[i, 0] = dz[i, j]", "dz[i, j] = da_next[i, j] * (1 - a_next[i, j])"])
def test_arrays_that_are_filled_entry_by_entry(after: str) -> None:
    """The line that fills the array is told, not the one that hands it on; and right ones are right."""
    assert not examined(ENTRIES).wrong
    before = next(line.strip() for line in ENTRIES.split("\n") if line.strip().startswith(after.partition(" ")[0]))
    text = ENTRIES.replace(before, after)
    (said,) = examined(text).findings
    assert said.id is not None
    assert text.split("\n")[(said.line or 1) - 1].strip() == after
