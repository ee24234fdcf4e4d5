"""The caches of a sequence are a pair: a backward function that never takes it apart has one mistake, at however many lines it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

UNPACKS, FIRST = "    (caches, x) = caches\n", "(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]"
RNN_FIRST = "(a1, a0, x1, parameters) = caches[0]"
KEPT = [
    ((f"{UNPACKS}    {FIRST}", f"    {FIRST}"), "lstm_backward", FIRST),
    ((f"{UNPACKS}    {RNN_FIRST}", f"    {RNN_FIRST}"), "rnn_backward", RNN_FIRST),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "function", "line"), KEPT, ids=["lstm", "rnn"])
def test_the_pair_that_is_not_taken_apart(slip: tuple[str, str], function: str, line: str, told: Callable[[str], list[Told]]) -> None:
    """At the first line that takes it for the list."""
    text = slipped("course_template", slip)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, line), "raises", "proved"), function
    assert one.says.startswith("caches is still the pair of the list of caches and x here: no line takes the two apart, and so it raises ")


def test_another_name_for_the_pair(told: Callable[[str], list[Told]]) -> None:
    """The line that gives it the name takes it for the list."""
    named = "steps = caches"
    slips = ((f"{UNPACKS}    {RNN_FIRST}", f"    {named}\n    {RNN_FIRST.replace('caches', 'steps')}"), ("caches[t])", "steps[t])"))
    text = slipped("course_template", *slips)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, named), "raises", "proved")


def test_where_it_can_be_given_by_position_alone(told: Callable[[str], list[Told]]) -> None:
    """A parameter before a slash is one as any other."""
    text = slipped("course_template", KEPT[0][0], ("def lstm_backward(da, caches):", "def lstm_backward(da, caches, /):"))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, FIRST), "raises", "proved")


def test_beside_another_slip(told: Callable[[str], list[Told]]) -> None:
    """More comes right with the list in its place, but not all: what the error says is told as before."""
    slips = ((f"{UNPACKS}    {FIRST}", f"    {FIRST}"), ("dbo = dbo + gradients['dbo']", "dbo = gradients['dbo']"))
    text = slipped("course_template", *slips)
    assert line_of(text, FIRST) in [one.line for one in told(text)]
