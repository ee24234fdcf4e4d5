"""Numbers at places that a right program does not print, lines that were left out, and zeros."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

RCF, RF, RCB, RB = "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward"
LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
RB_NAMES = ("da0", "dWax", "dWaa", "dba")
AS_LONG_AS_X: Change = (LB, "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros(x.shape)")


@pytest.mark.parametrize(
    ("more", "operator"),
    [
        pytest.param(
            ("        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", ""),
            "carry-missing",
            marks=pytest.mark.slow,
        ),
        (("dbf = dbf + gradients['dbf']", "dbf = gradients['dbf']"), "overwritten-not-summed"),
    ],
)
def test_dx_has_a_slice_for_each_step_of_x(notebook: Notebook, answer: Answer, more: tuple[str, str], operator: str) -> None:
    """Seven numbers of dx, three of them zero: told, together with what else is wrong."""
    result = answer(notebook.printed(LB, AS_LONG_AS_X, (LB, *more)))
    assert (result.verdict, result.printed, result.reproduced) == ("explained", 16, 16)
    assert {mistake.id for mistake in result.mistakes} == {"input-gradient-stored-wrong", operator}


def test_a_row_where_a_column_belongs_is_one_mistake(notebook: Notebook, answer: Answer) -> None:
    """The sum over the steps becomes a matrix, of which the check prints a whole row: no other mistake is needed."""
    (mistake,) = answer(notebook.printed(RB, (RCB, "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.sum(dtanh, axis=1)"))).mistakes
    assert (mistake.function, mistake.quantity) == (RCB, "dba")


def test_an_array_that_is_too_wide_beside_one_mistake(notebook: Notebook, answer: Answer) -> None:
    """One mistake beside each that makes such an array is looked for before several beside the first: few candidates are tried."""
    changes = [(LB, "dbo = np.zeros((n_a, 1), dtype)", "dbo = np.zeros((n_a, n_a))"), (LB, "dbf = np.zeros", "dbf = np.ones")]
    result = answer(notebook.printed(LB, *changes))
    assert (result.verdict, result.printed, result.reproduced) == ("explained", 17, 17)
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {(LB, "dbo"), (LB, "dbf")}
    assert result.search is not None
    assert result.search.candidates < 1_000_000


@pytest.mark.slow
def test_a_rarer_mistake_that_explains_all_without_dx_needs_no_other(notebook: Notebook, answer: Answer) -> None:
    """Numbers of few digits have many explanations by several mistakes: they are not looked for behind a single one."""
    gradients = notebook.gradients(LB, (LB, "reversed(range(T_x))", "reversed(range(T_x - 1))"))
    places = [(name, index) for name, index in notebook.assignment.printed[LB] if name != "dx"]
    lines = [f"{name}{''.join(f'[{at}]' for at in index)} = {gradients[name][index].item():.4f}" for name, index in places]
    result = answer(f"{LB}:\n" + "\n".join(lines))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("loop-wrong", LB)]
    assert result.search is not None
    assert result.search.candidates < 300_000


@pytest.mark.slow
@pytest.mark.usefixtures("brief")
def test_seven_steps_that_nothing_explains(notebook: Notebook, answer: Answer) -> None:
    """A loop over all steps of x, with an upstream gradient for the first of them only."""
    changes = [
        (LB, "n_a, m, T_x = da.shape", "n_a, m, given = da.shape\n    T_x = x.shape[2]"),
        (LB, "da[:, :, t] + da_prevt", "da[:, :, t % given] + da_prevt"),
    ]
    result = answer(notebook.printed(LB, *changes))
    assert (result.verdict, result.printed) == ("unknown", 16)


def test_several_gradients_that_stay_at_zero(notebook: Notebook, answer: Answer) -> None:
    """Zeros have no digits, but where each of several gradients is zero one cause for each is told."""
    changes = [(RB, "dWaa = dWaa + gradients['dWaa']", "pass"), (RB, "da0 = gradients['da_prev']", "da0 = np.zeros((n_a, m))")]
    result = answer(notebook.printed(RB, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.quantity for mistake in result.mistakes} == {"dWaa", "da0"}


def test_all_zeros_without_dx(notebook: Notebook, answer: Answer) -> None:
    """Where nothing but zeros is shown the upstream gradient that is never used comes before zeros that were made one by one."""
    whole = notebook.printed(RB, (RB, "da[:, :, t] + da_prevt", "da_prevt"))
    for left in (RB_NAMES, RB_NAMES[1:]):
        lines = [line for line in whole.splitlines() if line.split('"')[1] in left]
        assert [mistake.id for mistake in answer("rnn_backward:\n" + "\n".join(lines)).mistakes] == ["upstream-missing"]


@pytest.mark.parametrize(("check", "biases"), [(RB, ("dba",)), (LB, ("dbf", "dbi"))])
def test_without_dx_a_zero_da0_is_what_is_left_where_nothing_is_carried(
    notebook: Notebook, answer: Answer, check: str, biases: tuple[str, ...]
) -> None:
    """A cell that hands out zeros prints the same, and is the rarer mistake."""
    changes = [(check, "da_prevt = gradients['da_prev']", "pass"), (check, "da0 = gradients['da_prev']", "da0 = da_prevt")]
    lines = [line for line in notebook.printed(check, *changes).splitlines() if line.split('"')[1] in ("da0", *biases)]
    result = answer(f"{check}:\n" + "\n".join(lines))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("carry-missing", check)]


def test_what_was_not_printed_is_not_called_right(notebook: Notebook, answer: Answer) -> None:
    """Right lines alone clear no backward function whose other lines were left out, and the answer says so."""
    whole = notebook.printed(LB)
    some = "".join(line for line in whole.splitlines(keepends=True) if not any(f'"{name}"' in line for name in ("dWo", "dbo")))
    result = answer(some)
    assert result.verdict == "right"
    assert {LCF, LF} <= set(result.exonerated)
    assert not {LCB, LB} & set(result.exonerated)
    assert "not printed, so nothing is known of it: dWo, dbo" in result.notes


def test_what_was_not_printed_is_told_where_only_the_check_is_blamed(notebook: Notebook, answer: Answer) -> None:
    """A function may be wrong in it; where a function is blamed anyhow, nothing is said."""
    drawn: Change = (f"{LB}_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)")
    missing = "not printed, so nothing is known of it: dx"
    for change, told in ((drawn, [missing]), ((LB, "dbf = dbf + gradients['dbf']", "dbf = gradients['dbf']"), [])):
        result = answer("".join(line for line in notebook.printed(LB, change).splitlines(keepends=True) if '"dx"' not in line))
        assert result.verdict == "explained"
        assert [note for note in result.notes if "not printed" in note] == told


def test_what_shows_only_in_lines_left_out_clears_no_forward_function(notebook: Notebook, answer: Answer) -> None:
    """The state that a step began from is seen in dWaa alone; without dba both forward functions are seen still."""
    lines = notebook.printed(RB, (RB, "da_prevt = gradients['da_prev']", "")).splitlines()
    without = {name: answer("\n".join(line for line in lines if name not in line)) for name in ("dWaa", "dba")}
    assert not {RCF, RF} & set(without["dWaa"].exonerated)
    assert {RCF, RF} <= set(without["dba"].exonerated)


@pytest.mark.parametrize("new", ["dc_prevt = gradients['dc_prev'] * caches[t][4]", "dc_prevt = gradients['dc_prev'] * 0.5"])
def test_a_carry_spoilt_in_the_loop(notebook: Notebook, answer: Answer, new: str) -> None:
    """The sequence's numbers do not tell whether the cell returned it so, so the loop is not cleared."""
    assert LB not in answer(notebook.printed(LB, (LB, "dc_prevt = gradients['dc_prev']", new))).exonerated


