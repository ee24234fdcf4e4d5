"""Programs that hold the examples in rows: a slip is told at its line and by its name, as it is where they stand in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

SLIPS = [
    ("at_output = da_next.T * squashed *", "at_output = da_next.T * cell *", "activation-wrong"),
    ("at_cell = dc_next.T + da_next.T * output *", "at_cell = da_next.T * output *", "term-dropped"),
    ("at_forget = at_cell * cell_before * forget * (1 - forget)", "at_forget = at_cell * cell_before * forget", "factor-dropped"),
    ("update = sigm(rows @ parameters['Wi'].T", "update = sigm(rows @ parameters['Wf'].T", "gate-swapped"),
    ("cell = forget * c_prev.T + update * candidate", "cell = forget * c_prev.T", "term-dropped"),
    ("return {'dxt': to_input.T, ", "return {'dxt': to_input, ", "transpose-wrong"),
]


@pytest.mark.parametrize(("before", "after", "id_"), SLIPS)
def test_each_is_named_at_its_line(told: Callable[[str], list[Told]], before: str, after: str, id_: str) -> None:
    """Once, and proved."""
    text = TEXTS["batch_first"].replace(before, after)
    (said,) = told(text)
    assert (said.id, said.proof) == (id_, "proved")
    assert after in text.split("\n")[said.line - 1]
