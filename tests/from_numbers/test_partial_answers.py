"""What explains some of the numbers only, or all of them in one of two functions: told as far as the numbers bear it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.candidates.certainty import rivals, spoils, supported
from whygrad.from_numbers.numbers.printed import Target
from whygrad.mistakes import Edit
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

LCF, LCB, LB, RCF, RCB, RB = (
    "lstm_cell_forward",
    "lstm_cell_backward",
    "lstm_backward",
    "rnn_cell_forward",
    "rnn_cell_backward",
    "rnn_backward",
)
VARIANTS = 12_000


def target_of(text: str) -> Target:
    """The numbers of a text with one check."""
    return Target(read_text(text, "a test").blocks[0])


def edit_of(notebook: Notebook, function: str, old: str, new: str) -> Edit:
    """One line of a function written otherwise, two mistakes by its name."""
    lines = notebook.assignment.functions[function]
    number = next(number for number, line in enumerate(lines) if old in line)
    return Edit("a + b", function, "", ((function, number, lines[number].replace(old, new)),), "a\x1fb", "a\x1fb")


def clipped(bound: float) -> Change:
    """A carry that is cut off."""
    return LB, "da_prevt = gradients['da_prev']", f"da_prevt = np.clip(gradients['da_prev'], -{bound}, {bound})"


def test_one_number_does_not_confirm_what_the_others_speak_against(notebook: Notebook, tables: Tables) -> None:
    """A forget gate of ones gives dc_prev where the true gate was rounded to one, and eleven others wrong: it is no cause."""
    rounded = (LCF, "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.round(sigmoid(np.dot(Wf, concat) + bf), 2)")
    target = target_of(notebook.printed(LCB, rounded))
    ones = edit_of(notebook, LCF, "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.ones_like(c_prev)")
    one = Edit("a", LCF, "ft", ones.lines, "a")
    assert supported(tables, [target], (ones,), VARIANTS) == ()
    assert supported(tables, [target], (one,), VARIANTS) == ()


def test_one_number_that_a_mistake_alone_touches_is_told(notebook: Notebook, tables: Tables) -> None:
    """The mistake changes nothing else in its check, so nothing there speaks against it."""
    rounded: Change = (LCB, "dot = da_next", "dot = np.round(da_next, 2)")
    target = target_of(notebook.printed(LCB, rounded, (LCB, "dc_prev = dc * ft", "dc_prev = dc * it")))
    lines = edit_of(notebook, LCB, "dc_prev = dc * ft", "dc_prev = dc * it").lines
    one, two = Edit("a", LCB, "dc_prev", lines, "a"), Edit("a + b", LCB, "dc_prev", lines, "a\x1fb", "a\x1fb")
    assert supported(tables, [target], (one,), VARIANTS) == (one,)
    assert supported(tables, [target], (two,), VARIANTS) == (), "one number is no proof of two mistakes"


@pytest.mark.usefixtures("brief")
def test_a_right_cell_is_not_blamed_for_what_its_loop_does(notebook: Notebook, answer: Answer) -> None:
    """All numbers of the cell are right, and nothing known gives all of the loop's: no mistake in the cell is made up for some."""
    result = answer(f"{notebook.printed(LCB)}\n{notebook.printed(LB, clipped(0.37))}")
    assert result.verdict in {"partly", "unknown"}
    assert LCB not in {mistake.function for mistake in result.mistakes}
    assert LCB in result.exonerated
    assert not set(result.unexplained) & set(result.right)
    assert not any("stays unexplained" in note for note in result.notes)


@pytest.mark.parametrize("bound", [0.25, 0.5])
def test_a_usual_bound_is_found(notebook: Notebook, answer: Answer, bound: float) -> None:
    """People cut off where they like, most of them at one of a few numbers."""
    result = answer(f"{notebook.printed(LCB)}\n{notebook.printed(LB, clipped(bound))}")
    assert result.verdict == "explained"
    assert f"is cut off at {bound}" in result.mistakes[0].says
    assert LB in {one.function for some in (result.mistakes, *(other.mistakes for other in result.alternatives)) for one in some}


def test_what_spoils_right_numbers() -> None:
    """That is held against an explanation unless it gives all of an output; of a zero nothing is."""
    cell = target_of("lstm_cell_backward:\ndc_prev[2][3] = 0.7975220387970015\ndWf[3][1] = 0.0")
    loop = target_of("lstm_backward:\nda0[2][3] = 0.0843766797939315\ndWf[3][1] = -0.0788538311195479")
    both, first, none = np.array([True, True]), np.array([True, False]), np.array([False, False])
    assert spoils([cell, loop], [none, first], [both, none])
    assert not spoils([cell, loop], [none, both], [both, none])
    assert not spoils([cell, loop], [first, first], [both, none])


def test_few_digits_of_the_only_wrong_number_are_enough(notebook: Notebook, answer: Answer, tables: Tables) -> None:
    """Ten right numbers leave a tenth of the mistakes, among which five digits tell; among all they would not."""
    lines = notebook.printed(LCB).splitlines()
    wrong = notebook.gradients(LCB, (LCB, "dc_prev = dc * ft", "dc_prev = dc_next * ft"))["dc_prev"][2, 3]
    text = "\n".join([*(line for line in lines if "dc_prev" not in line), f"dc_prev[2][3] = {wrong:.5f}"])
    target = target_of(text)
    right = target.hit(target.values(tables.of(LCB).right.gradients))
    assert right.sum() == 10
    assert 10 < rivals(tables, [target], [right]) < 2000 < rivals(tables, [target], [~right & right])
    result = answer(text)
    assert (result.verdict, [one.quantity for one in result.mistakes]) == ("explained", ["dc_prev"])


@pytest.mark.parametrize(
    ("told", "check", "change"),
    [
        (LCF, LCB, (LCB, "    dc = dc_next", "    cct *= it\n    dc = dc_next")),
        (RCB, RCB, (RCF, "cache = (a_next, a_prev,", "cache = (a_next, 2 * a_prev,")),
        (RB, RB, (RCF, "cache = (a_next, a_prev,", "cache = (a_next, 2 * a_prev,")),
    ],
)
def test_what_the_other_cell_can_do_to_the_cache(notebook: Notebook, answer: Answer, told: str, check: str, change: Change) -> None:
    """What goes wrong with a value between the two cells is told of the likelier one, and the other is not called right."""
    result = answer(notebook.printed(check, change))
    assert (result.verdict, {mistake.function for mistake in result.mistakes}) == ("explained", {told})
    assert change[0] not in result.exonerated


def test_what_no_stored_value_gives_clears_the_forward_cell(notebook: Notebook, answer: Answer) -> None:
    """Only what the one line reads can have been stored so: the bias's gradient comes from what others read too."""
    result = answer(
        notebook.printed(RCB, (RCB, "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = 2 * np.sum(dtanh, axis=1, keepdims=True)"))
    )
    assert RCF in result.exonerated


@pytest.mark.usefixtures("brief")
def test_what_explains_nothing_is_not_told_beside_what_does(notebook: Notebook, answer: Answer) -> None:
    """One gradient is like nothing that is known, another is explained: no slip of the cell that this check does not show stands beside."""
    of_nothing = (LB, "dWc = dWc + gradients['dWc']", "dWc = dWc + gradients['dWc'] ** 3 / 7")
    result = answer(notebook.printed(LB, of_nothing, (LB, "dbc = dbc + gradients['dbc']", "dbc = dbi + gradients['dbc']")))
    assert (result.verdict, result.unexplained) == ("partly", ("dWc[3][1]",))
    assert [mistake.function for mistake in result.mistakes] == [LB]
