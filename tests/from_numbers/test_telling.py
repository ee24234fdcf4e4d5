"""What is said beside the mistakes: what would tell explanations apart, and which digits are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.assignments import ASSIGNMENTS
from whygrad.from_numbers.answer.telling import predictions_of
from whygrad.mistakes import Edit
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

TWICE: Change = ("rnn_cell_backward", "(1 - a_next ** 2) *", "(1 - a_next ** 2) * (1 - a_next ** 2) *")
SIGN: Change = ("lstm_cell_backward", "da_prev = ", "da_prev = -")
KEPT: Change = ("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_next.T)")
SUM_LOST: Change = ("lstm_backward", "dbo = dbo + gradients['dbo']", "dbo = dbo + dbo")
SIGNS: tuple[Change, ...] = tuple(("lstm_cell_backward", f"{name} = ", f"{name} = -") for name in ("dWf", "dWi"))
TANH_TWICE: Change = ("rnn_cell_backward", "a_next ** 2", "np.tanh(a_next) ** 2")
VIEWS: tuple[Change, ...] = (
    ("lstm_forward", "a_next = a0", "a_next = a[:, :, 0]"),
    ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
)


def test_numbers_that_differ_by_rounding_tell_nothing_apart(notebook: Notebook, answer: Answer) -> None:
    """One program written in two ways is two explanations, and no check is named that would part them."""
    result = answer(notebook.printed("rnn_cell_backward", TWICE))
    assert result.alternatives
    assert all(
        one.alternative is None or "[" in one.value or abs(float(one.value) - float(one.alternative)) > 1e-12 for one in result.predictions
    )


def test_more_digits_are_asked_for_of_the_wrong_numbers_alone(notebook: Notebook, answer: Answer) -> None:
    """All lines were printed with three digits and one is wrong: that one is named, and is called wrong."""
    text = notebook.printed("lstm_cell_backward", SIGN)
    short = "\n".join(line[: line.index(".") + 4] + ("]" if "= [" in line else "") for line in text.splitlines())
    result = answer(short)
    assert (result.verdict, result.unexplained) == ("unknown", ("da_prev[2][3]",))
    assert result.would_tell == ("da_prev[2][3] of lstm_cell_backward",)


def test_what_ends_alike_is_said_once(notebook: Notebook, answer: Answer) -> None:
    """Both states are kept as views: they are named together."""
    result = answer(notebook.printed("lstm_backward", *VIEWS))
    assert "the previous hidden and cell state in the first cache" in result.mistakes[0].says


def test_what_tells_apart_is_of_the_explanations_that_are_shown_first(notebook: Notebook, answer: Answer) -> None:
    """The loop or the cell may leave a sum at zero: the cell's check prints it, though a third explanation reads like the first there."""
    result = answer(notebook.printed("lstm_backward", SUM_LOST))
    assert result.alternatives[0].mistakes[0].function == "lstm_cell_backward"
    told = [(one.check, one.label, one.alternative) for one in result.predictions if one.alternative is not None]
    assert told == [("lstm_cell_backward", "dbo[4]", "[0.]")]


def test_a_mistake_in_the_other_network_tells_nothing_apart(notebook: Notebook, answer: Answer) -> None:
    """Two explanations of the RNN's numbers both go with the LSTM's own mistake: no number of the LSTM parts them."""
    result = answer(notebook.printed("rnn_cell_backward", KEPT) + notebook.printed("lstm_cell_backward", SIGN))
    assert [one.mistakes[0].function for one in result.alternatives] == ["rnn_cell_forward"]
    assert all(one.alternative is None for one in result.predictions if one.check.startswith("lstm"))


