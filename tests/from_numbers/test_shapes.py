"""Where all numbers are right and a printed shape is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.report.markdown import to_markdown
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

SHAPE = 'gradients["dba"].shape = ({})\n'


def test_a_sum_without_its_column_is_told_by_its_shape(notebook: Notebook, answer: Answer) -> None:
    """Dba of shape (5,) prints the right number of the cell's check; only the line with the shape tells."""
    result = answer(re.sub(r"(dba.*)\[(\S+)\]$", r"\1\2", notebook.printed("rnn_cell_backward"), flags=re.MULTILINE) + SHAPE.format("5,"))
    (mistake,) = result.mistakes
    assert (result.verdict, mistake.id, mistake.function, mistake.quantity) == ("explained", "sum-wrong", "rnn_cell_backward", "dba")
    assert "rnn_cell_backward" not in result.exonerated
    assert result.reproduced == result.printed == 5


def test_the_same_in_all_gates_is_one_mistake(notebook: Notebook, answer: Answer) -> None:
    """Four sums that do not keep the column."""
    shapes = "".join(f'gradients["{name}"].shape = (5,)\n' for name in ("dbf", "dbi", "dbc", "dbo"))
    (mistake,) = answer(notebook.printed("lstm_cell_backward") + shapes).mistakes
    assert (mistake.id, mistake.quantity) == ("sum-wrong", "dbf, dbi, dbc and dbo")


@pytest.mark.parametrize("more", [pytest.param((), marks=pytest.mark.slow), (("lstm_backward", "da_prevt = gradients['da_prev']", ""),)])
def test_a_loop_that_sums_up_what_has_lost_its_column(notebook: Notebook, answer: Answer, more: tuple[Change, ...]) -> None:
    """A cell that does not keep the column, and sums that begin without one: alone and beside another mistake."""
    one_axis = [("lstm_cell_backward", ", axis=1, keepdims=True)", ", axis=1)"), ("lstm_backward", "zeros((n_a, 1), dtype)", "zeros(n_a)")]
    shapes = "".join(f"{name}.shape = (5,)\n" for name in ("dbf", "dbi", "dbc", "dbo"))
    result = answer(notebook.printed("lstm_backward", *one_axis, *more) + shapes)
    assert (result.verdict, result.unexplained, len(result.mistakes)) == ("explained", (), 1 + len(more))
    assert result.mistakes[0].says == (
        "the sum over the examples is wrong in dbf, dbi, dbc and dbo: it does not keep the column, and the sum over the steps takes that "
        "shape."
    )
    assert not {"lstm_cell_backward", "lstm_backward"} & set(result.exonerated)


@pytest.mark.usefixtures("brief")
def test_a_shape_that_no_line_prints_is_not_said_to_be_printed(notebook: Notebook, answer: Answer) -> None:
    """One number with all its digits where a row belongs, and a wrong one that nothing explains."""
    gradients = notebook.gradients("rnn_backward", ("rnn_backward", "dx[:, :, t] = gradients['dxt']", "dx = gradients['dxt']"))
    result = answer(notebook.lines("rnn_backward", gradients | {"dWaa": gradients["dWaa"] + 0.1234567890123}))
    assert "the shape of dx seems to be (3, 10), and a right program's is (3, 10, 4)" in result.notes


def test_a_right_shape_changes_nothing(notebook: Notebook, answer: Answer) -> None:
    """Right numbers with the right shape are right, without a note."""
    result = answer(notebook.printed("rnn_cell_backward") + SHAPE.format("5, 1"))
    assert (result.verdict, result.mistakes, result.notes) == ("right", (), ())


def test_a_shape_that_no_mistake_gives_is_unknown(notebook: Notebook, answer: Answer) -> None:
    """The numbers are right, and that is said; the shape is not, and the function that made it is not cleared."""
    result = answer(notebook.printed("rnn_cell_backward") + SHAPE.format("7, 2"))
    assert (result.verdict, result.reproduced, result.printed, result.would_tell) == ("unknown", 5, 5, ())
    assert result.unexplained == ("dba.shape",)
    assert result.notes == ("the shape of dba is printed as (7, 2), and a right program's is (5, 1)",)
    assert "rnn_cell_backward" not in result.exonerated
    assert " ".join(to_text(result).split()).startswith(
        "Unknown: all 5 numbers of rnn_cell_backward are right, but a shape is not, and no mistake that whygrad knows does just that."
    )
    assert 80 <= len(to_markdown(result).split()) <= 160


