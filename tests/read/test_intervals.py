"""The interval of a printed number holds every value that prints so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whygrad.read import read_text
from whygrad.read.post.intervals import scalar_interval, vector_intervals

ORDINARY = st.floats(-1e3, 1e3).filter(lambda value: value == 0 or abs(value) > 1e-4)
ANY = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("0.36036164521813085", 5e-18),
        ("-0.185172422655972", 5e-16),
        ("0.312770310257", 5e-13),
        ("-0.0809802310938", 5e-14),
        ("11.2641044965", 5e-11),
        ("0.40512433093", 5e-12),
        ("-1.3872130506", 5e-11),
        ("4.440892098500626e-16", 5e-32),
    ],
)
def test_half_a_unit_of_the_last_digit_that_was_there(text: str, half: float) -> None:
    """To both sides, rounded outwards by one float; a zero that old NumPy may have trimmed is not counted on."""
    low, high = scalar_interval(text)
    value = float(text)
    assert low <= value - half <= value + half <= high
    assert high - low <= 2 * half + 4 * math.ulp(max(abs(value), half))


@pytest.mark.parametrize("text", ["0.0", "-0.0", "0", "0."])
def test_a_zero_printed_alone_is_exactly_zero(text: str) -> None:
    """A float prints as 0.0 only if it is zero."""
    assert scalar_interval(text) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("texts", "half"),
    [
        (["-0.0565788"], 5e-9),
        (["0."], 5e-9),
        (["0.0", "0.0"], 5e-9),
        (["1.", "-3."], 5e-9),
        (["0.5", "0.12345678"], 5e-9),
        (["0.12345678", "0.25"], 5e-9),
    ],
)
def test_entries_of_an_array_have_eight_decimals_unless_they_were_rounded(texts: list[str], half: float) -> None:
    """NumPy trims zeros at the end; few decimals in all entries are rounding by hand or a print option."""
    for text, (low, high) in zip(texts, vector_intervals(texts), strict=True):
        value = float(text)
        assert low <= value - half <= value + half <= high
        assert high - low <= 2 * half + 4 * math.ulp(max(abs(value), half))


@pytest.mark.parametrize("text", ["0.3604", "-0.16", "1e-05", "3", "-12.25", "0.123456"])
def test_a_number_that_was_shortened_may_have_been_rounded_or_cut_off(text: str) -> None:
    """Half a unit towards zero, a whole one away from it: alone and in an array."""
    unit = 10.0 ** (int(text.partition("e")[2] or 0) - len(text.partition("e")[0].partition(".")[2]))
    for low, high in (scalar_interval(text), *vector_intervals([text, text])):
        nearer, farther = sorted((abs(low), abs(high)))
        assert nearer == pytest.approx(abs(float(text)) - unit / 2)
        assert farther == pytest.approx(abs(float(text)) + unit)


def test_a_zero_that_was_shortened_has_either_sign() -> None:
    """``0.00`` is what is left of -0.0042, too."""
    assert scalar_interval("0.00") == (-0.01, 0.01)
    assert vector_intervals(["0.25", "0."])[1] == (-0.01, 0.01)


def test_a_common_exponent_moves_the_eight_decimals() -> None:
    """``1.92657450e+00 -1.02261900e-03`` have 8 decimals of the mantissa each."""
    intervals = vector_intervals(["1.92657450e+00", "-1.02261900e-03", "1.e-05"])
    assert [high - low for low, high in intervals] == pytest.approx([1e-8, 1e-11, 1e-13], rel=1e-3)


def test_more_than_eight_decimals_are_taken_as_written() -> None:
    """A list of Python floats shows each with its own digits."""
    (low, high), (lower, higher) = vector_intervals(["0.1234567890123456", "12.34567890123456"])
    assert high - low < 1e-15
    assert 0.9e-14 < higher - lower < 2e-14


@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_no_numbers_have_themselves_for_bounds(text: str) -> None:
    """NaN stays NaN, infinity stays infinity, alone or beside numbers."""
    alone, (beside, number) = scalar_interval(text), vector_intervals([text, "0.12345678"])
    assert np.array_equal(alone, (float(text), float(text)), equal_nan=True)
    assert np.array_equal(beside, alone, equal_nan=True)
    assert number[0] < 0.12345678 < number[1]


@given(ANY)
def test_a_number_printed_in_full_lies_in_its_interval(value: float) -> None:
    """Python's shortest form, of any size."""
    low, high = scalar_interval(repr(value))
    assert low <= value <= high


