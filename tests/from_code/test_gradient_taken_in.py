"""Loops that compute the cell by themselves and take in the gradient from above wrongly, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Mistake, Result

    Examined = Callable[[str], Result]

OWN = "dh = da[:, :, t] + da_carry"
CARRIED = "at the last step, only what would come back from a step after, without its own step's gradient"


def at(mistake: Mistake) -> int | None:
    """The line that is told."""
    return mistake.location and mistake.location.line


@pytest.mark.parametrize("line", ["dh = da_carry", "dh = da_carry.copy()", "dh = 1.0 * da_carry"])
def test_a_gradient_from_above_that_is_never_taken_in_is_one_mistake(examined: Examined, line: str) -> None:
    """Nothing but zeros comes out, whatever else the loop does."""
    text = slipped("inline_loops", (OWN, line))
    (said,) = examined(text).mistakes
    assert (at(said), said.id, said.says, said.proof) == (line_of(text, line), "upstream-missing", f"dh holds, {CARRIED}", "proved")
    assert "call" not in " ".join(said.hints)  # the loop has none


def test_where_only_the_carry_is_read_the_first_line_that_reads_it_is_told(examined: Examined) -> None:
    """No line adds the two gradients; each that reads one of them would have to."""
    text = slipped("inline_loops", (f"        {OWN}\n", ""), ("dc_carry + dh *", "dc_carry + da_carry *"), ("do = dh *", "do = da_carry *"))
    (said,) = examined(text).mistakes
    assert (at(said), said.id, said.says) == (line_of(text, "dc = dc_carry"), "upstream-missing", f"da_carry holds, {CARRIED}")


def test_a_mistake_behind_it_is_told_too(examined: Examined) -> None:
    """What comes behind shows as soon as something comes in."""
    text = slipped("inline_loops", (OWN, "dh = da_carry"), ("(1 - tc ** 2)", "(1 + tc ** 2)"))
    assert [(at(said), said.id) for said in examined(text).mistakes] == [
        (line_of(text, "dh = da_carry"), "upstream-missing"),
        (line_of(text, "dc = dc_carry"), "sign-flipped"),
    ]


def test_a_gradient_of_another_step_is_told_at_its_line(examined: Examined) -> None:
    """At the first turn it is a right gradient, only not of this step, and what is carried is zero."""
    text = slipped("inline_loops", (OWN, "dh = da[:, :, t - 1] + da_carry"))
    (said,) = examined(text).mistakes
    assert (at(said), said.id) == (line_of(text, "dh = da["), "upstream-wrong-step")
    assert said.says == "dh holds, at the last step, the upstream gradient of the last step but one"


def test_of_an_rnn_too(examined: Examined) -> None:
    """There the sum stands within the line that computes with it."""
    text = slipped("inline_loops", ("(da[:, :, t] + carry)", "carry"))
    (said,) = examined(text).mistakes
    assert (at(said), said.id, said.proof) == (line_of(text, "dz = carry"), "upstream-missing", "proved")
