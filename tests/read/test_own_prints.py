"""What a learner's function prints by itself, in its loop or before an error, is not taken for what the check prints."""

from __future__ import annotations

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

BLOCK = {
    "dx[1][2]": "[0.00218254 0.28205375 -0.48292508 -0.43281115]",
    "da0[2][3]": "0.3127703102572602",
    "dWf[3][1]": "-0.08098023109383466",
    "dWi[1][2]": "0.40512433092981837",
    "dWc[3][1]": "-0.07937467355121497",
    "dWo[1][2]": "0.038948775762986956",
    "dbf[4]": "[-0.15745657]",
    "dbi[4]": "[-0.50848333]",
    "dbc[4]": "[-0.42510818]",
    "dbo[4]": "[-0.17958196]",
}
SAYS = "left out: a loop prints so, a check once and with all its numbers."
ERROR = """
---------------------------------------------------------------------------
NameError                                 Traceback (most recent call last)
Cell In[16], line 19
---> 19 gradients_tmp = lstm_backward(da_tmp, caches_tmp)

Cell In[15], line 41, in lstm_backward(da, caches)
---> 41     dbo = dbo + gradient['dbo']

NameError: name 'gradient' is not defined
"""


def block(without: str = "") -> str:
    """What the check of the sequence prints, shape lines too."""
    lines = [f"{label} = {numbers}\n" for label, numbers in BLOCK.items() if label != without]
    return "".join(lines) + "dbo.shape = (5, 1)\n"


def texts(text: str) -> list[str]:
    """The one block's numbers; nothing is expected, and it is the sequence's."""
    (only,) = read_text(text, "a.txt").blocks
    assert (only.check, only.expected) == ("lstm_backward", ())
    return [number.text for number in only.numbers]


@pytest.mark.parametrize(
    "form",
    [
        "dWf[3][1] = -0.0{t}234567\n",
        "t = {t} dWf[3][1] = -0.0{t}234567\n",
        "step {t} dxt[1][2] = 0.{t}2345678\n",
        "step {t}:\ndxt[1][2] = 0.{t}2345678\n",
        "{t} dbf [-0.0{t}553316] da_prev 0.{t}061871728965471\n",
        "da_prev[2][3] = 0.{t}061871728965471\nda_prev.shape = (5, 10)\n\n",
    ],
)
@pytest.mark.parametrize("head", ["", "lstm_backward with a print in the loop:\n"])
def test_a_label_once_a_step_is_a_loops(form: str, head: str) -> None:
    """Above the check's own numbers such lines are left out, and a note says so."""
    text = head + "".join(form.format(t=t) for t in (3, 2, 1, 0)) + block()
    assert texts(text) == texts(block())
    assert [note for note in read_text(text, "a.txt").notes if "stand" in note and note.endswith(SAYS)]


def test_below_the_block_too() -> None:
    """Wherever they stand."""
    steps = "".join(f"step {t} dxt[1][2] = 0.{t}2345678\n" for t in (3, 2, 1, 0))
    assert texts(f"{block()}\nInside of the loop:\n{steps}") == texts(block())


def test_the_last_of_them_may_be_the_checks() -> None:
    """Of the lines with dx the last one is followed by the others of the check."""
    steps = "".join(f"dx[1][2] = [0. 0. 0.{t}2345678 -0.43281115]\n" for t in (1, 2, 3))
    assert texts(steps + block()) == texts(block())
    (both,) = read_text(f"{steps}{block()}\nExpected Output:\n{block()}", "a.txt").blocks
    assert [number.text for number in both.numbers] == [number.text for number in both.expected] == texts(block())


def test_a_label_twice_is_no_loops() -> None:
    """Two runs of a check may be before and after a change."""
    text = "da_prev[2][3] = 0.1061871728965471\nda_prev[2][3] = 0.2061871728965471\n" + block()
    assert len(read_text(text, "a.txt").blocks) > 1


def test_a_loops_prints_alone_are_no_numbers_of_a_check() -> None:
    """Then the others are asked for."""
    steps = "".join(f"step {t} dxt[1][2] = 0.{t}2345678\n" for t in (3, 2, 1, 0))
    with pytest.raises(UnreadableError, match=r"holds nothing that a check prints; give me that too\. dxt stands 4 times"):
        read_text(f"Steps of lstm_backward:\n{steps}Are these right?", "a.txt")
    with pytest.raises(UnreadableError, match=r"holds only expected numbers, .* number\. dxt stands 4 times"):
        read_text(f"{steps}\nExpected Output:\n{block()}", "a.txt")


def test_attempts_are_no_steps() -> None:
    """Somebody who says which attempt it was shows what the check printed; "iteration 3" is a loop's."""
    of_key = f"dWf[3][1] = {BLOCK['dWf[3][1]']}\n"
    attempts = f"attempt 1: dWf[3][1] = -0.06234567\nattempt 2: dWf[3][1] = -0.07234567\nattempt 3: {of_key}"
    assert len(read_text(attempts + block("dWf[3][1]"), "a.txt").blocks) > 1
    assert texts(attempts.replace("attempt", "iteration") + block()) == texts(block())


def test_whole_outputs_one_after_another_are_no_loops() -> None:
    """Three runs of a check have all its labels."""
    runs = "".join(block().replace("0.312", f"0.{t}12") for t in (4, 5, 6))
    assert len(read_text(runs, "a.txt").blocks) == 3


@pytest.mark.parametrize("line", ["dWf[3][1] = -0.06408662906276918\n", "da0 = 0.0\n", "dbf[4] = [-0.1]\ndbi[4] = [-0.2]\n"])
def test_above_an_error_in_the_function_its_check_had_printed_nothing(line: str) -> None:
    """A number or two right above the traceback are its own prints; of a cell check above nothing is left out."""
    with pytest.raises(UnreadableError):
        read_text(f"My lstm_backward:\n{line}{ERROR}", "a.txt")
    cell = "dxt[1][2] = 3.23055911\nda_prev[2][3] = -0.06396214\ndc_prev[2][3] = 0.797522\n" + block().partition("dWf")[2]
    reading = read_text(f"{cell}\nAnd the sequence:\n{line}{ERROR}", "a.txt")
    assert [one.check for one in reading.blocks] == ["lstm_cell_backward"]
    assert any(
        note.endswith("left out: lstm_backward had not come to its end, so its check had printed nothing.") for note in reading.notes
    )


def test_all_the_numbers_above_an_error_are_of_an_earlier_run() -> None:
    """And so are a few with words between; one of the cell, or one that is right, may be of another check."""
    assert texts(block() + ERROR) == texts(block())
    assert texts(f"dWf[3][1] = -0.06408662906276918\nwas what lstm_backward printed. Now:\n{ERROR}") == ["-0.06408662906276918"]
    for line in ("dxt[1][2] = 3.5305591151091875\n", "dWf[3][1] = -0.1479548381644968\n"):
        assert [number.text for number in read_text(line + ERROR, "a.txt").blocks[0].numbers] == [line.split()[-1]]
