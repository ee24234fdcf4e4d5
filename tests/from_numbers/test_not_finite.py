"""Numbers that are nan, infinite or beyond any size: what is known of them is said where no mistake is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Notebook

RNN = "dx[1][2] = [{}]\nda0[2][3] = {}\ndWax[3][1] = {}\ndWaa[1][2] = {}\ndba[4] = [{}]\n"
WHERE_FROM = (
    "such values come from a division by zero, a power or logarithm of a negative number, an overflow or an array that np.empty left "
    "unfilled, and all that is computed from them is nan too. Print np.isnan(...).any() of each value in the cache and then after each "
    "line; the first True shows the line"
)


def test_an_output_of_nan_alone_is_read_and_said_to_be_that(answer: Answer) -> None:
    """Unknown, with what is known; nobody is asked to print nan with all its digits."""
    result = answer(RNN.format("nan nan nan nan", *["nan"] * 4))
    assert (result.verdict, result.printed, result.reproduced, result.would_tell) == ("unknown", 8, 0, ())
    assert result.notes == (f"All 8 numbers of rnn_backward are nan: {WHERE_FROM}",)


def test_two_numbers_are_both(answer: Answer) -> None:
    """In English."""
    result = answer('gradients["da_prev"][2][3] = inf\ngradients["dWf"][3][1] = -inf\n')
    assert any(note.startswith("Both numbers of ") for note in result.notes)


@pytest.mark.parametrize("text", ['gradients["dxt"][1][2] = nan', 'gradients["dx"][1][2] = [nan nan nan nan]'])
def test_nan_alone_is_no_evidence(answer: Answer, text: str) -> None:
    """A power for a product would print it, as much else does that is likelier."""
    result = answer(text)
    assert (result.verdict, result.mistakes) == ("unknown", ())
    assert any(WHERE_FROM in note for note in result.notes)


def test_nan_beside_right_numbers_is_no_evidence(answer: Answer, notebook: Notebook) -> None:
    """Nor where one mistake is known that leaves the others right."""
    change = ("rnn_cell_backward", "np.sum(dtanh, axis=1", "np.sum(a_next ** dtanh, axis=1")
    result = answer(notebook.printed("rnn_cell_backward", change))
    assert (result.verdict, len(result.right), result.notes) == ("unknown", 4, (f"dba[4][0] of rnn_cell_backward is nan: {WHERE_FROM}",))


@pytest.mark.parametrize("check", ["rnn_cell_backward", "rnn_backward"])
def test_nan_beside_other_wrong_numbers_is_not_explained(answer: Answer, notebook: Notebook, check: str) -> None:
    """The mistake is told that wrong numbers confirm, and none that only prints nan; nobody is asked for the digits of nan."""
    power = ("rnn_cell_backward", "dWax = np.dot(dtanh, xt.T)", "dWax = np.dot(a_next ** dtanh, xt.T)")
    result = answer(notebook.printed(check, power, ("rnn_cell_backward", "np.sum(dtanh, axis=1", "np.mean(dtanh, axis=1")))
    assert (result.verdict, result.unexplained) == ("partly", ("dWax[3][1]",))
    assert [mistake.id for mistake in result.mistakes] == ["mean-for-sum"]
    assert (result.printed - result.reproduced, result.would_tell) == (1, ())
    assert result.notes == (f"dWax[3][1] of {check} is nan: {WHERE_FROM}",)


def test_a_mistake_that_finite_numbers_prove_may_print_nan_too(answer: Answer, notebook: Notebook) -> None:
    """The numbers that are wrong and finite tell it from all others."""
    result = answer(notebook.printed("lstm_cell_backward", ("lstm_cell_backward", "dc_next + da_next * ot", "dc_next + da_next ** ot")))
    assert (result.verdict, result.reproduced, result.printed, result.notes) == ("explained", 11, 11, ())


def test_zeros_alone_clear_no_function(answer: Answer) -> None:
    """The likeliest cause of zeros is told, and no function is called right by them."""
    result = answer(RNN.format("0. 0. 0. 0.", *["0.0"] * 4))
    assert (result.verdict, len(result.mistakes), result.exonerated) == ("explained", 1, ())


def test_the_step_at_which_nan_begins_is_told(answer: Answer) -> None:
    """The last step is finite and right, the one before is not."""
    result = answer(RNN.format("nan nan nan 0.01483317", *["nan"] * 4))
    assert (result.verdict, result.right) == ("unknown", ("dx[1][2][3]",))
    assert result.notes[1] == (
        "dx is finite at step 3 and no longer at step 2, which the loop comes to next: look at what it hands on from step 3, and at the "
        "values of step 2 in the cache"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("brief")
def test_sizes_that_only_unfilled_memory_has_are_told(answer: Answer) -> None:
    """``6.9e-310`` and ``4.6e+257`` are no gradients."""
    result = answer(RNN.format("6.93e-310 0.0 0.0 0.01483317", "0.123456789012", "4.6123e+257", "0.0", "0.0"))
    assert result.verdict == "unknown"
    assert result.notes == (
        "dx[1][2][0], dWax[3][1] of rnn_backward have the size of what an array holds that np.empty made and nothing was stored in",
    )


@pytest.mark.usefixtures("brief")
def test_infinite_numbers_are_named(answer: Answer) -> None:
    """Which of them, where they are not all."""
    result = answer("dxt[1][2] = inf\nda_prev[2][3] = -inf\ndWax[3][1] = 0.77123456789\ndWaa[1][2] = nan\n")
    assert result.notes[0].startswith("dxt[1][2], da_prev[2][3], dWaa[1][2] of rnn_cell_backward are nan or infinite: ")


@pytest.mark.usefixtures("brief")
def test_a_printed_infinity_is_no_entry_that_is_not_there(notebook: Notebook, answer: Answer) -> None:
    """Edits by which a cell hands out a weight for its gradient have no such entry; they are passed over and raise nothing."""
    lines = notebook.printed("lstm_backward").replace('["da0"][2][3] = 0.', '["da0"][2][3] = 0.5').splitlines()
    result = answer("\n".join('gradients["dWc"][3][1] = -inf' if '"dWc"' in line else line for line in lines))
    assert (result.verdict, result.unexplained) == ("unknown", ("da0[2][3]", "dWc[3][1]"))
