"""One cause of many wrong numbers: the check's own set-up, or one factor; not told as several mistakes of the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.answer.verdict import verdict_of
from whygrad.from_numbers.numbers.printed import Target
from whygrad.mistakes import Edit
from whygrad.read import read_text
from whygrad.records import Confidence

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

LCF, LCB, LB, RCB, RB = "lstm_cell_forward", "lstm_cell_backward", "lstm_backward", "rnn_cell_backward", "rnn_backward"
PARAMETERS = ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo")


def times(factor: str, *names: str) -> list[Change]:
    """The gradients that the cell of an LSTM returns, each multiplied."""
    return [(LCB, f"'{name}': {name}", f"'{name}': {name} * {factor}") for name in names]


@pytest.mark.parametrize(
    ("check", "change", "says"),
    [
        (LB, ("lstm_backward(da,", "lstm_backward(c[:, :, :4],"), "hands over the first four steps of c in place of da"),
        (RB, ("rnn_backward(da,", "rnn_backward(np.ones((5, 10, 4)),"), "an array of ones in place of da"),
        (RB, ("da = np.random.randn(5, 10, 4)", "da = np.zeros((5, 10, 4)); da[:, :, 3] = 1"), "zeros with ones at the last step"),
        (LCB, ("(da_next, dc_next,", "(a_prev, c_prev,"), "a_prev and c_prev in place of da_next and dc_next"),
        (LCB, ("da_next = np.random.randn(5, 10)", "da_next = np.ones((5, 10))"), "makes da_next an array of ones"),
    ],
)  # fmt: skip
def test_a_check_that_is_set_up_otherwise(notebook: Notebook, answer: Answer, check: str, change: tuple[str, str], says: str) -> None:
    """One line of it, and no function is blamed; nor cleared, as one that takes the other array by itself prints the same."""
    result = answer(notebook.printed(check, (f"{check}_check", *change)))
    (mistake,) = result.mistakes
    assert (result.verdict, mistake.id, mistake.function) == ("explained", "check-set-up-otherwise", None)
    assert says in mistake.says
    assert (result.exonerated, result.of_a_check) == ((), False)


@pytest.mark.parametrize("names", [("da_next",), ("dc_next",), ("da_next", "dc_next")])
def test_ones_may_stand_in_the_cell_or_in_its_check(notebook: Notebook, answer: Answer, names: tuple[str, ...]) -> None:
    """The cell's check prints the same by both, and both are told; the loop's check, which hands over other arrays, shows the cell."""
    ones = "".join(f"    {name} = np.ones_like({name})\n" for name in names)
    change = (LCB, "    n_a, m = a_next.shape\n", f"    n_a, m = a_next.shape\n{ones}")
    result = answer(notebook.printed(LCB, change))
    told = {(mistake.id, mistake.function) for one in (result, *result.alternatives) for mistake in one.mistakes}
    assert told == {("ones-for-upstream", LCB), ("check-set-up-otherwise", None)}
    result = answer(notebook.printed(LB, change))
    assert ["ones-for-upstream"] in [[mistake.id for mistake in one.mistakes] for one in (result, *result.alternatives)]


def test_what_no_function_can_print_clears_all(notebook: Notebook, answer: Answer) -> None:
    """Draws of other shapes, in another order: the arrays of the original are not there."""
    drawn = ("Wax = np.random.randn(5, 3)", "Waa = np.random.randn(5, 5)")
    result = answer(notebook.printed(RB, (f"{RB}_check", "\n    ".join(drawn), "\n    ".join(drawn[::-1]))))
    assert [mistake.id for mistake in result.mistakes] == ["check-set-up-otherwise"]
    assert (RB in result.exonerated, result.of_a_check) == (True, True)


def test_gates_drawn_in_another_order(notebook: Notebook, answer: Answer) -> None:
    """It is as if names were exchanged in two functions; the order is told."""
    drawn = [(f"{LB}_check", f"{kind}{one} = np.r", f"{kind}{its} = np.r") for kind in "Wb" for one, its in ("i_", "ci", "oc", "_o")]
    result = answer(notebook.printed(LB, *drawn))
    (mistake,) = result.mistakes
    assert "in the order f, o, c, i" in mistake.says


def exchanged(cell: str, *names: tuple[str, str]) -> list[Change]:
    """Each two names to which a cell assigns what it reads, in each other's place."""
    return [(cell, f"{one} = parameters", f"{its} = parameters") for a, b in names for one, its in ((a, "_"), (b, a), ("_", b))]


