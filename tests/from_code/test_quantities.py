"""The table of right values, and what is recognised."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.from_code.inputs import case
from whygrad.from_code.parts import FUNCTIONS
from whygrad.from_code.quantities import Quantities
from whygrad.from_code.subject import results_of, same

SIZES = (3, 5, 4, 2, 4, 3)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_both_ways_of_writing_are_right(function: str) -> None:
    """Each table's program returns what the reference returns."""
    what = case(function, SIZES, 2)
    for table in Quantities(function, what.arguments).tables:
        found, right = (results_of(function, value) for value in (table.reply.value, what.expected))
        assert found.keys() == right.keys()
        assert all(same(found[name], right[name]) for name in right)


def test_quantities_are_recognised_in_other_forms() -> None:
    """A gate's gradient, its transpose, its negative, a stack in any order; not a value that is slightly off."""
    what = case("lstm_cell_backward", SIZES, 2)
    right = Quantities("lstm_cell_backward", what.arguments)
    dft, dit = (next(right.named(name, 0)).value for name in ("dft", "dit"))
    for form in (dft, dft.T, -dft, np.vstack([dit, dft]), np.hstack([dft, dit])):
        assert right.recognised(form)
    assert not right.recognised(dft * 1.001)
    assert not right.recognised(np.vstack([dit, 2 * dft]))


def test_a_quantity_is_known_by_what_it_moves() -> None:
    """Moved alike, the same quantity in both ways of writing moves the same results by the same amounts."""
    what = case("lstm_cell_backward", SIZES, 2)
    one, other = Quantities("lstm_cell_backward", what.arguments).tables
    for name in ("dft", "dot", "dc"):
        mine, theirs = (table.response(next(record for record in table.records if record.name == name)) for table in (one, other))
        assert mine.keys() == theirs.keys()
        assert all(same(mine[key], theirs[key]) for key in mine)
