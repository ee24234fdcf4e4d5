"""Several runs in one post: checks of one family share their program, other runs stand for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_numbers.answer.runs import said_of_runs
from whygrad.from_numbers.candidates.families import Family
from whygrad.from_numbers.candidates.found import Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.read.post.text import read_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables

VIEW: Change = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")
NO_CARRY: Change = ("rnn_backward", "da_prevt = gradients['da_prev']", "pass")
SQUARE: Change = ("rnn_cell_backward", "(1 - a_next ** 2)", "(1 - a_next)")
GATE: Change = ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * it * (1 - it)")
OUTPUT_GATE: Change = ("lstm_cell_forward", "ot = sigmoid(np.dot(Wo, concat) + bo)", "ot = sigmoid(np.dot(Wi, concat) + bi)")
STALE: tuple[Change, ...] = tuple(
    ("lstm_cell_backward", f"{name} = parameters['{name}']", f"{name} = stale('lstm_backward')['{name}']")
    for name in ("Wf", "Wi", "Wc", "Wo")
)
RNN = ("rnn_cell_backward", "rnn_backward")
LSTM = ("lstm_cell_backward", "lstm_backward")


def post(notebook: Notebook, checks: tuple[str, ...], *changes: Change) -> str:
    """Each check's numbers under its name."""
    return "\n".join(f"{check} prints:\n\n{notebook.printed(check, *changes)}" for check in checks)


def test_a_right_cell_and_a_wrong_sequence(notebook: Notebook, answer: Answer) -> None:
    """All numbers of both are explained by one mistake that leaves the cell right, and the cell's functions are cleared."""
    result = answer(post(notebook, LSTM, VIEW))
    assert (result.verdict, result.reproduced, result.printed, result.checks) == ("explained", 24, 24, LSTM)
    assert [mistake.id for mistake in result.mistakes] == ["view-of-output"]
    assert {"lstm_cell_forward", "lstm_cell_backward", "lstm_backward"} <= set(result.exonerated)


def test_the_order_of_the_checks_does_not_matter(notebook: Notebook, answer: Answer) -> None:
    """Sequence first or cell first: the same mistakes."""
    there, back = answer(post(notebook, LSTM, VIEW)), answer(post(notebook, LSTM[::-1], VIEW))
    assert [(one.id, one.says) for one in there.mistakes] == [(one.id, one.says) for one in back.mistakes]
    assert (there.verdict, there.reproduced) == (back.verdict, back.reproduced)


def test_a_mistake_in_the_cell_is_inherited_by_the_sequence(notebook: Notebook, answer: Answer) -> None:
    """One mistake of the cell explains both checks; it is said once, and the loop is cleared."""
    for checks, change, quantity in ((RNN, SQUARE, "dtanh"), (LSTM, GATE, "dft")):
        result = answer(post(notebook, checks, change))
        assert (result.verdict, result.reproduced) == ("explained", result.printed)
        assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {(checks[0], quantity)}
        assert checks[1] in result.exonerated


def test_one_mistake_of_the_cell_stays_one_beside_a_sequence_of_zeros(notebook: Notebook, answer: Answer) -> None:
    """Two gates taken out of the cache in each other's place spoil four equations; of the sequence everything is zero."""
    cell: Change = ("lstm_cell_backward", "ft, it, cct, ot, xt", "ot, it, cct, ft, xt")
    loop: Change = ("lstm_backward", "da[:, :, t] + da_prevt", "0 * da_prevt")
    result = answer(post(notebook, LSTM, cell, loop))
    assert (result.verdict, result.reproduced) == ("explained", 24)
    assert [mistake.id for mistake in result.mistakes] == ["state-stored-wrong", "upstream-missing"]


@pytest.mark.slow
def test_a_mistake_that_the_cells_own_check_does_not_see(notebook: Notebook, answer: Answer) -> None:
    """The backward cell reads no a_next, so one in it stands beside what explains the cell, in the same function."""
    candidate: Change = ("lstm_cell_forward", "np.tanh(np.dot(Wc, concat) + bc)", "sigmoid(np.dot(Wc, concat) + bc)")
    state: Change = ("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * c_next")
    result = answer(post(notebook, LSTM, candidate, state))
    assert (result.verdict, result.reproduced) == ("explained", 24)
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {
        ("lstm_cell_forward", "cct"),
        ("lstm_cell_forward", "a_next"),
    }


ONE_FACTOR: Change = ("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * it")
OUTPUT: Change = ("lstm_cell_forward", "np.dot(Wo, concat) + bo", "np.dot(Wo, concat) - bo")
PLAIN_STATE: Change = ("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * c_next")
NO_CARRY_OF_A: Change = ("lstm_backward", "da_prevt = gradients['da_prev']", "pass")
FIRST_CACHE: Change = ("lstm_backward", "caches[t])", "caches[0])")


