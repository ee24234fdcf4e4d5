"""One number that differs by a slip of the pen from what the program that explains all others prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from whygrad.from_numbers.candidates.mistyped import rounded
from whygrad.from_numbers.numbers.slip_of_the_pen import slip_of_the_pen
from whygrad.read.post.text import read_text

if TYPE_CHECKING:
    from conftest import Answer, Notebook

PI = 3.14159265358979


@pytest.mark.parametrize(
    ("text", "value", "slip"),
    [
        ("3.14159265358979", PI, "its sign"),
        ("3.14159265385979", PI, "two digits that have changed places"),
        ("3.14159265358879", PI, "one digit"),
        ("3.1415926535897", PI * 10, ""),
        ("-0.15745667", -0.1574565708, "one digit"),
        ("-0.06696214197109241", -0.06396214197109233, "one digit"),
        ("0.3141592653589", PI, ""),
        ("3.1415926358979", PI, "a digit that is missing"),
        ("3.141592655358979", PI, "a digit too many"),
        ("3.14159265353879", PI, "two digits"),
        ("3.14159265353878", PI, ""),
        ("3.146692", PI, ""),
        ("3.1451", PI, ""),
        ("0.314159", -0.314159, "its sign"),
        ("0.3142", -0.3142, ""),
        ("nan", PI, ""),
        ("3.14159265358979", float("nan"), ""),
    ],
)
def test_one_slip_is_named_and_two_wrong_digits(text: str, value: float, slip: str) -> None:
    """Of a number with few digits nothing is said: it is near to many."""
    value = -abs(value) if slip == "its sign" else value
    assert slip_of_the_pen(text, value) == slip


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("mistake", [False, True])
def test_a_number_typed_wrongly_is_asked_for(notebook: Notebook, answer: Answer, *, mistake: bool) -> None:
    """Beside right numbers and beside explained ones; it stays unexplained."""
    check = "rnn_cell_backward"
    changes = [(check, "dba = np.sum(dtanh", "dba = np.mean(dtanh")] if mistake else []
    text = notebook.printed(check, *changes)
    result = answer(text.replace("-1.3872130506", "-1.3827130506"))
    assert (result.verdict, result.reproduced) == ("partly" if mistake else "unknown", 4)
    program = "the same program" if mistake else "a right program"
    said = f"dxt[1][2] of {check} is what {program} prints but for two digits that have changed places, as it happens in typing"
    assert result.notes == (said,)


@pytest.mark.usefixtures("brief")
def test_two_numbers_typed_wrongly_are_told_together(notebook: Notebook, answer: Answer) -> None:
    """Of a right program; of numbers that may be off by rounding it is not said."""
    check = "lstm_cell_backward"
    result = answer(notebook.printed(check).replace("2.30456216", "2.30496216").replace("0.797522", "0.793522"))
    said = f"dc_prev[2][3] of {check} and dWc[3][1] of {check} are what a right program prints but for one digit each"
    assert (result.verdict, result.notes) == ("unknown", (f"{said}, as it happens in typing",))
    assert [rounded(text, 2.30456216369) for text in ("2.30496216", "2.30456226")] == [False, True]


def test_one_mistake_by_which_two_numbers_are_off_in_a_digit(notebook: Notebook, answer: Answer) -> None:
    """Two sums that begin at ones are no slips of the pen."""
    loop = "rnn_backward"
    changes = [(loop, f"{name} = np.zeros", f"{name} = np.ones") for name in ("dWax", "dWaa")]
    result = answer(notebook.printed(loop, *changes))
    assert [one.id for one in result.mistakes] == ["accumulator-starts-wrong"]
    assert not any("as it happens in" in note for note in result.notes)


@pytest.mark.usefixtures("brief")
def test_a_typed_number_says_nothing_of_the_cell(notebook: Notebook, answer: Answer) -> None:
    """The cell's number that stays unexplained is no sign that the cell is wrong."""
    cell, loop = "rnn_cell_backward", "rnn_backward"
    change = (loop, "da_prevt = gradients['da_prev']", "pass")
    result = answer(f"{notebook.printed(cell).replace('1.15034', '1.15074')}\n{notebook.printed(loop, change)}")
    assert [one.function for one in result.mistakes] == [loop]
    said = f"dWaa[1][2] of {cell} is what the same program prints but for one digit, as it happens in typing"
    assert [note for note in result.notes if cell in note] == [said]


def test_a_minus_lost_in_the_cell_and_one_in_the_loop(notebook: Notebook, answer: Answer) -> None:
    """A sign that the cell turns is turned back in the loop: of both mistakes together it is said that they may be none."""
    cell, loop = "lstm_cell_backward", "lstm_backward"
    first = notebook.printed(cell).replace('"dWf"][3][1] = -', '"dWf"][3][1] = ')
    second = notebook.printed(loop).replace('"dWc"][3][1] = -', '"dWc"][3][1] = ')
    result = answer(f"{first}\n{second}")
    said = f"dWf[3][1] of {cell} and dWc[3][1] of {loop} are what a right program prints but for a minus each, as it happens in copying"
    assert f"{said}: then nothing is wrong in dWc and dWf" in result.notes


