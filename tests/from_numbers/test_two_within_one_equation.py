"""Two slips in one equation that everything else is computed from: found in the cell's own check and in the sequence's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.candidates.certainty import MOST_MISTAKES, credible
from whygrad.from_numbers.candidates.grouped import count_of
from whygrad.from_numbers.candidates.two_as_one import two_as_one
from whygrad.from_numbers.cell import gates
from whygrad.from_numbers.cell.search import CellSearch
from whygrad.from_numbers.programs.compound import compounds
from whygrad.from_numbers.programs.variants import SOME_SIBLINGS, Variants
from whygrad.records import Confidence

if TYPE_CHECKING:
    from conftest import Answer, Notebook

    from whygrad.from_numbers.tables.tables import Tables

RCF, RCB, RB = "rnn_cell_forward", "rnn_cell_backward", "rnn_backward"
LCF, LCB, LB = "lstm_cell_forward", "lstm_cell_backward", "lstm_backward"
DTANH = "dtanh = (1 - a_next ** 2) * da_next"
A_NEXT = "np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)"
TWICE = {
    "the gradient forgotten and a tanh of a tanh": (RCB, DTANH, "dtanh = 1 - np.tanh(a_next) ** 2", "dtanh"),
    "no square, and the sign turned round": (RCB, DTANH, "dtanh = (1 + a_next) * da_next", "dtanh"),
    "a sigmoid, and the bias forgotten": (RCF, A_NEXT, "1 / (1 + np.exp(-(np.dot(Wax, xt) + np.dot(Waa, a_prev))))", "a_next"),
    "a factor forgotten and c for its tanh": (
        LCB,
        "dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
        "dc_next + da_next * (1 - c_next ** 2)",
        "dc",
    ),
    "two signs typed wrongly": (LCF, "c_next = ft * c_prev + it * cct", "c_next = ft * c_prev * it + cct", "c_next"),
}


@pytest.mark.parametrize("sequence", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", TWICE)
def test_both_slips_are_found_in_their_equation(notebook: Notebook, answer: Answer, name: str, *, sequence: bool) -> None:
    """Every number is explained, by mistakes in that one equation."""
    function, old, new, quantity = TWICE[name]
    family = "rnn" if function.startswith("rnn") else "lstm"
    result = answer(notebook.printed(f"{family}_backward" if sequence else f"{family}_cell_backward", (function, old, new)))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {(function, quantity)}


@pytest.mark.slow
def test_one_of_two_slips_can_be_in_what_the_cache_holds(notebook: Notebook, answer: Answer) -> None:
    """A value that one equation alone reads, stored wrongly, and a slip in it: the forward cell is told beside, and not cleared."""
    stored = (LCF, "a_prev, c_prev, ft,", "a_prev, c_next, ft,")
    result = answer(notebook.printed(LCB, stored, (LCB, "dft = dc * c_prev * ft", "dft = dc * c_prev")))
    assert (result.verdict, LCF in result.exonerated) == ("explained", False)
    told = [result.mistakes, *(one.mistakes for one in result.alternatives)]
    assert {(LCF, "c_prev"), (LCB, "dft")} in [{(mistake.function, mistake.quantity) for mistake in mistakes} for mistakes in told]


@pytest.mark.slow
def test_two_slips_are_sought_in_that_equation_alone_which_none_explains(
    monkeypatch: pytest.MonkeyPatch, notebook: Notebook, answer: Answer
) -> None:
    """Brackets forgotten in three gates, and a factor in one of them: two mistakes; the time for the others' pairs was lacking there."""
    opened = "dc_next * {0} + da_next * ot * (1 - np.tanh(c_next) ** 2) * {0}"
    gates_of = {"dcct": ("it * (1 - cct ** 2)", "it", "(1 - cct ** 2)"), "dit": ("cct * it * (1 - it)", "cct", "it * (1 - it)")}
    changes = [(LCB, f"{gate} = dc * {old}", f"{gate} = {opened.format(one)} * {rest}") for gate, (old, one, rest) in gates_of.items()]
    changes.append((LCB, "dft = dc * c_prev * ft * (1 - ft)", f"dft = {opened.format('c_prev')} * (1 - ft)"))
    lines: list[int] = []
    monkeypatch.setattr(gates, "compounds", lambda *where: lines.append(where[2]) or compounds(*where))
    monkeypatch.setattr(CellSearch, "_from_before", lambda _: None)
    result = answer(notebook.printed(LCB, *changes))
    assert [(mistake.id, mistake.quantity) for mistake in result.mistakes] == [
        ("bracket-moved", "dcct, dit and dft"),
        ("factor-dropped", "dft"),
    ]
    assert [SEQUENCE_MODELS.functions[LCB][line].split()[0] for line in lines] == ["dft"]