@pytest.mark.parametrize(
    "changes",
    [
        (ONE_FACTOR, VIEW, NO_CARRY_OF_A),
        (OUTPUT, VIEW, NO_CARRY_OF_A),
        (ONE_FACTOR, VIEW, FIRST_CACHE),
        (ONE_FACTOR, PLAIN_STATE, VIEW),
        (PLAIN_STATE, VIEW),
    ],
    ids=["cell, view, carry", "forward cell, view, carry", "cell, view, cache", "cell, state, view", "state, view"],
)
def test_two_mistakes_that_the_cells_own_check_does_not_see(notebook: Notebook, answer: Answer, changes: tuple[Change, ...]) -> None:
    """One is in the forward pass, in its loop or at a_next; they are found beside whatever explains the cell."""
    result = answer(post(notebook, LSTM, *changes))
    assert (result.verdict, result.reproduced) == ("explained", 24)
    assert {mistake.function for mistake in result.mistakes} == {function for function, *_ in changes}


def test_a_carry_that_is_nowhere_else_shown_clears_no_cell(notebook: Notebook, answer: Answer) -> None:
    """That nothing arrives through dc_prevt may be the loop's or the cell's doing, until the cell's own numbers are there."""
    changes: tuple[Change, ...] = (
        ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass"),
        ("lstm_backward", "da_prevt = gradients['da_prev']", "da_prevt = da_prevt + gradients['da_prev']"),
    )
    assert "lstm_cell_backward" not in answer(notebook.printed("lstm_backward", *changes)).exonerated
    assert "lstm_cell_backward" in answer(post(notebook, LSTM, *changes)).exonerated


def test_what_two_functions_may_have_exchanged_clears_neither(notebook: Notebook, answer: Answer) -> None:
    """The sums of two gates' gradients are exchanged by the loop, or their steps' by the cell; the cell's check tells."""
    keys: Change = ("lstm_backward", "'dWc': dWc, 'dbc': dbc, 'dWo': dWo, 'dbo': dbo", "'dWc': dWo, 'dbc': dbo, 'dWo': dWc, 'dbo': dbc")
    result = answer(notebook.printed("lstm_backward", keys))
    assert {mistake.function for one in result.alternatives for mistake in one.mistakes} == {"lstm_cell_backward"}
    assert set(result.exonerated) == {"lstm_cell_forward", "lstm_forward"}
    assert set(answer(post(notebook, LSTM, keys)).exonerated) == {"lstm_cell_forward", "lstm_forward", "lstm_cell_backward"}


def test_a_mistake_of_the_cell_and_one_of_the_loop(notebook: Notebook, answer: Answer) -> None:
    """What the cell's check shows is taken as known in the sequence, and the loop's own mistake is found beside it."""
    result = answer(post(notebook, RNN, SQUARE, NO_CARRY))
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 13, 13)
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == {
        ("rnn_cell_backward", "dtanh"),
        ("rnn_backward", "da_prevt"),
    }


def test_a_mistake_of_the_cell_and_one_of_the_forward_loop(notebook: Notebook, answer: Answer) -> None:
    """The cell's check does not see the forward loop; with the cell's mistake known, each forward loop is tried in the sequence."""
    result = answer(post(notebook, LSTM, GATE, VIEW))
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 24, 24)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_cell_backward", "lstm_forward"}


@pytest.mark.slow
def test_what_the_sequence_tells_of_the_cell(notebook: Notebook, answer: Answer) -> None:
    """The cell has its numbers from two mistakes and could have them from others; the sequence, which sees one of them, decides."""
    cell = notebook.printed("lstm_cell_backward", OUTPUT_GATE, *STALE)
    result = answer(f"lstm_cell_backward:\n{cell}\n\nlstm_backward:\n{notebook.printed('lstm_backward', OUTPUT_GATE)}")
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 24, 24)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_cell_forward", "lstm_cell_backward"}


def test_what_the_cell_tells_of_the_sequence(notebook: Notebook, answer: Answer) -> None:
    """Alone the sequence has likelier explanations of its da0 than the cell's sign; both together have one."""
    no_carry = ("lstm_backward", "da_prevt = gradients['da_prev']", "pass")
    result = answer(post(notebook, LSTM, ("lstm_cell_backward", "da_prev = ", "da_prev = -"), VIEW, no_carry))
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 24, 24)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_cell_backward", "lstm_forward", "lstm_backward"}


