"""Arrays that somebody shortened together with the numbers beside them: each interval holds what was shortened."""

from __future__ import annotations

import math

import numpy as np
import pytest

from whygrad.read import read_text

SCALARS = ("dWf[3][1]", "dWi[1][2]", "dWc[3][1]", "dWo[1][2]")
ARRAYS = ("dbf[4]", "dbi[4]", "dbc[4]", "dbo[4]")


def _cut(value: float, decimals: int) -> str:
    return f"{math.copysign(math.floor(abs(value) * 10**decimals) / 10**decimals, value):.{decimals}f}"


WAYS = {
    "cut off at 7 decimals": lambda value: _cut(value, 7),
    "cut off at 8 decimals": lambda value: _cut(value, 8),
    "rounded to 7 decimals": lambda value: f"{value:.7f}",
    "rounded to 6 significant digits": lambda value: f"{value:.6g}",
    "rounded to 7 significant digits": lambda value: f"{value:.7g}",
}


def _line(label: str, text: str) -> str:
    name, _, index = label.partition("[")
    return f'gradients["{name}"][{index} = {text}\n'


@pytest.mark.parametrize("way", WAYS)
def test_what_was_shortened_lies_in_its_interval(way: str) -> None:
    """Alone or in an array of one or of four, and with the zeros at its end trimmed."""
    draw = np.random.default_rng(4)
    written = WAYS[way]
    for _ in range(40):
        values = {label: draw.normal() for label in (*SCALARS, *ARRAYS)}
        dx = draw.normal(size=4) * [0.01, 1, 0.1, 1]
        text = _line("dx[1][2]", f"[{' '.join(written(value) for value in dx)}]")
        text += "".join(_line(label, written(values[label])) for label in SCALARS)
        text += "".join(_line(label, f"[{written(values[label])}]") for label in ARRAYS)
        numbers = read_text(text, "a post").blocks[0].numbers
        given = {f"dx[1][2][{place}]": value for place, value in enumerate(dx)} | {f"{label}[0]": values[label] for label in ARRAYS}
        for number in numbers:
            assert number.low <= (values | given)[number.label] <= number.high, f"{number.label} = {number.text}"


def _width(text: str, label: str) -> float:
    number = next(number for number in read_text(text, "a post").blocks[0].numbers if number.label == label)
    return number.high - number.low


def test_an_array_stays_numpys_where_nothing_says_that_it_was_shortened() -> None:
    """Seven decimals are eight with a zero trimmed: beside numbers in full, beside arrays alone, and beside one short number."""
    array = _line("dbf[4]", "[0.3124474]")
    in_full = [_line(label, repr(value)) for label, value in zip(SCALARS, (0.1, 1 / 3, 2 / 7, -0.5788770123456789), strict=True)]
    arrays = [_line("dbi[4]", "[-0.40142491]"), _line("dbc[4]", "[0.25587763]")]
    one = [_line("dWf[3][1]", "-0.5788770")]
    for others in ([*in_full[1:], *arrays], arrays, [*one, *arrays]):
        assert _width(array + "".join(others), "dbf[4][0]") == pytest.approx(1e-8)


def test_an_array_beside_two_numbers_of_its_decimals_was_shortened_too() -> None:
    """Half a unit to zero and a whole one away from it."""
    text = _line("dbf[4]", "[0.3124474]") + _line("dWf[3][1]", "-0.5788770") + _line("dWi[1][2]", "1.0574981")
    assert _width(text, "dbf[4][0]") == pytest.approx(1.5e-7)


def test_an_array_whose_zeros_were_trimmed_has_as_many_decimals_as_the_others() -> None:
    """Among numbers in full and other arrays it is NumPy's, with two zeros at its end; else somebody may have shortened it."""
    in_full = "".join(_line(label, repr(math.sqrt(5 + place))) for place, label in enumerate(SCALARS))
    arrays = "".join(_line(label, "[0.12345678]") for label in ARRAYS[1:])
    own = _line("dbf[4]", "[0.078538]")
    assert _width(in_full + arrays + own, "dbf[4][0]") == pytest.approx(1e-8)
    shortened = "".join(_line(label, "0.078538") for label in SCALARS)
    for others in (in_full, arrays, shortened + arrays):
        assert _width(others + own, "dbf[4][0]") == pytest.approx(1.5e-6)


@pytest.mark.parametrize("own", ["[0.0785]", "0.0785", "0.07853"])
def test_a_number_that_was_rounded_is_none_with_many_zeros(own: str) -> None:
    """So many of them hardly stand there by chance, and an array is printed in brackets."""
    in_full = "".join(_line(label, repr(math.sqrt(5 + place))) for place, label in enumerate(SCALARS))
    arrays = "".join(_line(label, "[0.12345678]") for label in ARRAYS[1:])
    label = "dbf[4][0]" if own.startswith("[") else "dbf[4]"
    assert _width(in_full + arrays + _line("dbf[4]", own), label) >= 10.0 ** (2 - len(own.strip("[]")))
