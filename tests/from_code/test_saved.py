"""Printed numbers that the code gives now are the code's own; others come from an older version of it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from styles import TEXTS

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.expected import expected_text
from whygrad.from_code.parts import FUNCTIONS, PARTS
from whygrad.from_code.saved import course_inputs, older_outputs
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

RIGHT = TEXTS["course_template"]
WRONG = RIGHT.replace("dba += dbat", "dba = dbat")
CHECKS = ("rnn_cell_backward", "rnn_backward", "lstm_cell_backward", "lstm_backward")
ALL = frozenset(FUNCTIONS)


def harness(program: str) -> Harness:
    """Runs a program in this process."""
    return Harness([Piece("rnn.py", 1, program)], PARTS)


def printed(check: str) -> str:
    """What the check prints for right functions."""
    return expected_text(SEQUENCE_MODELS, check)


@pytest.mark.parametrize("check", CHECKS)
def test_numbers_of_this_code_are_not_older(check: str) -> None:
    """A right program prints the course's numbers."""
    assert older_outputs([printed(check)], harness(RIGHT), ALL) == []


def test_numbers_of_other_code_are_older() -> None:
    """The course's numbers are not what a wrong program prints; the checks that do not use the wrong function are not named."""
    assert older_outputs([printed(check) for check in CHECKS], harness(WRONG), ALL) == ["rnn_backward"]


def test_the_last_run_of_a_check_counts() -> None:
    """Whoever ran the cell again with the new code has the new numbers below the old ones."""
    old = re.sub(r"= \[?-?\d", "= 9", printed("rnn_backward"))
    assert old != printed("rnn_backward")
    right = harness(RIGHT)
    assert older_outputs([old], right, ALL) == ["rnn_backward"]
    assert older_outputs([old, printed("rnn_backward")], right, ALL) == []


def test_a_last_digit_of_another_machine_does_no_harm() -> None:
    """Numbers differ by what another order of summation makes, and not by more."""
    number = "0.3127703102"
    text = printed("lstm_backward")
    assert number in text
    whole = re.search(rf"{re.escape(number)}\d*", text)
    assert whole is not None
    for factor, older in ((1 + 1e-12, []), (1 + 1e-5, ["lstm_backward"])):
        other = text.replace(whole[0], repr(float(whole[0]) * factor))
        assert older_outputs([other], harness(RIGHT), ALL) == older


@pytest.mark.parametrize("outputs", [[], [""], ["hello"], ["\x00\n" * 100], ["a_next.shape = (5, 10)"]])
def test_outputs_without_numbers_say_nothing(outputs: list[str]) -> None:
    """Whatever else stands in the output cells."""
    assert older_outputs(outputs, harness(RIGHT), ALL) == []


def test_an_incomplete_chain_says_nothing() -> None:
    """Where a function is missing, nobody knows what would be printed; the same where it raises."""
    assert older_outputs([printed("rnn_backward")], harness(WRONG), ALL - {"rnn_forward"}) == []
    assert older_outputs([printed("rnn_backward")], harness(RIGHT.replace("dba += dbat", "raise KeyError")), ALL) == []


@pytest.mark.parametrize("check", CHECKS)
def test_the_inputs_are_those_of_the_check(check: str) -> None:
    """What the reference's forward and backward function make of them is what the check returns."""
    given = course_inputs(check)
    space = SEQUENCE_MODELS.namespace()
    after = 1 if check != "lstm_cell_backward" else 2
    caches = space[check.replace("backward", "forward")](*given[:-after])[-1]
    gradients = space[check](*given[-after:], caches)
    expected = SEQUENCE_MODELS.namespace()[f"{check}_check"]()
    assert gradients.keys() == expected.keys()
    assert all(np.array_equal(gradients[key], expected[key]) for key in expected)
