"""What a line of the loop makes for the next call of the cell is told at that line, where it is wrong, and not at the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

HANDED = "da_prevt = gradients['da_prev']"
KEPT = "dc_prevt = gradients['dc_prev']"
LOST = "what comes back from the step after is lost"
NEXT = """def rnn_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    dx = np.zeros(x.shape)
    dWax, dWaa, dba = np.zeros((n_a, x.shape[0])), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    da_next = da[:, :, T_x - 1]
    for t in range(T_x - 1, -1, -1):
        grads = rnn_cell_backward(da_next, caches[t])
        dx[:, :, t] = grads["dxt"]
        dWax += grads["dWax"]
        dWaa += grads["dWaa"]
        dba += grads["dba"]
        if t > 0:
            da_next = grads["da_prev"] + da[:, :, t - 1]
    return {"dx": dx, "da0": grads["da_prev"], "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
BOTH = 'grads["da_prev"] + da[:, :, t - 1]'


@pytest.mark.parametrize(
    ("line", "zero"),
    [
        (KEPT, "np.zeros((n_a, m))"),
        (HANDED, "np.zeros((n_a, m))"),
        (HANDED, "np.zeros_like(da_prevt)"),
        (HANDED, "gradients['da_prev'] * 0"),
    ],
)
def test_a_carry_set_to_zero_in_the_loop_is_told_there(told: Callable[[str], list[Told]], line: str, zero: str) -> None:
    """Whether the call is given the carry as it is or adds it to the upstream gradient."""
    name = line.partition(" ")[0]
    text = slipped("course_template", (line, f"{name} = {zero}"))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, f"{name} = {zero}\n        d"), "carry-missing", "proved")
    assert one.says == f"{name} is set to zero here: {LOST}"


def test_two_carries_set_to_zero_are_told_at_both_lines(told: Callable[[str], list[Told]]) -> None:
    """Each at its own, although one call is given both."""
    text = slipped("course_template", (HANDED, "da_prevt = np.zeros((n_a, m))"), (KEPT, "dc_prevt = np.zeros((n_a, m))"))
    first, second = told(text)
    assert (first.says, second.says) == (f"da_prevt is set to zero here: {LOST}", f"dc_prevt is set to zero here: {LOST}")
    assert second.line == first.line + 1


@pytest.mark.parametrize(
    ("given", "known", "says"),
    [
        ('grads["da_prev"]', "upstream-missing", "only what comes back from a step after, without its own step's gradient"),
        ("da[:, :, t - 1]", "carry-missing", "only its own step's gradient: what comes back from the step after is not added"),
    ],
)
def test_what_the_next_call_is_given_is_told_where_it_is_made(told: Callable[[str], list[Told]], given: str, known: str, says: str) -> None:
    """Where the first call is given the upstream gradient of its step, and the loop makes what the others are given."""
    assert told(edited(("rnn_backward", "", NEXT))) == []
    text = edited(("rnn_backward", "", NEXT.replace(BOTH, given)))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, f"da_next = {given}\n    return"), known, "proved")
    assert one.says == f"the call at the last step but one is given {says}"


def test_where_the_first_call_lacks_its_gradient_too_the_call_is_told(told: Callable[[str], list[Told]]) -> None:
    """The carry starts from zero, and gets what it should: the call takes nothing else in."""
    text = slipped("course_template", ("lstm_cell_backward(da[:,:,t] + da_prevt,", "lstm_cell_backward(da_prevt,"))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "lstm_cell_backward(da_prevt,"), "upstream-missing")


def test_a_carry_kept_under_the_other_ones_key_is_one_mistake(told: Callable[[str], list[Told]]) -> None:
    """Both carries in one dictionary: the call that misses one of them only shows what the line with the wrong key did."""
    text = slipped(
        "course_template",
        (
            "    da_prevt = np.zeros((n_a, m))\n    dc_prevt = np.zeros((n_a, m))\n",
            "    carry = {'a': np.zeros((n_a, m)), 'c': np.zeros((n_a, m))}\n",
        ),
        ("da[:,:,t] + da_prevt, dc_prevt,", "da[:,:,t] + carry['a'], carry['c'],"),
        (HANDED, HANDED.replace("da_prevt", "carry['a']")),
        (KEPT, KEPT.replace("dc_prevt", "carry['c']")),
    )
    assert told(text) == []
    wrong = text.replace("carry['c'] = ", "carry['a'] = ")
    (one,) = told(wrong)
    assert (one.line, one.id, one.proof) == (line_of(wrong, "carry['a'] = gradients['dc_prev']"), "name-replaced", "proved")
    assert one.says == "what is made here is called carry['a'], and is read as carry['c'] elsewhere"
