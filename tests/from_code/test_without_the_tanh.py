"""A forward pass without the tanh of the cell state is a variant, and right where the backward pass is its derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

from whygrad.from_code.verdict.without_the_tanh import NOTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Edit

    from whygrad.records import Result

FORWARD = ("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * c_next")
BACKWARD = [
    ("lstm_cell_backward", "da_next * ot * (1 - np.tanh(c_next) ** 2)", "da_next * ot"),
    ("lstm_cell_backward", "da_next * np.tanh(c_next)", "da_next * c_next"),
]
NO_CARRY = ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")


def not_right(result: Result) -> list[tuple[str, str]]:
    """What is there and not right."""
    return [(one.function, one.verdict) for one in result.functions if one.verdict not in {"right", "missing"}]


def test_it_is_right_as_a_whole(examined: Callable[[str], Result]) -> None:
    """All eight are, and a note says why the course's checks print other numbers."""
    result = examined(edited(FORWARD, *BACKWARD))
    assert (result.verdict, not_right(result), result.notes) == ("right", [], (NOTE,))


def test_so_it_is_where_the_cell_is_a_helper(examined: Callable[[str], Result]) -> None:
    """Without the assignment's backward cell the loop is held against the derivative."""
    result = examined(edited(FORWARD, *BACKWARD).replace("lstm_cell_backward", "one_step_back"))
    assert (result.verdict, not_right(result), result.notes) == ("right", [], (NOTE,))


def test_so_it_is_with_caches_of_its_own(examined: Callable[[str], Result], own_caches: list[Edit]) -> None:
    """Their layout does not matter."""
    result = examined(edited(FORWARD, *BACKWARD, *own_caches))
    assert (result.verdict, not_right(result)) == ("right", [])
    assert NOTE in result.notes


@pytest.mark.parametrize("differs", [[FORWARD], [FORWARD, BACKWARD[0]]])
def test_where_the_backward_cell_is_not_its_derivative_the_tanh_is_missing(differs: list[Edit], examined: Callable[[str], Result]) -> None:
    """That of the course is not, nor is one that has half of it."""
    result = examined(edited(*differs))
    assert ("lstm_cell_forward", "wrong") in not_right(result)
    assert NOTE not in result.notes


def test_where_there_is_no_backward_pass_the_tanh_is_missing(examined: Callable[[str], Result]) -> None:
    """Nothing tells that it was meant so."""
    result = examined(edited(FORWARD, without=("lstm_cell_backward", "lstm_backward")))
    assert not_right(result) == [("lstm_cell_forward", "wrong")]


def test_another_mistake_is_told_alone(examined: Callable[[str], Result]) -> None:
    """It is one of the loop, which is held against the assignment's cells."""
    result = examined(edited(FORWARD, *BACKWARD, NO_CARRY))
    (mistake,) = result.mistakes
    assert (mistake.function, mistake.quantity, not_right(result)) == ("lstm_backward", "dc_prevt", [("lstm_backward", "wrong")])
    assert NOTE in result.notes


def test_a_loop_over_caches_of_its_own_is_not_held_against_the_other_pass(
    examined: Callable[[str], Result], own_caches: list[Edit]
) -> None:
    """The gradients of the assignment's pass are not those that belong there, so no line of the loop is told."""
    result = examined(edited(FORWARD, *BACKWARD, *own_caches, NO_CARRY))
    assert not_right(result) == [("lstm_backward", "not reached")]
    assert not result.mistakes
