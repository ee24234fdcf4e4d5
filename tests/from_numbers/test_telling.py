"""What is said beside the mistakes: what would tell explanations apart, and which digits are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

TWICE: Change = ("rnn_cell_backward", "(1 - a_next ** 2) *", "(1 - a_next ** 2) * (1 - a_next ** 2) *")
SIGN: Change = ("lstm_cell_backward", "da_prev = ", "da_prev = -")
VIEWS: tuple[Change, ...] = (
    ("lstm_forward", "a_next = a0", "a_next = a[:, :, 0]"),
    ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
)


def test_numbers_that_differ_by_rounding_tell_nothing_apart(notebook: Notebook, answer: Answer) -> None:
    """One program written in two ways is two explanations, and no check is named that would part them."""
    result = answer(notebook.printed("rnn_cell_backward", TWICE))
    assert result.alternatives
    assert all(
        one.alternative is None or "[" in one.value or abs(float(one.value) - float(one.alternative)) > 1e-12 for one in result.predictions
    )


def test_more_digits_are_asked_for_of_the_wrong_numbers_alone(notebook: Notebook, answer: Answer) -> None:
    """All lines were printed with three digits and one is wrong: that one is named, and is called wrong."""
    text = notebook.printed("lstm_cell_backward", SIGN)
    short = "\n".join(line[: line.index(".") + 4] + ("]" if "= [" in line else "") for line in text.splitlines())
    result = answer(short)
    assert (result.verdict, result.unexplained) == ("unknown", ("da_prev[2][3]",))
    assert result.would_tell == ("da_prev[2][3] of lstm_cell_backward",)


def test_what_ends_alike_is_said_once(notebook: Notebook, answer: Answer) -> None:
    """Both states are kept as views: they are named together."""
    result = answer(notebook.printed("lstm_backward", *VIEWS))
    assert "the previous hidden and cell state in the first cache" in result.mistakes[0].says