def test_a_shape_that_the_found_mistake_does_not_give_is_noted(notebook: Notebook, answer: Answer) -> None:
    """The numbers have their mistake; the shape is shown beside it."""
    wrong = ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")
    result = answer(notebook.printed("rnn_cell_backward", wrong) + SHAPE.format("7, 2"))
    assert (result.verdict, [mistake.id for mistake in result.mistakes]) == ("explained", ["transpose-wrong"])
    assert "the shape of dba is printed as (7, 2), and a right program's is (5, 1)" in result.notes


def test_a_wrong_shape_is_told_beside_a_wrong_number(notebook: Notebook, answer: Answer) -> None:
    """The stack explains the numbers; that the biases' sums do not keep their column is a second mistake."""
    turned = ("lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0).T", "np.concatenate((xt, a_prev), axis=0).T")
    shapes = "".join(f'gradients["{name}"].shape = (5,)\n' for name in ("dbf", "dbi", "dbc", "dbo"))
    result = answer(notebook.printed("lstm_cell_backward", turned) + shapes)
    assert (result.verdict, len(result.mistakes)) == ("explained", 2)
    assert {mistake.id for mistake in result.mistakes} >= {"sum-wrong"}


CELL = "lstm_cell_backward"
TURNED = (CELL, "dWf = np.dot(dft, np.concatenate((a_prev, xt), axis=0).T)", "dWf = np.dot(np.concatenate((a_prev, xt), axis=0), dft.T)")
UNCUT = (CELL, "[:, n_a:]", "[:, :]")


def test_a_printed_shape_rules_out_what_would_print_another(notebook: Notebook, answer: Answer) -> None:
    """A transposed dWf prints the number that one with two arrays exchanged prints; its shape says which of them it is."""
    printed = notebook.printed(CELL, TURNED)
    open_, turned, kept = (answer(printed + line) for line in ("", "dWf.shape = (8, 5)\n", "dWf.shape = (5, 8)\n"))
    ids = [
        {mistake.id for mistakes in (one.mistakes, *(other.mistakes for other in one.alternatives)) for mistake in mistakes}
        for one in (open_, turned, kept)
    ]
    assert ids[0] > ids[1] > set() < ids[2]
    assert not ids[1] & ids[2]
    assert "transpose-wrong" in ids[1]


def test_a_gradient_that_was_not_cut_has_no_explanation_of_another_shape(notebook: Notebook, answer: Answer) -> None:
    """The weights uncut make a dxt of eight rows; cut at the wrong column they print the same number in an array of another shape."""
    result = answer(notebook.printed(CELL, UNCUT) + "dxt.shape = (8, 10)\nda_prev.shape = (5, 10)\n")
    assert [mistake.id for mistake in result.mistakes] == ["slice-wrong"]
    other = answer(notebook.printed(CELL, UNCUT))
    assert len(result.alternatives) < len(other.alternatives)
    rows = "the weights are cut wrongly in dxt: rows are taken where columns are meant."
    assert [mistake.says for one in result.alternatives for mistake in one.mistakes] == [rows], "the columns after a transpose are rows"


def test_a_plain_number_with_too_many_decimals_for_an_array_has_lost_its_axis(notebook: Notebook, answer: Answer) -> None:
    """NumPy prints eight decimals of an array; more of them in plain numbers tell that a dimension is lost."""
    gradients = {name: np.squeeze(value) for name, value in notebook.gradients("rnn_cell_backward").items()}
    result = answer(notebook.lines("rnn_cell_backward", gradients))
    assert (result.verdict, [(mistake.id, mistake.quantity) for mistake in result.mistakes]) == ("explained", [("sum-wrong", "dba")])
    assert not result.predictions, "a loop that adds it to a column stops there"
    (note,) = result.notes
    assert note == (
        "dba[4] is printed as a plain number, where a right program prints brackets: its array has lost a dimension, or something took the "
        "brackets off"
    )
    flat = {name: np.squeeze(value) for name, value in notebook.gradients("lstm_cell_backward").items()}
    result = answer(notebook.lines("lstm_cell_backward", flat))
    assert len(result.mistakes) == 1
    assert result.notes[0].startswith("dbf[4], dbi[4], dbc[4] and dbo[4] are printed as plain numbers, ")
    assert "brackets: their arrays have lost a dimension, or" in result.notes[0]
    picked = ", ".join(f"'{name}': {np.ravel(flat[name][4])[0]!r}" for name in ("dbf", "dbi", "dbc", "dbo"))
    assert answer(f"lstm_cell_backward: {{{picked}}}").verdict == "right", "nobody knows how these were taken from their arrays"
    off = answer(notebook.lines("lstm_cell_backward", flat | {"da_prev": -flat["da_prev"]}))
    assert not any(mistake.quantity.startswith("db") for mistake in off.mistakes), "beside wrong numbers it is a note alone"
    short = answer(re.sub(r"(dba.*)\[(\S+)\]$", r"\1\2", notebook.printed("rnn_cell_backward"), flags=re.MULTILINE))
    assert (short.verdict, short.notes) == ("right", ()), "eight decimals may have been typed without the brackets"


