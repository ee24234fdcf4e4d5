"""Sizes that are written into a line may be the notebook's."""

from __future__ import annotations

import pytest

from whygrad.from_code.verdict.own_inputs import writes_a_size
from whygrad.records import Location, Mistake


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("dx = np.zeros((3, n_a, T_x))", True),
        ("for t in reversed(range(4)):", True),
        ("n_a, m, T_x = 5, 10, 4", True),
        ("dz = da_next * (1 - a_next ** 2)", False),
        ("dz = da_next * (1 - a_next**2)", False),
        ("c_prev = cache[3]", False),
        ("dW2 = dW / 1.5", False),
    ],
)
def test_a_number_that_may_be_a_size(text: str, *, writes: bool) -> None:
    """An exponent is none, nor what counts the entries of something: each such line of several costs a second look at the whole program."""
    mistake = Mistake("wrong-size", "lstm_backward", "dx", None, "", ("", "", ""), location=Location("", 1, 1, text))
    assert writes_a_size(mistake) is writes
