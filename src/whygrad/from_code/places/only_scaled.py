"""A line that multiplies a name by a number to undo what an earlier line did: what is wrong besides was wrong before it."""

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
    """The line that gave the name its value before, with what belongs there; None where the number itself may be wrong.

    It is right where the line makes a quantity, if another one than belongs there, of what is none as it is, and no number over 0 mends it.
    """
    place, value, right = found.record.place, array_of(found.record.value), array_of(found.right)
    if found.how != "value" or place.kind not in {"assign", "after"} or value is None or right is None or len(found.substitutes) != 1:
        return None
    read = next((one for one in reads_of(search, found.record) if one.place.text == place.target), None)
    before = None if read is None else array_of(read.value)
    number, meant = _number(value, before), _number(right, before)
    if read is None or before is None or number is None or (meant is not None and meant > 0):
        return None
    known, none = (next(search.quantities.equal(array, search.tolerance), None) for array in (value, before))
    maker = last_written(search, read) if known and not none else None
    earlier = maker and search.attempt(maker, "value", put([(maker, right / number)]), right / number)
    if not maker or not earlier or not earlier.cured >= found.cured:
        return None
    return replace(earlier, visits=((maker.value, right / number),))


def _number(array: Array, other: Array | None) -> float | None:
    """The number by which an array is another one times it, if it is one."""
    if other is None or other.shape != array.shape or not other.any():
        return None
    at = np.unravel_index(np.argmax(abs(other)), other.shape)
    number = float(array[at] / other[at])
    return number if same(array, number * other) else None
