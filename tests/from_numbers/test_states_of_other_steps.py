"""States that a step finds changed, or takes from another step: one slip is one sentence, and it says what the program does.

The mistakes are written by hand in the program's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

RCF, RF, RB = "rnn_cell_forward", "rnn_forward", "rnn_backward"
LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
COPIED = "the new state is copied into the memory of the previous one, so the cache holds it as"
FIRST = "a wrong slot of the output array is read for"

ONE_SLIP: dict[str, tuple[str, Change, str, str, str]] = {
    "an RNN's state copied behind the cache": (
        RB,
        (RCF, "return (a_next", "a_prev[:] = a_next\n    return (a_next"),
        "updated-in-place",
        RCF,
        f"{COPIED} a_prev.",
    ),
    "an RNN's state copied before the cache": (
        RB,
        (RCF, "cache = (a_next", "a_prev *= 0\n    a_prev += a_next\n    cache = (a_next"),
        "updated-in-place",
        RCF,
        f"{COPIED} a_prev.",
    ),
    "a cell state copied": (
        LB,
        (LCF, "return (a_next", "c_prev[:] = c_next\n    return (a_next"),
        "updated-in-place",
        LCF,
        f"{COPIED} c_prev.",
    ),
    "the first slot as the next state": (
        LB,
        (LF, "a[:, :, t] = a_next", "a[:, :, t] = a_next\n        a_next = a[:, :, 0]"),
        "output-slot-as-state",
        LF,
        f"{FIRST} a_prev: from the second step on the first.",
    ),
    "the first slot as an RNN's next state": (
        RB,
        (RF, "a[:, :, t] = a_next", "a[:, :, t] = a_next\n        a_next = a[:, :, 0]"),
        "output-slot-as-state",
        RF,
        f"{FIRST} a_prev: from the second step on the first.",
    ),
}


@pytest.mark.parametrize("name", ONE_SLIP)
def test_one_slip_is_one_sentence(notebook: Notebook, answer: Answer, name: str) -> None:
    """All numbers are explained by the slip that was made."""
    check, change, kind, function, says = ONE_SLIP[name]
    result = answer(notebook.printed(check, change))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [(one.id, one.function, one.says) for one in result.mistakes] == [(kind, function, says)]
    assert function not in result.exonerated


def test_what_a_cell_does_to_a_states_memory_its_loop_can_do(notebook: Notebook, answer: Answer) -> None:
    """The loop that copies the new state into the old one prints the same as the cell that does so: it is not cleared."""
    call = "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)"
    in_loop = (RF, call, f"old = a_next\n        {call}\n        old[:] = a_next")
    in_cell = (RCF, "return (a_next", "a_prev[:] = a_next\n    return (a_next")
    assert notebook.printed(RB, in_loop) == notebook.printed(RB, in_cell)
    assert RF not in answer(notebook.printed(RB, in_loop)).exonerated


def test_a_forward_loop_that_runs_backwards_is_said_to(notebook: Notebook, answer: Answer) -> None:
    """Each other explanation of inputs in the mirrored order has a loop that runs from the last step to the first, and says so."""
    result = answer(notebook.printed(LB, (LF, "x[:, :, t], a_next", "x[:, :, T_x - 1 - t], a_next")))
    others = [one.says for explanation in result.alternatives for one in explanation.mistakes]
    assert others
    assert all(says.startswith("the loop over t runs from the last step to the first") for says in others)


def test_a_formula_is_like_the_misprint_wherever_it_comes_from(notebook: Notebook, answer: Answer) -> None:
    """It is said what is wrong in the line, and that an old text has it so; not that it was copied."""
    whole = "dc_next * cct + ot * (1 - np.tanh(c_next) ** 2) * cct * da_next * it * (1 - it)"
    (mistake,) = answer(
        notebook.printed(LB.replace("lstm_", "lstm_cell_"), ("lstm_cell_backward", "dc * cct * it * (1 - it)", whole))
    ).mistakes
    assert mistake.says == "the bracket around the sum is missing in dit, as in a formula that an old text of the course printed wrongly."
    assert "cop" not in " ".join((mistake.says, *mistake.hints))


@pytest.mark.parametrize(
    ("change", "operator"),
    [
        ((LF, "x[:, :, t], a_next,", "x[:, :, t], a0,"), "state-not-carried"),
        ((LF, "a_next = a0", "a_next = np.zeros((n_a, m))"), "initial-state-wrong"),
    ],
)
def test_what_people_do_to_the_hidden_state_comes_before_a_view_of_it(
    notebook: Notebook, answer: Answer, change: Change, operator: str
) -> None:
    """Printed dx alone fits a view too; the views that were counted are all of the cell state."""
    dx, *_ = notebook.printed(LB, change).splitlines()
    result = answer(f"lstm_backward:\n{dx}")
    assert [mistake.id for mistake in result.mistakes] == [operator]
    assert "view-of-output" in {one.id for other in result.alternatives for one in other.mistakes}


def test_the_cut_is_right_where_the_transposes_alone_are_missing(notebook: Notebook, answer: Answer) -> None:
    """``Wf[:, :5]`` is ``Wf[:, :n_a]`` where five units are hidden: what is wrong is that none of the parts is transposed."""
    missing = tuple((LCB, f"np.dot({name}[:, :n_a].T,", f"np.dot({name}[:, :n_a],") for name in ("Wf", "Wi", "Wc", "Wo"))
    result = answer(notebook.printed(LCB, *missing))
    assert [mistake.id for mistake in result.mistakes] == ["transpose-wrong"]
    assert "slice-wrong" not in {one.id for other in result.alternatives for one in other.mistakes}


def test_a_wrong_cut_comes_before_rows_of_another_gradient(notebook: Notebook, answer: Answer) -> None:
    """Both give dx of the weights' first columns; the cut is what people get wrong."""
    cut = tuple((LCB, f"np.dot({name}[:, n_a:].T,", f"np.dot({name}[:, :3].T,") for name in ("Wf", "Wi", "Wc", "Wo"))
    result = answer(notebook.printed(LB, *cut))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("slice-wrong", LCB)]
    assert "input-gradient-stored-wrong" in {one.id for other in result.alternatives for one in other.mistakes}
