"""What few digits can give by accident is no cause; what they can confirm is told."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_numbers.answer.result import _wrong_ones  # pyright: ignore[reportPrivateUsage]
from whygrad.from_numbers.candidates.certainty import confirmed_by, digits_of, supported
from whygrad.from_numbers.candidates.families import Family
from whygrad.from_numbers.candidates.far_fetched import far_fetched
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.sequence import search as search_module
from whygrad.from_numbers.sequence.search import SequenceSearch
from whygrad.read import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

NO_TRANSPOSE: Change = ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")
NO_BIAS_SUM: Change = ("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.mean(dtanh, axis=1, keepdims=True)")


def block_of(text: str) -> Target:
    """The numbers of a text."""
    return Target(read_text(text, "a test").blocks[0])


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("text", ['gradients["dxt"][1][2] = 0.25', 'gradients["da_prev"][2][3] = 0.5', "dWf[3][1] = 0.2\ndbf[4] = [0.31]"])
def test_a_few_digits_are_no_cause(answer: Answer, text: str) -> None:
    """Some mistakes always print so few digits: none is named, and the lines that would tell are."""
    result = answer(text)
    assert (result.verdict, result.mistakes, result.alternatives) == ("unknown", (), ())
    assert result.would_tell
    assert all(label.endswith(f" of {result.checks[0]}") for label in result.would_tell)


@pytest.mark.slow
@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("check", ["rnn_cell_backward", "rnn_backward", "lstm_cell_backward"])
def test_random_numbers_of_few_digits_are_not_explained(notebook: Notebook, answer: Answer, check: str) -> None:
    """One to four lines with one to three digits, drawn at random: nothing is claimed."""
    dice = random.Random(29)
    for _ in range(5):
        lines = dice.sample(notebook.printed(check).splitlines(), dice.randint(1, 4))
        digits = dice.randint(1, 3)
        text = "\n".join(f"{line.partition(' = ')[0]} = {dice.uniform(0.1, 2):.{digits}f}" for line in lines if '"dx"' not in line)
        if text:
            assert answer(text).verdict == "unknown", text


@pytest.mark.parametrize(("check", "changes"), [("rnn_backward", (NO_TRANSPOSE,)), ("rnn_backward", (NO_BIAS_SUM,))])
def test_one_line_in_full_digits_is_enough_for_one_mistake(
    notebook: Notebook, answer: Answer, check: str, changes: tuple[Change, ...]
) -> None:
    """Where one line with all its digits is wrong, a single mistake is told."""
    right = notebook.printed(check).splitlines()
    wrong = [line for line in notebook.printed(check, *changes).splitlines() if line not in right]
    result = answer(f"{check}:\n{wrong[0]}")
    assert (result.verdict, len(result.mistakes)) == ("explained", 1)


def test_zeros_alone_are_called_what_they_are(answer: Answer) -> None:
    """Zeros fit many mistakes: the likeliest single one is told, and not more."""
    result = answer('gradients["dWaa"][1][2] = 0.0\ngradients["dba"][4] = [0.]')
    assert (result.verdict, len(result.mistakes), result.would_tell) == ("explained", 1, ())
    assert result.mistakes[0].confidence is not None
    assert result.mistakes[0].confidence.log10_chance == 0


def test_digits_and_what_they_confirm() -> None:
    """Zeros and NaN have no digit; a digit less than the single mistakes are many confirms none."""
    assert digits_of(block_of("dWaa[1][2] = 0.0\ndba[4] = [nan]")).tolist() == [0, 0]
    assert round(float(digits_of(block_of("dba[4] = [0.25]"))[0]), 1) == 1.2
    assert [confirmed_by(digits, 1000) for digits in (0.0, 3.9, 4.1, 7.1, 16.0)] == [0, 0, 1, 2, 5]


def test_a_mistake_for_the_sake_of_two_digits_is_left_out(notebook: Notebook, tables: Tables) -> None:
    """One mistake gives 16 digits, another two: the second is an accident, and the first stays."""
    lines = notebook.printed("rnn_cell_backward", NO_TRANSPOSE).splitlines()
    mean = notebook.gradients("rnn_cell_backward", NO_BIAS_SUM)["dba"][4, 0]
    target = block_of("\n".join([lines[1], f'gradients["dba"][4] = [{mean:.2f}]']))
    edits = tables.variants.of_function("rnn_cell_backward")
    first = next(edit for edit in edits if edit.lines[0][2].strip() == "da_prev = np.dot(Waa, dtanh)")
    second = next(edit for edit in edits if edit.lines[0][2].strip() == "dba = np.mean(dtanh, axis=1, keepdims=True)")
    assert target.hit(target.values(tables.of("rnn_cell_backward").right.gradients)).sum() == 0
    assert supported(tables, [target], (first, second), 500) == (first,)


def test_a_short_number_that_is_all_that_is_left_tells_of_one_mistake(notebook: Notebook, answer: Answer) -> None:
    """The forward cell gives all numbers but one of five digits; of those mistakes that touch this one alone there are few."""
    it = ("lstm_cell_forward", "it = sigmoid(np.dot(Wi, concat) + bi)", "it = sigmoid(np.dot(Wf, concat) + bf)")
    result = answer(notebook.printed("lstm_cell_backward", it, ("lstm_cell_backward", "dbc = np.sum(", "dbc = np.mean(")))
    assert [(mistake.id, mistake.quantity) for mistake in result.mistakes] == [("gate-swapped", "it"), ("mean-for-sum", "dbc")]


def test_what_is_printed_with_all_digits_is_not_asked_for(notebook: Notebook) -> None:
    """Wrong numbers of all digits tell no more if they are printed again, nor does one that is explained: one of few digits does."""
    target = block_of(notebook.printed("rnn_cell_backward", NO_TRANSPOSE, NO_BIAS_SUM))
    family = Family([target], [np.zeros(len(target), bool)], [((), [np.zeros(len(target), bool)], 0.0)], Trail())
    labels = [("rnn_cell_backward", name, number.index) for name, number in zip(target.names, target.block.numbers, strict=True)]
    assert _wrong_ones(family, labels) == ["dba[4][0] of rnn_cell_backward"]


def test_where_no_work_is_left_the_search_says_so(notebook: Notebook, tables: Tables) -> None:
    """A search without work left begins no walk, and names each that it did not begin."""
    search = SequenceSearch(tables.of("rnn_backward"), block_of(notebook.printed("rnn_backward", NO_TRANSPOSE)))
    search.trail.left = 0
    assert search.walks.loops_alone(search.hypotheses.early_double, "pairs of mistakes in the loop") == []
    assert search.trail.cuts == ["pairs of mistakes in the loop: not tried"]


def test_a_share_of_the_work_is_spared() -> None:
    """What is done within comes off the rest; the share is there afterwards."""
    trail = Trail(left=100)
    with trail.sparing(4):
        assert trail.left == 75
        trail.left -= 60
    assert trail.left == 40


def test_in_a_sequence_too_only_mistakes_count_that_leave_right_what_is_right(notebook: Notebook, answer: Answer) -> None:
    """Five digits of the one wrong number tell what it is: few mistakes spoil it alone."""
    values = notebook.gradients("lstm_backward", ("lstm_backward", "da0 = gradients['da_prev']", "da0 = da[:, :, 0]"))
    result = answer(notebook.lines("lstm_backward", {name: np.round(value, 5) for name, value in values.items()}))
    (mistake,) = result.mistakes
    assert (result.verdict, mistake.function, mistake.quantity) == ("explained", "lstm_backward", "da0")


def test_a_rare_mistake_is_found_where_no_time_is_left_to_complete_the_likelier(
    notebook: Notebook, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without dx each is run by itself; one that prints all the numbers is no worse for that than what needs a second mistake."""
    check = "rnn_backward"
    weights: Change = ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa.T, da_next)")
    lines = notebook.printed(check, weights).splitlines()
    target = block_of("\n".join(line for line in lines if "dx" not in line and "da0" not in line))
    monkeypatch.setattr(search_module, "completed", lambda *_: [])
    found = SequenceSearch(tables.of(check), target).run()
    assert [edit.quantity for edit in found[0].edits] == ["da_prev"]
    assert found[0].full


