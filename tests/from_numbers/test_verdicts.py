"""From a pasted text to the verdict: right, right against a wrong key, explained, partly, unknown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad import cli
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Answer, Change, Notebook

CHECKS = tuple(SEQUENCE_MODELS.printed)
VIEW: Change = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")
NO_CARRY: Change = ("rnn_backward", "da_prevt = gradients['da_prev']", "pass")
NO_TRANSPOSE: Change = ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")
KEYS = [(check, version) for check, versions in SEQUENCE_MODELS.keys.items() for version in versions]


@pytest.mark.parametrize("check", CHECKS)
def test_right_numbers_are_right(notebook: Notebook, answer: Answer, check: str) -> None:
    """A right program's numbers are right, all of them, with no mistake and the whole chain cleared."""
    result = answer(notebook.printed(check))
    assert (result.verdict, result.mistakes, result.alternatives, result.key_is_wrong) == ("right", (), (), False)
    assert result.reproduced == result.printed == len(re.findall(r"\d\.\d*", notebook.printed(check)))
    assert result.exonerated == SEQUENCE_MODELS.chain(check)
    assert result.notes == ()


def test_right_numbers_of_few_digits_are_not_listed(answer: Answer) -> None:
    """Where each of them is short one sentence says so; of some among longer ones it says which."""
    short, long = 'gradients["dba"][4] = [0.2002]\n', 'gradients["dWax"][3][1] = 0.41077282493545836\n'
    few = 'gradients["dxt"][1][2] = -1.387\n' + short
    notes = [note for text in (few, long + few) for note in answer(text).notes if "digits" in note]
    assert notes[0] == "right to the few digits that are printed; more would tell more"
    assert notes[1] == "printed with so few digits that they tell little: dxt[1][2], dba[4][0]"


@pytest.mark.parametrize("check", ["lstm_cell_backward", "rnn_backward"])
def test_no_forward_function_is_right_above_numbers_of_a_forward_pass(notebook: Notebook, answer: Answer, check: str) -> None:
    """Nobody looks at them, so only the backward functions are cleared, and a note says why."""
    result = answer(f"a_next[4] = [-0.66408471 0.0036921 0.02088357 0.22834167]\na_next.shape = (5, 10)\n\n{notebook.printed(check)}")
    assert result.verdict == "right"
    assert result.exonerated == tuple(name for name in SEQUENCE_MODELS.chain(check) if name.endswith("backward"))
    assert result.notes == ("numbers of a forward pass (a_next) are not looked at, so no forward function is called right",)


@pytest.mark.parametrize("check", CHECKS)
def test_right_numbers_beside_unreadable_ones_are_unknown(notebook: Notebook, answer: Answer, check: str) -> None:
    """What could be read is right, and that is said; nothing is called right on the strength of it, and what was printed is not missing."""
    lines = notebook.printed(check).splitlines()
    name, index = SEQUENCE_MODELS.printed[check][-2]
    label = f"{name}{''.join(f'[{at}]' for at in index)}"
    spoilt = [*lines[:-2], re.sub(r"\d\.", "S.B", lines[-2]), ""]
    result = answer("\n".join(spoilt))
    assert (result.verdict, result.lost, result.exonerated, result.unexplained, result.errors) == ("unknown", (label,), (), (), ())
    assert result.reproduced == result.printed > 0
    assert len(result.unread) == 1
    (unreadable, missing) = result.notes
    assert missing == f"not printed, so nothing is known of it: {SEQUENCE_MODELS.printed[check][-1][0]}"
    assert unreadable == f"in lines that could not be read, so nothing is known of it: {label}"
    said = " ".join(to_text(result).split())
    assert said.startswith("Unknown: ")
    assert f"that I could read of {check} are right, but the printed {label} could not be read." in said
    assert answer("\n".join([*spoilt, lines[-2], lines[-1]])).verdict == "right"


def test_a_check_of_which_nothing_can_be_read_is_not_called_right(notebook: Notebook, answer: Answer) -> None:
    """Not even where all numbers of another check in the same text are."""
    result = answer(f'{notebook.printed("lstm_backward")}\ngradients["dxt"][1][2] = O.l234\n')
    assert (result.verdict, result.lost) == ("unknown", ("dxt[1][2]",))