def test_a_value_computed_again_in_the_backward_cell(notebook: Notebook, answer: Answer) -> None:
    """Without the bias: the forward cell may have it so, or the backward cell may compute it again, and is not cleared."""
    again = "(1 - np.tanh(np.dot(parameters['Wax'], xt) + np.dot(parameters['Waa'], a_prev)) ** 2)"
    assert RCB not in answer(notebook.printed(RCB, (RCB, "(1 - a_next ** 2)", again))).exonerated


@pytest.mark.parametrize(
    ("changes", "operator"),
    [
        (
            [(LCF, "np.dot(Wf, concat) + bf", "np.dot(Wf, concat) + bi"), (LCF, "np.dot(Wi, concat) + bi", "np.dot(Wi, concat) + bf")],
            "names-exchanged",
        ),
        ([(LCF, "np.dot(Wf, concat) + bf", "np.dot(Wf, concat) + bf + 1")], "term-added"),
        ([(LF, "c[:, :, t] = c_next", "c[:, :, t] = a_next\n        c_next = c[:, :, t]")], "state-not-carried"),
        (
            [
                (LF, "a_next, c_next, yt, cache = lstm_cell_forward(", "new_a, new_c, yt, cache = lstm_cell_forward("),
                (LF, "a[:, :, t] = a_next", "a_next[:] = new_a\n        c_next[:] = new_c\n        a[:, :, t] = a_next"),
            ],
            "updated-in-place",
        ),
        (
            [
                (
                    LCB,
                    "dft = dc * c_prev * ft * (1 - ft)",
                    "dft = dc_next * c_prev * ft * (1 - ft) + ot * (1 - np.tanh(c_next) ** 2) * c_prev * da_next",
                )
            ],
            "bracket-moved",
        ),
        ([(RB, "da0 = gradients['da_prev']", "da0 = rnn_cell_backward(da_prevt, caches[0])['da_prev']")], "initial-gradient-wrong"),
        ([(RCB, "da_prev = np.dot(Waa.T, dtanh)", "da_prev = dtanh")], "factor-dropped"),
        ([(RCB, "np.dot(dtanh, xt.T)", "np.dot(dtanh, xt.reshape(xt.shape[::-1]))")], "transpose-wrong"),
        ([(RCB, "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(Waa.T, dtanh) * (1 - a_prev ** 2)")], "factor-added"),
        (
            [
                (LB, f"db{one} = db{one} + gradients['db{one}']", f"db{one} = db{one} + gradients['db{one}'] + gradients['db{two}']")
                for one, two in ("fi", "if", "co", "oc")
            ],
            "accumulated-wrongly",
        ),
        ([(f"{LB}_check", "da = np.random", "np.random.seed(1)\n    da = np.random")], "check-draws-otherwise"),
    ],
)
def test_what_a_learner_may_well_do(notebook: Notebook, answer: Answer, changes: list[Change], operator: str) -> None:
    """Each is explained in full, by its own kind of mistake."""
    function = changes[0][0].removesuffix("_check")
    check = {RCF: RB, RCB: RB, RB: RB}.get(function, LB)
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.id for mistake in result.mistakes} == {operator}


