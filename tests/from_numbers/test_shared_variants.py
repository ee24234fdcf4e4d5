"""A check drawn otherwise: the edits of all functions that it shares with the course's are made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.linewise import expression_code
from whygrad.from_numbers.programs.variants import MOST_TWICE, Variants
from whygrad.from_numbers.tables.store import Store

if TYPE_CHECKING:
    from pathlib import Path

CHECK = "lstm_backward"


def test_edits_are_shared_but_for_those_of_the_check() -> None:
    """They are what they would be if they were made anew; a mistake that changes the check as well is in the function that it checks."""
    lines = list(SEQUENCE_MODELS.functions[f"{CHECK}_check"])
    lines.insert(1, "    first = np.random.randn(1)")
    changed = SEQUENCE_MODELS.with_check(CHECK, tuple(lines), "other")
    others, alone = Variants(SEQUENCE_MODELS), Variants(changed)
    shared = Variants(changed, others)
    for function in changed.functions:
        assert shared.of_function(function) == alone.of_function(function)
    one = shared.of_function("lstm_cell_backward")[0]
    assert one is others.of_function("lstm_cell_backward")[0]
    assert shared.places[id(one)][0] == "lstm_cell_backward"
    assert shared.of_function(CHECK)[0] is not others.of_function(CHECK)[0]


def test_nothing_compiled_outlives_the_making_of_a_table(tmp_path: Path) -> None:
    """Tables are made of thousands of programs, and one too large for memory is no place to keep them."""
    expression_code("1 + 1")
    Store(tmp_path).mapped("some", (3,), lambda: np.ones(3, np.uint32))
    assert expression_code.cache_info().currsize == 0


@pytest.mark.slow
def test_edits_that_are_two_at_once_are_not_all_kept() -> None:
    """There are thousands for each equation: those that were asked for last stay, and the others are made again, the same."""
    variants, cell = Variants(SEQUENCE_MODELS), "lstm_cell_backward"
    numbers = [number for number in range(len(SEQUENCE_MODELS.functions[cell])) if variants.twice(cell, number)]
    first = variants.twice(cell, numbers[0])
    assert variants.twice(cell, numbers[0]) is first
    assert sum(len(variants.twice(cell, number)) for number in numbers) > 2 * MOST_TWICE
    assert variants.twice(cell, numbers[0]) is not first
    assert variants.twice(cell, numbers[0]) == first
