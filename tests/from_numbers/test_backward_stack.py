"""Edited backward cells computed side by side print what each of their programs does when it is computed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.variants import Variants
from whygrad.from_numbers.side_by_side.backward_stack import BackwardStack
from whygrad.from_numbers.tables.singles import entries_of, line_texts, wide_edit

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import CheckTables, Tables

VARIANTS = Variants(SEQUENCE_MODELS)


def entry_of(value: object, index: tuple[int, ...]) -> float:
    """One entry of an array."""
    return float(np.asarray(value)[index])


def stack_of(table: CheckTables) -> tuple[BackwardStack, list[tuple[str, tuple[int, ...]]]]:
    """The backward cell of a check side by side, and what the check prints."""
    entries = entries_of(SEQUENCE_MODELS, table.check, table.right)
    right = np.array([entry_of(table.right.gradients[name], index) for name, index in entries])
    return BackwardStack(SEQUENCE_MODELS.functions[table.cell], table.again, entries, right, carries_of(table)), entries


def carries_of(table: CheckTables) -> list[tuple[str, str]]:
    """What the loop hands on from call to call; nothing where there is none."""
    pairs = [("da_next", "da_prev"), ("dc_next", "dc_prev")]
    return pairs[: len(SEQUENCE_MODELS.arguments(table.cell)) - 1] if table.sequence else []


@pytest.mark.parametrize("check", ["rnn_cell_backward", "rnn_backward", "lstm_cell_backward", "lstm_backward"])
def test_each_prints_what_it_does_alone(tables: Tables, check: str) -> None:
    """Mistakes in one equation and in several, bit for bit; few of them have to be computed alone, those of other shapes."""
    table = tables.of(check)
    stack, entries = stack_of(table)
    edits = [(edit,) for edit in VARIANTS.of_function(table.cell)[::9]] + VARIANTS.groups(table.cell)[::9]
    wide = [some for some in edits if all(wide_edit(VARIANTS, check, edit) for edit in some)]
    texts = {place: dict(line_texts(some, table.cell, table.equations)) for place, some in enumerate(wide)}
    texts = {place: own for place, own in texts.items() if own}
    rows = stack.rows(texts)
    assert len(rows) > 0.8 * len(texts)
    for place, row in rows.items():
        if not table.sequence:
            env = table.again.call(0, texts[place])
            assert (row is None) == (env is None)
            assert env is None or np.array_equal(row, [entry_of(env[name], index) for name, index in entries], equal_nan=True)
            continue
        calls = table.again.sequence(texts[place], carries_of(table))
        assert (row is None) == (calls is None)
        if calls is not None:
            (_, (at, column, _)), index = entries[0], next(own for name, own in entries if name == "da0")
            wanted = [*(entry_of(env["dxt"], (at, column)) for env in reversed(calls)), entry_of(calls[-1]["da_prev"], index)]
            assert np.array_equal(row[: len(wanted)], wanted, equal_nan=True)
            assert np.isnan(row[len(wanted) :]).all()


def test_what_has_to_be_computed_alone(tables: Tables) -> None:
    """An equation of another shape; one that raises prints nothing, one that reads what comes later gets what is right there."""
    table = tables.of("lstm_cell_backward")
    stack, _ = stack_of(table)
    line = {target: number for number, target in table.equations.items()}
    texts = {
        0: {line["dc"]: "dc_next + dft"},
        1: {line["dft"]: "np.sum(dc * c_prev * ft * (1 - ft), axis=1, keepdims=True)"},
        2: {line["dft"]: "dc * c_prev * xt"},
        3: {line["dft"]: "dc * c_prev", line["dit"]: "dc * xt"},
        4: {line["dft"]: "dc * c_prev"},
        5: {line["dft"]: "dc * (c_prev"},
    }
    rows = stack.rows(texts)
    assert sorted(rows) == [0, 2, 3, 4, 5]
    assert rows[0] is not None
    assert rows[2] is None
    assert rows[3] is None
    assert rows[5] is None
    assert rows[4] is not None
