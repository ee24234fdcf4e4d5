"""An error that stands in a text beside numbers is told, and not looked into."""

from __future__ import annotations

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

NUMBER = 'gradients["dxt"][1][2] = 3.23055911511\n'
ERROR = """Traceback (most recent call last):
  File "<ipython-input-12-0>", line 20, in <module>
    print(gradients["da_prev"][2][3])
{}
"""


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("KeyError: 'da_prev'", "`KeyError: 'da_prev'`"),
        ("numpy.linalg.LinAlgError: Singular matrix", "`numpy.linalg.LinAlgError: Singular matrix`"),
        ("KeyboardInterrupt", "`KeyboardInterrupt`"),
        (f"ValueError: {'a' * 100}", f"`ValueError: {'a' * 80}…`"),
    ],
)
def test_an_error_is_told(raised: str, said: str) -> None:
    """By its own words."""
    notes = read_text(NUMBER + ERROR.format(raised), "a text").notes
    assert [note for note in notes if said in note] == [
        f"the text also shows an error, {said}: whether it comes of the same is not known; give me the code for that"
    ]


def test_an_error_above_a_traceback_that_was_cut_is_told() -> None:
    """Its last line is missing."""
    notes = read_text(f"{NUMBER}KeyError: 'da_prev'\n\n{ERROR.format('')}", "a text").notes
    assert any("an error, `KeyError: 'da_prev'`" in note for note in notes)


@pytest.mark.parametrize("text", [NUMBER, NUMBER + "I had a ValueError: but no longer\n", NUMBER + ERROR.format("AssertionError: dxt")])
def test_no_error(text: str) -> None:
    """A word is none, and a check that failed shows its numbers."""
    assert not any("shows an error" in note for note in read_text(text, "a text").notes)


@pytest.mark.parametrize(
    ("above", "below"),
    [("Which I solved:\n", ""), ("", "\nI fixed that.\n"), ("", "\nNow it runs but prints\n"), ("I got this, and solved it:\n\n", "")],
)
def test_an_error_that_was_solved_is_none(above: str, below: str) -> None:
    """Words right above it or right below it say so."""
    text = f"{above}{ERROR.format('NameError: n_a')}{below}{NUMBER}"
    assert not any("shows an error" in note for note in read_text(text, "a text").notes)


@pytest.mark.parametrize(
    ("above", "below"),
    [("Not solved:\n", ""), ("One is fixed, but now\n", ""), ("", "\nHow can I get it fixed?\n"), ("", "\nNow it gives that error:\n")],
)
def test_an_error_that_was_not_solved_is_told(above: str, below: str) -> None:
    """The same words, denied or of another one."""
    text = f"{NUMBER}{above}{ERROR.format('NameError: n_a')}{below}"
    assert any("shows an error" in note for note in read_text(text, "a text").notes)


@pytest.mark.parametrize(
    "words",
    [
        "I get {} in lstm_backward, why?",
        "lstm_backward: {}",
        "My `dx[:,:,t]` gives `{}`.",
        "How can I solve {} when I call lstm_backward(da, caches)?",
    ],
)
def test_an_error_within_a_sentence_is_told_where_no_numbers_are(words: str) -> None:
    """Its own words end where the sentence goes on; what is denied is none."""
    error = "ValueError: operands could not be broadcast together with shapes (5,10) (3,10)"
    with pytest.raises(UnreadableError) as told:
        read_text(words.format(error), "post.txt")
    assert f"shows an error, `{error}`, and" in str(told.value)
    with pytest.raises(UnreadableError) as told:
        read_text(f"I no longer get {error} in lstm_backward", "post.txt")
    assert "shows an error" not in str(told.value)
