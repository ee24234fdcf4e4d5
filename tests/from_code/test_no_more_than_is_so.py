"""What is said of a line holds of the line that is quoted: of what it spoils, of what follows, of the learner's own sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

from whygrad.from_code.words import which_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Mistake, Result

    Examined = Callable[[str], Result]


def said(examined: Examined, *edits: tuple[str, str, str]) -> Mistake:
    """The only mistake of the reference program with these edits."""
    (mistake,) = examined(edited(*edits)).mistakes
    return mistake


def test_the_last_two_steps_are_called_by_their_place() -> None:
    """Their numbers are those of whygrad's own sequence, and the learner's is shorter."""
    assert [which_step(step, 5) for step in (0, 2, 3, 4)] == ["step 0", "step 2", "the last step but one", "the last step"]


@pytest.mark.parametrize(
    ("edit", "hint", "instead_of"),
    [
        (("rnn_cell_backward", ", axis=1, keepdims=True)", ", axis=1)"), "may end with an error because of the shape", "not touched"),
        (("rnn_backward", "t] + da_prevt", "t] * da_prevt"), "This spoils what this line gives and", "spoils da_prevt"),
        (("rnn_forward", "(a, y_pred", "(y_pred, a"), "asks for: a, y_pred and caches are returned, in this order", "one shape"),
        (("rnn_forward", "t], a_next,", "t], a0,"), "Look at what rnn_forward hands to the cell as a_prev at", "no new value"),
        (("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"), "so c_prev in the cache changed", "so c_next"),
        (("lstm_cell_backward", "np.tanh(c_next) * ot", "c_next * ot"), "of what should be an activation here", "comes out"),
        (("rnn_cell_backward", "= (1 - a_next ** 2) * da", "= np.tanh(a_next) * da"), "is the activation once more", "left out"),
        (("lstm_cell_forward", "= ft * c_prev + it * cct", "= it * c_prev + ft * cct"), "the formula has there", "each other's place here"),
    ],
)
def test_no_hint_says_what_is_not_so_of_its_line(edit: tuple[str, str, str], hint: str, instead_of: str, examined: Examined) -> None:
    """Of a shape that breaks later, an argument, arrays of two shapes, a right name, a state, a gradient, a factor, a forward cell."""
    mistake = said(examined, edit)
    told = " ".join((mistake.says, *mistake.hints))
    assert hint in told
    assert instead_of not in told


def test_a_slice_along_another_axis_asks_for_no_missing_step(examined: Examined) -> None:
    """Only the sizes make it raise one error or another; of these it is said whose they are."""
    result = examined(edited(("lstm_backward", "da[:, :, t]", "da[:, t, :]")))
    (mistake,) = result.mistakes
    assert mistake.says.startswith("da[:, t, :] + da_prevt does not count the steps along the last axis, where they lie, and so it raises ")
    inputs = "n_x = 2, n_a = 4, m = 3, n_y = 8 and T_x = 7 steps (5 in da, and in an RNN)"
    assert result.notes == (f"the sizes told here are those of whygrad's own inputs, with {inputs}",)


def test_of_inputs_nothing_is_said_where_no_size_is_told(examined: Examined) -> None:
    """The call is told by its place in the sequence."""
    result = examined(edited(("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")))
    assert result.mistakes[0].says.startswith("the call at the last step but one is given only its own step's gradient")
    assert result.notes == ()


def test_a_state_that_starts_from_another_number_is_told_so_beside_another_mistake(examined: Examined) -> None:
    """No part of a formula is missing there."""
    starts = ("a_next = a0", "a0, c0 = a0, np.ones((n_a, m), dtype)\n    a_next = a0")
    one = ("lstm_forward", *starts)
    other = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c0")
    kept = ("lstm_forward", "c[:, :, t] = c_next", "c[:, :, t] = a_next")
    told = [mistake.says for mistake in examined(edited(one, other, kept)).mistakes]
    assert any(says.startswith("the sequence starts from 1 everywhere in") for says in told), told
