"""Forward passes with several mistakes, computed side by side; and what is found with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.diagnose import diagnose
from whygrad.from_numbers.forward.mistakes import Forwards
from whygrad.from_numbers.forward.sets import ForwardSets
from whygrad.from_numbers.programs.first_half import FirstHalf

if TYPE_CHECKING:
    from tests.from_numbers.conftest import Notebook
    from whygrad.from_numbers.tables.tables import Tables

ROUNDING = 1e-9


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
def test_columns_are_programs(tables: Tables, check: str) -> None:
    """What is computed side by side is what the edited program hands on, but where two mistakes both draw."""
    of_check = tables.of(check)
    cache = of_check.forms.of(())[0].cache  # type: ignore[index]
    sets = ForwardSets(Forwards(of_check, cache))
    some = np.sort(np.random.default_rng(11).choice(len(sets.base), 60, replace=False))
    compared = 0
    for chunk in sets.chunks(some):
        for at, edits in enumerate(map(sets.edits, chunk.passes)):
            record = FirstHalf(tables.assignment, check).run(edits)
            draws = sum("random" in text for edit in edits for _, _, text in edit.lines)
            if record is None or draws > 1 or len({edit.function for edit in edits if "random" in repr(edit.lines)} | {of_check.check}) > 2:
                continue
            for name, value in zip(of_check.forms.fields, record.arguments[1][0][cache], strict=True):
                if name in chunk.arrays and np.ndim(value):  # of a mere number nothing is computed
                    own = value if value.shape[1] == 1 else value[:, [of_check.column]]
                    assert np.allclose(chunk.arrays[name][:, at], own[:, 0], rtol=ROUNDING, atol=0, equal_nan=True), (edits, name)
                    compared += 1
    assert compared > 100


TOGETHER = {
    "two equations of the forward cell": [
        ("lstm_cell_forward", "ft * c_prev + it * cct", "ft * c_prev + cct"),
        ("lstm_cell_forward", "sigmoid(np.dot(Wo, concat) + bo)", "np.tanh(np.dot(Wo, concat) + bo)"),
        ("lstm_backward", "        da_prevt = gradients['da_prev']\n", ""),
    ],
    "a loop that draws and starts from a0": [
        ("lstm_forward", "a_next = a0", "np.random.randn(n_a, m)\n    a_next = a0"),
        ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = a0"),
        ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
    ],
    "a gate that has what the gates share written out, beside a mistake in that": [
        ("lstm_cell_backward", "dc = dc_next + da_next * ot * (", "dc = dc_next + da_next * ft * ("),
        ("lstm_cell_backward", "dft = dc * c_prev", "dft = -(dc_next * c_prev + ot * (1 - np.tanh(c_next) ** 2) * c_prev * da_next)"),
        ("lstm_backward", "        da_prevt = gradients['da_prev']\n", ""),
    ],
    "a view and a weight's gradient for the weight": [
        ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
        ("lstm_cell_backward", "dxt = np.dot(Wf", "dxt = np.dot(dWf"),
    ],
}
RARER = {
    "a state that starts from a function of a0": [
        ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = np.tanh(a0)"),
        ("lstm_cell_forward", "ot * np.tanh(c_next)", "np.tanh(c_next)"),
        ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
    ],
    "two equations of the forward cell that are seldom wrong": [
        ("lstm_cell_forward", "ft * c_prev + it * cct", "ft * (c_prev + it * cct)"),
        ("lstm_cell_forward", "ot * np.tanh(c_next)", "it * np.tanh(c_next)"),
        ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
    ],
    "a gate without its input, of one column for all examples": [
        ("lstm_cell_forward", "np.tanh(np.dot(Wc, concat) + bc)", "np.tanh(bc)"),
        ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
        ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
    ],
    "a view, a loop that begins wrong, an equation that shows later": [
        ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
        ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, 0] + da_prevt"),
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc"),
    ],
}


@pytest.mark.parametrize("name", [*TOGETHER, *(pytest.param(name, marks=pytest.mark.slow) for name in RARER)])
def test_mistakes_found_together(notebook: Notebook, name: str) -> None:
    """Every printed number is explained, with mistakes in the functions that were changed."""
    result = diagnose(notebook.printed("lstm_backward", *(TOGETHER | RARER)[name])).result
    assert (result.verdict, result.reproduced) == ("explained", 13)
    functions = {function for function, _, _ in (TOGETHER | RARER)[name]}
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    assert any({mistake.function for mistake in mistakes} == functions for mistakes in answers)
