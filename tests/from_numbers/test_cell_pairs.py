"""Pairs and triples of edited equations, found by the sums of their effects."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad import read
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.sequence import cell_pairs as cell_pairs_module
from whygrad.from_numbers.sequence.cell_pairs import Alone, cell_pairs, sums
from whygrad.from_numbers.sequence.cell_triples import sums_of_three
from whygrad.from_numbers.side_by_side.columns import walk
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_a_walk_that_was_interrupted_is_begun_anew(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for later texts is whole, or it would fail them all."""
    reading = read.read_text('gradients["dx"][1][2] = [0.1 0.2 0.3 0.4]\ngradients["dWf"][3][1] = 0.5\n', "a post")
    found = Trajectories(Hypotheses(tables.of("lstm_backward"), Target(reading.blocks[0])), (), Trail())
    assert found.cell is not None

    def interrupted(*given: Any) -> Iterator[Any]:  # noqa: ANN401 - as walk takes them
        for call, values in enumerate(walk(*given)):
            if call == 1 and not stopped:
                stopped.append(call)
                raise KeyboardInterrupt
            yield values

    stopped: list[int] = []
    whole = [Alone(found.cell, found.cells, *found.entry).at(call) for call in range(3)]
    monkeypatch.setattr(cell_pairs_module, "walk", interrupted)
    alone = Alone(found.cell, found.cells, *found.entry)
    with pytest.raises(KeyboardInterrupt):
        alone.at(2)
    assert all(np.array_equal(alone.at(call), whole[call], equal_nan=True) for call in range(3))


def test_more_steps_of_dx_than_the_check_prints(tables: Tables) -> None:
    """Steps that the right loop does not have, as where dx was made as long as x, are passed over and raise nothing."""
    row = "0.1 0.2 0.3 0.4 0.5 0.6 0.7"
    reading = read.read_text(f'gradients["dx"][1][2] = [{row}]\ngradients["da0"][2][3] = 0.25\ngradients["dWf"][3][1] = 0.5\n', "a post")
    target = Target(reading.blocks[0])
    assert len(target.of("dx")) == 7
    check = tables.of("lstm_backward")
    assert cell_pairs(Trajectories(Hypotheses(check, target), (), Trail())) == []
