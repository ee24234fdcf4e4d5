"""The printed row of dx under edits of the cell, as sums of their effects: what the whole cell gives when it is computed again."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad import read
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.sequence.other_weights import OtherWeights
from whygrad.from_numbers.walks.effects import Effects, Plans
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories

if TYPE_CHECKING:
    from tests.from_numbers.conftest import Notebook
    from whygrad.from_numbers.tables.tables import Tables

ROUNDING = 1e-9


@pytest.mark.parametrize("check", ["lstm_backward", "rnn_backward"])
def test_effects_add_up_for_every_weights_at_once(tables: Tables, notebook: Notebook, check: str) -> None:
    """With the right weights and with others, equations edited alone: one computation for all of these cells."""
    own = tables.of(check)
    target = Target(read.read_text(notebook.printed(check), "a post").blocks[0])
    walks = Trajectories(Hypotheses(own, target), (), Trail())
    cells = [cell for other in (walks, *OtherWeights(walks).walks[:3]) if (cell := other.cell) is not None]
    assert len(cells) == 4
    row, _ = walks.entry
    given = {name: value for name, value in own.right.calls[0].items() if name in cells[0].wide}
    envs = [cell.run(dict(given), {}) for cell in cells]
    edited = [(), *(texts for texts, _ in walks.cells[::7])]
    effects = Effects(cells, envs, row)
    assert any(addend.readers for addend in effects.addends.values()) is (check == "lstm_backward")  # what its gates share
    for texts, values in zip(edited, chain.from_iterable(effects.blocks(edited)), strict=True):
        for cell, env, value in zip(cells, envs, values, strict=True):
            again = np.asarray(cell.again(env, texts, "dxt"))
            wanted = again[row] if again.shape == env["dxt"].shape else np.full(env["dxt"].shape[1], np.nan)
            assert np.allclose(value, wanted, rtol=ROUNDING, atol=ROUNDING, equal_nan=True), texts


def test_a_plan_made_in_some_states_serves_in_others(tables: Tables, notebook: Notebook) -> None:
    """How the row is put together for the same edits is found once, and again where other edits are asked for."""
    own = tables.of("lstm_backward")
    target = Target(read.read_text(notebook.printed("lstm_backward"), "a post").blocks[0])
    walks = Trajectories(Hypotheses(own, target), (), Trail())
    assert walks.cell is not None
    edited, plans = [texts for texts, _ in walks.cells[:300]], Plans()
    for call in (0, 1):
        given = {name: value for name, value in own.right.calls[call].items() if name in walks.cell.wide}
        effects = Effects([walks.cell], [walks.cell.run(given, {})], walks.entry[0])
        again = np.concatenate(list(effects.blocks(edited, plans.of(effects, edited))))
        assert np.array_equal(again, np.concatenate(list(effects.blocks(edited))), equal_nan=True)
        assert plans.of(effects, edited) is plans.of(effects, edited)
        assert plans.of(effects, edited[:9]) is not plans.of(effects, edited)
