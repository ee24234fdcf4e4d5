"""A line that raises is named by its mistake: with what belongs there in place of what cannot be computed, all results come right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

CASES = [
    ("dWax = np.dot(dtanh, xt.T)", "dWax = np.dot(dtanh, xt)", "transpose-wrong", "dWax has xt not transposed, and so it raises"),
    ("dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(dtanh, Wax.T)", "name-replaced", "in each other's place, and so it raises ValueError"),
    ("['Wi'][:, :n_a].T, dit)", "['Wi'][:n_a, :].T, dit)", "slice-wrong", "cut in another place than it should be, and so it raises"),
    ("['Wf'][:, n_a:].T, dft)", "['Wf'].T, dft)", "slice-wrong", "whole where a part of it belongs, and so it raises ValueError"),
    ("axis=0)\n    dWf = np.dot(dft, concat.T)", "axis=1)\n    dWf = np.dot(dft, concat.T)", "stack-wrong", "along another axis"),
    ("['Wf'][:, n_a:].T, dft)", "['Wf'][:, n_x:].T, dft)", "slice-wrong", "dxt has parameters['Wf'][:, n_x:].T cut in another place"),
    ("a_next, yt_pred, cache = rnn_cell", "a_next, cache, yt_pred = rnn_cell", "name-replaced", "cache and yt_pred stand here in"),
    ('["dWax"], gradients["dWaa"], g', '["dWaa"], gradients["dWax"], g', "name-replaced", "dWaxt and dWaat are unpacked here"),
    ("dx[:, :, t] = dxt", "dx[:, :, t + 1] = dxt", "input-gradient-stored-wrong", "and so it raises IndexError"),
    ("dx[:,:,t] = gradients['dxt']", "dx[:,:,t] = gradients['dx']", "name-replaced", "'dx' is asked for here, and there is nothing"),
    ("rnn_cell_forward(x[:, :, t], a", "rnn_cell_forward(x[:, :, t + 1], a", "input-of-wrong-step", "and so it raises IndexError"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "id_", "says"), CASES, ids=[after for _, after, _, _ in CASES])
def test_a_line_that_raises_is_named(before: str, after: str, id_: str, says: str, examined: Callable[[str], Result]) -> None:
    """At the line that raises, proved."""
    text = TEXTS["course_template"]
    (said,) = examined(text.replace(before, after, 1)).mistakes
    assert (said.id, said.proof) == (id_, "proved")
    assert says in said.says
    assert said.location is not None
    assert after.partition("\n")[0] in text.replace(before, after, 1).split("\n")[said.location.line - 1]


def test_what_several_lines_cannot_use_is_told_where_it_is_made(examined: Callable[[str], Result]) -> None:
    """A stack that is not transposed where it is made, and read four times."""
    (said,) = examined(TEXTS["course_template"].replace("(a_prev, xt), axis=0)", "(a_prev, xt), axis=0).T")).mistakes
    assert (said.id, said.proof, said.function) == ("transpose-wrong", "proved", "lstm_cell_backward")
    assert said.location is not None
    assert said.location.text.startswith("concat = ")


def test_a_line_that_raises_at_every_gate_is_one_mistake(examined: Callable[[str], Result]) -> None:
    """A loop over the gates stops at its first turn, and would at each."""
    before = 'dconcat = dconcat + np.dot(parameters["W" + g].T, dz)'
    (said,) = examined(TEXTS["gate_dictionaries"].replace(before, before.replace(".T", ""))).mistakes
    assert (said.id, said.proof, said.function) == ("transpose-wrong", "proved", "lstm_cell_backward")


def test_what_is_added_in_the_next_line_is_no_mistake(examined: Callable[[str], Result]) -> None:
    """At the step that raises nothing has come back yet, so the step's gradient and the sum are the same there."""
    before = "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])\n"
    after = "        da_next = step[:, :, t]\n        da_next = da_next + da_prevt\n        step = caches[t]\n"
    after += "        gradients = lstm_cell_backward(da_next, dc_prevt, step)\n"
    assert before in TEXTS["course_template"]
    (said,) = examined(TEXTS["course_template"].replace(before, after)).mistakes
    assert said.says.startswith("lstm_backward raises UnboundLocalError because step is read here before it has a value")
    assert said.proof == "proved"


@pytest.mark.parametrize("line", ["assert dWax.shape[0] == 77", "raise ValueError"])
def test_an_error_without_a_text_is_told_by_its_name(line: str, examined: Callable[[str], Result]) -> None:
    """No colon with nothing behind it."""
    before = "    dWax = np.dot(dtanh, xt.T)\n"
    assert before in TEXTS["course_template"]
    (said,) = examined(TEXTS["course_template"].replace(before, f"{before}    {line}\n")).mistakes
    assert said.function == "rnn_cell_backward"
    assert said.says.removesuffix(".").endswith(("raises AssertionError", "raises ValueError without a message"))