def test_two_families_are_explained_apart(notebook: Notebook, answer: Answer) -> None:
    """RNN and LSTM in one post: the mistake of each, and the functions of each cleared."""
    result = answer(post(notebook, ("rnn_backward",), NO_CARRY) + post(notebook, ("lstm_backward",), VIEW))
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 21, 21)
    assert {(mistake.id, mistake.function) for mistake in result.mistakes} == {
        ("carry-missing", "rnn_backward"),
        ("view-of-output", "lstm_forward"),
    }
    assert {"rnn_cell_backward", "lstm_cell_backward", "lstm_backward"} <= set(result.exonerated)
    assert not {"rnn_backward", "lstm_forward"} & set(result.exonerated)


def test_one_family_right_and_one_wrong(notebook: Notebook, answer: Answer) -> None:
    """The right family is cleared as a whole; the verdict is the other's."""
    result = answer(post(notebook, ("rnn_backward",), NO_CARRY) + post(notebook, LSTM))
    assert (result.verdict, [mistake.function for mistake in result.mistakes]) == ("explained", ["rnn_backward"])
    assert {"lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"} <= set(result.exonerated)


def test_two_outputs_of_one_check(notebook: Notebook, answer: Answer) -> None:
    """No word says which is the present one: each output is explained by itself, every number counts."""
    result = answer(f"{notebook.printed('rnn_backward', NO_CARRY)}\n\nand\n\n{notebook.printed('rnn_backward', SQUARE)}")
    assert result.checks == ("rnn_backward", "rnn_backward")
    assert (result.verdict, result.reproduced, result.printed) == ("explained", 16, 16)
    assert {mistake.function for mistake in result.mistakes} == {"rnn_backward", "rnn_cell_backward"}


def test_of_several_outputs_of_one_check_it_is_told_which_mistake_is_in_which(notebook: Notebook, answer: Answer) -> None:
    """Before and after a change: the present output counts, and a note says what was in those before."""
    before, after, right = (notebook.printed("rnn_backward", *changes) for changes in ((NO_CARRY,), (SQUARE,), ()))
    result = answer(f"Before:\n{before}\n\nNow I get:\n{after}\n\nMy output after one more change:\n{right}")
    assert (result.verdict, result.mistakes, result.printed, result.reproduced) == ("right", (), 8, 8)
    assert result.notes[-1] == (
        "the text holds 3 outputs of rnn_backward: in the first it is rnn_backward at da_prevt; "
        "in the second it is rnn_cell_backward at dtanh; the third is right; all else here is about the third"
    )
    result = answer(f"Update: now I get\n{after}\n\nOriginal post:\n{before}")
    assert (result.verdict, result.printed, [mistake.function for mistake in result.mistakes]) == ("explained", 8, ["rnn_cell_backward"])
    assert result.notes[-1].endswith("in the second it is rnn_backward at da_prevt; all else here is about the first")


def test_outputs_are_counted_in_the_order_of_the_text(notebook: Notebook, answer: Answer) -> None:
    """The cell is printed once, above both outputs of the sequence, and goes with the later one."""
    cell, before, now = (notebook.printed(*of) for of in (("rnn_cell_backward",), ("rnn_backward", NO_CARRY), ("rnn_backward",)))
    result = answer(f"{cell}\n{before}\n\nAfter:\n{now}")
    assert result.notes[-1] == (
        "the text holds 2 outputs of rnn_backward: in the first it is rnn_backward at da_prevt; the second is right; "
        "all else here is about the second"
    )


def test_a_right_output_is_called_right_beside_a_cell_that_is_not_explained(notebook: Notebook, tables: Tables) -> None:
    """Each output is told by its own numbers."""
    cell = notebook.printed("rnn_cell_backward").replace("0.410772824935", "0.123456789012")
    before, now = notebook.printed("rnn_backward"), notebook.printed("rnn_backward", SQUARE)
    blocks = read_text(f"{cell}\n\nBefore:\n{before}\n\nNow I get:\n{now}", "post").blocks
    families: list[Family] = []
    for own in (blocks[:2], blocks[2:]):
        targets = [Target(block) for block in own]
        right = [target.hit(target.values(tables.of(target.block.check).right.gradients)) for target in targets]
        families.append(Family(targets, right, [((), right, 0.0)], Trail()))
    (said,) = said_of_runs(tables.assignment, families, blocks)
    assert said == "the text holds 2 outputs of rnn_backward: the first is right; the second is not explained"


def test_an_earlier_output_of_a_cell_can_have_two_mistakes(notebook: Notebook, answer: Answer) -> None:
    """The first try with both, the present one with the second of them."""
    bias: Change = ("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.mean(dtanh, axis=1, keepdims=True)")
    before, now = notebook.printed("rnn_cell_backward", SQUARE, bias), notebook.printed("rnn_cell_backward", bias)
    result = answer(f"First try:\n{before}\n\nNow I get:\n{now}")
    assert (result.verdict, [mistake.quantity for mistake in result.mistakes]) == ("explained", ["dba"])
    assert "in the first it is rnn_cell_backward at dtanh and rnn_cell_backward at dba" in result.notes[-1]


