"""Three short cuts print what the program prints: the cell computed again, thousands of cells side by side, the walk through time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.loops.tree import Tree
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.contexts import Handed, contexts_of
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.side_by_side.columns import Cell, walk
from whygrad.from_numbers.tables.singles import line_texts
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.time_walk import TimeWalk
from whygrad.from_numbers.walks.trajectories import Trajectories
from whygrad.read import read_text
from whygrad.records import Block, Number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Notebook
    from numpy.typing import ArrayLike, NDArray

    from whygrad.from_numbers.tables.tables import CheckTables, Tables
    from whygrad.mistakes import Edit

CARRIES = (("da_next", "da_prev"), ("dc_next", "dc_prev"))
LOOPS = ("rnn_backward", "lstm_backward")
CELLS = ("rnn_cell_backward", "lstm_cell_backward")


def cell_edits(tables: Tables, check: str, many: int, seed: int) -> list[tuple[Edit, ...]]:
    """Edits of the backward cell's equations: alone, and the same slip in several of them."""
    table = tables.of(check)
    alone = [(edit,) for edit in tables.variants.of_function(table.cell)]
    found = [edits for edits in (*alone, *tables.variants.groups(table.cell)) if line_texts(edits, table.cell, table.equations)]
    return random.Random(seed).sample(found, many)


def cell_of(table: CheckTables) -> Cell:
    """The cell with the outputs that the loop hands on."""
    outputs = tuple(name for name in ("dxt", "da_prev", "dc_prev") if name in table.right.calls[0])
    return Cell(SEQUENCE_MODELS.functions[table.cell], frozenset(SEQUENCE_MODELS.vocabulary.words), outputs, table.right)


def same(one: ArrayLike, other: ArrayLike) -> bool:
    """Equal but for rounding; a NaN is a NaN."""
    return np.shape(one) == np.shape(other) and np.allclose(
        np.asarray(one, float), np.asarray(other, float), rtol=1e-9, atol=1e-12, equal_nan=True
    )


@pytest.mark.parametrize("check", CELLS)
def test_the_cell_computed_again_is_the_edited_cell(tables: Tables, check: str) -> None:
    """Evaluating only what depends on an edited equation gives every gradient of the edited program, and fails where that fails."""
    table = tables.of(check)
    ran = 0
    for edits in cell_edits(tables, check, 100, seed=1):
        real = Program(SEQUENCE_MODELS, edits).run(check)
        with np.errstate(all="ignore"):
            short = table.again.call(0, dict(line_texts(edits, table.cell, table.equations)))
        if real is None or short is None:
            assert real is None, edits
            assert short is None, edits
            continue
        ran += 1
        assert all(same(short[name], value) for name, value in real.items()), edits
    assert ran > 60


@pytest.mark.parametrize("check", LOOPS)
def test_all_calls_computed_again_are_those_of_the_edited_program(tables: Tables, check: str) -> None:
    """The right loop around an edited cell: each call is given what the edited call before returned."""
    table = tables.of(check)
    outputs = ("dxt", *table.forms.outputs)
    ran = 0
    for edits in cell_edits(tables, check, 50, seed=2):
        real = Program(SEQUENCE_MODELS, edits).record(check)
        short = table.again.sequence(dict(line_texts(edits, table.cell, table.equations)), CARRIES[: len(outputs) - 1])
        if short is None or real is None:
            continue  # carries of another shape are left to the program itself
        ran += 1
        for mine, call in zip(short, real.calls, strict=True):
            assert all(same(mine[name], call[name]) for name in outputs), edits
    assert ran > 20


@pytest.mark.parametrize("check", LOOPS)
def test_cells_side_by_side_are_the_cells_alone(tables: Tables, check: str) -> None:
    """A hypothesis in columns of its own computes, at every step, what its program computes there.

    What a wrong key holds is not looked at: the program's record has what its lines compute, and not what it returns.
    """
    table = tables.of(check)
    cell = cell_of(table)
    columns = [2, 3]
    made = [edits for edits in cell_edits(tables, check, 90, seed=3) if edits[0].operator != "returned-wrong"]
    hypotheses = [(edits, line_texts(edits, table.cell, table.equations)) for edits in made]
    fitting = [(edits, cell.sized(texts)) for edits, texts in hypotheses if cell.columnwise(texts)]
    assert len(fitting) > 5
    calls = list(walk(cell, [texts for _, texts in fitting], columns))
    for place, (edits, _) in enumerate(fitting):
        record = Program(SEQUENCE_MODELS, edits).record(check)
        assert record is not None
        for number, call in enumerate(record.calls):
            assert all(same(calls[number][name][place], call[name][:, columns]) for name in cell.outputs), edits