@pytest.mark.parametrize(("check", "version"), KEYS)
def test_right_numbers_are_right_against_any_key(notebook: Notebook, answer: Answer, check: str, version: str) -> None:
    """A wrong key changes nothing about the numbers; it is named, with the reason."""
    result = answer(notebook.printed(check) + notebook.key(check, version))
    wrong = (check, version) in SEQUENCE_MODELS.wrong_keys
    assert (result.verdict, result.version, result.mistakes) == ("right", version, ())
    assert result.key_is_wrong is wrong
    assert result.notes == ((SEQUENCE_MODELS.wrong_keys[check, version],) if wrong else ())


def test_a_wrong_key_behind_a_right_one_is_named(notebook: Notebook, answer: Answer) -> None:
    """The cell's expected numbers are right in every version of the notebook, those of the sequence below them may not be."""
    cell, sequence = "lstm_cell_backward", "lstm_backward"
    of_cell = f"{cell}\n{notebook.printed(cell)}{notebook.key(cell, 'new')}"
    result = answer(f"{of_cell}\n{sequence}\n{notebook.printed(sequence)}{notebook.key(sequence, 'old')}")
    assert (result.verdict, result.printed, result.key_is_wrong) == ("right", 24, True)
    assert result.notes == (SEQUENCE_MODELS.wrong_keys[sequence, "old"],)


@pytest.mark.parametrize("expected", ["0.2153917", "-0.1479548381644969", "-0.14", "-0.148", "-0.1479"])
def test_expected_numbers_that_no_right_program_prints_are_said_to_be_so(notebook: Notebook, answer: Answer, expected: str) -> None:
    """Beside right numbers; one that was rounded or cut off, or differs in the last digit only, is no other one."""
    table = re.sub(r"(?<=dWf.\]\[3\]\[1\] = )\S+", expected, notebook.key("lstm_cell_backward", "new"))
    wrong = expected == "0.2153917"
    for text in (notebook.printed("lstm_cell_backward") + table, f"dWf[3][1] = -0.1479548381644968 (expected {expected})"):
        result = answer(text)
        assert (result.verdict, result.key_is_wrong) == ("right", wrong)
        said = (
            "the expected dWf[3][1] in the text is not the number that a right program prints in this check; if it is your own, give it "
            "alone, as label = number"
        )
        assert (said in result.notes) is wrong


def test_the_wrong_old_key_itself_is_explained_as_what_it_is(notebook: Notebook, answer: Answer) -> None:
    """Somebody whose numbers are those of the wrong key has the key's two mistakes, and hears that the key is wrong."""
    result = answer(notebook.key("lstm_backward", "old").replace("Expected Output:", "") + notebook.key("lstm_backward", "old"))
    assert (result.verdict, result.reproduced, result.key_is_wrong) == ("explained", 13, True)
    assert {(mistake.id, mistake.function) for mistake in result.mistakes} == {
        ("carry-missing", "lstm_backward"),
        ("accumulator-copied", "lstm_backward"),
    }


def test_the_numbers_of_the_wrong_old_key_are_said_to_be_these_without_its_table(notebook: Notebook, answer: Answer) -> None:
    """Nothing but the table's numbers, as if they were one's own: whose they are is said beside the mistakes that give them."""
    result = answer(notebook.key("lstm_backward", "old").replace("Expected Output:", ""))
    assert (result.verdict, result.key_is_wrong) == ("explained", False)
    assert result.notes == (SEQUENCE_MODELS.wrong_keys["lstm_backward", "old"], "the printed numbers are exactly these expected ones")


def test_a_stale_bias_is_no_mistake_of_the_learner(notebook: Notebook, answer: Answer) -> None:
    """The old RNN cell key holds only with another ba: numbers that equal it are right, and why the key is wrong is said."""
    table = notebook.key("rnn_cell_backward", "old")
    result = answer(table.replace("Expected Output:", "") + table)
    assert (result.verdict, result.mistakes, result.key_is_wrong) == ("right", (), True)
    assert "ba" in result.notes[0]


def test_numbers_of_the_courses_own_check_are_right_without_their_table(notebook: Notebook, answer: Answer) -> None:
    """The check with the stale ba was the course's own: who prints its numbers has made no mistake, with the table or without."""
    result = answer(notebook.key("rnn_cell_backward", "old").replace("Expected Output:", ""))
    assert (result.verdict, result.mistakes, result.key_is_wrong) == ("right", (), False)
    assert "ba" in result.notes[0]
    assert "course's own" in result.notes[-1]


def test_another_changed_check_is_explained(notebook: Notebook, answer: Answer) -> None:
    """A check that no course had is a cause, and named as the check's."""
    drawn = ("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)")
    result = answer(notebook.printed("lstm_backward", drawn))
    assert (result.verdict, {mistake.function for mistake in result.mistakes}) == ("explained", {None})


