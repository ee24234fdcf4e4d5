"""Mistakes in what the gates share, where each gate has one of its own too, and one slip in all gates with another beside it in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.cell.gates import Gates
from whygrad.from_numbers.cell.one_reader import at_its_one_reader
from whygrad.from_numbers.cell.screening import Promising
from whygrad.from_numbers.cell.search import LEAST_BASES, CellSearch
from whygrad.from_numbers.cell.shared_and_own import shared_and_own
from whygrad.from_numbers.explain import _without_the_needless  # pyright: ignore[reportPrivateUsage]
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.tables import clock
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit

LCF, LCB = "lstm_cell_forward", "lstm_cell_backward"
TWICE_A_TANH: Change = (LCB, "da_next * ot * (1 - np.tanh(c_next) ** 2)", "da_next * ot * (1 - np.tanh(np.tanh(c_next)) ** 2)")
NO_SLOPE = [(LCB, f"* {gate} * (1 - {gate})", f"* {gate}") for gate in ("ft", "it", "ot")]
OWN_SLOPE: Change = (LCB, "(1 - cct ** 2)", "(1 - np.tanh(cct) ** 2)")
NOT_THROUGH_H: Change = (LCB, "dc_prev = dc * ft", "dc_prev = dc_next * ft")
SIGMOID_TWICE = [(LCB, f"* {gate} * (1 - {gate})", f"* sigmoid({gate}) * (1 - sigmoid({gate}))") for gate in ("ft", "it", "ot")]


def _gates(tables: Tables, text: str) -> Gates:
    check = tables.of(LCB)
    target = Target(read_text(text, "a post").blocks[0])
    return Gates(check, target, (), check.right, Trail(), None, thorough=False)


def _edits(tables: Tables, function: str, slip: str) -> list[Edit]:
    """The edits of a function that are this slip, one a line."""
    found: dict[int, Edit] = {}
    for edit in tables.variants.of_function(function):
        if edit.slip == slip:
            found.setdefault(edit.lines[0][1], edit)
    return list(found.values())


@pytest.fixture
def nothing_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes before the backward cell are not looked for: that takes the longest, and there are none."""
    monkeypatch.setattr(CellSearch, "_from_before", lambda _: None)


@pytest.mark.usefixtures("nothing_before")
def test_a_slip_that_no_number_shows_by_itself(notebook: Notebook, answer: Answer) -> None:
    """A tanh of a tanh in dc, of which each gate has a derivative of its own wrong, and dc_prev does not read it."""
    result = answer(notebook.printed(LCB, TWICE_A_TANH, *NO_SLOPE, OWN_SLOPE, NOT_THROUGH_H))
    assert (result.verdict, result.reproduced) == ("explained", 11)
    assert {(mistake.id, frozenset(mistake.quantity.replace(" and ", ", ").split(", "))) for mistake in result.mistakes} == {
        ("wrong-activation-derivative", frozenset({"dc"})),
        ("wrong-activation-derivative", frozenset({"dcct"})),
        ("factor-dropped", frozenset({"dft", "dit", "dot"})),
        ("term-dropped", frozenset({"dc_prev"})),
    }


@pytest.mark.usefixtures("nothing_before")
def test_one_slip_in_all_gates_is_told_once_beside_another_in_one(notebook: Notebook, answer: Answer) -> None:
    """One gate has the slip of its siblings and one more: three mistakes, and none that only undoes another's effect."""
    changes = [*SIGMOID_TWICE, (LCB, "dft = dc * c_prev", "dft = dc * c_next"), NOT_THROUGH_H]
    result = answer(notebook.printed(LCB, *changes))
    assert (result.verdict, result.reproduced) == ("explained", 11)
    assert sorted((mistake.id, len(mistake.quantity.replace(" and ", ", ").split(", "))) for mistake in result.mistakes) == [
        ("name-replaced", 1),
        ("term-dropped", 1),
        ("wrong-activation-derivative", 3),
    ]


def test_what_is_shared_is_found_by_what_each_gate_can_be(notebook: Notebook, tables: Tables) -> None:
    """The true slip comes first; where it stands alone, a single edit is enough and nothing is proposed."""
    first = shared_and_own(_gates(tables, notebook.printed(LCB, TWICE_A_TANH, *NO_SLOPE)))[0]
    assert "np.tanh(np.tanh(c_next))" in first.formula
    alone = [edit.formula for edit in shared_and_own(_gates(tables, notebook.printed(LCB, TWICE_A_TANH)))]
    assert not any("np.tanh(np.tanh(c_next))" in formula for formula in alone)


