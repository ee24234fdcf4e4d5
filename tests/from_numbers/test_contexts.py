"""What forward passes hand to the backward loop, stacked."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.from_numbers.programs.contexts import Handed, contexts_of, joined
from whygrad.from_numbers.programs.edited import Record


def record(caches: int) -> Record:
    """A run whose caches, as many, hold their number in two rows and three examples."""
    return Record({}, [], {}, [np.zeros((2, 3, 4)), ([(np.full((2, 3), float(at)), {}) for at in range(caches)], None)])


@pytest.mark.parametrize(("caches", "kept"), [(3, [0, 1, 2, np.nan]), (4, [0, 1, 2, 3]), (9, [0, 1, 2, 3])])
def test_as_many_caches_are_kept_as_a_loop_asks_for(caches: int, kept: list[float]) -> None:
    """What a run has more of is left out, which else is most of a table; what it lacks is NaN."""
    contexts = joined([contexts_of([Handed.by(record(4)), Handed.by(record(caches))], ["a", "parameters"], [0], 4)])
    assert contexts.da.shape == (4, 2, 2, 1)
    assert np.array_equal(contexts.arrays["a"][1, 1, :, 0], kept, equal_nan=True)


def test_one_column_stands_for_all_examples_but_is_told_apart() -> None:
    """The walk sees the same numbers; the program may do otherwise with an array of one column."""
    wide = record(2)
    da, (caches, x) = wide.arguments
    narrow = Record({}, [], {}, [da, ([(value[:, :1], weights) for value, weights in caches], x)])
    assert np.array_equal(Handed.by(wide).caches, Handed.by(narrow).caches)
    assert wide.handed_on == record(2).handed_on != narrow.handed_on
    assert Handed.by(wide).digest == Handed.by(record(2)).digest != Handed.by(narrow).digest
    assert Handed.by(record(3)).digest != Handed.by(wide).digest