@pytest.mark.parametrize(
    ("check", "changes", "blamed"),
    [
        (LCB, [(LCB, "def lstm_cell_backward(da_next, dc_next,", "def lstm_cell_backward(dc_next, da_next,")], {LCB}),
        (LCB, [(LCF, "def lstm_cell_forward(xt, a_prev, c_prev,", "def lstm_cell_forward(xt, c_prev, a_prev,")], {LCF}),
        (LCB, [(cell, "(a_prev, xt)", "(xt, a_prev)") for cell in (LCF, LCB)], {LCF, LCB}),
        (LB, [*exchanged(LCF, ("Wf", "Wi"), ("bf", "bi")), *exchanged(LCB, ("Wf", "Wi"))], {LCF, LCB}),
    ],
)
def test_what_the_functions_take_in_otherwise(
    notebook: Notebook, answer: Answer, check: str, changes: list[Change], blamed: set[str]
) -> None:
    """A check that hands the same over in another order prints so, too: both are told, and none of the functions is called right."""
    result = answer(notebook.printed(check, *changes))
    told = [{mistake.function for mistake in one.mistakes} for one in (result, *result.alternatives)]
    assert told[0] == (blamed if check == LCB else {None})  # weights in one another's place are six lines in two functions
    assert blamed in told
    assert {None} in told
    assert blamed.isdisjoint(result.exonerated)


def test_what_both_checks_draw_otherwise_is_one_cause(notebook: Notebook, answer: Answer) -> None:
    """In the LSTM's cell the order of a stack prints the same and is likelier by itself; beside the RNN's, drawn so too, it is not."""
    swapped = ("xt = np.random.randn(3, 10)", "a_prev = np.random.randn(5, 10)")
    texts = [notebook.printed(check, (f"{check}_check", "\n    ".join(swapped), "\n    ".join(swapped[::-1]))) for check in (RCB, LCB)]
    result = answer("\n".join(texts))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("check-set-up-otherwise", None)]
    assert {LCF, LCB} in [{mistake.function for mistake in one.mistakes} - {None} for one in result.alternatives]


def test_one_factor_is_not_told_as_several_mistakes(notebook: Notebook, answer: Answer) -> None:
    """A cell that hands out a fortieth: a division by the examples in its lines and one by the steps in the loop give the same."""
    result = answer(notebook.printed(RB, *((RCB, f"'{name}': {name}", f"'{name}': {name} / 40") for name in ("dWax", "dWaa", "dba"))))
    assert (result.verdict, result.mistakes, result.would_tell) == ("unknown", (), ())
    assert any("are 0.025 times the right numbers" in note for note in result.notes)


def test_several_factors_in_one_function_are_told(notebook: Notebook, answer: Answer) -> None:
    """A cell that halves all its parameters' gradients: a half in each weight's line and one in each bias's."""
    result = answer(notebook.printed(LCB, *times("0.5", *PARAMETERS)))
    assert [(mistake.function, "one half" in mistake.says) for mistake in result.mistakes] == [(LCB, True)] * 2


def test_what_a_loop_multiplies_the_cell_may_have_multiplied(notebook: Notebook, answer: Answer) -> None:
    """A quarter is one of four steps: the loop is blamed, and the cell is not called right."""
    result = answer(notebook.printed(LB, *times("0.25", *PARAMETERS)))
    assert [mistake.function for mistake in result.mistakes] == [LB]
    assert LCB not in result.exonerated
    assert any(note.startswith("lstm_cell_backward can as well hand out dWf, dWi,") for note in result.notes)


def test_a_loop_that_overwrites_all_sums_multiplies_none(notebook: Notebook, answer: Answer) -> None:
    """Two of them become zero, since the first cell state is; a cell that hands out zeros there does nothing to the others."""
    result = answer(notebook.printed(LB, *((LB, f"{name} = {name} + ", f"{name} = ") for name in PARAMETERS)))
    assert [mistake.id for mistake in result.mistakes] == ["overwritten-not-summed"]
    assert not any("can as well hand out" in note for note in result.notes)


