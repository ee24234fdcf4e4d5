"""What is looked up, or computed for many programs at once, is what each program computes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.cell.lookup import Lookup
from whygrad.from_numbers.loops.forms import Forms
from whygrad.from_numbers.loops.tree import Tree
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.side_by_side.stack import Stack
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.mixing import mixed_entries
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

SLIPS: dict[str, Change] = {
    "rnn_cell_backward": ("rnn_cell_backward", "dba = np.sum(dtanh", "dba = np.mean(dtanh"),
    "lstm_cell_backward": ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"),
}


def target_of(text: str) -> Target:
    """The numbers of the only block of a text."""
    return Target(read_text(text, "a test").blocks[0])


@pytest.mark.parametrize("check", SLIPS)
def test_edits_that_are_looked_up_give_the_numbers_when_they_are_run(notebook: Notebook, tables: Tables, check: str) -> None:
    """For each gradient and line: exactly those edits of it under which all of its printed numbers agree."""
    target = target_of(notebook.printed(check, SLIPS[check]))
    table = tables.of(check)
    lookup = Lookup(table, target)
    assert lookup.known.all()
    found = 0
    for line, name in table.equations.items():
        places = target.of(name)
        if not places:
            continue
        giving = []
        for edit in tables.variants.of_line(check, line):
            gradients = Program(tables.assignment, (edit,)).run(check)
            if gradients is not None and target.hit(target.values(gradients))[places].all():
                giving.append(edit)
        assert {id(edit) for edit in lookup.edits([line], [places])} == {id(edit) for edit in giving}
        found += len(giving)
    assert found


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
def test_formulas_that_mix_examples_are_computed_for_many_programs_at_once(notebook: Notebook, tables: Tables, check: str) -> None:
    """Each program of a stack gets the entry of dxt that the edited cell computes for it alone."""
    table = tables.of(check)
    hypotheses = Hypotheses(table, target_of(notebook.printed(check)))
    cell = hypotheses.cell_of((), table.right)
    given = {
        name: [call[name] for call in table.right.calls] for name in cell.wide if name in {*table.forms.arguments, *table.forms.fields}
    }
    stacks = {name: np.stack(values).view(Stack) for name, values in given.items()}
    mixing = [texts for texts, _ in hypotheses.cells.mixing][::7]
    assert mixing
    with np.errstate(all="ignore"):
        for texts, together in zip(mixing, mixed_entries(cell, stacks, mixing, (1, 2)), strict=True):
            alone = [
                cell.run({name: values[call] for name, values in given.items()}, cell.edited([(slice(None), texts)]))["dxt"][1, 2]
                for call in range(len(table.right.calls))
            ]
            assert together is not None
            np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-12)


def test_equal_calls_are_one_node_of_the_tree_even_if_they_are_different_objects(tables: Tables) -> None:
    """A tree made of forms that were computed twice is the tree of each once."""
    table = tables.of("rnn_backward")
    again = Forms(tables.assignment, "rnn_backward", table.right.arguments[0].shape, table.forms.caches)
    edits = [edits for _, edits in table.loops[:20]]
    once = [(form, some) for some in edits if (form := table.forms.of(some)) is not None]
    twice = [*once, *((form, some) for some in edits if (form := again.of(some)) is not None)]
    assert len(Tree(twice).cache) == len(Tree(once).cache) > len(once)