def test_what_the_cell_hands_to_a_blamed_carry_is_foretold_first(notebook: Notebook, answer: Answer) -> None:
    """A loop that drops dc_prevt and a cell that hands out no dc_prev print the same: the cell's own dc_prev tells which it is."""
    result = answer(notebook.printed("lstm_backward", ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", "")))
    assert (result.predictions[0].check, result.predictions[0].label) == ("lstm_cell_backward", "dc_prev[2][3]")


def test_it_is_said_what_a_carry_keeps(notebook: Notebook, answer: Answer) -> None:
    """The old carry alone, or all that the cell was called with: two programs, and two sentences."""
    new = "da_prevt = gradients['da_prev']"
    said = [
        answer(notebook.printed("rnn_backward", ("rnn_backward", new, new.replace("= ", f"= {kept} + ")))).mistakes[0].says
        for kept in ("da_prevt", "da[:, :, t] + da_prevt")
    ]
    assert "the old value stays" in said[0]
    assert "what the cell was called with stays" in said[1]


def test_an_alternative_of_one_check_holds_the_mistake_of_the_other(notebook: Notebook, answer: Answer) -> None:
    """None of them explains all by itself: neither network's functions know of the other's."""
    text = notebook.printed("rnn_cell_backward", TWICE) + notebook.printed("lstm_cell_backward", SIGN)
    result = answer(text)
    assert result.alternatives
    assert {(one.reproduced, len(one.mistakes)) for one in result.alternatives} == {(result.printed, 2)}
    said = to_text(result)
    assert "in place of the first mistake: in rnn_cell_" in " ".join(said.split())
    assert "alone" not in said


def test_two_outputs_of_different_mistakes_are_not_of_one(notebook: Notebook, answer: Answer) -> None:
    """The same slip at two places, one in each of two people's programs."""
    first, second = (notebook.printed("lstm_cell_backward", one) for one in SIGNS)
    result = answer(f"Ann prints\n{first}\nand Bob has\n{second}")
    assert sorted(one.quantity for one in result.mistakes) == ["dWf", "dWi"]


def test_the_same_slip_in_more_places_is_no_other_explanation(notebook: Notebook, answer: Answer) -> None:
    """An equation that is wrong, or written out wrongly in all that read it: nobody can tell the two programs apart."""
    result = answer(notebook.printed("rnn_cell_backward", TANH_TWICE))
    assert [one.quantity for one in result.mistakes] == ["dtanh"]
    assert all(one.id != result.mistakes[0].id for other in result.alternatives for one in other.mistakes)


def test_the_same_slip_in_more_places_that_show_elsewhere_is_one(notebook: Notebook, answer: Answer) -> None:
    """Only dba is printed: what else may be wrong in the same way is another explanation, and each is told once."""
    line = notebook.printed("rnn_cell_backward", TANH_TWICE).splitlines()[-1]
    result = answer(f"rnn_cell_backward\n{line}")
    first = result.mistakes[0]
    assert [one.quantity for other in (result, *result.alternatives) for one in other.mistakes if one.id == first.id] == [
        "dba",
        "dWax, dWaa and dba",
        "dtanh",
    ]


def test_what_the_text_says_is_right_is_not_blamed(notebook: Notebook, answer: Answer) -> None:
    """What would spoil it comes behind all else, and is foretold by nothing."""
    gradients = notebook.gradients("rnn_backward", ("rnn_backward", "dWax = dWax + gradients['dWax']", "dWax += dWax"))
    text = next(line for line in notebook.lines("rnn_backward", gradients).splitlines() if "dWax" in line)
    alone, said = answer(f"rnn_backward: {text}"), answer(f"rnn_backward: everything matches except {text}")
    assert alone.mistakes[0].quantity != "dWax"
    assert said.mistakes[0].quantity == "dWax"
    assert "rnn_backward" not in {prediction.check for prediction in said.predictions}


def test_words_stand_against_a_likelier_cause(notebook: Notebook, answer: Answer) -> None:
    """What leaves right what the text says is right comes first, though it is several slips; where nothing does, it is doubted."""
    lost = [
        ("rnn_cell_backward", line, line.replace("dtanh", "(1 - a_next ** 2)")) for line in ("np.dot(dtanh, x", "np.dot(dtanh, a_prev.T")
    ]
    shown = notebook.printed("rnn_backward", *lost, ("rnn_cell_backward", "np.sum(dtanh", "np.sum(1 - a_next ** 2")).splitlines()[2:]
    heard = "The text was read as saying of dx and da0 that nothing is wrong there, "
    result = answer("\n".join(("rnn_backward, the others are right: dx and da0 are right.", *shown)))
    assert "dtanh" not in " ".join(one.quantity for one in result.mistakes)
    assert [note for note in result.notes if note.startswith(heard)] == [f"{heard}so what leaves that right comes first."]
    result = answer("lstm_cell_backward is right.\n" + notebook.printed("lstm_backward", ("lstm_cell_backward", "dcct = dc", "dcct = -dc")))
    assert any("lstm_cell_backward that nothing is wrong there, but" in note for note in result.notes)


@pytest.mark.parametrize("line", ["da_prevt = da_prevt + gradients['da_prev']", "pass"])
def test_what_a_right_loop_hands_out_of_either_is_not_foretold(notebook: Notebook, answer: Answer, line: str) -> None:
    """The last carry and what the cell returned last are the same, but for a mistake in the carry."""
    carry = ("rnn_backward", "da_prevt = gradients['da_prev']", line)
    lines = notebook.printed("rnn_backward", carry).splitlines()
    result = answer("\n".join(one for one in lines if "dWa" in one or "dba" in one))
    assert [mistake.quantity for mistake in result.mistakes] == ["da_prevt"]
    assert "dx" in {prediction.label.partition("[")[0] for prediction in result.predictions}
    assert "da0[2][3]" not in {prediction.label for prediction in result.predictions}


def test_nothing_is_foretold_that_another_listed_explanation_does_not_print() -> None:
    """The next differs in dWaa and is told apart there, the third in dxt: of that nothing is said."""
    assignment = ASSIGNMENTS["sequence-models"]
    cell = "rnn_cell_backward"

    def negated(name: str) -> Edit:
        lines = assignment.functions[cell]
        number = next(at for at, line in enumerate(lines) if line.strip().startswith(f"{name} = "))
        return Edit("sign-flipped", cell, name, ((cell, number, lines[number].replace(" = ", " = -")),), "minus")

    first, second, third = (negated("dba"),), (negated("dba"), negated("dWaa")), (negated("dba"), negated("dxt"))
    told = predictions_of(assignment, [cell], set(), first, [second, third])
    assert [one.label for one in told if one.alternative] == ["dWaa[1][2]"]
    assert "dba[4]" in {one.label for one in told}
    assert "dxt[1][2]" not in {one.label for one in told}
