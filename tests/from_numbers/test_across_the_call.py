"""What is wrong on one side of the call of a cell can be wrong on the other: no side is cleared where both print the same.

The mistakes are written by hand in the program's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.report.text import to_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.records import Result

RCF, RF, RCB, RB = "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward"
LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
RETURNED = "return (a_next, c_next, yt_pred, cache)"
EXCHANGED = (LCF, RETURNED, "return (c_next, a_next, yt_pred, cache)")
ZERO_INSIDE = (LCF, "Wf = parameters['Wf']", "c_prev = np.zeros_like(c_prev)\n    Wf = parameters['Wf']")

IN_THE_CELL: dict[str, tuple[str, Change, str, str]] = {
    "both states, handed back in another order": (LB, EXCHANGED, LCF, LF),
    "the hidden state twice": (LB, (LCF, RETURNED, "return (a_next, a_next, yt_pred, cache)"), LCF, LF),
    "the cell state that came in": (LB, (LCF, RETURNED, "return (a_next, c_prev, yt_pred, cache)"), LCF, LF),
    "the hidden state that came in": (LB, (LCF, RETURNED, "return (a_prev, c_next, yt_pred, cache)"), LCF, LF),
    "the RNN's state that came in": (RB, (RCF, "return (a_next, yt", "return (a_prev, yt"), RCF, RF),
    "a cell state of zero, made inside": (LB, ZERO_INSIDE, LCF, LF),
    "an RNN's state of zero, made inside": (RB, (RCF, "Wax = para", "a_prev = np.zeros_like(a_prev)\n    Wax = para"), RCF, RF),
    "both states, taken in another order": (LB, (LCF, "xt, a_prev, c_prev, parameters):", "xt, c_prev, a_prev, parameters):"), LCF, LF),
    "both gradients, taken in another order": (LB, (LCB, "(da_next, dc_next, cache)", "(dc_next, da_next, cache)"), LCB, LB),
    "no gradient at the cell state": (LB, (LCB, "Wf = para", "dc_next = np.zeros_like(dc_next)\n    Wf = para"), LCB, LB),
    "half of the gradient at the hidden state": (LB, (LCB, "Wf = para", "da_next = da_next / 2\n    Wf = para"), LCB, LB),
    "the gradient at the cell state with the other sign": (LB, (LCB, "Wf = para", "dc_next = -dc_next\n    Wf = para"), LCB, LB),
    "what came in for what is handed back": (LB, (LCB, "'dc_prev': dc_prev", "'dc_prev': dc_next"), LCB, LB),
    "what came in added to what is handed back": (LB, (LCB, "'da_prev': da_prev", "'da_prev': da_prev + da_next"), LCB, LB),
}


def blamed(result: Result) -> list[set[str | None]]:
    """The functions of the first explanation and of each other one."""
    return [{mistake.function for mistake in mistakes} for mistakes in (result.mistakes, *(one.mistakes for one in result.alternatives))]


@pytest.mark.parametrize("name", IN_THE_CELL)
def test_loop_and_cell_are_both_told(notebook: Notebook, answer: Answer, name: str) -> None:
    """A cell that takes in or hands back something else prints what a wrong loop does: both are told, and neither is cleared."""
    check, change, cell, loop = IN_THE_CELL[name]
    result = answer(notebook.printed(check, change))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {cell} in blamed(result)
    assert {loop} in blamed(result)
    assert {cell, loop}.isdisjoint(result.exonerated)


def test_another_mistake_beside_it(notebook: Notebook, answer: Answer) -> None:
    """The same beside a second mistake, which stays in both explanations."""
    result = answer(notebook.printed(LB, EXCHANGED, (LB, "da0 = gradients['da_prev']\n", "")))
    assert {LCF, LB} in blamed(result)
    assert {LF, LB} in blamed(result)
    assert LCF not in result.exonerated


def test_the_cells_own_numbers_tell(notebook: Notebook, answer: Answer) -> None:
    """Where the cell's own check is in the text, a cell is to blame only if that prints what it printed."""
    loop = (LF, "a_next, c_next, parameters)", "c_next, a_next, parameters)")
    result = answer(notebook.printed(LCB) + "\n" + notebook.printed(LB, loop))
    assert blamed(result) == [{LF}]
    assert {LCF, LCB} <= set(result.exonerated)
    cell = (LCF, "xt, a_prev, c_prev, parameters):", "xt, c_prev, a_prev, parameters):")
    of_both = answer(notebook.printed(LCB, cell) + "\n" + notebook.printed(LB, cell))
    assert {LF} not in blamed(of_both)


def test_what_is_said_of_the_cell(notebook: Notebook, answer: Answer) -> None:
    """The first sentence names both functions, and the other explanation says what the cell does."""
    text = " ".join(to_text(answer(notebook.printed(LB, EXCHANGED))).split())
    assert "the same numbers can also come from lstm_cell_forward." in text
    assert "in lstm_cell_forward, the cell hands back its two states in each other's place (a_next and c_next)" in text
    assert "Right as far as these numbers tell: lstm_cell_backward and lstm_backward." in text


TAKEN = (LB, "da0 = gradients['da_prev']", "da0 = da_prevt")


