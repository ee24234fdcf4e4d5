"""A loop that is not run again gives what it gives when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.from_numbers.local.replay import Replay
from whygrad.from_numbers.programs.edited import Program

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import CheckTables, Tables
    from whygrad.mistakes import Edit


def replay_of(table: CheckTables, *edits: Edit) -> Replay:
    """The loop of a program with these edits."""
    record = Program(table.assignment, edits).record(table.check, copied=True)
    assert record is not None
    return Replay(table, edits, record)


def edit_of(table: CheckTables, line: str) -> Edit:
    """The edit of the sequence function that makes this line."""
    return next(edit for edit in table.variants.of_function(table.check) if edit.lines[0][2].strip() == line)


def same(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether both raise, or give the same gradients."""
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


@pytest.mark.parametrize("check", ["lstm_backward", "rnn_backward"])
def test_an_edit_behind_the_loop(tables: Tables, check: str) -> None:
    """Every edit of the lines behind the loop, also those that write into what the loop made, and those that raise."""
    table = tables.of(check)
    lines = table.assignment.functions[check]
    last = max(number for number, line in enumerate(lines) if line.startswith("        "))
    edits = [edit for edit in table.variants.of_function(check) if all(line[0] == check and line[1] > last for line in edit.lines)]
    assert len(edits) > 20
    replay = replay_of(table)
    for edit in edits:
        assert same(replay.with_edit(edit), replay.run((edit,), replay.returned)), edit.lines
    assert same(replay.run((), replay.returned), table.right.gradients)


@pytest.mark.parametrize(
    "loop",
    ["", "dbf = dbf + dbf", "dbf = gradients['dbf']", "dbf = dbf - gradients['dbf']", "dbf = dbf + gradients['dbi']"],
    ids=["as it is", "itself", "the last one", "subtracted", "another's"],
)
@pytest.mark.parametrize("shape", [(), (1,), (5,), (1, 1), (5, 5), (1, 10), (3, 10), (5, 1)])
def test_gradients_of_another_shape(tables: Tables, loop: str, shape: tuple[int, ...]) -> None:
    """What a loop makes of gradients of any shape is what it gives when it is run on them, also where it raises."""
    table = tables.of("lstm_backward")
    replay = replay_of(table, *([edit_of(table, loop)] if loop else []))
    stream = np.random.RandomState(3)
    values = [stream.normal(size=shape) for _ in replay.returned]
    found = replay.of_values("dbf", values)
    run = replay.run((), [{**call, "dbf": value} for call, value in zip(replay.returned, values, strict=True)])
    if run is None:
        assert found is None
    else:
        assert found is not None
        assert np.shape(found["dbf"]) == np.shape(run["dbf"])
        assert np.allclose(found["dbf"], run["dbf"], 1e-13, 1e-13)


@pytest.mark.parametrize("check", ["lstm_backward", "rnn_backward"])
def test_how_an_edited_loop_adds_up(tables: Tables, check: str) -> None:
    """Under every edit of the loop that has weights alone, a run on other gradients gives just that sum; hundreds have."""
    table = tables.of(check)
    replay = replay_of(table)
    stream = np.random.RandomState(5)
    given = [{name: stream.normal(size=np.shape(value)) for name, value in call.items()} for call in replay.returned]
    summed = 0
    for edit in table.variants.of_function(check):
        for name in [name for name in table.right.gradients if name in given[0]]:
            how = replay.weights((edit,), name)
            if edit.function != check or how is None or not how.weights.size or not how.from_nothing:
                continue
            run = replay.run((edit,), [{key: np.array(value) for key, value in call.items()} for call in given])
            if run is not None:
                wanted = sum(weight * call[name] for weight, call in zip(how.weights, given, strict=True))
                assert np.allclose(run[name], wanted, 1e-9, 1e-9), (edit.lines, name)
                summed += 1
    assert summed > 500
