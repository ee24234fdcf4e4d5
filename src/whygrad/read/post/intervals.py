"""What a printed number can have been: the interval of all values that print so.

Three printers are told apart by the look of a text.

* NumPy prints an array's entries with at most 8 decimals (of the mantissa, where there is an exponent) and trims zeros at the
  end, so ``[-0.0565788]`` stands for 8 decimals and ``[ 0.]`` for everything up to 0.5e-8.
* NumPy and Python print a single number with as many digits as it takes to get it back (up to 17); before version 1.14 NumPy
  printed 12 significant digits and trimmed zeros.
* People shorten by hand, to any number of digits; some round, some cut off.

Where a text could come from two of them the wider interval is taken: it costs a digit, a narrow one could shut out the truth.
Errors of summation order are not in these intervals.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Interval = tuple[float, float]

ARRAY_DECIMALS = 8
OLD_SCALAR_DIGITS = 12
SCALAR_DIGITS = 15
"""The shortest text that gives a number back seldom has fewer significant digits."""
FEW = 2
SEVERAL = 4
"""In an array of so many numbers NumPy does not trim a zero of each."""


class _Layout(NamedTuple):
    """How a finite number is written: decimals of the mantissa, the exponent, and significant digits in all."""

    decimals: int
    exponent: int
    significant: int
    ends_with_point: bool


def scalar_interval(text: str) -> Interval:
    """Every value that prints as ``text`` when printed alone, bounds included.

    ``0.0`` and ``0`` are exactly zero. 11 or 12 significant digits are old NumPy's 12, which it rounded, and 15 or more give the number
    back: half a unit of the last digit. Any other number of digits is somebody's own: a whole unit away from zero.
    """
    value = float(text)
    if not math.isfinite(value):
        return value, value
    layout = _layout(text)
    if value == 0 and layout.decimals <= 1:
        return 0.0, 0.0
    last = layout.exponent - layout.decimals
    return _shortened(value, last) if by_hand(text) else _around(value, last)


def vector_intervals(texts: Sequence[str]) -> list[Interval]:
    """For each entry of one array print, every value that prints so among these neighbours, bounds included.

    NumPy gives all entries the same number of decimals, so the entry with the most tells how many there were. 7 or 8 mean 8, but 7 mean
    7 where NumPy would not have written so many times just 7, of which it trims zeros;
    entries that all end with the point, and plain zeros, mean 8 too; fewer mean that they were shortened to that many, or to as many
    significant digits, of which zeros at the end may be trimmed. More than 8 (a list of Python floats, or a changed print option) are
    taken as written, entry by entry.
    """
    values = [float(text) for text in texts]
    layouts = [_layout(text) if math.isfinite(value) else None for text, value in zip(texts, values, strict=True)]
    finite = [layout for layout in layouts if layout]
    most = max((layout.decimals for layout in finite), default=0)
    trimmed = all(layout.ends_with_point for layout in finite)
    zeros = most <= 1 and not any(value for value in values if math.isfinite(value))
    one_less = most == ARRAY_DECIMALS - 1 and (len(finite) == 1 or any(layout.decimals < most for layout in finite))
    one_less &= not any(text.endswith("0") and layout.decimals == most for text, layout in zip(texts, layouts, strict=True) if layout)
    significant = _to_significant([layout for value, layout in zip(values, layouts, strict=True) if layout and value])
    one_less &= not (significant and len(finite) >= SEVERAL)
    places = ARRAY_DECIMALS if trimmed or zeros or one_less else most
    result: list[Interval] = []
    for value, layout in zip(values, layouts, strict=True):
        if layout is None:
            result.append((value, value))
        elif places < ARRAY_DECIMALS:
            own = min(places, layout.decimals + significant - layout.significant) if significant and value else places
            result.append(_shortened(value, layout.exponent - own))
        else:
            result.append(_around(value, layout.exponent - (places if places == ARRAY_DECIMALS else layout.decimals)))
    return result


def _to_significant(layouts: Sequence[_Layout]) -> int:
    """To how many significant digits an array was shortened; 0 where it was not.

    Half of the entries have the most, and not all of these have as many decimals: to a number of decimals nobody shortens so.
    """
    most = max((layout.significant for layout in layouts), default=0)
    longest = [layout for layout in layouts if layout.significant == most]
    same = len({layout.decimals - layout.exponent for layout in longest}) == 1
    return most if len(longest) >= FEW and 2 * len(longest) >= len(layouts) and not same else 0


def few_digits(text: str) -> bool:
    """Whether ``text`` is a finite number of one or two significant digits, and no more decimals than that."""
    layout = _layout(text) if math.isfinite(float(text)) else None
    return layout is not None and layout.significant <= FEW >= layout.decimals


def in_full(text: str) -> bool:
    """Whether ``text`` is a finite number with so many digits as give it back."""
    return math.isfinite(float(text)) and _layout(text).significant >= SCALAR_DIGITS


def by_hand(text: str) -> bool:
    """Whether a finite number that was printed alone has so many digits as no printer gives it: somebody shortened it."""
    significant = _layout(text).significant
    return not (OLD_SCALAR_DIGITS - 1 <= significant <= OLD_SCALAR_DIGITS or significant >= SCALAR_DIGITS)


def decimals_of(text: str) -> int:
    """How many digits of a finite number stand behind the point, its exponent resolved."""
    layout = _layout(text)
    return layout.decimals - layout.exponent


def significant_of(text: str) -> int:
    """How many significant digits a finite number has."""
    return _layout(text).significant


def rounded_to(text: str, last: int) -> Interval:
    """Every value that rounds to a text at the decimal place ``last``, zeros at its end trimmed, bounds included."""
    return _around(float(text), last)


def shortened_to(text: str, last: int) -> Interval:
    """Every value that is written so where somebody rounded or cut off at the decimal place ``last``, bounds included."""
    return _shortened(float(text), last)


def _layout(text: str) -> _Layout:
    mantissa, _, exponent = text.lower().lstrip("+-").partition("e")
    whole, point, fraction = mantissa.partition(".")
    return _Layout(len(fraction), int(exponent or 0), len((whole + fraction).lstrip("0")), bool(point) and not fraction)


def _around(value: float, last: int) -> Interval:
    """Half a unit of the decimal place ``last`` to both sides, rounded outwards."""
    half = float(f"5e{last - 1}")
    return math.nextafter(value - half, -math.inf), math.nextafter(value + half, math.inf)


def _shortened(value: float, last: int) -> Interval:
    """What has the decimal place ``last`` as its last one after rounding, or after the rest was cut off."""
    low, high = _around(value, last)
    unit = float(f"1e{last}")
    if value == 0:
        return -unit, unit
    return (min(low, value - unit), high) if value < 0 else (low, max(high, value + unit))
