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
        "Only these are wrong, all others match:",
        "dWaa is the only one that doesn't match.",
        "dWaa is wrong, the other values are all right.",
        "Apart from dWaa everything agrees.",
        "The rest is fine but for dWaa.",
        "dWaa is 0.5. The others are right.",
        "In rnn_cell_backward dxt, da_prev, dWax and dba are correct, but I got",
        "I have a problem with dWaa (dxt, da_prev, dWax and dba correct):",
        "I get dxt, da_prev, dWax and dba right but not the rest:",
        "dxt, da_prev, dWax and dba match the expected output but these do not:",
        "dxt: same as expected\nda_prev, dWax: right\ndba \u2713",
    ],
)
def test_all_but_what_is_shown(words: str) -> None:
    """However it is said."""
    assert said(words) == OTHERS


def test_another_check_may_be_right_as_a_whole() -> None:
    """In a sentence that says nothing else."""
    assert said("My rnn_cell_backward matches all expected values. In rnn_backward I get") == ("rnn_cell_backward",)
    assert said("If rnn_cell_backward is right, what is this? In rnn_backward") == ()


@pytest.mark.parametrize(
    "words",
    ["{is_right}\n\nNo, it is not.", "Mentor:\n\n{is_right}", "In week 1 I thought:\n\n{is_right}", "If\n\n{is_right}\n\nthen?"],
)
def test_of_another_check_it_is_heard_with_the_same_doubts(words: str) -> None:
    """And "same" may mean as before."""
    assert said(f"\n\n{words.format(is_right='rnn_cell_backward is right.')}\n\nIn rnn_backward I get") == ()
    assert said("\n\nrnn_cell_backward: same.\n\nIn rnn_backward I get") == ()


def test_some_by_name_and_one_more_that_is_wrong() -> None:
    """Only what is named, but for "all except"."""
    assert said("dxt and dba match.") == said("dxt and dba match, but dWaa doesn't.") == ("dxt", "dba")
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
        "I can't get dxt and dba to match.",
        "How can I get dxt right? None of dxt, da_prev and dba match.",
        "Neither dxt nor dba is correct.",
        "I want dxt to be correct.",
        "dxt is right only if I leave the square out.",
        "My friend's dxt matches.",
        "After that dxt is right.",
        "Everything is right except rnn_cell_backward:",
        "The others are right. Here I got",
        "All the others are fine, only this one is wrong.",
        "I can not get\ndxt right.",
        "paul wrote:\n\ndxt is right.",
        "mentor: dxt is right, everything else is wrong.",
        "> dxt is right.",
        "dWaa is wrong. The others are right.\n\nNo, they are not.",
        "I changed it, but dxt is same. It",
        "dWaa is wrong. The rest is the same.",
        "dWaa is mine. Expected value for dxt: correct. I get",
        "Only dWaa is important.",
    ],
)
def test_what_says_nothing_of_it(words: str) -> None:
    """Questions, denials, wishes, conditions, other functions, people and times, shapes, and what matches each other."""
    assert said(words) == ()


def test_a_gradient_of_which_something_is_said_is_no_other() -> None:
    """Right above."""
    assert said("dxt gives nan. Everything else is fine except dWaa.") == ("da_prev", "dWax", "dba")
    assert said("dxt and da_prev are wrong too. dWaa is 0.5. The rest is right.") == ("dWax", "dba")