@pytest.mark.parametrize(("explained", "verdict"), [(1, "unknown"), (2, "unknown"), (3, "partly"), (4, "partly")])
def test_what_explains_the_fewest_wrong_numbers_is_no_cause(notebook: Notebook, explained: int, verdict: str) -> None:
    """Some mistake or other gives one of five, whatever digits it has: what spoils the most is not known, and may spoil that one too."""
    targets = [Target(block) for block in read_text(notebook.printed(RCB), "a test").blocks]
    known = [place < explained for place in range(len(targets[0]))]
    edit = Edit("a", RCB, "dxt", ((RCB, 1, "pass"),), "a")
    sure = Confidence(explained, explained, 16 * explained, 1_000, -12.0)
    assert verdict_of((edit,), sure, targets, [~targets[0].finite], known, whole=False) == verdict


def test_a_slip_in_two_equations_shown_with_few_digits(notebook: Notebook, answer: Answer) -> None:
    """One of them spoils no dx, and all else that is wrong: something that prints a rounded gradient by itself is found for each."""
    gates = [(LCB, f".T, {gradient})", f".T, {gradient[1:]})") for gradient in ("dft", "dit", "dcct", "dot")]
    gradients = notebook.gradients(LB, *gates)
    result = answer(notebook.lines(LB, {name: np.vectorize(lambda one: float(f"{one:.5g}"))(value) for name, value in gradients.items()}))
    (mistake,) = result.mistakes
    assert (result.verdict, mistake.id, mistake.quantity) == ("explained", "kind-replaced", "da_prev and dxt")
    assert result.search.complete


@pytest.mark.parametrize("names", [("da0", "dba"), ("dWaa", "dba"), ("dWax", "dWaa", "dba")])
@pytest.mark.parametrize("spoilt", ["dtanh = 1 - a_next ** 2", "dtanh = da_next"])
def test_without_dx_a_slip_of_the_cell_is_not_one_in_each_gradient(
    notebook: Notebook, answer: Answer, spoilt: str, names: tuple[str, ...]
) -> None:
    """Each can be told by itself, too; and what the cell hands on alone prints the same dx as what it makes all of."""
    lines = notebook.printed(RB, (RCB, "dtanh = (1 - a_next ** 2) * da_next", spoilt)).splitlines()
    result = answer(f"{RB}:\n" + "\n".join(line for line in lines if line.split('"')[1] in names))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [(mistake.id, mistake.quantity) for mistake in result.mistakes] == [("factor-dropped", "dtanh")]


@pytest.mark.parametrize(
    ("changes", "names", "quantity"),
    [
        ([(LCB, f"np.sum({of}", f"np.sum(dW{gate}") for of, gate in zip(("dft", "dit", "dcct", "dot"), "fico", strict=True)],
         ("dbi", "dbc", "dbo"), "dbf, dbi, dbc and dbo"),
        ([(RCB, "xt.T)", "xt.T) / 10"), (RCB, "a_prev.T)", "a_prev.T) / 10"), (RCB, "np.sum(", "0.1 * np.sum(")],
         ("dWaa", "dba"), "dWax, dWaa and dba"),
        ([(LCB, "dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc_next + da_next * ot * (1 - a_next ** 2)")],
         ("dWi", "dbi", "dbc"), "dc"),
    ],
)  # fmt: skip
def test_of_what_was_not_printed_no_more_is_blamed_than_is_likely(
    notebook: Notebook, answer: Answer, changes: list[Change], names: tuple[str, ...], quantity: str
) -> None:
    """The same slip in all gradients of the parameters is likelier than in some and one of another kind."""
    check = changes[0][0]
    lines = [line for line in notebook.printed(check, *changes).splitlines() if line.split('"')[1] in names]
    (mistake,) = answer(f"{check}:\n" + "\n".join(lines)).mistakes
    assert mistake.quantity == quantity


def test_a_derivative_of_the_gradient_alone_is_one_slip(notebook: Notebook, answer: Answer) -> None:
    """It is taken of the wrong array, and so that array is no factor: nothing was forgotten besides."""
    (mistake,) = answer(
        notebook.printed("rnn_cell_backward", ("rnn_cell_backward", "(1 - a_next ** 2) * da_next", "1 - np.tanh(da_next) ** 2"))
    ).mistakes
    assert (mistake.id, mistake.quantity) == ("wrong-activation-derivative", "dtanh")
