"""A check run only from its backward function on computes what the whole check computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.edited import Program
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import Tables


def same(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether two runs returned the same, bit for bit, or both raised."""
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


@pytest.mark.parametrize("check", list(SEQUENCE_MODELS.printed))
def test_it_is_what_the_whole_check_computes(tables: Tables, check: str) -> None:
    """Edits of every function, the check's own lines among them."""
    table = tables.of(check)
    edits = [edit for name in (*table.chain, f"{check}_check") for edit in table.variants.of_function(name)[::29]]
    for edit in edits:
        assert same(table.run((edit,)), Program(table.assignment, (edit,)).run(check)), edit.lines


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
@pytest.mark.parametrize("more", ["gradients['da_prev'] *= 2", "gradients['da_prev'] = 2 * gradients['da_prev']", "caches[t] = caches[0]"])
def test_what_a_loop_does_to_what_the_cell_returned_changes_no_later_run(tables: Tables, check: str, more: str) -> None:
    """What the right cell returns is kept for every run that calls it with the same arguments."""
    table = tables.of(check)
    lines = table.assignment.functions[check]
    number = next(at for at, line in enumerate(lines) if "gradients = " in line)
    edit = Edit("", check, "", ((check, number, f"{lines[number]}\n        {more}"),), "")
    again = Edit("", check, "", ((check, number, f"{lines[number]}\n        pass"),), "")
    for one in (edit, again, edit, again):
        assert same(table.run((one,)), Program(table.assignment, (one,)).run(check))


@pytest.mark.parametrize("text", ["    caches, x = caches\n    caches[-1][0][:] = 0", "    caches, x = caches\n    da *= 2"])
def test_what_writes_into_its_arguments_changes_no_later_run(tables: Tables, text: str) -> None:
    """What the right forward pass hands on is kept for every run."""
    table = tables.of("rnn_backward")
    edit = Edit("", "rnn_backward", "", (("rnn_backward", 1, text),), "")
    right = table.run(())
    changed = table.run((edit,))
    assert same(changed, Program(table.assignment, (edit,)).run("rnn_backward"))
    assert not same(changed, right)
    assert same(table.run(()), right)
