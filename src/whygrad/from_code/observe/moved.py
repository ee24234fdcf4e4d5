"""A value is moved a little: by how much, and what changes with it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Array, Observations


def changes(moved: Observations, base: Observations) -> Observations:
    """What differs between two runs; an observation that came or went counts as a change to NaN."""
    found: Observations = {}
    with np.errstate(all="ignore"):
        for name in moved.keys() | base.keys():
            one, other = moved.get(name), base.get(name)
            if one is None or other is None or one.shape != other.shape:
                found[name] = np.full((), np.nan)
            elif one.dtype != other.dtype or one.tobytes() != other.tobytes():
                change = one - other
                if change.any() and not (np.isnan(change).any() and np.array_equal(one, other, equal_nan=True)):
                    found[name] = change
    return found


@lru_cache(maxsize=100)
def nudge(shape: tuple[int, ...]) -> Array:
    """The small change by which a value of this shape is moved, the same in every program; it cannot be written to."""
    change = 0.3 * np.random.default_rng([7, *shape]).standard_normal(shape)
    if shape:
        change.flags.writeable = False
    return change
