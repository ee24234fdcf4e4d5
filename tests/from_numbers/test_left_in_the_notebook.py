"""Arrays that the cell's own check has left in the notebook, read by a loop under the names that the cell's arguments have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

LF, LB, RF, RB = "lstm_forward", "lstm_backward", "rnn_forward", "rnn_backward"
ID = "left-in-the-notebook"


def left(cell: str, name: str) -> str:
    """The array as a program of ours writes it; a learner writes the bare name."""
    return f"stale('{cell}')['{name}']"


DA, DC = left("lstm_cell_backward", "da_next"), left("lstm_cell_backward", "dc_next")
ONE: dict[str, tuple[str, Change, str]] = {
    "all that goes into the call": (LB, (LB, "da[:, :, t] + da_prevt, dc_prevt", f"{DA}, dc_prevt"), "da_next"),
    "both gradients": (LB, (LB, "da[:, :, t] + da_prevt, dc_prevt", f"{DA}, {DC}"), "da_next and dc_next"),
    "the carry": (RB, (RB, "+ da_prevt", f"+ {left('rnn_cell_backward', 'da_next')}"), "da_next"),
    "the first state": (RB, (RF, "a_next = a0", f"a_next = {left('rnn_cell_backward', 'a_prev')}"), "a_next"),
    "the states at every step": (
        LB,
        (LF, ", a_next, c_next,", f", {left('lstm_cell_backward', 'a_prev')}, {left('lstm_cell_backward', 'c_prev')},"),
        "a_prev and c_prev",
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_the_loop_that_reads_it_is_named(notebook: Notebook, answer: Answer, name: str) -> None:
    """All numbers are explained, and the answer says what was read."""
    check, change, quantity = ONE[name]
    result = answer(notebook.printed(check, change))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [(mistake.id, mistake.function, mistake.quantity) for mistake in result.mistakes] == [(ID, change[0], quantity)]
    assert "notebook" in result.mistakes[0].says


def test_it_is_found_beside_another_mistake(notebook: Notebook, answer: Answer) -> None:
    """One in the forward pass, and a sum that is overwritten."""
    first = (RF, "a_next = a0", f"a_next = {left('rnn_cell_backward', 'a_prev')}")
    result = answer(notebook.printed(RB, first, (RB, "dWaa = dWaa + gradients['dWaa']", "dWaa = gradients['dWaa']")))
    assert result.verdict == "explained"
    assert {mistake.id for mistake in result.mistakes} == {ID, "overwritten-not-summed"}


@pytest.mark.parametrize("cell", ["rnn_cell_backward", "lstm_cell_backward"])
def test_what_is_left_is_what_the_check_draws(cell: str) -> None:
    """The arrays are those that the cell's check hands over."""
    space = SEQUENCE_MODELS.namespace()
    handed: dict[str, np.ndarray] = {}
    names = [*SEQUENCE_MODELS.arguments(cell.replace("backward", "forward")), *SEQUENCE_MODELS.arguments(cell)]
    forward, backward = space[cell.replace("backward", "forward")], space[cell]

    def watched(function: object, named: list[str]) -> object:
        def called(*arguments: object) -> object:
            handed.update({name: value for name, value in zip(named, arguments, strict=True) if isinstance(value, np.ndarray)})
            return function(*arguments)  # type: ignore[operator]

        return called

    count = len(SEQUENCE_MODELS.arguments(cell.replace("backward", "forward")))
    space[cell.replace("backward", "forward")] = watched(forward, names[:count])
    space[cell] = watched(backward, names[count:])
    space[f"{cell}_check"]()
    left_behind = SEQUENCE_MODELS.left_behind(cell)
    assert {"xt", "a_prev", "da_next"} <= handed.keys()
    for name, value in handed.items():
        assert np.array_equal(left_behind[name], value), name
