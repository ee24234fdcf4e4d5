"""Pairs and triples of edited equations, found by the sums of their effects."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad import read
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.sequence.cell_pairs import cell_pairs, sums
from whygrad.from_numbers.sequence.cell_triples import sums_of_three
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import Tables


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_with_the_sum_is_found_and_no_other(seed: int) -> None:
    """The pairs are those that trying all of them finds, an effect with itself included."""
    effects = np.random.default_rng(seed).integers(-9, 10, 40) / 8
    found = {tuple(sorted(pair)) for pair in sums(effects, 0.2, 0.55)}
    assert found == {pair for pair in combinations_with_replacement(range(40), 2) if 0.2 <= effects[list(pair)].sum() <= 0.55}


@pytest.mark.parametrize("seed", range(5))
def test_every_triple_with_the_sum_is_found_once_and_no_other(seed: int) -> None:
    """The triples are those that trying all of them finds."""
    effects = np.random.default_rng(seed).integers(-9, 10, 20) / 8
    found = sums_of_three(effects, 0.2, 0.55)
    assert len({tuple(sorted(three)) for three in found}) == len(found)
    assert {tuple(sorted(three)) for three in found} == {
        three for three in combinations(range(20), 3) if 0.2 <= effects[list(three)].sum() <= 0.55
    }


def test_more_steps_of_dx_than_the_check_prints(tables: Tables) -> None:
    """Steps that the right loop does not have, as where dx was made as long as x, are passed over and raise nothing."""
    row = "0.1 0.2 0.3 0.4 0.5 0.6 0.7"
    reading = read.read_text(f'gradients["dx"][1][2] = [{row}]\ngradients["da0"][2][3] = 0.25\ngradients["dWf"][3][1] = 0.5\n', "a post")
    target = Target(reading.blocks[0])
    assert len(target.of("dx")) == 7
    check = tables.of("lstm_backward")
    assert cell_pairs(Trajectories(Hypotheses(check, target), (), Trail())) == []
