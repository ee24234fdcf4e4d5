"""A copy that nothing which is done afterwards changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from whygrad.sandbox.unshared import unshared


class Pair(NamedTuple):
    """Two arrays."""

    a: object
    b: object


class Holder:
    """Holds something."""

    def __init__(self, held: object) -> None:
        self.held = held


def test_arrays_in_nests_and_objects_are_their_own() -> None:
    """One array that stands in several places is several arrays in the copy; what is named keeps its names."""
    array = np.zeros(2)
    copied = unshared({"pair": Pair(array, array), "list": [Holder(array)]})
    array[:] = 1
    pair, (holder,) = copied["pair"], copied["list"]
    pair.a[0] = 2
    assert (pair.b.tolist(), holder.held.tolist()) == ([0, 0], [0, 0])
    assert isinstance(holder, Holder)


def test_a_function_keeps_what_its_names_hold_now() -> None:
    """Of the function around it."""
    functions = []
    array, step = np.zeros(1), 0
    for step in range(2):
        array[:] = step
        functions.append(unshared(lambda: (step, array[0])))  # noqa: B023 - as a beginner writes it
    assert [function() for function in functions] == [(0, 0), (1, 1)]


def test_what_cannot_be_copied_stays() -> None:
    """A class, a module, an iterator, a name without a value, and what holds itself."""
    itself: list[object] = []
    itself.append(itself)

    def early() -> object:
        return later

    for value in (Holder, np, iter([1]), early, len, None):
        assert unshared(value) is value
    later = 1
    assert unshared(itself) == [itself]
    assert unshared(early)() == later