def test_several_rare_mistakes_are_no_cause(notebook: Notebook, tables: Tables) -> None:
    """One of three that mends what another spoils is none, whatever they print; three rare ones are none where numbers stay unexplained."""
    places = (
        ("rnn_cell_forward", "state-stored-wrong", "cache = (a_prev, a_prev,"),
        ("rnn_cell_backward", "recomputed-wrongly", "np.dot(Waa, a_next)"),  # the state of before, where the cache holds that for a_next
        ("rnn_cell_backward", "transpose-wrong", "np.dot(Waa, dtanh)"),
    )
    stored, anew, turned = (
        next(edit for edit in tables.variants.of_function(function) if edit.operator == name and text in edit.lines[0][2])
        for function, name, text in places
    )
    target = block_of(notebook.printed("rnn_backward", NO_TRANSPOSE))
    all_, none, some = (np.arange(len(target)) < count for count in (len(target), 0, 4))
    family = Family([target], [none], [], Trail())
    assert far_fetched(tables, family, ((stored, anew, turned), [all_], 4.0))
    assert not far_fetched(tables, family, ((stored, anew), [all_], 11.0))  # one thing in two places
    assert [far_fetched(tables, family, ((stored, anew, turned), [some], cost)) for cost in (4.0, 11.0)] == [False, True]