def test_a_function_with_a_mistake_is_never_cleared(notebook: Notebook, answer: Answer) -> None:
    """Blamed for one output, a function is not called right because of another."""
    result = answer(
        f"My first output:\n\n{notebook.printed('rnn_backward', NO_CARRY)}\nMy output now:\n\n{notebook.printed('rnn_backward', SQUARE)}"
    )
    assert not {mistake.function for mistake in result.mistakes} & set(result.exonerated)


@pytest.mark.usefixtures("brief")
def test_one_label_of_two_checks_is_told_apart(notebook: Notebook, answer: Answer) -> None:
    """A right cell check says nothing about the sequence's number of the same label: that stays unexplained, under its check's name."""
    noise = "\n".join(
        f"{label} = 0.{digits}" for label, digits in (("da0[2][3]", "777123"), ("dWf[3][1]", "555321"), ("dWi[1][2]", "333987"))
    )
    result = answer(f"{notebook.printed('lstm_cell_backward')}\n\nlstm_backward prints:\n{noise}")
    assert (result.verdict, result.printed, result.reproduced) == ("unknown", 14, 11)
    assert result.unexplained == tuple(f"{label} of lstm_backward" for label in ("da0[2][3]", "dWf[3][1]", "dWi[1][2]"))
    assert len(result.right) == 11
    assert "dWf[3][1] of lstm_cell_backward" in result.right


@pytest.mark.slow
def test_outputs_of_two_versions_are_explained_each_by_itself(notebook: Notebook, answer: Answer) -> None:
    """The cell was mended before the sequence was run: no program prints both, and each has its mistake, which is said."""
    cell = notebook.printed("lstm_cell_backward", ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"))
    sequence = notebook.printed("lstm_backward", ("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']"))
    result = answer(f"{cell}\n{sequence}")
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.function for mistake in result.mistakes} == {"lstm_cell_backward", "lstm_backward"}
    assert any(
        note.startswith("no one program prints the numbers of lstm_cell_backward and those of lstm_backward") for note in result.notes
    )
    assert "lstm_cell_backward" not in result.exonerated
    before = notebook.printed("lstm_cell_backward", ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * ot"))
    notes = [note for note in answer(f"{before}\n{cell}\n{sequence}").notes if note.startswith("no one program")]
    assert len(notes) == 1, "of two outputs of the cell neither goes with the sequence's: that is told once"


def test_a_right_output_of_a_cell_that_was_changed_since(notebook: Notebook, answer: Answer) -> None:
    """The cell's numbers are right and the sequence's come from a wrong gate, which no loop can make: the function was another one then."""
    wrong = notebook.printed("lstm_backward", ("lstm_cell_backward", "dot = da_next * np.tanh(c_next)", "dot = da_next * c_next"))
    result = answer(notebook.printed("lstm_cell_backward") + wrong)
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [mistake.function for mistake in result.mistakes] == ["lstm_cell_backward"]
    (note,) = result.notes
    assert note.endswith(
        "those of lstm_cell_backward are right, and the mistake is in the others; was a function changed in between, "
        "or its cell not run again?"
    )
    assert "lstm_cell_backward" not in result.exonerated


def test_a_right_output_of_a_cell_whose_loop_may_be_to_blame(notebook: Notebook, answer: Answer) -> None:
    """What is wrong is dxt, which the loop stores: it may have spoilt it itself, so nothing is said for certain."""
    wrong = notebook.printed("lstm_backward", ("lstm_cell_backward", "Wi[:, n_a:].T", "Wi[:, :3].T"))
    assert answer(notebook.printed("lstm_cell_backward") + wrong).verdict == "partly"


@pytest.mark.slow
def test_a_loop_is_not_blamed_for_certain_where_its_cell_stays_unexplained(notebook: Notebook, answer: Answer) -> None:
    """The loop could print the same by dividing what it carries, but the cell alone prints the wrong number too."""
    wrong = ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * ft / 4")
    result = answer(notebook.printed("lstm_cell_backward", wrong) + "\n" + notebook.printed("lstm_backward", wrong))
    assert (result.verdict, result.unexplained) == ("partly", ("dc_prev[2][3] of lstm_cell_backward",))
    (note,) = result.notes
    assert note == (
        "dc_prev[2][3] of lstm_cell_backward is printed by the cell alone and stays unexplained: so something is wrong in the cell that "
        "is not known here, and what is said of lstm_backward may only follow from it."
    )
