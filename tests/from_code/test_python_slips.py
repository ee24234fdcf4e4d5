"""Slips of Python rather than of mathematics, each told as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


def test_a_division_without_a_fraction_is_another_operator(told: Tell) -> None:
    """Floor division gives whole numbers, and is no formula's."""
    (one,) = told(slipped("course_template", ("* it * (1 - it)", "* it // (1 - it)")))
    assert (one.id, one.proof) == ("operator-replaced", "proved")
    assert one.says == "dit has a // where another operator belongs"


@pytest.mark.parametrize("name", ["dWf", "dbo"])
def test_a_sum_whose_line_ends_in_a_comma_is_a_tuple(name: str, told: Tell) -> None:
    """NumPy adds to it all the same, and it gains an axis at each turn."""
    line = f"        {name} = {name} + gradients['{name}']"
    (one,) = told(slipped("course_template", (line, f"{line},")))
    assert one.says == f"{name} is a tuple here, with what belongs there as its only value: the line ends in a comma"
    assert one.proof == "proved"


def test_a_loop_over_two_names_is_over_both(told: Tell) -> None:
    """One of them may be called ``it``, and the sentence reads well all the same."""
    start = "    for t in reversed(range(T_x)):\n        gradients = lstm"
    text = slipped(
        "course_template", (start, start.replace("for t in reversed(range(T_x))", "for t, it in enumerate(reversed(range(T_x)))"))
    )
    (one,) = told(text)
    assert one.line == line_of(text, "for t, it in enumerate(")
    assert one.says == "the loop over t and it runs from the first step to the last"