@pytest.mark.parametrize(
    ("entry", "beside"),
    [
        ("gradients['dc_prev']", ()),
        ("gradients['dc_prev']", ((LCB, "dcct = dc * it", "dcct = dc * ft"),)),
        ("gradients['da_prev'] / m", ()),
        ("-gradients['da_prev']", ((LCB, "dit = dc * cct", "dit = dc * ft"),)),
    ],
)
def test_a_wrong_carry_that_is_returned(notebook: Notebook, answer: Answer, entry: str, beside: tuple[Change, ...]) -> None:
    """One mistake, where da0 is what the carry holds, also beside another one: of the loop, or of what the cell hands out."""
    carry = (LB, "da_prevt = gradients['da_prev']", f"da_prevt = {entry}")
    result = answer(notebook.printed(LB, carry, TAKEN, *beside))
    assert len(result.mistakes) == 1 + len(beside)
    ids = [{mistake.id for mistake in some} for some in (result.mistakes, *(one.mistakes for one in result.alternatives))]
    assert any("carry-wrong" in some for some in ids)
    assert {LB, LCB}.isdisjoint(result.exonerated)


def test_a_wrong_carry_beside_the_cells_own_numbers(notebook: Notebook, answer: Answer) -> None:
    """The cell's check tells that it is the loop, and what is returned from there is no mistake of its own."""
    changes = [(LCB, "dcct = dc * it", "dcct = dc * ft"), (LB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['dc_prev']"), TAKEN]
    result = answer(notebook.printed(LCB, changes[0]) + "\n" + notebook.printed(LB, *changes))
    assert [(mistake.function, mistake.id) for mistake in result.mistakes] == [(LCB, "name-replaced"), (LB, "carry-wrong")]


def test_a_returned_carry_that_is_rounded_to_zero(notebook: Notebook, answer: Answer) -> None:
    """A da0 that prints as zero is no further mistake where the wrong carry gives as small a one."""
    text = notebook.printed(LB, (LB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['dc_prev']"), TAKEN)
    result = answer(text.replace("-0.00042743790226421063", "-0.000"))
    assert [(mistake.function, mistake.id) for mistake in result.mistakes] == [(LB, "carry-wrong")]


OUTSIDE: dict[str, tuple[str, Change, Change, *tuple[Change, ...]]] = {
    "transposed": (RB, (RCB, "np.dot(dtanh, a_prev.T)", "np.dot(a_prev, dtanh.T)"), (RB, "gradients['dWaa']", "gradients['dWaa'].T")),
    "a gate too many": (
        LB,
        (LCB, "dc_prev = dc * ft", "dc_prev = dc * ft * ft"),
        (LB, "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['dc_prev'] * caches[t][4]"),
    ),
    "a carry of zero, beside another mistake": (
        RB,
        (RCB, "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.zeros(a_prev.shape)"),
        (RB, "da_prevt = gradients['da_prev']", "gradients['da_prev'] = 0 * da_prevt"),
        (RCB, "(1 - a_next ** 2) * da_next", "da_next"),
    ),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_a_loop_does_behind_the_call(notebook: Notebook, answer: Answer, name: str) -> None:
    """Where the cell is blamed for what its loop can do as well, a note names the loop and what tells them apart."""
    check, inside, outside, *beside = OUTSIDE[name]
    texts = [notebook.printed(check, change, *beside) for change in (inside, outside)]
    assert texts[0] == texts[1]
    result = answer(texts[0])
    (note,) = [note for note in result.notes if note.startswith("behind the call ")]
    cell = inside[0]
    assert note == (
        f"behind the call {check} can do to {result.mistakes[-1].quantity} just what is said of {cell}; the {cell} check, "
        "which runs no loop, tells which of the two it is."
    )


@pytest.mark.parametrize(
    "change",
    [
        (LCB, "dcct = dc * it *", "dcct = dc *"),
        (LCB, "dWf = np.dot(dft, np.concatenate((a_prev", "dWf = np.dot(dft, np.concatenate((a_next"),
    ],
)
def test_nothing_is_said_of_a_loop_that_could_not_do_it(notebook: Notebook, answer: Answer, change: Change) -> None:
    """What is wrong inside the cell, and what needs a value that no gradient holds, is not laid upon the loop."""
    assert not any(note.startswith("behind the call ") for note in answer(notebook.printed(LB, change)).notes)


@pytest.mark.parametrize(
    ("check", "changes", "hidden"),
    [
        (LCB, ((LCF, "ot = sigmoid(np.dot(Wo, concat) + bo)", "ot = sigmoid(sigmoid(np.dot(Wo, concat) + bo))"),), LCF),
        (RB, ((RF, "a_next = a0", "a[:, :, 0] = a0\n    a_next = a[:, :, 0]"),), RF),
    ],
)
def test_a_mistake_of_which_another_hides_a_part(
    notebook: Notebook, answer: Answer, check: str, changes: tuple[Change, ...], hidden: str
) -> None:
    """Alone no other prints the same, but beside the one that hides what tells them apart: both are told, and neither is cleared."""
    unlike = [(LCB, f" * {gate} * (1 - {gate})", "") for gate in ("ot", "it", "ft")] + [(LCB, " * (1 - cct ** 2)", "")]
    last = [(RB, f"{name} = {name} + grad", f"{name} = grad") for name in ("dWax", "dWaa", "dba")]
    result = answer(notebook.printed(check, *changes, *(unlike if check == LCB else last)))
    assert {hidden, check} in blamed(result)
    assert {hidden, RCB}.isdisjoint(result.exonerated)
