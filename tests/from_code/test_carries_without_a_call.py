"""Loops that compute the cell by themselves, and a carry that is not renewed, starts wrongly or is not added: told at its own line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

OWN = "        dh = da[:, :, t] + da_carry\n"
CARRY = "        dc_carry = dc * f\n"
SAME = "each step starts from the same"

SLIPS = {
    "behind the loop": (
        (CARRY, CARRY[4:]), "dc_carry = dc * f", "carry-missing",
        f"dc_carry gets a new value here, behind the loop, and none in it: {SAME}",
    ),
    "its first value at every turn": (
        (OWN, "        da_carry = np.zeros((n_a, m))\n" + OWN), "da_carry = np.zeros((n_a, m))\n        dh", "carry-missing",
        f"da_carry gets its first value again at every turn: {SAME}",
    ),
    "a start that is not zero": (
        ("    da_carry = np.zeros((n_a, m))\n", "    da_carry = da[:, :, T - 1]\n"), "da_carry = da[", "carry-starts-wrong",
        "da_carry starts from da[:, :, T - 1], and nothing comes back to the last step",
    ),
    "not added": (
        (OWN, OWN.replace(" + da_carry", "")), "dh = da[:, :, t]", "carry-missing",
        "dh holds, at the last step but one, only its own step's gradient: what comes back from the step after is not added",
    ),
    "another name added": (
        (OWN, OWN.replace("da_carry", "a_prev")), "dh = da[:, :, t] + a_prev", "name-replaced", "dh has a_prev where another value belongs",
    ),
    "a bracket that is missing": (
        ("(da[:, :, t] + carry) * (1 - cur ** 2)", "da[:, :, t] + carry * (1 - cur ** 2)"), "dz = da[", "bracket-moved",
        "dz has its brackets in another place",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_the_carry_is_told_where_it_goes_wrong(told: Callable[[str], list[Told]], name: str) -> None:
    """At the first turn it is zero, which hides most of this; the sentence is true of the line."""
    slip, line, known, says = SLIPS[name]
    text = slipped("inline_loops", slip)
    (one,) = told(text)
    assert (one.line, one.id, one.says, one.proof) == (line_of(text, line), known, says, "proved")


def test_what_one_gradient_adds_to_another_ones_sum_is_no_shared_array(told: Callable[[str], list[Told]]) -> None:
    """Two sums would be one array only if they were made as one."""
    text = slipped("inline_loops", ("        dWi += di.dot(v.T)\n", "        dWi += di.dot(v.T)\n        dWi += df.dot(v.T)\n"))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "dWi += df.dot"), "accumulated-wrongly")
    assert one.says == "dWi has a term too many: dWi is right before this line"


def test_a_derivative_that_works_is_not_blamed_for_being_called_in_another_ones_place(told: Callable[[str], list[Told]]) -> None:
    """The function gives what its name says."""
    text = slipped("helper_functions", ("tanh_grad(a_next)", "sigmoid_grad(a_next)"))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "sigmoid_grad(a_next)"), "wrong-activation-derivative")


def test_parts_of_a_stack_in_another_order_are_told_at_the_stack(told: Callable[[str], list[Told]]) -> None:
    """The two lines that make the parts could be exchanged instead, and are right."""
    text = slipped(
        "all_steps_first", ("dc * g * s_i, dc * i * s_g, da_next * squashed * s_o", "dc * g * s_i, da_next * squashed * s_o, dc * i * s_g")
    )
    (one,) = told(text)
    assert one.line == line_of(text, "dz = np.concatenate((dc * c_prev")


def test_a_name_that_is_given_another_value_before_it_is_read_turned(told: Callable[[str], list[Told]]) -> None:
    """The line that reads it is right as it is."""
    slip = ("    da_prev = np.dot(Waa.T, dtanh)\n", "    a_prev = np.dot(Waa.T, dtanh)\n    da_prev = a_prev\n")
    text = slipped("course_template", slip)
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "a_prev = np.dot(Waa.T, dtanh)"), "updated-in-place")


def test_what_is_kept_without_a_copy_and_written_into_later(told: Callable[[str], list[Told]]) -> None:
    """The names of both are one, so neither is said to be the memory of the other."""
    slips = (
        "        a_prev, c_prev = a_cur, c_cur\n    return a, y, c",
        "        a_prev = a_cur\n        c_prev[:] = c_cur\n    return a, y, c",
    )
    (one,) = told(slipped("inline_loops", slips))
    assert (one.id, one.says) == ("updated-in-place", "c_prev is kept here without a copy, and a line writes into that array later")


def test_a_carry_that_is_handed_on_behind_the_loop_alone_is_told_with_that_line(told: Callable[[str], list[Told]]) -> None:
    """The loop calls the cell, and the call is where what comes back is missed."""
    line = "        dc_prevt = gradients['dc_prev']\n"
    text = edited(
        ("lstm_backward", line, ""), ("lstm_backward", "    da0 = gradients['da_prev']\n", f"    da0 = gradients['da_prev']\n{line[4:]}")
    )
    (one,) = told(text)
    behind = line_of(text, "dc_prevt = gradients['dc_prev']")
    assert one.id == "carry-missing"
    assert one.says.endswith(f"; line {behind}, which gives dc_prevt a new value, stands behind the loop")
