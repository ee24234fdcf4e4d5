"""What is computed for many calls or programs at once is what each gives by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.cell.before import before_of
from whygrad.from_numbers.cell.chunks import chunks, run
from whygrad.from_numbers.cell.screening import Screening
from whygrad.from_numbers.cell.shared_edits import LIKELIEST, SharedEdits, with_right_equations
from whygrad.from_numbers.local.all_calls import AllCalls
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.edited import Program
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

LB, LCB, LCF = "lstm_backward", "lstm_cell_backward", "lstm_cell_forward"
RCB = "rnn_cell_backward"
BEFORE: Change = (LCF, "ft * c_prev + it * cct", "ft * c_prev + cct")
SHARED: Change = (LCB, "(1 - np.tanh(c_next) ** 2)", "np.tanh(c_next) ** 2")


@pytest.mark.parametrize("line", ["dWf", "dbf", "dxt", "da_prev"])
def test_every_call_of_a_run_at_once(tables: Tables, line: str) -> None:
    """Each edit of an equation that is computed at once gives in every call the entry that it gives there alone."""
    record = tables.of(LB).right
    calls, computed = AllCalls(record), 0
    number = next(number for number, text in enumerate(tables.assignment.functions[LCB]) if text.startswith(f"    {line} = "))
    for edit in tables.variants.of_line(LCB, number):
        values = calls.entries(edit.formula, [(2, 0)], None)
        if values is not None:
            alone = [entry({"": record.evaluate(edit.formula, call)}, "", (2, 0)) for call in range(len(record.calls))]
            np.testing.assert_allclose(values[:, 0], alone, rtol=1e-12, atol=1e-13)
            computed += 1
    assert computed > 30


@pytest.mark.parametrize("text", ["dft.sum(axis=1)", "len(dft) * dft", "dft + no_such_name", "np.sum(dft)", "Wf"])
def test_what_would_take_the_calls_for_rows_is_left_to_each_call(tables: Tables, text: str) -> None:
    """Methods, sums to a single number, and what is the same in all calls."""
    assert AllCalls(tables.of(LB).right).entries(text, [(0, 0)], None) is None


def test_a_place_that_a_matrix_does_not_have_is_left_to_each_call(tables: Tables) -> None:
    """Also where the matrix has another shape than it should."""
    calls = AllCalls(tables.of(LB).right)
    assert calls.entries("dft", [(99, 0)], None) is None
    assert calls.entries("dft", [(0,)], None) is None
    assert calls.entries("dft", [(0, 0)], (5, 8)) is None


def test_edits_of_what_is_shared_are_kept_as_they_are_computed(tables: Tables, notebook: Notebook) -> None:
    """The same options for the likeliest mistakes before the cell, looked up or computed; the true pair is among them."""
    check, target = tables.of(LCB), Target(read_text(notebook.printed(LCB, BEFORE, SHARED), "a post").blocks[0])
    screening = Screening(check, target, Trail())
    shared = SharedEdits(check, target, screening.texts, screening.right, Trail())
    beginning, found = before_of(check), set[str]()
    for number, chunk in enumerate(run(beginning, beginning.alone)):
        which = np.flatnonzero(chunk.at < LIKELIEST)
        values, hits = with_right_equations(chunk, screening.texts), np.zeros((len(chunk.at), len(target)), bool)
        looked_up = shared.options(chunk, values, hits, which, number)
        assert looked_up == shared.options(chunk, values, hits, which, None)
        for place, options in looked_up.items():
            before = [edit for slip in beginning.alone.of(int(chunk.at[place])) for edit in slip.edits]
            for option in options.values():
                gradients = Program(tables.assignment, (*before, option.edit)).run(LCB)
                assert gradients is not None
                assert target.hit(target.values(gradients)).sum() >= option.more
                found.add(option.edit.formula)
    assert any("np.tanh(c_next) ** 2" in formula and "1 - np.tanh" not in formula for formula in found)


def test_one_example_shows_which_programs_print_a_number_with_an_edit(tables: Tables, notebook: Notebook) -> None:
    """Of likely pairs before an RNN's cell: those in which an edit of its shared equation, run alone, prints that entry of dxt."""
    check = tables.of(RCB)
    programs, true = before_of(check).all_pairs.some(np.arange(1000)), 500
    pair = [edit for slip in programs.of(true) for edit in slip.edits]
    edits = tables.variants.of_line(RCB, check.again.equations[0][0])
    wrong = next(edit for edit in edits if "(1 - a_next) *" in edit.formula)
    gradients = Program(tables.assignment, (*pair, wrong)).run(RCB)
    assert gradients is not None
    target = Target(read_text(notebook.lines(RCB, gradients), "a post").blocks[0])
    screening = Screening(check, target, Trail())
    name, (_, column) = screening.shared.of_one_example["dtanh"]
    place = target.of(name)[0]
    found: set[int] = set()
    for chunk in chunks(before_of(check), programs, [column]):
        found |= set(chunk.at[screening.shared.giving(chunk, with_right_equations(chunk, screening.texts), [column])].tolist())
    assert true in found
    assert len(found) < 200
    for at in (true, *sorted(found)[:3], *(one for one in range(3) if one not in found)):
        before = tuple(edit for slip in programs.of(at) for edit in slip.edits)
        runs = (Program(tables.assignment, (*before, edit)).run(RCB) for edit in edits)
        assert any(run is not None and target.hit(target.values(run))[place] for run in runs) <= (at in found)