def test_two_cost_as_much_as_both() -> None:
    """Two edits of one equation are no likelier than the first of them."""
    variants = Variants(SEQUENCE_MODELS)
    number = next(at for at, line in enumerate(SEQUENCE_MODELS.functions[RCB]) if line.strip().startswith("dtanh = "))
    single = {edit.operator: variants.cost(edit) for edit in variants.of_line(RCB, number)}
    for edit in variants.twice(RCB, number):
        assert variants.cost(edit) > max(single[name] for name in edit.operator.split(" + ") if name in single)
        assert count_of((edit,)) == 2


def test_a_slip_that_a_sibling_has_too_is_paid_and_counted_once() -> None:
    """Two slips in dft of which dit has the first: as likely as the first in both and the second."""
    variants = Variants(SEQUENCE_MODELS)
    lines = {line.strip().partition(" = ")[0]: at for at, line in enumerate(SEQUENCE_MODELS.functions[LCB])}
    both = next(edit for edit in variants.twice(LCB, lines["dft"]) if edit.operator == "factor-dropped + name-replaced")
    first, second = both.parts
    sibling = next(edit for edit in variants.of_line(LCB, lines["dit"]) if edit.alike == first.alike)
    assert (sibling.operator, second.operator) == ("factor-dropped", "name-replaced")
    assert count_of((both, sibling)) == 2
    assert variants.set_cost((both, sibling)) == pytest.approx(variants.cost(both), abs=SOME_SIBLINGS + 0.01)


def test_more_mistakes_than_anybody_makes_are_no_explanation() -> None:
    """However many digits agree: equation by equation something fits, and what is behind is one thing that is not known."""
    variants = Variants(SEQUENCE_MODELS)
    slips = {edit.slip: edit for edit in variants.of_function(LCB) if edit.operator == "factor-dropped"}
    sure = Confidence(numbers=11, telling=11, digits=170, tried=1, log10_chance=-100.0)
    assert credible(sure, tuple(slips.values())[:MOST_MISTAKES], [], [])
    assert not credible(sure, tuple(slips.values())[: MOST_MISTAKES + 1], [], [])


def test_the_other_shortest_explanation_clears_nobody(notebook: Notebook, answer: Answer) -> None:
    """Two slips of one equation are two: the forward cell, with one that prints the same beside another, is not called right."""
    result = answer(notebook.printed(RCB, (RCB, *TWICE["the gradient forgotten and a tanh of a tanh"][1:3])))
    assert RCF not in result.exonerated


def test_what_an_equation_writes_out_has_the_slip_that_the_others_share(tables: Tables) -> None:
    """Two states exchanged and, with that undone in dot, three mistakes: or a wrong name in dc, and in dcct beside a lost bracket."""
    edits = {edit.lines[0][2].strip(): edit for edit in tables.variants.of_function(LCB)}
    exchanged = "c_next, a_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache"
    undone = "dot = da_next * np.tanh(a_next) * ot * (1 - ot)"
    bracket = "dcct = dc_next * it + ot * (1 - np.tanh(c_next) ** 2) * it * da_next * (1 - cct ** 2)"
    three = tuple(edits[text] for text in (exchanged, undone, bracket))
    check = tables.of(LCB)
    fewer = [some for some in two_as_one(check, three) if count_of(some) < len(three)]
    same = [check.run(three), *map(check.run, fewer)]
    assert any(one and same[0] and np.allclose(one["dxt"], same[0]["dxt"]) for one in same[1:])


@pytest.mark.parametrize(
    ("slip", "derivative"), [("name-replaced", "ot * (1 - a_next ** 2)"), ("wrong-activation-derivative", "ot * (1 - np.tanh(c_next))")]
)
def test_a_slip_beside_another_is_the_one_that_its_siblings_have_alone(slip: str, derivative: str) -> None:
    """A wrong derivative of the tanh in two gates, of which one lacks a factor too: two mistakes."""
    variants, lines = Variants(SEQUENCE_MODELS), SEQUENCE_MODELS.functions[LCB]
    dcct, dit = (next(number for number, line in enumerate(lines) if line.strip().startswith(name)) for name in ("dcct =", "dit ="))
    written = [edit for edit in variants.of_line(LCB, dcct) if edit.operator in {"factor-dropped", slip}]
    both = next(
        edit
        for edit in compounds(SEQUENCE_MODELS, LCB, dcct, written)
        if edit.operator == f"factor-dropped + {slip}" and derivative in edit.formula
    )
    alone = next(edit for edit in variants.of_line(LCB, dit) if (edit.operator, edit.detail) == (slip, both.parts[1].detail))
    assert count_of((both, alone)) == len(both.parts)
    assert variants.set_cost((both, alone)) < variants.cost(both) + variants.cost(alone)