def test_brackets_that_are_missing_on_both_sides_were_taken_out(notebook: Notebook, answer: Answer) -> None:
    """Whoever writes the expected numbers too without them has made a table, and no gradient has lost a dimension."""
    values = notebook.gradients("lstm_cell_backward")
    labels = [line.split(" = ")[0] for line in notebook.printed("lstm_cell_backward").splitlines()]
    places = [(label.split('"')[1], tuple(map(int, re.findall(r"\[(\d)\]", label)))) for label in labels]
    rows = [(label, f"{np.ravel(values[name][index])[0]:.12f}") for label, (name, index) in zip(labels, places, strict=True)]
    table = "| entry | mine | expected |\n|---|---|---|\n" + "".join(f"| {label} | {text} | {text} |\n" for label, text in rows)
    result = answer(table)
    assert (result.verdict, result.printed, result.notes) == ("right", 11, ())


def test_a_row_printed_as_one_number_has_lost_its_axis(notebook: Notebook, answer: Answer) -> None:
    """``dx = gradients['dxt']`` prints one number with all its digits where a right program prints four; its other numbers are right."""
    single = ("rnn_backward", "dx[:, :, t] = gradients['dxt']", "dx = gradients['dxt']")
    text = notebook.printed("rnn_backward", single)
    (mistake,) = (result := answer(text)).mistakes
    assert (result.verdict, result.printed, mistake.id, mistake.quantity) == ("explained", 5, "input-gradient-stored-wrong", "dx")
    assert "rnn_backward" not in result.exonerated
    assert "and only the shape of what is printed tells it from a right program" in " ".join(to_text(result).split())
    both = answer(notebook.printed("rnn_backward", single, ("rnn_backward", "caches[t])", "caches[0])")))
    assert {mistake.id for mistake in both.mistakes} == {"input-gradient-stored-wrong", "cache-of-wrong-step"}
    typed = re.sub(r"^(.*dx.*= -?\d\.\d{4}).*", r"\1", text, count=1, flags=re.MULTILINE)
    result = answer(typed)
    assert (result.printed, result.mistakes, result.lost) == (4, (), ("dx[1][2]",)), "somebody may have typed the first of the four"


def test_digits_of_an_exponent_are_no_decimals(notebook: Notebook, answer: Answer) -> None:
    """A row told by one number with few decimals is not read, and nothing is said of its axis."""
    lines = notebook.printed("lstm_backward").splitlines()
    lines = ['gradients["dx"][1][2] = 2.18254e-03' if "dx" in line else line for line in lines]
    result = answer("\n".join(lines))
    assert (result.reproduced, result.mistakes, result.lost) == (result.printed, (), ("dx[1][2]",))


@pytest.mark.parametrize("shape", ["", 'gradients["dx"].shape = (3, 10, 7)\n'])
def test_a_dx_that_is_too_long_is_told_by_its_shape(notebook: Notebook, answer: Answer, shape: str) -> None:
    """The zeros behind its numbers say no more than that: they are no candidates for another cause, and none of the search's few digits."""
    result = answer(notebook.printed("lstm_backward", ("lstm_backward", "dx = np.zeros((n_x, m, T_x)", "dx = np.zeros(x.shape")) + shape)
    (mistake,) = result.mistakes
    assert (result.verdict, result.printed, mistake.function, mistake.quantity) == ("explained", 16, "lstm_backward", "dx")
    assert mistake.confidence is not None
    assert mistake.confidence.telling == 0
    assert result.search.candidates > 0
    text = " ".join(to_text(result).split())
    assert "though gradients came in for fewer." in text
    assert "candidates tried, and only the shape of what is printed tells it from a right program." in text


def test_of_two_sums_that_are_too_wide_the_one_of_the_printed_shape_is_told(notebook: Notebook, answer: Answer) -> None:
    """All its columns are alike, so five numbers fit one with a column for each of ten examples too."""
    numbers = notebook.printed("rnn_backward", ("rnn_backward", "dba = np.zeros((n_a, 1), dtype)", "dba = np.zeros(n_a, dtype)"))
    (mistake,) = answer(numbers + SHAPE.format("5, 5")).mistakes
    assert mistake.says == "the sum over the steps for dba has a column for each hidden unit, not one column."
