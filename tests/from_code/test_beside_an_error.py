"""A line that raises, and another slip that touches what it makes: both are told, each where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped
from styles import TEXTS

from whygrad.diagnose import diagnose_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Told

    Tell = Callable[[str], list[Told]]


def test_an_array_that_cannot_be_made_and_is_never_filled(told: Tell) -> None:
    """What fills it could stand in its place from the start, which makes its own line no better."""
    text = slipped("classes", ("y_pred = np.zeros((n_y, m, T_x))", "y_pred = y_pred[:, :, 0]"), ("        y_pred[:, :, t] = yt_pred\n", ""))
    first, second = told(text)
    assert (first.id, first.line) == ("raises", line_of(text, "y_pred = y_pred"))
    assert second.id == "left-at-zero"
    assert "raises" not in second.says


def test_a_carry_of_another_shape_beside_a_wrong_argument(told: Tell) -> None:
    """A right argument makes up for the carry, and says nothing of it."""
    text = slipped(
        "gate_dictionaries", ("carry = np.zeros((n_a, m))", "carry = dx[:, :, 0]"), ("backward(da[:, :, t] + carry,", "backward(carry,")
    )
    first, second = told(text)
    assert (first.proof, first.line) == ("proved", line_of(text, "carry = dx"))
    assert "carry has shape (2, 3) here, and should have (4, 3), and so line" in first.says
    assert second.id == "upstream-missing"


def test_a_carry_of_another_shape_is_told_where_it_was_made_first(told: Tell) -> None:
    """Another line gives it one more name."""
    text = slipped("keywords_and_early_returns", ("c0 = np.zeros(shape=(n_a, m))", "c0 = y[:, :, 0]"))
    (one,) = told(text)
    assert (one.proof, one.line) == ("proved", line_of(text, "c0 = y"))


def test_what_an_error_leaves_open_is_no_mistake_of_its_own(told: Tell) -> None:
    """With what belongs there put at a part of the line, the rest of it would be a term too many."""
    (one,) = told(slipped("gate_dictionaries", ('inputs = {"x": xt,', 'inputs = {"x": parameters,')))
    assert one.id == "name-replaced"


def test_a_shape_that_is_right_is_no_mistake_beside_a_missing_key(told: Tell) -> None:
    """A state has the name of all states in another program, and none of their axes."""
    (one,) = told(slipped("gate_dictionaries", ('out["y"], out["c"], (caches', 'out["y"], out["i"], (caches')))
    assert (one.id, one.proof) == ("name-replaced", "proved")


def test_a_sum_that_cannot_start_starts_with_zeros(told: Tell) -> None:
    """With the whole sum in its place the lines that add to it would be wrong."""
    text = slipped("gate_dictionaries", ("dconcat = np.zeros(concat.shape)", "dconcat = dconcat[:, :, 0]"))
    (one,) = told(text)
    assert (one.id, one.line) == ("raises", line_of(text, "dconcat = dconcat[:, :, 0]"))


def test_what_is_asked_whether_it_is_none_is_no_blank(told: Tell) -> None:
    """It is None at first, whatever reads it then."""
    text = slipped("branches_and_asserts", ("da_now = da[:, :, t] if", "da_now = da[:, :, total] if"))
    (one,) = told(text)
    assert (one.id, one.line) == ("slice-wrong", line_of(text, "da_now = da[:, :, total]"))


@pytest.mark.parametrize("call", ["np.random.seed(None)", "print(None)"])
def test_a_call_whose_result_nobody_takes_is_no_blank(call: str, told: Tell) -> None:
    """There is no value in it that a learner should fill in, so the line that raises is told."""
    line = "    dba = np.sum(dtanh, axis=1, keepdims=True)"
    (one,) = told(slipped("course_template", (line, f"    {call}\n{line.replace('axis=1', 'axis=3')}")))
    assert one.id == "sum-wrong"


def test_names_of_the_notebook_in_one_line_are_one_mistake(told: Tell) -> None:
    """And what is alike of several names is said once."""
    text = slipped(
        "course_template", ("lstm_cell_forward(x[:,:,t], a_next, c_next, par", "lstm_cell_forward(x[:,:,t], a_prev, c_prev, par")
    )
    (one,) = told(text)
    assert one.says.endswith("there is no a_prev in the function; the same holds for c_prev")
    text = TEXTS["spanish_lambdas"].replace("ancho = n + entradas.shape[0]", "ancho = entradas.shape[0]")
    (one,) = told(text)
    assert "dWf, dWi, dWc and dWo have shape (4, 2) here, and should have (4, 6), and so line" in one.says


def test_a_sum_of_any_shape_starts_with_the_number_0(told: Tell) -> None:
    """Of a stack of gradients no result has the shape, and what is wrong behind its start is found all the same."""
    text = slipped("one_matrix", ("dW = np.zeros((4 * H, H + n_x))", "dW = da_t[:, :, 0]"), ('        dc_t = g["dc_prev"]\n', ""))
    first, second = told(text)
    assert (first.id, first.line) == ("raises", line_of(text, "dW = da_t[:, :, 0]"))
    assert (second.id, second.proof) == ("carry-missing", "proved")


def test_what_reads_what_a_line_could_not_make_is_no_mistake(told: Tell) -> None:
    """With something put in its place that makes up for it, another term would have to be there."""
    text = """import numpy as np

def rnn_cell_forward(xt, a_prev, parameters):
    p, n, m = parameters, a_prev.shape[0], a_prev.shape[1]
    a_next, yt_pred = np.zeros((n, m)), np.zeros((len(parameters["by"]), m))
    for k in range(m):
        a_next[:, k] = np.tanh(p["Wax"].dot(xt[:, k]) + p["Waa"].dot(a_prev[:, k]) + p["ba"])
        yt_pred[:, k] = p["Wya"].dot(a_next[:, k]) + p["by"][:, 0]
    yt_pred = np.exp(yt_pred) / np.exp(yt_pred).sum(axis=0)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
"""
    (one,) = told(text)
    assert (one.id, one.line) == ("raises", 7)
    assert not told(text.replace('p["ba"])', 'p["ba"][:, 0])'))


def test_what_is_added_behind_the_line_that_raises_is_right(told: Tell) -> None:
    """It belongs to the sum, of which the line that raises should have given the other part, though more is wrong further down."""
    text = edited(
        ("lstm_cell_backward", "dc = dc_next + da_next", "dc = dc_prev\n    dc += da_next"),
        ("lstm_cell_backward", "dbc = np.sum(dcct", "dbc = np.sum(dit"),
    )
    assert [said.line for said in told(text)] == [line_of(text, "dc = dc_prev"), line_of(text, "dbc = np.sum(dit")]


def test_what_an_error_may_hide_is_not_counted(tmp_path: Path) -> None:
    """The right value in the place of a result that raises hides that another line spoils it too."""
    file = tmp_path / "hides.py"
    sums = [(f"        d{kind} += d{kind}t", f"        d{kind} = d{kind}t") for kind in ("Wax", "Waa", "ba")]
    out = '"da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba'
    file.write_text(slipped("course_template", *sums, (out, f"{out} / steps")))
    result = diagnose_file(file)
    assert result.mistakes
    assert not result.result.search.complete
