"""The gates' gradients under each other's names, and one thing more: the names are put back, and the rest is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_numbers.cell.exchanged import put_back
from whygrad.from_numbers.numbers.printed import Target
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

LCB = "lstm_cell_backward"
UNDER_OTHER_KEYS: Change = (
    LCB,
    "'dWf': dWf, 'dbf': dbf, 'dWi': dWi, 'dbi': dbi, 'dWc': dWc, 'dbc': dbc, 'dWo': dWo, 'dbo': dbo",
    "'dWf': dWo, 'dbf': dbo, 'dWi': dWf, 'dbi': dbf, 'dWc': dWi, 'dbc': dbi, 'dWo': dWc, 'dbo': dbc",
)
OUT_OF_ORDER: Change = (LCB, "* ft * (1 - ft)", "* ft * (1 - ft)\n    dft, dit, dot, dcct = dit, dot, dcct, dft")
STACKED_OTHERWISE: Change = ("lstm_cell_forward", "np.concatenate((a_prev, xt), axis=0)", "np.concatenate((xt, a_prev), axis=0)")
NEGATED: Change = (LCB, "xt, parameters = cache", "xt, parameters = cache\n    da_next = -da_next")
SHARED: Change = (LCB, "dc = dc_next + da_next * ot", "dc = dc_next + da_next * ot * ot")
SUBTRACTED: Change = (LCB, "dxt = np.dot(Wf[:, n_a:].T, dft) + ", "dxt = np.dot(Wf[:, n_a:].T, dft) - ")
NO_SLOPE: Change = (LCB, "* it * (1 - it)", "* it")
ONE_EXAMPLE: Change = (LCB, "dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = dot[:, :1]")


@pytest.mark.parametrize("more", [NO_SLOPE, ONE_EXAMPLE], ids=["in a gate", "in one gradient"])
@pytest.mark.parametrize("exchange", [UNDER_OTHER_KEYS, OUT_OF_ORDER], ids=["keys", "gates"])
def test_an_exchange_and_one_mistake_more(notebook: Notebook, answer: Answer, exchange: Change, more: Change) -> None:
    """Where only the gates have changed places what is handed back is wrong as well."""
    result = answer(notebook.printed(LCB, exchange, more))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert len(result.mistakes) == 2


@pytest.mark.parametrize(
    "more",
    [STACKED_OTHERWISE, NEGATED, SHARED, SUBTRACTED],
    ids=["in the forward pass", "in what comes in", "in what the gates share", "in what is handed back"],
)
def test_an_exchange_and_one_that_spoils_much(notebook: Notebook, answer: Answer, more: Change) -> None:
    """No number is right with the names put back, or none of those that all gates are in, but it is not one mistake in each gate."""
    result = answer(notebook.printed(LCB, OUT_OF_ORDER, more))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert len(result.mistakes) == 2
    assert "gates-out-of-order" in {mistake.id for mistake in result.mistakes}


def test_what_is_put_back_is_right_but_for_the_rest(notebook: Notebook, tables: Tables) -> None:
    """The likeliest exchange first: with it all numbers of single gates are right but those of the gate with a mistake of its own."""
    target = Target(read_text(notebook.printed(LCB, UNDER_OTHER_KEYS, NO_SLOPE), "a post").blocks[0])
    first, *_ = put_back(tables.of(LCB), target)
    right = first.target.hit(first.target.values(tables.of(LCB).right.gradients))
    assert {name for name, hit in zip(first.target.names, right, strict=True) if not hit} - {"dxt", "da_prev"} == {"dWi", "dbi"}


def test_without_an_exchange_nothing_is_put_back(notebook: Notebook, tables: Tables) -> None:
    """A number or two that come right by another's name are no exchange."""
    target = Target(read_text(notebook.printed(LCB, NO_SLOPE, ONE_EXAMPLE), "a post").blocks[0])
    assert put_back(tables.of(LCB), target) == []