@pytest.mark.parametrize("changes", [(VIEW,), (NO_CARRY,), (NO_CARRY, NO_TRANSPOSE)])
def test_the_answer_does_not_depend_on_the_key(notebook: Notebook, answer: Answer, changes: tuple[Change, ...]) -> None:
    """With the expected table, with a wrong one and without any: the same mistakes, alternatives and predictions."""
    check = "lstm_backward" if changes[0] is VIEW else "rnn_backward"
    numbers = notebook.printed(check, *changes)
    answers = [answer(numbers), *(answer(numbers + notebook.key(check, version)) for version in SEQUENCE_MODELS.keys[check])]
    assert {one.verdict for one in answers} == {"explained"}
    assert len({(one.mistakes, one.alternatives, one.predictions, one.exonerated) for one in answers}) == 1


def test_a_mistake_in_a_function_that_printed_nothing(notebook: Notebook, answer: Answer) -> None:
    """The forward pass caches a view: found in lstm_forward, at step 0, and the backward functions are cleared by name."""
    result = answer(notebook.printed("lstm_backward", VIEW))
    (mistake,) = result.mistakes
    assert (mistake.id, mistake.function, mistake.quantity, mistake.step) == ("view-of-output", "lstm_forward", "c_prev", 0)
    assert (result.reproduced, result.printed) == (13, 13)
    assert {"lstm_cell_backward", "lstm_backward"} <= set(result.exonerated)
    assert "lstm_forward" not in result.exonerated
    assert mistake.confidence
    assert mistake.confidence.numbers == 13
    assert mistake.confidence.telling == 4
    assert mistake.confidence.log10_chance < -10


@pytest.mark.usefixtures("brief")
def test_numbers_of_the_right_size_are_unknown(notebook: Notebook, answer: Answer) -> None:
    """Random numbers have no cause: unknown, nothing reproduced, how far the search went is told."""
    gradients = {name: np.random.default_rng(8).normal(size=value.shape) for name, value in notebook.gradients("rnn_backward").items()}
    result = answer(notebook.lines("rnn_backward", gradients))
    assert (result.verdict, result.reproduced, result.mistakes) == ("unknown", 0, ())
    assert len(result.unexplained) == result.printed == 8
    assert result.search.candidates > 1000
    assert result.search.complete == (not result.search.cuts)
    assert result.exonerated == ()


