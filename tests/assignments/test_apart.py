"""Errors step by step: relative to the gradient's own size, at the step of the call, with what has no number told apart."""

from __future__ import annotations

import numpy as np

from whygrad.assignments.apart import Run, apart
from whygrad.records import GradientError

DX = np.array([[[1.0, 2.0, 4.0]]])
RIGHT = Run(
    {"dx": DX, "da0": np.array([2.0]), "dW": np.array([10.0])},
    [{"dxt": DX[..., t], "da_prev": np.array([2.0 + t]), "dW": np.array([float(t)])} for t in (2, 1, 0)],
)


def compared(gradients: dict[str, object], calls: list[dict[str, object]]) -> dict[str, tuple[tuple[float | None, ...], float | None]]:
    """By gradient: the error at each step, and of the whole."""
    mine = Run({**RIGHT.gradients, **gradients}, [{**right, **own} for right, own in zip(RIGHT.calls, calls, strict=False)])
    errors = apart("rnn_backward", "code", mine, RIGHT, ("da_prev",), 1e-9)
    assert errors.steps == 3

    def number(one: GradientError | None) -> float | None:
        return None if one is None else one.error

    return {row.gradient: (tuple(map(number, row.steps)), number(row.whole)) for row in errors.rows}


def test_the_same_run_has_no_error() -> None:
    """Zeros wherever there is a value; a carry is not returned, and the first gradient has no steps."""
    assert compared({}, [{}, {}, {}]) == {
        "dx": ((0.0, 0.0, 0.0), 0.0),
        "da_prev": ((0.0, 0.0, 0.0), None),
        "da0": ((None, None, None), 0.0),
        "dW": ((0.0, 0.0, 0.0), 0.0),
    }


def test_an_error_stands_at_its_step() -> None:
    """The first call is the last step; the measure is the largest right entry over all steps, so a right zero is no trap."""
    found = compared({"dx": DX + np.array([[[0, 0, 1.0]]]), "dW": np.array([15.0])}, [{}, {}, {"dW": np.array([1.0])}])
    assert found["dW"] == ((0.5, 0.0, 0.0), 0.5)
    assert found["dx"] == ((0.0, 0.0, 0.25), 0.25)


def test_a_cell_that_is_not_called_at_every_step() -> None:
    """Steps without a call have no value."""
    assert compared({}, [{}])["dW"][0] == (None, None, 0.0)


def test_what_is_no_number() -> None:
    """NaN, another shape and another thing are wrong, and said so."""
    calls: list[dict[str, object]] = [{"dW": np.array([np.nan])}, {"dW": np.zeros(2)}, {"dW": [[1.0], [1.0, 2.0]]}]
    mine = Run({"dx": "text"}, calls)
    rows = {row.gradient: row for row in apart("rnn_backward", "code", mine, RIGHT, ("da_prev",), 1e-9).rows}
    assert [one and one.problem for one in rows["dW"].steps] == ["shape", "shape", "nan"]
    assert [one and one.problem for one in rows["dx"].steps] == ["shape"] * 3
    assert rows["dW"].whole == GradientError(None, "shape")


def test_a_cell_has_no_steps() -> None:
    """One call, one column."""
    right = Run({"dxt": np.array([[2.0]])}, [{"dxt": np.array([[2.0]])}])
    errors = apart("rnn_cell_backward", "code", Run({"dxt": np.array([[1.0]])}, []), right, ("da_prev",), 1e-9)
    assert errors.steps == 0
    assert [(row.gradient, row.steps, row.whole) for row in errors.rows] == [("dxt", (), GradientError(0.5))]