def test_a_lost_minus_is_told_beside_the_mistake_that_turns_a_sign(notebook: Notebook, answer: Answer) -> None:
    """One number of many has another sign: the mistake that explains it stays, and that it may be none is said."""
    check = "lstm_cell_backward"
    result = answer(notebook.printed(check).replace('"dWf"][3][1] = -', '"dWf"][3][1] = '))
    assert (result.verdict, len(result.mistakes)) == ("explained", 1)
    said = f"dWf[3][1] of {check} is what a right program prints but for its sign, as it happens in copying: then nothing is wrong in dWf"
    assert said in result.notes
    turned = answer(notebook.printed(check, (check, "dcct = dc", "dcct = -dc")))
    assert not any("in copying" in note for note in turned.notes)


@pytest.mark.parametrize("lines", [4, 11])
def test_beside_a_mistake_a_lost_minus_is_no_other(notebook: Notebook, answer: Answer, lines: int) -> None:
    """It is read with its minus, and that is said; not where the expected number shows that minuses are copied, nor a minus too many."""
    check = "lstm_cell_backward"
    change = (check, "dc_prev = dc * ft", "dc_prev = dc")
    text = "\n".join(notebook.printed(check, change).splitlines()[:lines])
    lost = text.replace('"da_prev"][2][3] = -', '"da_prev"][2][3] = ')
    result = answer(f"{check}\n{lost}")
    assert [one.quantity for one in result.mistakes] == ["dc_prev"]
    assert "da_prev[2][3] was read with a minus, as if it was lost in copying" in " ".join(result.notes)
    for other in (f"{lost}\nexpected:\n{notebook.printed(check)}", text.replace('"dxt"][1][2] = ', '"dxt"][1][2] = -')):
        second = answer(f"{check}\n{other}")
        assert len(second.mistakes) != 1
        assert not any("was read with a minus" in note for note in second.notes)
        assert any("but for its sign, as it happens in copying" in note for note in second.notes) == (lines > 4)


def test_a_second_mistake_that_turns_a_sign_stays_possible(notebook: Notebook, answer: Answer) -> None:
    """It is told beside the lost minus, and its function is not called right; where the words speak of signs it is counted."""
    cell, loop = "rnn_cell_backward", "rnn_backward"
    text = notebook.printed(loop, (cell, "1 - a_next ** 2", "1 - a_next"), (loop, "dba + gradients['dba']", "dba - gradients['dba']"))
    result = answer(text)
    assert len(result.mistakes) == 1
    assert (loop, "dba") in {(one.function, one.quantity) for other in result.alternatives for one in other.mistakes}
    assert not {cell, loop} & set(result.exonerated)
    assert len(answer(f"Why is a sign wrong in {loop}?\n{text}").mistakes) == len(result.mistakes) + 1


def test_all_minuses_may_be_lost(notebook: Notebook, answer: Answer) -> None:
    """Of a right program and of one with a mistake."""
    said = (
        "None of your numbers has a minus, as if all were lost in copying: they were read with those that one program gives them all. "
        "If your program prints none either, something in it turns the signs."
    )
    check = "lstm_cell_backward"
    result = answer(notebook.printed(check).replace("-", ""))
    assert (result.verdict, said in result.notes) == ("right", True)
    result = answer(notebook.printed(check, (check, "dot = da_next", "dot = dc_next")).replace("-", ""))
    assert ([one.quantity for one in result.mistakes], said in result.notes) == (["dot"], True)


def test_minuses_that_the_expected_numbers_have(notebook: Notebook, answer: Answer) -> None:
    """Of a right program that prints none of its own they were lost, or on both sides; one or two may as well be turned."""
    check = "lstm_cell_backward"
    expected = notebook.printed(check)
    for theirs in (expected, expected.replace("-", "")):
        result = answer(f"{check}\n{expected.replace('-', '')}\nExpected Output:\n{theirs}")
        assert (result.verdict, result.key_is_wrong) == ("right", False)
        assert any("as if all were lost in copying" in note for note in result.notes)
    first = expected.find(" -")
    result = answer(f"{check}\n{expected[:first]} {expected[first + 2 :]}\nExpected Output:\n{expected}")
    assert result.verdict != "right"
    few = notebook.printed("rnn_cell_backward")
    assert answer(f"rnn_cell_backward\n{few.replace('-', '')}\nExpected Output:\n{few}").verdict == "explained"


