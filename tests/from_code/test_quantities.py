"""The table of right values, and what is recognised."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.quantities import Quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS, cell_of
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

SIZES = (3, 5, 4, 2, 4, 3)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_both_ways_of_writing_are_right(function: str) -> None:
    """Each table's program returns what the reference returns."""
    what = case(function, SIZES, 2)
    for table in Quantities(function, what.arguments).tables:
        found, right = (observed.in_result(function, value) for value in (table.reply.value, what.expected))
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


@pytest.mark.parametrize("function", FUNCTIONS)
def test_made_ready_once_the_reference_answers_as_in_the_harness(function: str) -> None:
    """To the last bit, wherever it is moved; one run leaves nothing behind for the next."""
    what = case(function, SIZES, 2)
    pieces = [Piece("reference", 1, "\n\n".join(PARTS[name] for name in dict.fromkeys((cell_of(function), function))))]
    table = Quantities(function, what.arguments).tables[0]
    slow = Subject(Harness(pieces, PARTS), pieces, function, what.arguments, frozenset({function, cell_of(function)}))
    for record in table.records[:: max(1, len(table.records) // 20)]:
        mine, theirs = table.response(record), slow.response(record, (), table.observations)
        assert mine.keys() == theirs.keys()
        assert all(np.array_equal(mine[name], theirs[name], equal_nan=True) for name in mine)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ([1.0, 2.0], [1.0, 2.0 + 1e-9], True),
        ([1.0, 2.0], [1.0, 2.0 + 1e-7], False),
        ([1.0 + 1e-7, 2.0], [1.0, 2.0], False),
        ([1.0, np.nan], [1.0, np.nan], False),
        ([np.nan, 1.0], [1.0, 1.0], False),
        ([np.inf, 1.0], [np.inf, 1.0], False),
        ([1e300, 1e300], [-1e300, 1e300], False),
        ([], [], True),
        ([1.0], [1.0, 1.0], False),
        (1.0, 1.0, True),
        ([0.0], [0.0], True),
    ],
)
def test_arrays_of_doubles_are_compared_as_all_others(one: object, other: object, *, agree: bool) -> None:
    """Relative to the largest entry; what is no number agrees with nothing. So do numbers of another precision."""
    assert same(np.array(one, dtype=np.float64), np.array(other, dtype=np.float64)) is agree
    if not np.isin(np.abs(np.array(other, dtype=np.float64)), [np.inf, 1e300]).any():
        assert same(np.array(one, dtype=np.longdouble), np.array(other, dtype=np.longdouble)) is agree
