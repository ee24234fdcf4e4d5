"""Labels that two checks print alike: the numbers say which check it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

NO_CARRY: Change = ("rnn_backward", "da_prevt = gradients['da_prev']", "pass")
NO_LSTM_CARRY: Change = ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")
VIEW: Change = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")
SQUARE: Change = ("rnn_cell_backward", "(1 - a_next ** 2)", "(1 - a_next)")
GATE: Change = ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * it * (1 - it)")
SHARED = ("dW", "db")
IN_PLACE: list[Change] = [("rnn_backward", f"{name} = {name} + grad", f"{name} += grad") for name in ("dWax", "dWaa", "dba")]


def shared(notebook: Notebook, check: str, *changes: Change) -> str:
    """What the check prints of the parameters' gradients: both checks of a family have these labels."""
    lines = notebook.printed(check, *changes).splitlines(keepends=True)
    return "".join(line for line in lines if line.partition('["')[2].startswith(SHARED))


@pytest.mark.parametrize(
    ("check", "change", "function"),
    [
        ("rnn_backward", NO_CARRY, "rnn_backward"),
        ("lstm_backward", NO_LSTM_CARRY, "lstm_backward"),
        ("lstm_backward", VIEW, "lstm_forward"),
        ("rnn_cell_backward", SQUARE, "rnn_cell_backward"),
        ("lstm_cell_backward", GATE, "lstm_cell_backward"),
    ],
)
def test_the_check_is_the_one_whose_mistakes_print_the_numbers(
    notebook: Notebook, answer: Answer, check: str, change: Change, function: str
) -> None:
    """A mistake in the loop is found from the parameters' gradients alone, though the cell's check prints the same labels."""
    result = answer(shared(notebook, check, change))
    assert (result.verdict, result.checks, result.reproduced) == ("explained", (check,), result.printed)
    assert [mistake.function for mistake in result.mistakes] == [function]


def test_words_of_the_text_do_not_decide_against_the_numbers(notebook: Notebook, answer: Answer) -> None:
    """Somebody writes about the cell, and pastes the loop's numbers; the note says how they were read."""
    result = answer(f"My lstm_cell_backward is right, I think. What is wrong?\n{shared(notebook, 'lstm_backward', NO_LSTM_CARRY)}")
    assert (result.verdict, result.checks) == ("explained", ("lstm_backward",))
    assert result.notes == (
        "The labels fit lstm_cell_backward and lstm_backward; they were read as lstm_backward, because that explains them best.",
    )


def test_where_both_readings_are_explained_the_other_is_an_alternative(answer: Answer) -> None:
    """Two gradients of zero: one line of the cell was left so, or their sums over the steps were."""
    result = answer("dbo[4] = [0.]\ndWo[1][2] = 0.0")
    assert result.verdict == "explained"
    functions = [{mistake.function for mistake in one.mistakes} for one in (result, *result.alternatives)]
    assert {"lstm_cell_backward"} in functions
    assert {"lstm_backward"} in functions
    assert result.notes[1].startswith("Read as numbers of lstm_")


@pytest.mark.usefixtures("brief")
def test_where_no_reading_is_explained_the_answer_is_unknown(answer: Answer) -> None:
    """Numbers of no mistake: nothing is told, in either reading."""
    result = answer("dbf[4] = [0.77712345]\ndbi[4] = [0.33398712]\ndWo[1][2] = 0.5553217788123")
    assert (result.verdict, result.mistakes, result.alternatives) == ("unknown", (), ())


@pytest.mark.parametrize(
    "changes",
    [
        [("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = ((1 - a_next ** 2) * da_next).astype(np.float32)")],
        [("rnn_backward", "dtype = np.result_type(da, a1)", "dtype = np.float32"), *IN_PLACE],
        [("rnn_backward", "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros((n_x, m, T_x), np.float32)")],
    ],
    ids=["a gradient", "the arrays of the loop", "dx alone"],
)
def test_a_right_program_in_single_precision_is_right(notebook: Notebook, answer: Answer, changes: list[Change]) -> None:
    """Numbers of which the first seven digits are right: some were computed in float32, and no mistake is looked for."""
    result = answer(notebook.printed("rnn_backward", *changes))
    assert (result.verdict, result.mistakes) == ("right", ())
    assert (
        "The numbers agree with the right ones to six digits or a few more and no further, as where a part is computed in float32."
        in result.notes
    )


@pytest.mark.usefixtures("brief")
def test_one_number_that_is_off_a_little_is_no_single_precision(notebook: Notebook, answer: Answer) -> None:
    """All other numbers agree to the last digit."""
    gradients = notebook.gradients("rnn_backward")
    result = answer(notebook.lines("rnn_backward", {**gradients, "da0": gradients["da0"] * (1 + 3e-8)}))
    assert result.verdict != "right"


def test_sums_in_single_precision_beside_a_mistake(notebook: Notebook, answer: Answer) -> None:
    """Four buffers of float32 print fewer digits than da0: only these are compared to so few, and the mistake is found."""
    changes = [("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it")]
    for gate in "fico":
        changes.append(("lstm_backward", f"dW{gate} = np.zeros((n_a, n_a + n_x), dtype)", f"dW{gate} = np.zeros((n_a, n_a + n_x), 'f4')"))
        changes.append(("lstm_backward", f"dW{gate} = dW{gate} + gradients['dW{gate}']", f"dW{gate} += gradients['dW{gate}']"))
    gradients = notebook.gradients("lstm_backward", *changes)
    text = notebook.lines("lstm_backward", gradients)
    for gate in "fico":
        value = gradients[f"dW{gate}"][(3, 1) if gate in "fc" else (1, 2)]
        text = text.replace(repr(float(value)), str(value))
    (other,) = read_text(text, "a test").alternatives
    widths = {number.label: number.high - number.low for number in other.blocks[0].numbers}
    assert widths["da0[2][3]"] < 1e-15
    assert widths["dWi[1][2]"] > 1e-6
    result = answer(text)
    assert (result.verdict, [mistake.quantity for mistake in result.mistakes]) == ("explained", ["dc_prev"])
    assert "Some numbers have the digits of float32 beside others with more, so these were compared to about six digits." in result.notes


def test_a_number_that_was_shortened_is_no_single_precision() -> None:
    """It has no more digits than a float32 is printed with, and is none."""
    text = "lstm_backward:\nda0[2][3] = 0.1571199815769184\ndWf[3][1] = -0.06312328\ndWi[1][2] = 0.3190135792"
    assert read_text(text, "a test").alternatives == ()
