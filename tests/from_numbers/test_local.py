"""Mistakes that show in one gradient alone: what is kept of one program serves no other one wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.edited import Program
from whygrad.from_numbers.last import Last
from whygrad.from_numbers.local import Locals
from whygrad.from_numbers.numbers import Target
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Notebook

    from whygrad.from_numbers.tables import CheckTables, Tables


def looked_for(table: CheckTables, target: Target, line: str) -> int:
    """How many candidates for da0 are tried beside the edit that makes this line of the forward pass."""
    edits = tuple(edit for edit in table.variants.of_function("lstm_forward") if edit.lines[0][2].strip() == line)[:1]
    record = Program(table.assignment, edits).record(table.check)
    assert record is not None
    local = Locals(table, edits, record)
    local.options("da0", target)
    return local.tried


def test_a_program_without_an_initial_state_changes_no_later_search(tables: Tables, notebook: Notebook) -> None:
    """Where a0 is zero, it makes a plain sum of lines that are none elsewhere; how a loop adds up is kept for all programs with it."""
    table = tables.of("lstm_backward")
    target = Target(read_text(notebook.printed("lstm_backward").replace('da0"][2][3] = ', 'da0"][2][3] = 1'), "a post").blocks[0])
    kept = table.loop_weights
    try:
        table.loop_weights = Last(1000)
        alone = looked_for(table, target, "c_next = c[:, :, 0]")
        table.loop_weights = Last(1000)
        looked_for(table, target, "a_next = np.zeros_like(a0)")
        assert looked_for(table, target, "c_next = c[:, :, 0]") == alone
    finally:
        table.loop_weights = kept
