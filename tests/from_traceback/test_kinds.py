"""What the error itself says of what a line of a function reads, where the line would do with right values."""

from __future__ import annotations

import pytest
from stopping import program, traceback_of

from whygrad import diagnose

LB, LCB, LF = "lstm_backward", "lstm_cell_backward", "lstm_forward"
ABOVE = "the line that gives it its value is to be looked at"
IN_SO = "what calls lstm_backward hands it in so, or a line above takes it apart otherwise"
KINDS = {
    "a pair that was not taken apart": (
        LB,
        [(LB, "    caches, x = caches\n", "")],
        f"caches[0] holds 7 values and not 10 when lstm_backward comes to this line: {IN_SO}",
    ),
    "a tuple for a list": (
        LF,
        [(LF, "caches = []", "caches = ()")],
        f"caches is of the type tuple, which has no append, when lstm_forward comes to this line: {ABOVE}",
    ),
    "a list for an array": (
        LB,
        [(LB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = []")],
        f"dx is a list and no array when lstm_backward comes to this line: {ABOVE}",
    ),
    "an entry that is not there": (
        LB,
        [(LB, "    caches, x = caches\n", "    caches, x = caches\n    caches = caches[:1]\n")],
        "caches has no entry t when lstm_backward comes to this line: it is shorter than it should be, or this number is too large",
    ),
    "what a list's method returns": (
        LF,
        [(LF, "        caches.append(cache)", "        caches = caches.append(cache)")],
        "caches is None from the second turn on: append changes the list and returns nothing, and this line keeps that",
    ),
    "what is added in a loop over the names": (
        LB,
        [
            (LCB, "dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = np.sum(dot, axis=1)"),
            (LB, "dbo = dbo + gradients['dbo']", "for own, value in [(dbo, gradients['dbo'])]:\n            own += value"),
        ],
        (
            "own has the shape (5,1), and with value it would be (5,5), when lstm_backward comes to this line: "
            "one of the two has not the shape of what it is the gradient of"
        ),
    ),
    "rows of another array": (
        LB,
        [(LB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros((n_a, m, T_x), dtype)")],
        f"dx has the shape (5, 10, 4) and not (3, 10, 4) when lstm_backward comes to this line: {ABOVE}",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_it_is_told_at_the_line(name: str) -> None:
    """With what it is and what the line needs."""
    function, changes, says = KINDS[name]
    (mistake,) = diagnose(traceback_of(program(*changes), function)).mistakes
    assert (mistake.says, mistake.function, mistake.location is not None) == (says, function, True)


@pytest.mark.parametrize(
    ("call", "here"),
    [
        ("caches[t], parameters)", "4 are given here"),
        ("caches[t], parameters=parameters)", "4 are given here"),
        ("cache_t=caches[t])", "others are given here"),
    ],
)
def test_a_call_with_other_arguments_is_the_callers(call: str, here: str) -> None:
    """The function that is called takes what the assignment names."""
    texts = program((LB, "caches[t])", call))
    (mistake,) = diagnose(traceback_of(texts, LB)).mistakes
    assert (mistake.function, mistake.location is not None) == (LB, True)
    assert mistake.says == f"{LB} raises TypeError because {LCB} takes 3 values (da_next, dc_next, cache), and {here}"


def test_what_is_given_of_a_whole_sequence_stops_within_the_cell() -> None:
    """Somebody's own cell stops with another error than the course's; both name the length, which no array of one step has."""
    changes = (
        ("rnn_forward", "x[:, :, t]", "x[t]"),
        ("rnn_cell_forward", "np.dot(Wax, xt)", "np.dot(np.hstack([Waa, Wax]), np.vstack([a_prev, xt]))"),
    )
    result = diagnose(traceback_of(program(*changes), "rnn_forward")).result
    (mistake,) = result.mistakes
    assert (mistake.function, mistake.location is not None) == ("rnn_forward", True)
    assert "x[t] goes into rnn_cell_forward as xt and is of shape (10, 4), not of shape (3, 10)" in mistake.says
    assert result.notes[0].startswith("the course's own rnn_forward stops at this call too, within the cell")
