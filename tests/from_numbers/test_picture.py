"""The errors that printed numbers tell: of the whole program where mistakes explain them, else of the printed entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.report.html.page import to_html

if TYPE_CHECKING:
    from conftest import Answer, Notebook

    from whygrad.records import Result

LOOP = "lstm_backward"
VIEW = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")


def steps(result: Result, gradient: str) -> list[float | None]:
    """The errors of one gradient of the first picture, the whole last."""
    row = next(row for row in result.errors[0].rows if row.gradient == gradient)
    return [one and one.error for one in (*row.steps, row.whole)]


def test_a_full_explanation_shows_every_step(answer: Answer, notebook: Notebook) -> None:
    """The planted program is compared, with gradients that were never printed."""
    result = answer(notebook.printed(LOOP, VIEW))
    (errors,) = result.errors
    assert (errors.function, errors.basis, errors.steps) == (LOOP, "mistakes", 4)
    assert steps(result, "dWi") == [0.0] * 5
    assert steps(result, "dc_prev") == [0.0] * 4 + [None]
    first, *others = steps(result, "dx")[:4]
    assert first
    assert first > 0.01
    assert others == [0.0] * 3


def test_right_numbers_have_none(answer: Answer, notebook: Notebook) -> None:
    """Nothing is wrong, nothing is drawn."""
    assert answer(notebook.printed(LOOP)).errors == ()


@pytest.mark.usefixtures("brief")
def test_spoiled_numbers_show_themselves(answer: Answer, notebook: Notebook) -> None:
    """Where nothing explains them, the printed entries stand beside the right ones, and only they."""
    text = notebook.printed("rnn_backward")
    text = text.replace(next(line for line in text.splitlines() if "dWaa" in line), 'gradients["dWaa"][1][2] = 3.14159265358979')
    text = text.replace(next(line for line in text.splitlines() if "da0" in line), 'gradients["da0"][2][3] = 2.71828182845904')
    result = answer(text)
    assert result.verdict == "unknown"
    (errors,) = result.errors
    assert (errors.function, errors.basis, errors.steps) == ("rnn_backward", "numbers", 4)
    assert [row.gradient for row in errors.rows] == ["dx[1][2]", "da0[2][3]", "dWax[3][1]", "dWaa[1][2]", "dba[4][0]"]
    assert steps(result, "dx[1][2]") == [0.0] * 4 + [None]
    assert steps(result, "dWax[3][1]") == [None] * 4 + [0.0]
    wrong = steps(result, "dWaa[1][2]")[4]
    assert wrong is not None
    assert 0 < wrong < 1


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("name", ["dbc", "dx"])
def test_more_numbers_than_there_are_have_another_shape(answer: Answer, notebook: Notebook, name: str) -> None:
    """Where all others are right, the page says which gradient is wrong all the same."""
    lines = notebook.printed(LOOP).splitlines()
    result = answer("\n".join(f"{line[:-1]} 0.25587763 -1.27410729]" if f'"{name}"' in line else line for line in lines))
    assert (result.verdict, len(result.unexplained)) == ("unknown", 2)
    (errors,) = result.errors
    assert [row.gradient for row in errors.rows if row.whole and row.whole.problem == "shape"] == [name]
    assert f"Wrong in <code>{name}</code>." in to_html(result)


def test_a_cell_has_one_column(answer: Answer, notebook: Notebook) -> None:
    """There are no steps in one step."""
    result = answer(notebook.printed("rnn_cell_backward", ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")))
    (errors,) = result.errors
    assert (errors.steps, errors.basis) == (0, "mistakes")
    assert [row.gradient for row in errors.rows if row.whole and row.whole.error] == ["da_prev"]
