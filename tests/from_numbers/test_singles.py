"""The table of single mistakes: every row is a program that prints just these numbers."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.tables.singles import wide_edit

if TYPE_CHECKING:
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit

CHECKS = tuple(SEQUENCE_MODELS.printed)


@pytest.mark.parametrize("check", CHECKS)
def test_a_row_is_what_its_program_prints(tables: Tables, check: str) -> None:
    """Of 150 random rows each holds, wherever it holds a number, the number that the edited program prints there."""
    singles = tables.of(check).singles
    asked = 0
    for row in random.Random(5).sample(range(len(singles.rows)), 150):
        gradients = Program(SEQUENCE_MODELS, singles.rows[row]).run(check)
        if gradients is None:
            continue  # see the next test
        real = np.array([entry(gradients, name, index) for name, index in singles.entries])
        held = ~np.isnan(singles.numbers[row])
        asked += held.sum()
        assert np.allclose(singles.numbers[row][held], real[held], rtol=1e-11, atol=1e-13), singles.rows[row]
    assert asked > 150 * 3


def test_a_row_has_a_program(tables: Tables) -> None:
    """No row stands for a program that raises."""
    singles = tables.of("lstm_cell_backward").singles
    for row in np.flatnonzero(singles.rows.within(["lstm_cell_backward"])):
        edits = singles.rows[row]
        if edits[0].operator == "kind-replaced":
            assert Program(SEQUENCE_MODELS, edits).run("lstm_cell_backward") is not None, edits


@pytest.mark.parametrize("check", CHECKS)
def test_no_single_mistake_is_left_out(tables: Tables, check: str) -> None:
    """Every edit has a row, unless its program raises, it changes one parameter's gradient alone, or the cell returns another shape."""
    wide = _wide(tables, check)
    known = _known(tables, check)
    for edit in random.Random(6).sample(wide, min(len(wide), 300)):
        if edit.lines not in known:
            record = Program(SEQUENCE_MODELS, (edit,)).record(check)
            assert record is None or _other_shape(record, tables.of(check).right), edit


def test_a_carry_that_is_broadcast_has_a_row(tables: Tables) -> None:
    """A da_prev of shape (1, 10) can be added to an upstream gradient of shape (5, 10): that program prints numbers."""
    (edit,) = [edit for edit in _wide(tables, "rnn_backward") if "da_prev = np.dot(dba.T, dtanh)" in edit.lines[0][2]]
    assert Program(SEQUENCE_MODELS, (edit,)).run("rnn_backward") is not None
    assert edit.lines in _known(tables, "rnn_backward")


def _wide(tables: Tables, check: str) -> list[Edit]:
    functions = (*SEQUENCE_MODELS.chain(check), f"{check}_check")
    return [edit for function in functions for edit in tables.variants.of_function(function) if wide_edit(tables.variants, check, edit)]


def _known(tables: Tables, check: str) -> set[tuple[tuple[str, int, str], ...]]:
    rows = tables.of(check).singles.rows
    return {edits[0].lines for edits in (rows[row] for row in range(len(rows))) if len(edits) == 1}


def _other_shape(record: Record, right: Record) -> bool:
    return any(
        np.shape(call[name]) != right.calls[0][name].shape
        for call in record.calls
        for name in ("dxt", "da_prev", "dc_prev")
        if name in call
    )


@pytest.mark.parametrize("check", CHECKS)
def test_the_right_program_is_no_row(tables: Tables, check: str) -> None:
    """No edit is the right line written again."""
    singles = tables.of(check).singles
    for row in random.Random(7).sample(range(len(singles.rows)), 200):
        for edit in singles.rows[row]:
            for function, number, text in edit.lines[:1]:
                assert text.replace(" ", "") != SEQUENCE_MODELS.functions[function][number].replace(" ", "") or len(edit.lines) > 1


@pytest.mark.parametrize("check", CHECKS)
def test_costs_are_finite_and_positive(tables: Tables, check: str) -> None:
    """Believing in a mistake always costs something, and never everything."""
    costs = tables.of(check).singles.costs
    assert np.isfinite(costs).all()
    assert (costs > 0).all()