def test_an_edit_that_gives_what_is_right_is_no_mistake(notebook: Notebook, tables: Tables) -> None:
    """With a slip in dc, a candidate that is written out and cut off far above its entries is right: it may not be told."""
    check, base = tables.of(LCB), _edits(tables, LCB, "term-dropped: dc = dc_next")
    text = notebook.printed(LCB, NOT_THROUGH_H)
    target = Target(read_text(text, "a post").blocks[0])
    record = Program(tables.assignment, tuple(base)).record(LCB)
    assert record is not None
    gates = Gates(check, target, tuple(base), record, Trail(), None, thorough=False)
    assert gates.options(["dWc", "dbc"], "dcct", deep=False) == []


def test_what_one_equation_is_left_to_read_is_told_there(notebook: Notebook, tables: Tables) -> None:
    """Three write out what they share, with a slip: one more in that is one of the forget gate's line then, and prints the same."""
    others = _edits(tables, LCB, "wrong-activation-derivative: tanh of c_next: 1 - {t}")
    edits = tables.variants.of_function(LCB)
    shared = next(edit for edit in edits if (edit.operator, edit.quantity) == ("term-dropped", "dc"))
    written = [edit for edit in others if edit.quantity in {"dcct", "dit", "dc_prev"} and "dc " not in edit.formula]
    told = at_its_one_reader(notebook.assignment, (shared, *written))
    assert [edit.quantity for edit in told] == ["dft", *(edit.quantity for edit in written)]
    one, other = (tables.of(LCB).run(some) for some in (told, (shared, *written)))
    assert one is not None
    assert other is not None
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert at_its_one_reader(notebook.assignment, (shared, *written[1:])) == (shared, *written[1:]), "two read it"


def test_two_mistakes_that_undo_each_other_are_left_out(notebook: Notebook, tables: Tables) -> None:
    """A cache packed and taken apart in the same wrong order works, so beside two true mistakes both are needless."""
    packed, taken = (_edits(tables, function, "state-stored-wrong: a_next <-> c_next") for function in (LCF, LCB))
    true = [*_edits(tables, LCB, "kind-replaced: gate -> its gradient")[-1:], *_edits(tables, LCB, "term-dropped: dc = dc_next")]
    edits = (*packed, *taken, *true)
    text = notebook.lines(LCB, Program(tables.assignment, edits).run(LCB) or {})
    targets = [Target(read_text(text, "a post").blocks[0])]
    hits = [np.ones(len(targets[0]), bool)]
    left = _without_the_needless(tables, targets, [(edits, hits, 1.0)])[0][0]
    assert set(left) == set(true)


@pytest.mark.parametrize("seconds", [0.0, 10.0])
def test_bases_are_gone_on_from_as_long_as_there_is_time(
    monkeypatch: pytest.MonkeyPatch, notebook: Notebook, tables: Tables, seconds: float
) -> None:
    """Each costs a second: after the most telling the search is cut where time is up, and says so."""
    text = notebook.printed(LCB, TWICE_A_TANH, NOT_THROUGH_H)
    search = CellSearch(tables.of(LCB), Target(read_text(text, "a post").blocks[0]))
    begun: list[object] = []
    monkeypatch.setattr(CellSearch, "_by_gates", lambda _, edits, **__: begun.append(edits))
    some = tables.variants.of_function(LCB)[: LEAST_BASES + 1]
    monkeypatch.setattr(clock, "MOST_SECONDS", seconds)
    tables.clock.start(1.0)
    search._followed([Promising(3, 1.0, (edit,)) for edit in some])  # noqa: SLF001
    assert len(begun) == LEAST_BASES + bool(seconds)
    assert bool(search.trail.cuts) is not bool(seconds)


def test_the_hidden_state_under_the_tanh_is_told_before_a_crossed_cache(notebook: Notebook, answer: Answer) -> None:
    """tanh(a_next) for tanh(c_next) prints what a cache in a wrong order does; people write the former."""
    result = answer(notebook.printed(LCB, (LCB, "np.tanh(c_next)", "np.tanh(a_next)")))
    assert [mistake.id for mistake in result.mistakes] == ["name-replaced"]


