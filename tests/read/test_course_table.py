"""The course's table without a word above it is no output of the learner's; numbers that a program may have printed stay theirs."""

from __future__ import annotations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import UnreadableError
from whygrad.read import read_text

CHECK = "lstm_backward"
ONLY = "holds only expected numbers"
ERROR = """
---------------------------------------------------------------------------
KeyError                                  Traceback (most recent call last)
Cell In[16], line 19
---> 19 gradients_tmp = lstm_backward(da_tmp, caches_tmp)

Cell In[15], line 38, in {}(da, caches)
---> 38     dbi = dbi + gradients['bi']

KeyError: 'bi'
"""


def table(row: str, version: str = "old") -> str:
    """The course's numbers, each in a line of this form."""
    texts = SEQUENCE_MODELS.keys[CHECK][version]
    rows = [(name + "".join(f"[{at}]" for at in index), texts[name]) for name, index in SEQUENCE_MODELS.printed[CHECK]]
    return "".join(row.format(label=label, number=number) for label, number in rows)


HTML = "<tr><td>\n **{label}** =\n</td>\n<td>\n {number}\n</td></tr>\n"
PLAIN = "{label} = {number}\n"


@pytest.mark.parametrize("row", [HTML, "| **{label}** = | {number} |\n", "{label} =\t{number}\n"])
@pytest.mark.parametrize("version", ["old", "new"])
@pytest.mark.parametrize("words", ["", "The loop of the LSTM\n\n"])
def test_a_table_is_the_courses(row: str, version: str, words: str) -> None:
    """As markup, or as a browser copies it: the learner's numbers are asked for."""
    with pytest.raises(UnreadableError, match=ONLY):
        read_text(words + table(row, version), "a.txt")


@pytest.mark.parametrize("words", ["My output:\n", "I ran it, and what I get in my notebook is the table below\n"])
def test_a_table_that_somebody_calls_theirs_is_theirs(words: str) -> None:
    """Whatever its numbers are."""
    assert [block.check for block in read_text(words + table(HTML), "a.txt").blocks] == [CHECK]


def test_lines_as_a_program_prints_them_are_the_learners() -> None:
    """So are other numbers in a table, those with all digits, and one alone."""
    whole = table(HTML, "new").replace("0.40512433093", "0.40512433092981837")
    for text in (table(PLAIN), table(HTML).replace("0.102371820249", "0.302371820249"), whole, "| dWi[1][2] | 0.102371820249 |\n"):
        (block,) = read_text(text, "a.txt").blocks
        assert (block.check, block.expected) == (CHECK, ())


@pytest.mark.parametrize("version", ["old", "new"])
def test_above_an_error_in_the_function_the_keys_numbers_are_the_courses(version: str) -> None:
    """Its check has printed nothing. Above an error in another function it has."""
    with pytest.raises(UnreadableError, match=ONLY):
        read_text(table(PLAIN, version) + ERROR.format(CHECK), "a.txt")
    (block,) = read_text(table(PLAIN, version) + ERROR.format("rnn_backward"), "a.txt").blocks
    assert (block.check, block.expected) == (CHECK, ())
