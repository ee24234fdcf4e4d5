"""A transpose too many or too few in a program that holds the examples in rows: said of what stands there, not of the assignment's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = (
    "rnn_cell_forward",
    "",
    """def rnn_cell_forward(xt, a_prev, parameters):
    X, H = xt.T, a_prev.T
    new = np.tanh(X @ parameters["Wax"].T + H @ parameters["Waa"].T + parameters["ba"].T)
    scores = new @ parameters["Wya"].T + parameters["by"].T
    return new.T, softmax(scores.T), (new.T, a_prev, xt, parameters)""",
)
BACKWARD = (
    "rnn_cell_backward",
    "",
    """def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dZ = da_next.T * (1 - a_next.T ** 2)
    dX = dZ @ parameters["Wax"]
    before = dZ @ parameters["Waa"]
    return {"dxt": dX.T, "da_prev": before.T, "dWax": dZ.T @ xt.T, "dWaa": dZ.T @ a_prev.T, "dba": dZ.sum(axis=0)[:, None]}""",
)

WRONG_WAY = 'before has parameters["Waa"] the wrong way round, rows for columns'


@pytest.mark.parametrize(
    ("program", "before", "after", "says"),
    [
        (BACKWARD, 'parameters["Waa"]', 'parameters["Waa"].T', 'before has parameters["Waa"] transposed'),
        (FORWARD, 'parameters["Waa"].T', 'parameters["Waa"]', 'new has parameters["Waa"] not transposed'),
        (BACKWARD, 'parameters["Waa"]', "np.transpose(parameters['Waa'])", WRONG_WAY),
        (BACKWARD, 'parameters["Waa"]', "np.einsum('ij->ji', parameters['Waa'])", WRONG_WAY),
    ],
    ids=["too many", "too few", "by a call", "by letters"],
)
def test_as_it_is_written(told: Callable[[str], list[Told]], program: tuple[str, str, str], before: str, after: str, says: str) -> None:
    """A weight meets the rows of the examples turned, so that the assignment's ``.T`` is none here, and the other way round."""
    _, said = slip_told(told, edited(program), before, after)
    assert said.id == "transpose-wrong"
    assert said.says.startswith(says)