@given(ORDINARY)
def test_a_number_printed_by_old_numpy_lies_in_its_interval(value: float) -> None:
    """12 significant digits, zeros trimmed, and the interval is no wider than one unit of the last digit shown."""
    text = f"{value:.12g}"
    low, high = scalar_interval(text if "." in text or "e" in text else text + ".0")
    assert low <= value <= high


@given(st.floats(0.01, 20), st.integers(2, 12))
def test_a_number_cut_off_after_any_decimals_lies_in_its_interval(value: float, decimals: int) -> None:
    """Unless it then looks as if NumPy had rounded it to 12 digits."""
    text = f"{value:.20f}"
    text = text[: text.index(".") + 1 + decimals]
    low, high = scalar_interval(text)
    assert low <= value <= high or len(text.replace(".", "").lstrip("0")) in {11, 12}


@given(ORDINARY, st.integers(1, 16))
def test_a_number_rounded_to_any_decimals_lies_in_its_interval(value: float, decimals: int) -> None:
    """Unless it rounds to a zero with one decimal, which stands for exactly zero."""
    text = f"{value:.{decimals}f}"
    low, high = scalar_interval(text)
    assert low <= value <= high or text in {"0.0", "-0.0"}


@settings(deadline=None)
@given(st.lists(ANY, min_size=1, max_size=6))
def test_arrays_printed_by_numpy_lie_in_their_intervals(values: list[float]) -> None:
    """Fixed decimals or a common exponent, as NumPy chooses."""
    texts = np.array2string(np.array(values), max_line_width=10_000, separator=" ").strip("[] ").split()
    for value, (low, high) in zip(values, vector_intervals(texts), strict=True):
        assert low <= value <= high


@settings(deadline=None)
@given(st.lists(ORDINARY, min_size=1, max_size=6))
def test_arrays_printed_by_old_numpy_lie_in_their_intervals(values: list[float]) -> None:
    """The layout before version 1.14."""
    texts = np.array2string(np.array(values), max_line_width=10_000, legacy="1.13").strip("[] ").split()
    for value, (low, high) in zip(values, vector_intervals(texts), strict=True):
        assert low <= value <= high


@settings(deadline=None)
@given(st.lists(ORDINARY, min_size=1, max_size=6), st.integers(1, 16))
def test_arrays_printed_with_another_precision_lie_in_their_intervals(values: list[float], precision: int) -> None:
    """``np.set_printoptions(precision=...)``, but for zeros trimmed to exactly seven decimals, which are taken for eight."""
    texts = np.array2string(np.array(values), max_line_width=10_000, precision=precision).strip("[] ").split()
    decimals = max(len(text.partition("e")[0].partition(".")[2]) for text in texts)
    whole = all(text.partition("e")[0].endswith(".") for text in texts) or not any(map(float, texts))
    for value, (low, high) in zip(values, vector_intervals(texts), strict=True):
        assert low <= value <= high or (precision < 8 and (decimals == 7 or whole))


def test_entries_with_as_many_significant_digits_each_were_shortened_one_by_one() -> None:
    """NumPy would have given them the same decimals; where the digits are not the same for all, that is what they have."""
    by_hand = vector_intervals(["-0.004242", "0.2821", "-0.4829", "12.34"])
    assert all(low <= value <= high for value, (low, high) in zip([-0.00424213, 0.28205375, -0.48292508, 12.3449], by_hand, strict=True))
    by_numpy = vector_intervals(["-0.004242", "0.2821", "-0.48293"])
    assert all(high - low < 2.1e-6 for low, high in by_numpy)


@pytest.mark.parametrize(
    ("others", "text", "exactly"),
    [
        (["-0.147954838164496"] * 3, "-1.0", True),
        (["-0.147954838164496"] * 3, "5.0", True),
        (["-0.147954838164496"], "1.0", True),
        (["-0.147954838164496", "-0.147954838164496", "-0.148"], "1.0", False),
        (["1.0", "-1.0"], "1.0", False),
        (["-0.147954838164496"] * 3, "1.", False),
        (["-0.147954838164496"] * 3, "1.5", False),
    ],
    ids=["a bound", "another", "one other", "another that was shortened", "nothing else", "of an array", "may be shortened"],
)
def test_a_whole_number_among_numbers_in_full_is_exactly_that(others: list[str], text: str, *, exactly: bool) -> None:
    """Nobody shortens one of many, and just to a whole number."""
    labels = ("dxt[1][2]", "da_prev[2][3]", "dWf[3][1]")
    lines = [f'gradients["{label}"] = {other}\n' for label, other in zip(labels, others, strict=False)]
    ((*_, number),) = (block.numbers for block in read_text("".join(lines) + f'gradients["dWo"][1][2] = {text}\n', "a text").blocks)
    assert (number.low == number.high == float(text)) is exactly
