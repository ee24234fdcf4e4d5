"""What a text says is right without printing it."""

from __future__ import annotations

import pytest

from whygrad.read import read_text

OTHERS = ("dxt", "da_prev", "dWax", "dba")


def said(words: str) -> tuple[str, ...]:
    """Of what a post with these words, and a wrong dWaa, says so."""
    (block,) = read_text(f'rnn_cell_backward. {words}\ngradients["dWaa"][1][2] = 0.5\n', "a post").blocks
    return block.said_right


@pytest.mark.parametrize(
    "words",
    [
        "Everything matches the expected output, except",
        "All is right but this:",
        "All gradients but dWaa are correct.",
        "Only dWaa is wrong.",
        "dWaa is the only one that doesn't match.",
        "The other values are all right.",
        "Apart from dWaa everything agrees.",
        "The rest is fine.",
    ],
)
def test_all_but_what_is_shown(words: str) -> None:
    """However it is said."""
    assert said(words) == OTHERS


def test_some_by_name_and_one_more_that_is_wrong() -> None:
    """Only what is named, but for "all except"."""
    assert said("dxt and dba match.") == ("dxt", "dba")
    assert said("Everything is right except dWax and dWaa.") == ("dxt", "da_prev", "dba")


@pytest.mark.parametrize(
    "words",
    [
        "Should all the others be right?",
        "Is everything else right?",
        "Not everything is right, but",
        "All shapes are right, but",
        "The forward pass is right and everything else is fine there.",
        "dxt matches dba.",
        "dxt is not right.",
        "In rnn_backward everything else is right. In rnn_cell_backward",
        "I think all is right but",
    ],
)
def test_what_says_nothing_of_it(words: str) -> None:
    """Questions, denials, other functions, shapes, and what matches each other."""
    assert said(words) == ()
