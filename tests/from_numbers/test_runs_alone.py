"""The forward passes of a check without its table of single mistakes are those with it."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.tables.tables import Tables


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
def test_they_are_the_same(tables: Tables, check: str) -> None:
    """In the same order, to the last bit; and no other table is made for them."""
    with_singles = tables.of(check)
    assert len(with_singles.singles.rows) > len(with_singles.passes.rows)
    alone = Tables(SEQUENCE_MODELS).of(check)
    passes, other = alone.passes, with_singles.passes
    assert "singles" not in vars(alone)
    assert [passes.rows[row] for row in range(len(passes.rows))] == [other.rows[row] for row in range(len(other.rows))]
    assert np.array_equal(passes.contexts.da, other.contexts.da)
    assert passes.contexts.arrays.keys() == other.contexts.arrays.keys()
    assert all(np.array_equal(array, other.contexts.arrays[name], equal_nan=True) for name, array in passes.contexts.arrays.items())
