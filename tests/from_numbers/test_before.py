"""Mistakes before the equations of a cell, alone, together, and with mistakes in the equations."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.cell.before import Before
from whygrad.from_numbers.cell.chunks import chunks
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.side_by_side.stack import Stack, entry_of, evaluated, stacked_space

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

STALE_FORWARD: Change = ("rnn_cell_forward", "Waa = parameters['Waa']", "Waa = stale('rnn_backward')['Waa']")
STALE_BACKWARD: Change = ("rnn_cell_backward", "Wax = parameters['Wax']", "Wax = stale('rnn_forward')['Wax']")
NO_INPUT_GATE: Change = ("lstm_cell_forward", "ft * c_prev + it * cct", "ft * c_prev + cct")
STALE_LSTM: Change = ("lstm_cell_backward", "Wf = parameters['Wf']", "Wf = stale('lstm_backward')['Wf']")
TOGETHER: dict[str, tuple[str, list[Change]]] = {
    "stale weights forward, others backward, and a bias's mean": (
        "rnn_cell_backward",
        [STALE_FORWARD, STALE_BACKWARD, ("rnn_cell_backward", "np.sum(dtanh, axis=1", "np.mean(dtanh, axis=1")],
    ),
    "a state without a gate, and both equations that all numbers use": (
        "lstm_cell_backward",
        [
            NO_INPUT_GATE,
            ("lstm_cell_backward", "(1 - np.tanh(c_next) ** 2)", "np.tanh(c_next) ** 2"),
            ("lstm_cell_backward", "np.tanh(c_next) * ot * (1 - ot)", "np.tanh(c_next) * ot"),
        ],
    ),
    "what is stacked, which edits of every gate print alike, and one of the gates": (
        "lstm_cell_backward",
        [
            ("lstm_cell_forward", "concat = np.concatenate((a_prev, xt)", "concat = np.concatenate((c_prev, xt)"),
            ("lstm_cell_forward", "cct = np.tanh(np.dot(Wc, concat) + bc)", "cct = np.tanh(np.dot(Wc, concat))"),
        ],
    ),
    "one gate, another returned, and a source": (
        "lstm_cell_backward",
        [
            ("lstm_cell_backward", "it * (1 - it)", "it"),
            ("lstm_cell_backward", "'dbf': dbf", "'dbf': dbo"),
            ("lstm_cell_backward", "dxt = np.dot(Wf[:, n_a:].T, dft) +", "dxt ="),
        ],
    ),
}
RARER: dict[str, tuple[str, list[Change]]] = {
    "a gate and the state without their share, and the gradient that the backward cell is given divided": (
        "lstm_cell_backward",
        [
            ("lstm_cell_forward", "it = sigmoid(np.dot(Wi, concat) + bi)", "it = sigmoid(np.dot(Wi, concat))"),
            NO_INPUT_GATE,
            ("lstm_cell_backward", "xt, parameters = cache", "xt, parameters = cache\n    da_next = da_next / a_next.shape[0]"),
        ],
    ),
    "another state, and the shared equation": (
        "rnn_cell_backward",
        [("rnn_cell_forward", "+ ba)", "- ba)"), STALE_BACKWARD, ("rnn_cell_backward", "(1 - a_next ** 2) *", "(1 - a_next) *")],
    ),
    "a state without a gate, stale weights, and one gate": (
        "lstm_cell_backward",
        [NO_INPUT_GATE, STALE_LSTM, ("lstm_cell_backward", "np.tanh(c_next) * ot * (1 - ot)", "np.tanh(c_next) * ot")],
    ),
}


@pytest.mark.parametrize("name", [*TOGETHER, *(pytest.param(name, marks=pytest.mark.slow) for name in RARER)])
def test_mistakes_before_and_in_the_equations_are_found_together(notebook: Notebook, answer: Answer, name: str) -> None:
    """Every number is reproduced, and each function in which a change was made is named in one of the answers."""
    check, changes = (TOGETHER | RARER)[name]
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    assert {function for function, _, _ in changes} in [{mistake.function for mistake in mistakes} for mistakes in answers]


@pytest.mark.parametrize("check", ["rnn_cell_backward", "lstm_cell_backward"])
def test_programs_side_by_side_compute_what_each_computes_alone(tables: Tables, check: str) -> None:
    """What the backward cell is given is the same as in a run of the whole program, or is marked as not computed."""
    before = Before(tables.of(check))
    draw = random.Random(4)
    every = [before.alone, before.all_pairs, before.all_triples]
    chosen = [programs.some(np.array(draw.sample(range(len(programs)), min(len(programs), 80)))) for programs in every]
    names = {"rnn_cell_backward": ("a_next", "a_prev", "xt", "da_next")}.get(
        check, ("c_next", "ft", "it", "cct", "ot", "a_prev", "dc_next", "da_next", "a_next")
    )
    compared = 0
    for programs, chunk in [(some, chunk) for some in chosen for chunk in chunks(before, some)]:
        for place, number in enumerate(chunk.at.tolist()):
            slips = programs.of(number)
            record = Program(tables.assignment, [edit for slip in slips for edit in slip.edits]).record(check)
            if record is None or sum(bool(slip.moved) for slip in slips) > 1:
                continue
            for name in names:
                value = chunk.values[name]
                own = np.asarray(value)[place] if isinstance(value, Stack) else value
                if not np.isnan(own).all():
                    compared += 1
                    np.testing.assert_allclose(own, np.broadcast_to(record.calls[0][name], own.shape), rtol=1e-12, atol=1e-12)
    assert compared > 3 * sum(map(len, chosen))


@pytest.mark.parametrize(
    "text",
    [
        "np.dot(w.T, x)",
        "np.dot(x, y.T)",
        "np.sum(x, axis=1, keepdims=True)",
        "np.sum(x, axis=0)",
        "np.mean(x)",
        "np.concatenate((x, y), axis=0)",
        "np.concatenate((w, x), axis=1)[:, 1:].T",
        "softmax(x)",
        "x[1:, 0]",
        "x * np.tanh(y) ** 2",
        "x / x.shape[1]",
    ],
)
def test_a_formula_over_a_stack_is_the_formula_of_each(tables: Tables, text: str) -> None:
    """Stacked values give for each program what its own arrays give."""
    draw = np.random.default_rng(7).normal
    x, y, w = draw(size=(6, 3, 4)), draw(size=(6, 3, 4)), draw(size=(3, 3))
    space = tables.of("rnn_cell_backward").right.space
    together = evaluated(text, stacked_space(space), {"x": x.view(Stack), "y": y.view(Stack), "w": w})
    alone = [eval(text, space, {"x": x[at], "y": y[at], "w": w}) for at in range(6)]  # noqa: S307 - the formulas above
    np.testing.assert_allclose(np.asarray(together), alone, rtol=1e-12)


def test_an_entry_that_is_not_there_is_no_number() -> None:
    """A stack answers to the shorter index of a column, and has nothing outside itself."""
    column = np.arange(6.0).reshape(2, 3, 1).view(Stack)
    assert entry_of(column, (2,)).tolist() == [2.0, 5.0]
    assert np.isnan(entry_of(column, (3,)))


def test_one_number_that_needs_a_likely_mistake_before_the_cell_and_one_in_its_equation(notebook: Notebook, answer: Answer) -> None:
    """With either of them alone no number comes right; the course's old key of this check is made with another bias."""
    bias: Change = ("rnn_cell_backward_check", "ba = np.random.randn(5, 1)", "np.random.randn(5, 1)\n    ba = stale('rnn_forward')['ba']")
    printed = notebook.printed("rnn_cell_backward", bias, ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)"))
    [line] = [line for line in printed.splitlines() if "da_prev" in line]
    result = answer(f"rnn_cell_backward\n{line}\n")
    assert [(mistake.quantity, mistake.id) for mistake in result.mistakes] == [
        ("ba", "check-draws-otherwise"),
        ("da_prev", "transpose-wrong"),
    ]
    assert result.notes[-1].startswith("one number alone does not show whether anything else is wrong")