def test_all_minuses_beside_mistakes_that_turn_none(notebook: Notebook, answer: Answer) -> None:
    """Of what explains the bare numbers several turned signs may go together."""
    check = "lstm_cell_backward"
    changes = [(check, "dc_prev = dc * ft", "dc_prev = dc"), (check, "dbf = np.sum(dft", "dbf = np.mean(dft")]
    result = answer(notebook.printed(check, *changes).replace("-", ""))
    assert {one.quantity for one in result.mistakes} == {"dc_prev", "dbf"}


def test_two_lost_minuses_are_told_though_one_mistake_explains_both(notebook: Notebook, answer: Answer) -> None:
    """As that the loop subtracts both; of two that are turned the other way it is not said."""
    lines = notebook.printed("lstm_backward").splitlines()
    negative = [at for at, text in enumerate(lines) if re.search(r'"d(?:Wc|bc)"', text)]
    for at in negative:
        lines[at] = lines[at].replace("-", "")
    result = answer("\n".join(lines))
    assert (result.verdict, len(result.mistakes)) == ("explained", 1)
    said = "dWc[3][1] of lstm_backward and dbc[4][0] of lstm_backward are what a right program prints but for a minus each"
    assert f"{said}, as it happens in copying: then nothing is wrong in dWc and dbc" in result.notes
    turned = answer(
        notebook.printed("lstm_backward").replace('"dWi"][1][2] = ', '"dWi"][1][2] = -').replace("[-0.50848333]", "[0.50848333]")
    )
    assert not any("in copying" in note for note in turned.notes)


@pytest.mark.parametrize(
    ("check", "name", "line"),
    [
        ("lstm_backward", "dx", ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")),
        ("lstm_backward", "da0", ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")),
        ("lstm_cell_backward", "dWf", ("lstm_cell_backward", "dbf = np.sum(dft", "dbf = np.mean(dft")),
    ],
)
def test_beside_it_no_further_mistakes_are_looked_for(
    notebook: Notebook, answer: Answer, check: str, name: str, line: tuple[str, str, str]
) -> None:
    """The sets of two and three mistakes, of which none prints that number, are left alone."""
    lines = notebook.printed(check, line).splitlines()
    place = next(at for at, text in enumerate(lines) if f'"{name}"]' in text)
    number = re.search(r"\d\.\d{7}", lines[place])
    assert number
    at = next(at for at in range(number.start() + 3, number.end()) if lines[place][at] != lines[place][at + 1])
    lines[place] = lines[place][:at] + lines[place][at : at + 2][::-1] + lines[place][at + 2 :]
    result = answer("\n".join(lines))
    assert [explanation.function for explanation in result.mistakes] == [line[0]]
    assert "two digits that have changed places" in result.notes[0]
    assert (result.verdict, result.search.complete) == ("partly", True)


def test_a_mistyped_number_among_those_that_one_slip_spoils(notebook: Notebook, answer: Answer) -> None:
    """Each sum is overwritten; the one of which a digit is wrong is told with the others."""
    names = ("dWax", "dWaa", "dba")
    text = notebook.printed("rnn_backward", *(("rnn_backward", f"{name} = {name} + grad", f"{name} = grad") for name in names))
    result = answer(re.sub(r'(?<="dWaa"\]\[1\]\[2\] = 0\.2)\d', "7", text))
    assert all(name in result.mistakes[0].says for name in names)
    assert (len(result.mistakes), result.verdict, len(result.unexplained)) == (1, "partly", 1)
    (note,) = result.notes
    assert "dWaa[1][2] of rnn_backward is what the same program prints but for one digit" in note


def test_a_sign_that_is_turned_beside_a_check_that_draws_otherwise(notebook: Notebook, answer: Answer) -> None:
    """Among other minuses none is put back so that the function would be right."""
    stale = ("rnn_cell_backward_check", "ba = np.random.randn(5, 1)", "np.random.randn(5, 1)\n    ba = stale('rnn_forward')['ba']")
    text = notebook.printed("rnn_cell_backward", stale)
    turned = re.sub(r'(?<="dWaa"\]\[1\]\[2\] = )-', "", text)
    assert turned != text
    assert "-" in turned
    result = answer(turned)
    assert "rnn_cell_backward" in {mistake.function for mistake in result.mistakes}


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        ("Why is the sign wrong?", True),
        ("Is it a minus that I forgot?", True),
        ("Sign in or sign up", False),
        ("The minus signs got lost when I copied it.", False),
    ],
)
def test_words_about_signs(notebook: Notebook, words: str, speaks: bool) -> None:  # noqa: FBT001 - as it is drawn
    """Where somebody asks about a sign, none was lost in copying."""
    assert read_text(f"{words}\n{notebook.printed('rnn_cell_backward')}", "a post").speaks_of_signs is speaks
