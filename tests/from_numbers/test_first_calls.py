"""What first calls give is looked up in numbers that are kept: the same is found as by computing all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.tables.store import Store
from whygrad.from_numbers.walks import first_calls
from whygrad.from_numbers.walks.first_calls import FirstCalls
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL, Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories
from whygrad.read import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Notebook

    from whygrad.from_numbers.tables.tables import Tables

CHECK = "rnn_backward"
MISTAKES = [
    (("rnn_forward", "a[:, :, t] = a_next", "a[:, :, t] = 2 * a_next"), ("rnn_cell_backward", "1 - a_next ** 2", "1 - a_next")),
    (("rnn_forward", "a_next = a0", "a_next = -a0"), ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")),
    (("rnn_cell_backward", "1 - a_next ** 2", "1 + a_next ** 2"), ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t] - da_prevt")),
]


def walks_of(tables: Tables, notebook: Notebook, number: int) -> Trajectories:
    """The walks for what is printed with two of the mistakes."""
    text = notebook.printed(CHECK, *MISTAKES[number])
    target = Target(read_text(text, "post").blocks[0])
    return Trajectories(Hypotheses(tables.of(CHECK), target), (), Trail(left=1_000_000))


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_the_same_is_found(tables: Tables, notebook: Notebook, number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the forward passes, edited cells and loops of each stage, sorted in one stretch or in many."""
    monkeypatch.setattr(first_calls, "TOGETHER", 1000)
    monkeypatch.setattr(tables, "store", Store(tmp_path))
    walks = walks_of(tables, notebook, number)
    hypotheses, passes = walks.hypotheses, tables.of(CHECK).passes
    for cells, tree in (
        (RIGHT_CELL, hypotheses.single),
        (walks.cells, hypotheses.from_right),
    ):
        looked_up = walks.with_forward(cells, tree, "both", passes, kept="kept")
        assert looked_up == walks.with_forward(cells, tree, "both", passes)
        for file in tmp_path.rglob("*.npy"):
            file.unlink()
    looked_up = walks.with_cells(walks.own_context, walks.cells, hypotheses.early_single, "one in the cell", kept="kept")
    assert looked_up == walks.with_cells(walks.own_context, walks.cells, hypotheses.early_single, "one in the cell")
    assert list(tmp_path.rglob("*.npy"))


def test_kept_numbers_are_read_or_made_anew(tables: Tables, notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is cut off, of another shape or no array is made anew; one that was overwritten in places tells nothing wrong."""
    monkeypatch.setattr(tables, "store", Store(tmp_path))
    walks = walks_of(tables, notebook, 0)
    stage = walks.cells, walks.hypotheses.from_right, "both", tables.of(CHECK).passes
    right = walks.with_forward(*stage, kept="kept")
    assert right
    (file,) = tmp_path.rglob("*.npy")
    whole = file.read_bytes()

    def not_needed(_: FirstCalls) -> None:
        pytest.fail("made though it is there")

    with monkeypatch.context() as patched:
        patched.setattr(FirstCalls, "computed", not_needed)
        assert walks.with_forward(*stage, kept="kept") == right
    for damaged in (b"", b"no array", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        assert walks.with_forward(*stage, kept="kept") == right
        assert file.read_bytes() == whole
    np.save(file, np.zeros(3, np.uint32))
    assert walks.with_forward(*stage, kept="kept") == right
    file.write_bytes(whole[:200] + b"\xff" * (len(whole) - 200))
    assert set(walks.with_forward(*stage, kept="kept")) <= set(right)


def test_without_a_folder_all_is_computed(tables: Tables, notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, the same is found."""
    monkeypatch.setattr(tables, "store", Store(None))
    walks = walks_of(tables, notebook, 0)
    stage = walks.cells, walks.hypotheses.from_right, "both", tables.of(CHECK).passes
    assert walks.with_forward(*stage, kept="kept") == walks.with_forward(*stage)
