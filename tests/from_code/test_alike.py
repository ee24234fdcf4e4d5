"""How much two responses are alike, against the definition written out."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.alike import Layout, Response, alike
from whygrad.from_code.observe.arrays import Observations, same

RIGHT: Observations = {
    "dWf": np.zeros((2, 3)),
    "dbf": np.zeros((2, 1)),
    observed.at_step("dx", 0): np.zeros((3, 2)),
    observed.at_step("dx", 1): np.zeros((3, 2)),
    observed.within(observed.of_call(0), 0): np.zeros((2, 2)),
    observed.within(observed.of_call(1), 0): np.zeros((2, 2)),
}
CALLS = [name for name in RIGHT if not observed.is_result(name)]


def share(one: Observations, other: Observations) -> float:
    """The part of what either moves that both move by the same amounts."""
    both = [name for name in one if name in other and same(one[name], other[name], 1e-6)]
    return len(both) / len(one.keys() | other.keys()) if one or other else 0.0


def drawn(dice: np.random.Generator, base: Observations) -> Observations:
    """Some of the observations, many of them as in another response."""
    found: Observations = {}
    for name, array in RIGHT.items():
        kind = dice.integers(5)
        if kind < 2 and name in base:
            found[name] = base[name]
        elif kind == 2:
            found[name] = dice.standard_normal(array.shape)
        elif kind == 3:
            found[name] = np.full((), np.nan) if dice.random() < 0.5 else dice.standard_normal((5, 5))
    return found


@pytest.mark.parametrize("calls", [True, False])
def test_shares_are_those_of_the_definition(calls: bool) -> None:  # noqa: FBT001 - a case
    """The share of all, and half and half with the share of what is reached first: the first call, else the last step of a gradient."""
    dice, layout = np.random.default_rng(5), Layout(RIGHT)
    for _ in range(100):
        base = {name: dice.standard_normal(array.shape) for name, array in RIGHT.items()}
        mine, *theirs = ({name: value for name, value in drawn(dice, base).items() if calls or name not in CALLS} for _ in range(4))
        got = alike(Response(mine, layout), [Response(other, layout) for other in theirs], layout, 1e-8)
        for other, found in zip(theirs, got, strict=True):
            first, whole = (first_of(mine), first_of(other)), share(mine, other)
            expected = (whole + share(*first)) / 2 if all(first) else whole
            assert found == pytest.approx(expected)


def first_of(moved: Observations) -> Observations:
    """What is reached first."""
    order = [*CALLS, observed.at_step("dx", 1), observed.at_step("dx", 0)]
    return next(({name: moved[name]} for name in order if name in moved), {})


def test_what_has_no_place_counts_as_moved() -> None:
    """An observation that a right program does not have is moved by one only."""
    layout, moved = Layout(RIGHT), {"dWf": np.ones((2, 3))}
    (found,) = alike(Response({**moved, "mine": np.ones(2)}, layout), [Response(moved, layout)], layout, 1e-8)
    assert found == 0.5
    assert not Response({**moved, "mine": np.ones(2)}, layout).moves_what(Response(moved, layout))
    assert Response(moved, layout).moves_what(Response({"dWf": -np.ones((2, 3))}, layout))
