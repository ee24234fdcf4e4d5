"""A sequence function that takes an upstream gradient more than was asked for, and one mistake more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.diagnose import diagnose

if TYPE_CHECKING:
    from tests.from_numbers.conftest import Notebook

DRAW = "np.random.randn(5, 10, 4)"
FURTHER = [
    ("lstm_backward", "(da, caches)", "(da, dc, caches)"),
    ("lstm_backward", "dc_prevt, caches[t]", "dc[:, :, t] + dc_prevt, caches[t]"),
    ("lstm_backward_check", "lstm_backward(da, caches)", "lstm_backward(da, dc, caches)"),
]
AFTER = ("lstm_backward_check", f"    da = {DRAW}", f"    da = {DRAW}\n    dc = {DRAW}")
BEFORE = ("lstm_backward_check", f"    da = {DRAW}", f"    dc = {DRAW}\n    da = {DRAW}")


@pytest.mark.parametrize(
    ("draws", "more"),
    [
        (AFTER, ("lstm_cell_backward", "* ot * (1 - ot)", "* (1 - ot)")),
        (BEFORE, ("lstm_forward", "a_next, c_next, parameters)", "a0, c_next, parameters)")),
        (AFTER, ("lstm_backward", "        da_prevt = gradients['da_prev']\n", "")),
        pytest.param(BEFORE, ("lstm_backward", "dbf = dbf + gradients['dbf']", "dbf = gradients['dbf']"), marks=pytest.mark.slow),
    ],
)
def test_it_is_found_beside_another(notebook: Notebook, draws: tuple[str, str, str], more: tuple[str, str, str]) -> None:
    """In the cell, in the forward pass, in the loop, or in what the loop adds up."""
    result = diagnose(notebook.printed("lstm_backward", *FURTHER, draws, more)).result
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_backward", more[0]}
    assert "extra-upstream" in {mistake.id for mistake in result.mistakes}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draws", "more"),
    [
        (
            AFTER,
            [
                ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc_next * ft"),
                ("lstm_backward", "da[:, :, t] + da_prevt", "da_prevt"),
            ],
        ),
        (
            BEFORE,
            [("lstm_forward", "a_next = a0", "a_next = np.zeros_like(a0)"), ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")],
        ),
        (AFTER, [("lstm_forward", "a_next = a0", "a_next = np.zeros_like(a0)"), ("lstm_cell_backward", "* ot * (1 - ot)", "* (1 - ot)")]),
    ],
    ids=["cell and loop", "forward pass and loop", "forward pass and cell"],
)
def test_it_is_found_beside_two_others(notebook: Notebook, draws: tuple[str, str, str], more: list[tuple[str, str, str]]) -> None:
    """Of different kinds."""
    result = diagnose(notebook.printed("lstm_backward", *FURTHER, draws, *more)).result
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_backward", *(function for function, *_ in more)}
    assert "extra-upstream" in {mistake.id for mistake in result.mistakes}
