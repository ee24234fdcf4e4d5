"""What a loop hands to its cell is the same whether it is run as a whole or evaluated on the variables of another's run."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.from_numbers.loops.forms import Forms
from whygrad.from_numbers.loops.handed_over import HandedOver, Handing

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit

LINE = "        gradients = cell(da[:, :, t] + da_prevt, caches[t])"


def handed_over() -> HandedOver:
    """Of a line; all that is known of an argument is its sum."""
    return HandedOver(LINE, "cell", {"np": np}, (), (np.sum, np.sum))


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
def test_as_run_whole(tables: Tables, check: str) -> None:
    """Pairs of which one edits the call, and some of which both do."""
    table = tables.of(check)
    loop = table.variants.of_function(check)
    calls = [edit for edit in loop if "_cell_backward(" in edit.lines[0][2] and "t]" in edit.lines[0][2]]
    pairs = [pair for pair in product(calls, loop) if pair[0] is not pair[1]]
    forms, whole = (Forms(table.assignment, check, table.right.arguments[0].shape, table.forms.caches) for _ in range(2))
    some: list[tuple[Edit, ...]] = random.Random(7).sample(pairs, 700)
    found = [forms.of(edits) for edits in some]
    assert found == [whole.with_further(edits) if {line[0] for edit in edits for line in edit.lines} == {check} else None for edits in some]
    assert sum(form is not None for form in found) > len(some) / 8


def test_variables_stay_as_they_were() -> None:
    """Whatever is written into them later; and equal ones are one object."""
    over = handed_over()
    held: dict[str, Any] = {
        "a": np.zeros((2, 2)),
        "b": np.zeros((2, 2)),
        "c": [np.ones(1), (1, np.ones(1))],
        "d": {"e": np.ones(1)},
        "n": 3,
    }
    before = over.variables(held)
    for array in (held["a"], held["c"][0], held["c"][1][1], held["d"]["e"]):
        array[:] = 2.0
    held["c"].append(7)
    assert before["a"] is before["b"]
    assert before["c"][0] is before["c"][1][1] is before["d"]["e"]
    assert not before["a"].any()
    assert before["c"] == [1.0, (1, 1.0)]
    assert before["d"] == {"e": 1.0}
    assert over.variables(held)["a"] is not before["a"]


def test_the_edited_arguments_alone() -> None:
    """On what the variables were; a call that another line makes stays as it is."""
    over = handed_over()
    new = over.changed(LINE.replace("da_prevt", "2 * da_prevt"))
    assert new == {0: "da[:, :, t] + 2 * da_prevt"}
    env = over.variables({"da": np.ones((2, 3, 4)), "da_prevt": np.full((2, 3), 2.0), "t": 1})
    assert over.otherwise(Handing(env, (18.0, "cache")), new) == [30.0, "cache"]
    assert over.otherwise(Handing(None, (18.0, "cache")), new) == (18.0, "cache")
    assert over.changed(LINE) == {}


@pytest.mark.parametrize(
    "line",
    [
        "        other = cell(da[:, :, t] + da_prevt, caches[t])",
        "        gradients = cell(da[:, :, t] + da_prevt)",
        "        gradients = cell(da[:, :, t] + da_prevt, caches.pop())",
        "        gradients = cell(da[:, :, t] + (da_prevt := 0), caches[t])",
        "        gradients = cell(np.add(da[:, :, t], da_prevt, out=da_prevt), caches[t])",
        "        gradients = cell(cell(da[:, :, t], caches[t])['da_prev'], caches[t])",
        "        gradients = cell(da[:, :, t] + da_prevt, caches[t])\n        da_prevt = 0",
        "        gradients = None",
    ],
)
def test_a_line_that_does_more_is_not_taken(line: str) -> None:
    """It binds another name, writes into something, or calls the cell twice."""
    assert handed_over().changed(line) is None