IGNORED_IN_GATES = tuple(
    (LCB, f"{gate} = dc *", f"{gate} = (da_next * ot * (1 - np.tanh(c_next) ** 2)) *") for gate in ("dcct", "dit", "dft")
)


@pytest.mark.slow
def test_what_takes_anothers_mistake_away_is_no_mistake(notebook: Notebook, answer: Answer) -> None:
    """The three gates ignore dc_next and dc_prev does not: nothing is said of a dc_prev that is right, whatever else is wrong."""
    scaled = (LCB, "dc = dc_next", "da_next = da_next / 10\n    dc = dc_next")
    text = notebook.printed(LCB, scaled, *IGNORED_IN_GATES, (LCB, "* cct * it * (1 - it)", "* cct * it"))
    result = answer(text)
    assert all(mistake.quantity != "dc_prev" for mistake in result.mistakes)


@pytest.mark.parametrize("new", ["da_next * it * (1 - np.tanh(c_next) ** 2)", "da_next * ot * np.tanh(c_next) ** 2"])
def test_what_all_gates_share_is_told_beside_a_slip_in_one_of_them(notebook: Notebook, answer: Answer, new: str) -> None:
    """With the first alone what is built of all gates is wrong as well: no mistake of its own stands there."""
    slip = (LCB, "dc * c_prev * ft * (1 - ft)", "dc * c_prev * ft ** 2 * (1 - ft)")
    result = answer(notebook.printed(LCB, (LCB, "da_next * ot * (1 - np.tanh(c_next) ** 2)", new), slip))
    assert {mistake.quantity for mistake in result.mistakes} == {"dc", "dft"}


def test_many_mistakes_in_a_cell_may_be_one_before_it(notebook: Notebook, answer: Answer) -> None:
    """Two gates under each other's names spoil four equations that use them, and what these share is wrong as well."""
    exchanged = (LCF, "c_prev, ft, it, cct, ot, xt, parameters)", "c_prev, it, ft, cct, ot, xt, parameters)")
    result = answer(notebook.printed(LCB, exchanged, (LCB, "(1 - np.tanh(c_next) ** 2)", "(1 - np.tanh(c_next) ** 3)")))
    assert [mistake.id for mistake in result.mistakes if mistake.quantity != "dc"] == ["state-stored-wrong"]


@pytest.mark.parametrize(
    ("check", "old", "new", "told"),
    [
        (LCB, "(a_prev, xt), axis=0).T", "(xt, a_prev), axis=0).T", "stack-wrong"),
        ("lstm_backward", "(a_prev, xt), axis=0).T", "(xt, a_prev), axis=0).T", "stack-wrong"),
        ("lstm_backward", "axis=0).T)", "axis=0).T) / a_next.shape[1]", "mean-for-sum"),
    ],
)
def test_one_slip_in_all_siblings_is_told_beside_another_in_one_of_them(  # noqa: PLR0917 - what is spoiled, and how
    notebook: Notebook, answer: Answer, check: str, old: str, new: str, told: str
) -> None:
    """What is likeliest where it stands alone is so beside a slip in one of its own lines: no carrier before or behind them is blamed."""
    result = answer(notebook.printed(check, (LCB, "dWo = np.dot(dot,", "dWo = np.dot(ot,"), (LCB, old, new)))
    assert (result.verdict, {mistake.id: mistake.quantity for mistake in result.mistakes}) == (
        "explained",
        {told: "dWf, dWi, dWc and dWo", "kind-replaced": "dWo"},
    )


def test_such_a_slip_clears_no_function_that_could_have_it_alone(notebook: Notebook, answer: Answer) -> None:
    """The hidden state of this step in all weights' gradients: the cache that the forward cell makes can hold it as the last one's."""
    slips = (LCB, "dWo = np.dot(dot,", "dWo = np.dot(ot,"), (LCB, "(a_prev, xt), axis=0).T", "(a_next, xt), axis=0).T")
    result = answer(notebook.printed(LCB, *slips))
    assert {mistake.id for mistake in result.mistakes} == {"stack-wrong", "kind-replaced"}
    assert LCF not in result.exonerated
