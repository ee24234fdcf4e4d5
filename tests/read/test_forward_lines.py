"""The lines that the checks of the forward functions print, as people paste them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

if TYPE_CHECKING:
    from whygrad.records import Number

ROW = ["0.51", "-0.25", "0.12", "0.75", "-0.33", "0.44", "0.91", "-0.62", "0.18", "0.27"]
SEVEN = ["0.82797464", "0.23009474", "0.76201118", "-0.22232814", "-0.20075807", "0.18656139", "0.41005165"]


def numbers(text: str) -> dict[str, list[str]]:
    """The check's numbers by their label."""
    (block,) = read_text(text, "post.txt").blocks
    found: dict[str, list[str]] = {}
    for number in block.numbers:
        found.setdefault(number.quantity, []).append(number.text)
    return {"": [block.check], **found}


@pytest.mark.parametrize(
    "text",
    [
        f"a_next[4] = [{' '.join(ROW)}]\nyt_pred[1] = [{' '.join(ROW)}]",
        f"a_next[4] = \n [{' '.join(ROW[:6])}\n  {' '.join(ROW[6:])}]\na_next.shape = \n (5, 10)\nyt_pred[1] =\n [{', '.join(ROW)}]",
        f"a_next_tmp[4] = [{' '.join(ROW)}]\nyt_tmp_pred[1] = [{' '.join(ROW)}]",
        f"My output:\n\na_next:\n[{' '.join(ROW)}]\nyt_pred:\n[{' '.join(ROW)}]",
    ],
)
def test_a_cells_lines(text: str) -> None:
    """Rows of ten, on one line or on several, under their names."""
    assert numbers(text) == {"": ["rnn_cell_forward"], "a_next": ROW, "yt_pred": ROW}


@pytest.mark.parametrize(
    ("a", "y", "caches", "c"),
    [
        ("a[4][3][6]", "y[1][4][3]", "caches[1][1[1]]", "c[1][2][1]"),
        ("a[4][3][6]", "y[1][4][3]", "caches[1][1][1]", "c[1][2][1]"),
        ("a", "y", "caches[1][1[1]]", "c"),
        ("> a", "> y", "> caches[1][1[1]]", "> c"),
    ],
)
def test_a_sequences_lines(a: str, y: str, caches: str, c: str) -> None:
    """An index within an index, and names of one letter that begin a line of their own."""
    text = f"Here is a short output:\n\n{a} = 0.17211\n{y} = 0.95087\n{caches} = [{' '.join(SEVEN)}]\n{c} = -0.85554\nlen(caches) = 2\n"
    assert numbers(text) == {"": ["lstm_forward"], "a": ["0.17211"], "y": ["0.95087"], "caches": SEVEN, "c": ["-0.85554"]}
    assert read_text(text, "post.txt").unread == ()


def test_a_name_of_one_letter_in_a_sentence_is_a_word() -> None:
    """``a`` is an article, and a number behind it is none of the array's."""
    with pytest.raises(UnreadableError):
        read_text("I got a 0.5 in this exercise, and c = 3 * 0.5 in another.", "post.txt")


@pytest.mark.parametrize("text", ["y = 0.23451234", "Epoch 1\ny = 0.23451234\nEpoch 2\ny = 0.53451234\n"])
def test_one_letter_alone_may_be_anybodys(text: str) -> None:
    """It is read where the text speaks of a forward function, gives an index, or has another name of that check."""
    with pytest.raises(UnreadableError):
        read_text(text, "post.txt")
    for other in (f"My lstm_forward:\n{text}", text.replace("y =", "y[1][4][3] ="), f"{text}\nc = 0.5123412"):
        assert {block.check for block in read_text(other, "post.txt").blocks} == {"lstm_forward"}


def test_inputs_alone_say_nothing() -> None:
    """``caches[1]`` holds what was handed in, which every program prints rightly."""
    with pytest.raises(UnreadableError):
        read_text(f"caches[1][1][1] = [{' '.join(SEVEN)}]", "post.txt")


def test_expected_numbers_beside_them() -> None:
    """They are told apart as those of gradients are."""
    text = f"Mine\na_next[4] = [{' '.join(ROW)}]\n\nExpected Output\na_next[4] = [{' '.join(reversed(ROW))}]"
    (block,) = read_text(text, "post.txt").blocks
    assert [number.text for number in block.numbers] == ROW
    assert [number.text for number in block.expected] == ROW[::-1]


def _inside(number: Number, value: float) -> bool:
    return number.low <= value <= number.high


def test_an_array_that_was_shortened_to_significant_digits() -> None:
    """Of ten numbers of three digits some have lost a zero: each is as wide as its own digits say, and no wider."""
    values = [0.8983, 0.12169, 0.2201, 0.153905, 0.99857, 0.3119, 0.0026701, 0.121538, 0.391757, 0.0669127]
    text = " ".join(f"{value:.3g}" for value in values)
    (block,) = read_text(f"a_next[4] = [{text}]", "post.txt").blocks
    assert all(_inside(number, value) for number, value in zip(block.numbers, values, strict=True))
    assert not any(_inside(number, 1.02 * value) for number, value in zip(block.numbers, values, strict=True))


def test_a_shape_is_that_of_the_number_above_it() -> None:
    """The outputs of two checks follow each other without a word, and each begins with an entry of ``a``."""
    rows = "a[4][1] = [0.5 0.25 0.125 0.75]\na.shape = (5, 10, 4)\ny_pred[1][3] = [0.5 0.25 0.125 0.75]"
    text = f"{rows}\n\na[4][3][6] = 0.3041286\na.shape = (5, 10, 7)\ny[1][4][3] = 0.7840787\nc[1][2][1] = 0.9988514"
    blocks = read_text(text, "post.txt").blocks
    assert [(block.check, [shape.shape for shape in block.shapes]) for block in blocks] == [
        ("rnn_forward", [(5, 10, 4)]),
        ("lstm_forward", [(5, 10, 7)]),
    ]
