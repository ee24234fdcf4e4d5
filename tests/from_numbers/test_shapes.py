"""Where all numbers are right and a printed shape is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Answer, Notebook

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


def test_a_right_shape_changes_nothing(notebook: Notebook, answer: Answer) -> None:
    """Right numbers with the right shape are right, without a note."""
    result = answer(notebook.printed("rnn_cell_backward") + SHAPE.format("5, 1"))
    assert (result.verdict, result.mistakes, result.notes) == ("right", (), ())


def test_a_shape_that_no_mistake_gives_is_noted(notebook: Notebook, answer: Answer) -> None:
    """The numbers are right, and that is said; the shape is shown beside."""
    result = answer(notebook.printed("rnn_cell_backward") + SHAPE.format("7, 2"))
    assert (result.verdict, result.notes) == ("right", ("the shape of dba is printed as (7, 2), and a right program's is (5, 1)",))


def test_a_wrong_shape_is_told_beside_a_wrong_number(notebook: Notebook, answer: Answer) -> None:
    """The stack explains the numbers; that the biases' sums do not keep their column is a second mistake."""
    turned = ("lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0).T", "np.concatenate((xt, a_prev), axis=0).T")
    shapes = "".join(f'gradients["{name}"].shape = (5,)\n' for name in ("dbf", "dbi", "dbc", "dbo"))
    result = answer(notebook.printed("lstm_cell_backward", turned) + shapes)
    assert (result.verdict, len(result.mistakes)) == ("explained", 2)
    assert {mistake.id for mistake in result.mistakes} >= {"sum-wrong"}
