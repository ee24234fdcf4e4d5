"""A line that does no more than multiply a name by a number, where more than that is wrong: it was wrong before the line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import last_written, reads_of
from whygrad.from_code.observe.roles import put

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search


def before_it_is_scaled(search: Search, found: Found) -> Found | None:
    """The line that gave the name its value before, with what belongs there; None where another number may be all that is wrong."""
    place, value, right = found.record.place, array_of(found.record.value), array_of(found.right)
    if found.how != "value" or place.kind not in {"assign", "after"} or value is None or right is None or len(found.substitutes) != 1:
        return None
    read = next((one for one in reads_of(search, found.record) if one.place.text == place.target), None)
    before = None if read is None else array_of(read.value)
    number = _number(value, before)
    meant = _number(right, before)
    here = meant is not None and number is not None and (np.isclose(meant, 1) or not np.isclose(meant, -number))
    maker = None if read is None or here else last_written(search, read)
    if maker is None or number is None:
        return None
    earlier = search.attempt(maker, "value", put([(maker, right / number)]), right / number)
    if earlier is None or not earlier.cured >= found.cured:
        return None
    return replace(earlier, visits=((maker.value, right / number),))


def _number(array: Array, other: Array | None) -> float | None:
    """The number by which an array is another one times it, if it is one."""
    if other is None or other.shape != array.shape or not other.any():
        return None
    at = np.unravel_index(np.argmax(abs(other)), other.shape)
    number = float(array[at] / other[at])
    return number if same(array, number * other) else None