@pytest.mark.usefixtures("brief")
def test_the_exit_code_says_whether_all_is_right(notebook: Notebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 for right numbers, 1 for wrong ones, explained or not; 0 too where only the check is to blame."""
    right = notebook.printed("rnn_cell_backward")
    drawn = ("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)")
    texts = (
        ("right", right, 0),
        ("explained", notebook.printed("rnn_cell_backward", NO_TRANSPOSE), 1),
        ("explained", notebook.printed("lstm_backward", drawn), 0),
        ("unknown", right.replace("-1.38", "-1.48"), 1),
    )
    for verdict, text, code in texts:
        file = tmp_path / "post.txt"
        file.write_text(text, encoding="utf-8")
        assert cli.main([str(file), "--format", "json"]) == code
        assert json.loads(capsys.readouterr().out)["verdict"] == verdict


def test_one_number_beside_a_known_mistake_is_partly(notebook: Notebook, answer: Answer) -> None:
    """A line of another output among these: what one program prints is explained, what it does not is named, the two make up all."""
    lines = notebook.printed("rnn_cell_backward", NO_TRANSPOSE).splitlines()
    lines[2] = 'gradients["dWax"][3][1] = 0.412345678901'
    result = answer("\n".join(lines))
    assert (result.verdict, result.reproduced, result.printed) == ("partly", 4, 5)
    assert result.unexplained == ("dWax[3][1]",)
    assert [mistake.id for mistake in result.mistakes] == ["transpose-wrong"]


@pytest.mark.usefixtures("brief")
def test_one_wrong_number_without_a_cause_leaves_the_others_right(notebook: Notebook, answer: Answer) -> None:
    """If a right program prints all but one number, and that one has no cause, the rest are said to be right."""
    text = notebook.printed("lstm_cell_backward").replace('["dbo"][4] = [0.1', '["dbo"][4] = [0.2')
    result = answer(text)
    assert (result.verdict, result.reproduced) == ("unknown", 10)
    assert result.unexplained == ("dbo[4][0]",)
    assert len(result.right) == 10


def test_nan_guides_nothing_and_must_be_met(notebook: Notebook, answer: Answer) -> None:
    """A power typed for a product gives NaN in a few numbers, which count as printed: where all others are right, no cause is told."""
    text = notebook.printed("lstm_cell_backward", ("lstm_cell_backward", "dbo = np.sum(dot,", "dbo = np.sum(dot ** 0.5,"))
    assert "nan" in text
    result = answer(text)
    assert result.printed == 11
    assert result.verdict != "explained" or result.reproduced == 11
    with_power = notebook.printed("lstm_cell_backward", ("lstm_cell_backward", "dc * cct * it * (1 - it)", "dc ** cct * it * (1 - it)"))
    assert with_power.count("nan") >= 3
    found = answer(with_power)
    assert (found.verdict, found.mistakes, found.printed) == ("unknown", (), 11)


def test_all_nan_says_no_more_than_it_can(notebook: Notebook, answer: Answer) -> None:
    """NaN everywhere carries no digit: whatever is said, the chance of a coincidence is not called small."""
    text = re.sub(r"-?\d+\.\d*(e-?\d+)?", "nan", notebook.printed("rnn_cell_backward"))
    result = answer(text)
    assert result.printed == 5
    assert all(mistake.confidence is None or mistake.confidence.log10_chance == 0 for mistake in result.mistakes)


def test_all_zeros_say_no_more_than_they_can(notebook: Notebook, answer: Answer) -> None:
    """Zeros everywhere: no certainty is claimed."""
    zeros = {name: np.zeros_like(value) for name, value in notebook.gradients("rnn_backward").items()}
    result = answer(notebook.lines("rnn_backward", zeros))
    assert result.printed == 8
    assert all(mistake.confidence is None or mistake.confidence.log10_chance == 0 for mistake in result.mistakes)


@pytest.mark.parametrize(
    "keep",
    [["dx", "da0"], ["dWaa", "da0"], ["dba", "dWax", "da0"], pytest.param(["da0"], marks=pytest.mark.slow)],
    ids=" and ".join,
)
def test_few_lines_are_enough_to_begin(notebook: Notebook, answer: Answer, keep: list[str]) -> None:
    """Some lines only: nothing is claimed beyond them, and every explanation prints them all."""
    lines = [line for line in notebook.printed("rnn_backward", NO_CARRY).splitlines() if line.split('"')[1] in keep]
    result = answer("\n".join(lines))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert result.printed == len(lines) + 3 * ("dx" in keep)
    others = [explanation.mistakes for explanation in result.alternatives]
    assert any(mistake.id == "carry-missing" for mistakes in (result.mistakes, *others) for mistake in mistakes)


def test_the_most_frequent_hidden_mistake_without_its_first_line(notebook: Notebook, answer: Answer) -> None:
    """The view of c is decided by dWf, dbf and da0 as well as by dx; at the least a search that looked at none of it says so."""
    result = answer("".join(notebook.printed("lstm_backward", VIEW).splitlines(keepends=True)[1:]))
    assert result.verdict == "explained" or not result.search.complete


def test_an_extra_quantity_does_no_harm(notebook: Notebook, answer: Answer) -> None:
    """A line about something the check does not print is left aside or used, and the mistake is found all the same."""
    text = notebook.printed("rnn_backward", NO_CARRY)
    extra = text + 'gradients["dWya"][1][2] = 0.5\nloss = 12.5\n'
    assert [mistake.id for mistake in answer(extra).mistakes] == [mistake.id for mistake in answer(text).mistakes] == ["carry-missing"]


def test_a_printed_shape_decides_between_equal_numbers(notebook: Notebook, answer: Answer) -> None:
    """Weights that are not cut into their two parts give a dxt of shape (8, 10), and the post says so."""
    whole: list[Change] = [("lstm_cell_backward", f"{name}[:, n_a:]", name) for name in ("Wf", "Wi", "Wc", "Wo")]
    gradients = notebook.gradients("lstm_cell_backward", *whole)
    assert gradients["dxt"].shape == (8, 10)
    result = answer(notebook.lines("lstm_cell_backward", gradients) + 'gradients["dxt"].shape = (8, 10)\n')
    assert (result.verdict, result.reproduced) == ("explained", 11)
    assert {(mistake.id, mistake.quantity) for mistake in result.mistakes} == {("slice-wrong", "dxt")}


def test_few_digits_are_still_numbers(notebook: Notebook, answer: Answer) -> None:
    """Rounded to five decimals the mistake is found, with less certainty."""
    text = notebook.printed("rnn_backward", NO_CARRY)
    short = re.sub(r"-?\d+\.\d{5,}", lambda found: f"{float(found[0]):.5f}", text)
    full, rounded = answer(text).mistakes, answer(short).mistakes
    assert [mistake.id for mistake in rounded] == [mistake.id for mistake in full] == ["carry-missing"]
    assert rounded[0].confidence
    assert full[0].confidence
    assert 0 < rounded[0].confidence.digits < full[0].confidence.digits


def test_right_numbers_of_a_program_in_single_precision_are_right(notebook: Notebook, answer: Answer) -> None:
    """The text does not say so; the digits do, and the note."""
    single = {name: np.asarray(value).astype(np.float32) for name, value in notebook.gradients("lstm_backward").items()}
    lines = "".join(
        f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {single[name][index]}\n'
        for name, index in notebook.assignment.printed["lstm_backward"]
    )
    result = answer(lines)
    assert (result.verdict, result.reproduced) == ("right", 13)
    assert "The numbers have the digits of float32, so they were compared to about six digits." in result.notes


@pytest.mark.slow
def test_without_dx_a_single_mistake_is_found_in_a_check_that_draws_otherwise(notebook: Notebook, answer: Answer) -> None:
    """Many notebooks draw Wy in that check, which changes every number, and many posts show a few lines only."""
    drawn: Change = ("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)")
    wrong: Change = ("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - np.tanh(cct) ** 2)")
    lines = notebook.printed("lstm_backward", drawn, wrong).splitlines()
    result = answer("\n".join(line for line in lines if "dx" not in line and "dWc" not in line))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [mistake.function for mistake in result.mistakes] == [None, "lstm_cell_backward"]


def test_one_of_several_mistakes_may_be_in_another_function(notebook: Notebook, answer: Answer) -> None:
    """A tanh taken once more in the backward cell prints what a cache prints that holds it: both are told, and neither is called right."""
    again: Change = ("rnn_cell_backward", "1 - a_next ** 2", "1 - np.tanh(a_next) ** 2")
    start: Change = ("rnn_forward", "a_next = a0", "a_next = np.zeros_like(a0)")
    result = answer(notebook.printed("rnn_backward", again, start))
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    assert {frozenset(mistake.function for mistake in mistakes) for mistakes in answers} >= {
        frozenset(("rnn_forward", "rnn_cell_forward")),
        frozenset(("rnn_forward", "rnn_cell_backward")),
    }
    assert {"rnn_cell_forward", "rnn_cell_backward"}.isdisjoint(result.exonerated)


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(("check", "name"), [(check, name) for check in CHECKS if "cell" in check for name in ("dxt", "da_prev")])
def test_a_row_where_a_number_belongs(notebook: Notebook, answer: Answer, check: str, name: str) -> None:
    """It is of an array that has an axis more, which no known mistake makes."""
    lines = notebook.printed(check).splitlines()
    result = answer("\n".join(re.sub(r"= (\S+)$", r"= [\1 0.5123411]", line) if f'"{name}"' in line else line for line in lines))
    assert result.verdict == "unknown"
    assert result.reproduced == result.printed - 1


@pytest.mark.slow
def test_wrong_numbers_that_are_one_multiple_of_the_right_ones_are_said_to_be_so(notebook: Notebook, answer: Answer) -> None:
    """No mistake is such a factor; the note tells what to look for."""
    changes = [("rnn_cell_backward", f"{name} = np.dot(", f"{name} = 0.003 * np.dot(") for name in ("dWax", "dWaa")]
    result = answer(notebook.printed("rnn_cell_backward", *changes))
    assert (result.verdict, result.reproduced) == ("unknown", 3)
    assert result.notes == ("dWax[3][1] and dWaa[1][2] of rnn_cell_backward are 0.003 times the right numbers",)


def test_a_forward_cell_that_could_print_the_same_beside_another_mistake_is_not_cleared(notebook: Notebook, answer: Answer) -> None:
    """By itself it would spoil a number too that the other mistake spoils anyhow."""
    changes: list[Change] = [
        ("rnn_cell_forward", "a_next = np.tanh(", "a_next = ("),
        ("rnn_cell_backward", "dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(Wax.T, da_next)"),
    ]
    result = answer(notebook.printed("rnn_cell_backward", *changes))
    assert (result.verdict, result.exonerated) == ("explained", ())
    assert any(mistake.function == "rnn_cell_forward" for other in result.alternatives for mistake in other.mistakes)