@pytest.mark.parametrize("check", LOOPS)
def test_what_mixes_examples_is_seen(tables: Tables, check: str) -> None:
    """A formula counts as treating each example alone only if a batch of two gives the first two columns of the whole."""
    table = tables.of(check)
    cell = cell_of(table)
    line, name = next((number, target) for number, target in cell.targets.items() if target in {"dtanh", "dit"})
    right = {target: text for _, target, text in cell.lines}[name]
    assert cell.columnwise(((line, right),))
    assert cell.columnwise(((line, f"2 * ({right})"),))
    assert not cell.columnwise(((line, f"({right}) - np.mean({right}, axis=1, keepdims=True)"),))
    assert not cell.columnwise(((line, f"({right})[:, :1]"),))


def loops_of(table: CheckTables, many: int, dice: random.Random) -> list[tuple[Any, tuple[Edit, ...]]]:
    """The right loop and some wrong ones that store every step of dx; the search leaves out the others before it walks."""
    whole = [(form, edits) for form, edits in table.loops if {step for call in form for step, _ in call.stored} >= {0, 1, 2, 3}]
    return [(table.forms.of(()), ()), *dice.sample(whole, many)]


def printed_dx(table: CheckTables, edits: Sequence[Edit]) -> NDArray[Any] | None:
    """The four printed numbers of dx; None where the program raises."""
    gradients = Program(SEQUENCE_MODELS, edits).run(table.check)
    return None if gradients is None else gradients["dx"][1, 2]


@pytest.mark.parametrize("check", LOOPS)
def test_the_walk_finds_all_that_print_so_and_nothing_else(tables: Tables, check: str) -> None:
    """Over a small world of forward passes, cells and loops the walk returns exactly the programs that print the same dx when run."""
    table = tables.of(check)
    dice = random.Random(4)
    cell = cell_of(table)
    edits_of_cells = [
        edits for edits in cell_edits(tables, check, 60, seed=4) if cell.columnwise(line_texts(edits, table.cell, table.equations))
    ][:5]
    cells = [((), ()), *((cell.sized(line_texts(edits, table.cell, table.equations)), edits) for edits in edits_of_cells)]
    loops = loops_of(table, 6, dice)
    passes = [0, *dice.sample(range(1, len(table.passes.rows)), 3)]
    records = [Program(SEQUENCE_MODELS, table.passes.rows[number]).record(check) for number in passes]
    contexts = contexts_of([Handed.by(record) for record in records if record], table.forms.fields, [table.column], table.forms.caches)
    everything = {
        (at, number, loop): printed_dx(table, (*table.passes.rows[passes[at]], *cells[number][1], *loop))
        for at in range(len(passes))
        for number in range(len(cells))
        for _, loop in loops
    }
    for truth in dice.sample([key for key, dx in everything.items() if dx is not None and np.isfinite(dx).all()], 6):
        dx = everything[truth]
        assert dx is not None
        numbers = tuple(Number("dx", (1, 2, step), repr(float(value)), float(value), float(value)) for step, value in enumerate(dx))
        target = Target(Block(check, numbers))
        found = TimeWalk(cell, table.forms.arguments, contexts, target, 1, 0).search(
            np.arange(len(passes)), [texts for texts, _ in cells], Tree(loops)
        )
        assert truth in found
        assert {*found} == {key for key, other in everything.items() if other is not None and target.hit(other).all()}


def test_a_loop_that_asks_for_a_cache_which_a_short_forward_pass_lacks(tables: Tables, notebook: Notebook) -> None:
    """The walk goes on with NaN there, and no program is found."""
    table = tables.of("lstm_backward")
    short = next(edit for edit in table.variants.of_function("lstm_forward") if "range(T_x - 1)" in edit.lines[0][2])
    target = Target(read_text(notebook.printed("lstm_backward"), "a post").blocks[0])
    walks = Trajectories(Hypotheses(table, target), (short,), Trail())
    assert walks.record is not None
    assert len(walks.record.arguments[1][0]) < table.forms.caches
    assert walks.loops_alone(walks.hypotheses.single, "mistakes in the loop") == []