def test_what_may_have_been_stored_clears_no_forward_cell(notebook: Notebook, answer: Answer) -> None:
    """Only one line reads the cell state of the step before: c_next there prints what a cache prints that holds c_next for it."""
    wrong = [(LCB, "* c_prev * ft * (1 - ft)", "* c_next * ft * (1 - ft)"), (LCB, "dcct = dc * it", "dcct = dc")]
    result = answer(notebook.printed(LCB, *wrong))
    assert result.verdict == "explained"
    assert LCF not in result.exonerated


def test_a_mistake_of_the_forward_cell_beside_one_of_the_backward_cell(notebook: Notebook, answer: Answer) -> None:
    """The backward cell could compute the hidden state anew and so: that the forward cell computed it so is likelier."""
    result = answer(notebook.printed(RCB, (RCF, "np.tanh(", "sigmoid("), (RCB, "np.dot(dtanh, xt.T)", "np.dot(da_next, xt.T)")))
    assert {mistake.function for mistake in result.mistakes} == {RCF, RCB}


@pytest.mark.usefixtures("brief")
def test_a_column_handed_back_ends_in_an_answer(notebook: Notebook, answer: Answer) -> None:
    """A carry that NumPy repeats: no walk goes on from a cell with it, and the search ends all the same."""
    mean = (LB, "da_prevt = gradients['da_prev']", "da_prevt = np.mean(gradients['da_prev'], axis=1, keepdims=True)")
    assert answer(notebook.printed(LB, mean)).verdict in {"explained", "partly", "unknown"}


@pytest.mark.usefixtures("brief")
@pytest.mark.slow
@pytest.mark.parametrize("count", [5, 10])
def test_more_wrong_numbers_of_dx_than_steps(answer: Answer, count: int) -> None:
    """No loop of the course stores so many: unknown, and no error."""
    numbers = " ".join(f"0.{place}2345678" for place in range(1, count + 1))
    assert answer(f'rnn_backward:\ngradients["dx"][1][2] = [{numbers}]').verdict == "unknown"


@pytest.mark.parametrize(
    ("function", "quantity", "old", "new"),
    [(LCF, "c_next", "c_prev + it", "c_prev * it"), (LCB, "dc", "dc_next + da_next", "dc_next * da_next")],
)
def test_a_product_for_a_sum_that_zeros_hide(  # noqa: PLR0917 - what stands where
    notebook: Notebook, answer: Answer, function: str, quantity: str, old: str, new: str
) -> None:
    """What begins as zero stays so: a part that is missing prints the same in the loop and is likelier, the cell's check tells."""
    result = answer(notebook.printed(LB, (function, old, new)))
    others = [(mistake.id, mistake.quantity) for other in result.alternatives for mistake in other.mistakes]
    assert ("operator-replaced", quantity) in others
    assert any(one.check == LCB and one.alternative for one in result.predictions)
