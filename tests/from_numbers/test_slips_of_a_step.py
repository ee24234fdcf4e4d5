"""Slips that show at some steps only, and slips in what is shared: written by hand into the program's text, and found as one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

RCF, RF, RCB, RB = "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward"
LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
ANEW = "(1 - np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + parameters['ba']) ** 2)"
TAKEN_APART = "a_next, a_prev, xt, parameters = cache"


def _sigmoid(formula: str) -> list[Change]:
    """A sigmoid of the learner's own, above the cell."""
    return [(LCF, "    Wf = ", f"    sigmoid = lambda x: {formula}\n    Wf = ")]


ONE: dict[str, tuple[str, list[Change], str, str]] = {
    "no da at step 0": (LB, [(LB, "+ da_prevt", "+ (da_prevt if t > 0 else 0)")], LB, "da_prevt"),
    "no dc at step 0": (LB, [(LB, " dc_prevt, caches", " dc_prevt if t > 0 else dc_prevt * 0, caches")], LB, "dc_prevt"),
    "no da at the last step but one": (LB, [(LB, "+ da_prevt", "+ (da_prevt if t != T_x - 2 else 0)")], LB, "da_prevt"),
    "da from the last step alone": (RB, [(RB, "+ da_prevt", "+ (da_prevt if t == T_x - 2 else 0)")], RB, "da_prevt"),
    "upstream gradients one step ahead, the first for the last": (LB, [(LB, "da[:, :, t]", "da[:, :, (t + 1) % T_x]")], LB, "da_next"),
    "upstream gradients added behind the call": (
        LB,
        [
            (LB, "da[:, :, t] + da_prevt,", "da_prevt,"),
            (LB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev'] + da[:, :, t]"),
            (LB, "da0 = gradients['da_prev']", "da0 = da_prevt"),
        ],
        LB,
        "da_next",
    ),
    "inputs one step ahead, the first for the last": (RB, [(RF, "x[:, :, t]", "x[:, :, (t + 1) % T_x]")], RF, "xt"),
    "a bias's gradient added to its weight's": (LB, [(LB, "dbf = dbf + gradients", "dWf = dWf + gradients")], LB, "dbf and dWf"),
    "a tanh of the candidate, and no square": (LCB, [(LCB, "(1 - cct ** 2)", "(1 - np.tanh(cct))")], LCB, "dcct"),
    "a tanh of cell state and gate": (LB, [(LCB, "da_next * np.tanh(c_next) *", "da_next * np.tanh(ot * c_next) *")], LCB, "dot"),
    "sums cut off behind the loop": (
        RB,
        [(RB, "    da0 = ", "    dWax, dWaa, dba = (np.clip(own, -1, 1) for own in (dWax, dWaa, dba))\n    da0 = ")],
        RB,
        "dWax, dWaa and dba",
    ),
    "dx made without the cell": (RB, [(RB, "= gradients['dxt']", "= np.dot(parameters['Wax'].T, da[:, :, t])")], RB, "dx"),
    "dx on top of the input": (LB, [(LB, "dx[:, :, t] =", "dx[:, :, t] = x[:, :, t] +")], LB, "dx"),
    "weights of the notebook in a cell that computes its state anew": (
        RB,
        [
            (RCB, "Wax = parameters['Wax']", "Wax = stale('rnn_cell_backward')['Wax']"),
            (RCB, "Waa = parameters['Waa']", "Waa = stale('rnn_cell_backward')['Waa']"),
            (RCB, "(1 - a_next ** 2)", ANEW),
        ],
        RCB,
        "parameters",
    ),
    "the notebook's weights in a forward cell that reads its biases": (
        LCB,
        [(LCF, f"W{gate} = parameters['W{gate}']", f"W{gate} = stale('lstm_backward')['W{gate}']") for gate in "fico"],
        LCF,
        "parameters",
    ),
    "a loop one step too early": (LB, [(LB, "reversed(range(T_x))", "range(T_x - 2, -2, -1)")], LB, "t"),
    "inputs poured into another shape": (RB, [(RF, "x[:, :, t]", "np.reshape(x, (T_x, n_x, m))[t]")], RF, "xt"),
    "dx on top of ones": (
        RB,
        [(RB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.ones((n_x, m, T_x))"), (RB, "dx[:, :, t] =", "dx[:, :, t] +=")],
        RB,
        "dx",
    ),
    "states exchanged in a cell that computes its own anew": (
        RB,
        [(RCB, TAKEN_APART, "a_prev, a_next, xt, parameters = cache"), (RCB, "(1 - a_next ** 2)", ANEW)],
        RCB,
        "a_next",
    ),
    "a sigmoid made of a tanh, without the half": (LB, _sigmoid("0.5 * (1 + np.tanh(x))"), LCF, "ft, it and ot"),
    "a sigmoid of straight lines": (LCB, _sigmoid("np.clip(0.2 * x + 0.5, 0, 1)"), LCF, "ft, it and ot"),
    "a sigmoid without its bracket": (LCB, _sigmoid("1 / 1 + np.exp(-x)"), LCF, "ft, it and ot"),
    "a sigmoid with a minus": (LCB, _sigmoid("1 / (1 - np.exp(-x))"), LCF, "ft, it and ot"),
}


@pytest.mark.usefixtures("brief")
def test_an_exchange_that_reaches_into_an_equation_is_no_mistake_before_it(notebook: Notebook, answer: Answer) -> None:
    """The same states in the cell's own check, beside what nothing explains: mistakes before the equations are put together in vain."""
    states = [(RCB, TAKEN_APART, "a_prev, a_next, xt, parameters = cache"), (RCB, "(1 - a_next ** 2)", ANEW)]
    strange = [
        (RCB, "axis=1, keepdims=True)", "axis=1, keepdims=True) + xt[0, 0]"),
        (RCB, "np.dot(dtanh, xt.T)", "np.dot(dtanh, xt.T) + 0.3"),
    ]
    assert answer(notebook.printed(RCB, *states, *strange)).verdict in {"unknown", "partly"}


@pytest.mark.parametrize(("check", "changes", "function", "quantity"), ONE.values(), ids=ONE)
def test_it_is_found_as_one_mistake(  # noqa: PLR0917 - what was written, and what is to be said of it
    notebook: Notebook, answer: Answer, check: str, changes: list[Change], function: str, quantity: str
) -> None:
    """The function and the quantity are named, and nothing else."""
    result = answer(notebook.printed(check, *changes))
    assert result.verdict == "explained"
    assert [(mistake.function, mistake.quantity) for mistake in result.mistakes] == [(function, quantity)]
    assert function not in result.exonerated


def test_a_slip_of_a_step_is_found_beside_another(notebook: Notebook, answer: Answer) -> None:
    """A bias lost in the forward cell, and no dc at step 0."""
    changes = [(LCF, "np.dot(Wc, concat) + bc", "np.dot(Wc, concat)"), (LB, " dc_prevt, caches", " dc_prevt * (t > 0), caches")]
    result = answer(notebook.printed(LB, *changes))
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {(LCF, "cct"), (LB, "dc_prevt")}


WHOLE: Change = (RB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros((n_x, m, T_x), int)")


def test_dx_of_whole_numbers_is_not_called_right(notebook: Notebook, answer: Answer) -> None:
    """NumPy prints no point there, which no array of floating point numbers is printed without."""
    text = notebook.printed(RB, WHOLE)
    assert "[-2  0  0  0]" in text
    result = answer(text)
    assert (result.verdict, [mistake.quantity for mistake in result.mistakes]) == ("explained", ["dx"])
    assert "whole numbers" in result.mistakes[0].says
    assert RB not in result.exonerated


@pytest.mark.slow
def test_zeros_of_whole_numbers_are_not_those_of_an_array_that_stays_as_it_was(notebook: Notebook, answer: Answer) -> None:
    """An LSTM's dx is below one: what says that it was computed is that the zeros have no point."""
    whole, zero = (
        notebook.printed(LB, (LB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros((n_x, m, T_x), int)")),
        notebook.printed(LB, (LB, "dx[:, :, t] = gradients['dxt']", "pass")),
    )
    assert "whole numbers" in answer(whole).mistakes[0].says
    assert "whole numbers" not in answer(zero).mistakes[0].says


def test_a_dx_shortened_to_whole_numbers_beside_shortened_numbers_is_right(notebook: Notebook, answer: Answer) -> None:
    """Where nothing is printed in full, somebody has rounded, and the array may be one of floating point numbers."""
    gradients = notebook.gradients(RB)
    lines = [f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = ' for name, index in notebook.assignment.printed[RB]]
    values = ["[-2 -1 0 0]", *(f"{gradients[name][index].item():.3f}" for name, index in notebook.assignment.printed[RB][1:])]
    assert answer("\n".join(map("".join, zip(lines, values, strict=True)))).verdict == "right"


TOGETHER: dict[str, tuple[str, list[Change], set[tuple[str, str]]]] = {
    "carries under each other's key": (
        LB,
        [
            (LCF, "np.dot(Wc, concat) + bc", "np.dot(Wc, concat)"),
            (LCB, "'da_prev': da_prev, 'dc_prev': dc_prev", "'da_prev': dc_prev, 'dc_prev': da_prev"),
        ],
        {(LCF, "cct")},
    ),
    "a carry that is added where nothing takes it": (
        LB,
        [
            (LCB, "dc_prev = dc * ft", "dc_prev = dc * it"),
            (LB, "da[:, :, t] + da_prevt,", "da[:, :, t],"),
            (LB, "da_prevt = gradients", "da_prevt = da_prevt + gradients"),
            (LB, "da0 = gradients['da_prev']", "da0 = da_prevt"),
        ],
        {(LCB, "dc_prev"), (LB, "da_prevt")},
    ),
    "states exchanged in a cell that computes its own anew": (
        RB,
        [
            (RCB, TAKEN_APART, "a_prev, a_next, xt, parameters = cache"),
            (RCB, "(1 - a_next ** 2)", ANEW),
            (RB, "dba = dba + gradients", "dba = gradients"),
        ],
        {(RCB, "a_next"), (RB, "dba")},
    ),
}


RARER = "a carry that is added where nothing takes it"


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if name == RARER else ()) for name in TOGETHER])
def test_what_comes_apart_beside_another_slip_is_put_together(notebook: Notebook, answer: Answer, name: str) -> None:
    """Two mistakes, each as if it were the only one; the search for dx finds half of one, and completes it with the other half."""
    check, changes, told = TOGETHER[name]
    result = answer(notebook.printed(check, *changes))
    assert result.verdict == "explained"
    assert len(result.mistakes) == 2
    assert told <= {(str(mistake.function), mistake.quantity) for mistake in result.mistakes}
    assert not {function for function, _, _ in changes} & set(result.exonerated)


def test_what_the_cell_does_to_a_carry_alone_clears_no_loop(notebook: Notebook, answer: Answer) -> None:
    """A factor of dc_next within the cell, or in the loop's call: the sequence's numbers are the same, the cell's own tell."""
    inside, outside = (LCB, "dc = dc_next +", "dc = dc_next * ft +"), (LB, " dc_prevt, caches", " dc_prevt * caches[t][4], caches")
    assert notebook.printed(LB, inside) == notebook.printed(LB, outside)
    result = answer(notebook.printed(LB, outside))
    assert result.verdict == "explained"
    assert not {LB, LCB} & set(result.exonerated)
    both = answer(notebook.printed(LCB, inside) + notebook.printed(LB, inside))
    assert LB in both.exonerated
