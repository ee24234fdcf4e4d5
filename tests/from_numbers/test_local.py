"""Mistakes that show in one gradient alone: what is kept of one program serves no other one wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_numbers.local import replay
from whygrad.from_numbers.local.mistakes import Locals
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.last import Last
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Notebook

    from whygrad.from_numbers.local.replay import LoopSum
    from whygrad.from_numbers.tables.tables import CheckTables, Tables


@pytest.fixture
def table(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> CheckTables:
    """The sequence's tables, which know nothing yet of how loops add up."""
    forget_known_weights(monkeypatch)
    return tables.of("lstm_backward")


def forget_known_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be known of how loops add up."""
    fresh: Last[LoopSum | None] = Last(1000)
    monkeypatch.setattr(replay, "known_weights", lambda _: fresh)


def looked_for(table: CheckTables, target: Target, function: str, line: str) -> int:
    """How many candidates for da0 are tried beside the edit that makes this line."""
    edits = tuple(edit for edit in table.variants.of_function(function) if edit.lines[0][2].strip() == line)[:1]
    assert edits
    record = Program(table.assignment, edits).record(table.check)
    assert record is not None
    local = Locals(table, edits, record)
    local.options("da0", target)
    return local.tried


@pytest.mark.parametrize(
    ("function", "line"),
    [
        # where a0 is zero, lines that read it are plain sums
        ("lstm_forward", "a_next = np.zeros_like(a0)"),
        # an edited line cannot be edited once more: edits that cannot be made together are no loop
        ("lstm_backward", "da_prevt = gradients['da_prev'] / m"),
    ],
)
def test_a_search_changes_no_later_one(
    table: CheckTables, notebook: Notebook, monkeypatch: pytest.MonkeyPatch, function: str, line: str
) -> None:
    """How a loop adds up is kept for all programs with it: what it was found beside must not matter."""
    printed = notebook.printed("lstm_backward").replace('da0"][2][3] = ', 'da0"][2][3] = 1')
    target = Target(read_text(printed, "a post").blocks[0])
    usual = "lstm_forward", "c_next = c[:, :, 0]"
    alone = looked_for(table, target, *usual)
    forget_known_weights(monkeypatch)
    looked_for(table, target, function, line)
    assert looked_for(table, target, *usual) == alone
