"""Which computed numbers count as printed: the interval, a few units in the last place, and nothing more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import Target, allowance
from whygrad.read.post.intervals import scalar_interval
from whygrad.records import Block, Number

SIZES = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)


def target(*texts: str) -> Target:
    """A block of scalars that were printed so."""
    return Target(Block("lstm_cell_backward", tuple(Number("dWf", (0, at), text, *scalar_interval(text)) for at, text in enumerate(texts))))


@given(SIZES)
def test_six_units_in_the_last_place_are_the_same_number(value: float) -> None:
    """Another summation order moves a right number by up to six ulps; it still agrees."""
    moved = np.array([[value + units * math.ulp(value)] for units in range(-6, 7)])
    assert target(repr(value)).hit(moved).all()


@given(SIZES)
def test_a_change_of_1e_12_is_another_number(value: float) -> None:
    """A printed number changed by 1e-12 of its size or more never agrees."""
    for factor in (1 - 1e-9, 1 - 1.01e-12, 1 + 1.01e-12, 1 + 1e-9):
        assert not target(f"{value * factor:.16e}").hit(np.array([value])).any()


@given(st.floats(1e-12, 1e12))
def test_the_allowance_is_small_and_grows_with_the_number(size: float) -> None:
    """It never reaches half of 1e-12 of the number, except where numbers are so small that a summand of size 1 decides."""
    allowed = allowance(np.array([size, 2 * size]))
    assert 0 < allowed[0] <= allowed[1]
    assert allowed[0] <= max(1e-16, 0.5e-12 * size)


def test_what_is_printed_short_is_wide() -> None:
    """A number with three digits is met by all that print so, rounded or cut off, and by none that does not."""
    few = target("0.125", "12")
    assert few.hit(np.array([[0.1249, 11.9], [0.12549, 12.4], [0.1259, 12.9]])).all()
    assert not few.hit(np.array([[0.1244, 11.4], [0.1261, 13.1]])).any()


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("nan", [True, False, False, False, False]),
        ("inf", [False, True, False, False, False]),
        ("-inf", [False, False, True, False, False]),
    ],
)
def test_nan_and_infinity_are_met_by_themselves_only(text: str, meets: list[bool]) -> None:
    """A printed NaN is a NaN, an infinity has its sign; neither counts as finite, so neither guides the search."""
    special = target(text)
    assert special.finite.tolist() == [False]
    assert special.hit(np.array([[np.nan], [np.inf], [-np.inf], [0.0], [1e308]]))[:, 0].tolist() == meets


def test_a_finite_number_is_never_met_by_nan_or_infinity() -> None:
    """Comparing with NaN is no agreement."""
    assert not target("0.5", "-3.0").hit(np.array([[np.nan, np.inf], [-np.inf, np.nan]])).any()


@pytest.mark.parametrize("shape", [(5,), (5, 1)])
@pytest.mark.parametrize("index", [(4,), (4, 0)])
def test_a_column_of_one_answers_to_both_indexes(shape: tuple[int, ...], index: tuple[int, ...]) -> None:
    """``dbf[4]`` is the same number whether dbf is shaped (5,) or (5, 1), and whether the reader saw brackets or not."""
    assert entry({"dbf": np.arange(5.0).reshape(shape)}, "dbf", index) == 4.0


@pytest.mark.parametrize(
    ("array", "index"),
    [
        (np.zeros((5, 1)), (5, 0)),
        (np.zeros((5, 4)), (4,)),
        (np.zeros((5, 4)), (1, 2, 3)),
        (np.zeros(3), (2, 1)),
        (np.array([[None]]), (0, 0)),
        (np.array("text"), ()),
    ],
)
def test_an_entry_that_is_not_there_agrees_with_nothing(array: np.ndarray, index: tuple[int, ...]) -> None:
    """Neither with a number nor with a NaN: a program that returns another shape or no numbers printed something else."""
    value = entry({"dWf": array}, "dWf", index)
    assert entry({}, "dWf", index) == value
    assert not target("0.0", "nan").hit(np.array([value, value])).any()
