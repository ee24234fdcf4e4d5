"""Printed numbers that a cell prints now are the code's own; others come from an older version of it."""

from __future__ import annotations

import contextlib
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from notebooks import Cell, cells_of, version_4
from styles import TEXTS, loaded

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.expected import expected_text
from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.verdict.saved import older_outputs
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from pathlib import Path

RIGHT = TEXTS["course_template"]
WRONG = RIGHT.replace("dba += dbat", "dba = dbat")
CHECKS = ("rnn_cell_backward", "rnn_backward", "lstm_cell_backward", "lstm_backward")
ALL = frozenset(FUNCTIONS)
OLDER = "your printed numbers of {} come from an older version of the code: the code was diagnosed as it is now"
RNN = """np.random.seed(1)
x, a0 = np.random.randn(3, 10, 4), np.random.randn(5, 10)
parameters = {}
for name, shape in dict(Wax=(5, 3), Waa=(5, 5), Wya=(2, 5), ba=(5, 1), by=(2, 1)).items():
    parameters[name] = np.random.randn(*shape)
a, y, caches = rnn_forward(x, a0, parameters)
gradients = rnn_backward(np.random.randn(5, 10, 4), caches)
print('gradients["dx"][1][2] =', gradients["dx"][1][2])
print('gradients["dWax"][3][1] =', gradients["dWax"][3][1])
print('gradients["dba"][4] =', gradients["dba"][4])
"""


def printed(check: str) -> str:
    """What the check prints for right functions."""
    return expected_text(SEQUENCE_MODELS, check)


def notes(path: Path, program: str, check: str, output: str) -> list[str]:
    """What is said of a notebook in which a check's cell has this output."""
    file = path / "week1.ipynb"
    file.write_text(version_4([*cells_of(program), Cell(check, output)]), encoding="utf-8")
    source = read_source(file)
    return [note for note in examine(source, Harness(source.pieces, PARTS), "here").notes if "older" in note]


def test_numbers_of_this_code_are_not_older(tmp_path: Path) -> None:
    """A right program prints the course's numbers; a wrong one, or a check that draws otherwise, does not."""
    other = RNN.replace(
        "x, a0 = np.random.randn(3, 10, 4), np.random.randn(5, 10)", "a0, x = np.random.randn(5, 10), np.random.randn(3, 10, 4)"
    )
    assert notes(tmp_path, RIGHT, RNN, printed("rnn_backward")) == []
    assert notes(tmp_path, WRONG, RNN, printed("rnn_backward")) == [OLDER.format("rnn_backward")]
    assert notes(tmp_path, RIGHT, other, printed("rnn_backward")) == [OLDER.format("rnn_backward")]


def test_a_check_of_its_own_is_run_as_it_is(tmp_path: Path) -> None:
    """Many notebooks have changed the course's check; what counts is what their own cell prints."""
    other = RNN.replace("seed(1)", "seed(2)")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(other, {**loaded(RIGHT), "np": np})  # noqa: S102 - our own text
    text = output.getvalue()
    assert notes(tmp_path, RIGHT, other, text) == []
    assert notes(tmp_path, RIGHT, RNN, text) == [OLDER.format("rnn_backward")]


def test_a_cell_that_no_longer_runs_says_nothing(tmp_path: Path) -> None:
    """Nobody knows what it would print."""
    assert notes(tmp_path, WRONG, "raise KeyError\n" + RNN, printed("rnn_backward")) == []
    assert notes(tmp_path, RIGHT.replace("dba += dbat", "raise KeyError"), RNN, printed("rnn_backward")) == []


def test_numbers_that_chance_makes_are_not_older() -> None:
    """An array that was never filled holds something else each time."""
    text = printed("rnn_backward")
    old, other = (re.sub(r"\d\.", f"{digit}.", text) for digit in (8, 9))
    runs = [{"cell 1": text}, {"cell 1": other}]
    assert older_outputs({"cell 1": old}, lambda seed: runs[seed], ALL) == []
    assert older_outputs({"cell 1": old}, lambda _: runs[0], ALL) == ["rnn_backward"]


@pytest.mark.parametrize("check", CHECKS)
def test_each_check_is_held_against_its_own_cell(check: str) -> None:
    """Equal texts are equal; the last cell that printed a check counts."""
    old = re.sub(r"= \[?-?\d", "= 9", printed(check))
    assert old != printed(check)
    both = {"cell 1": old, "cell 2": printed(check)}
    assert older_outputs(both, lambda _: {"cell 1": printed(check), "cell 2": printed(check)}, ALL) == []
    assert older_outputs(both, lambda _: {"cell 2": old}, ALL) == [check]
    assert older_outputs(both, lambda _: {"cell 2": old}, ALL - {check}) == []


def test_a_last_digit_of_another_machine_does_no_harm() -> None:
    """Numbers differ by what another order of summation makes, and not by more."""
    text = printed("lstm_backward")
    whole = re.search(r"0\.3127703102\d*", text)
    assert whole is not None
    for factor, older in ((1 + 1e-12, []), (1 + 1e-5, ["lstm_backward"])):
        other = text.replace(whole[0], repr(float(whole[0]) * factor))
        assert older_outputs({"cell 1": other}, lambda _: {"cell 1": text}, ALL) == older


@pytest.mark.parametrize("output", ["", "hello", "\x00\n" * 100, "a_next.shape = (5, 10)"])
def test_outputs_without_numbers_say_nothing(output: str) -> None:
    """Whatever else stands in the output cells, the notebook is not run for it."""

    def never(_: int) -> dict[str, str]:
        raise AssertionError

    assert older_outputs({"cell 1": output}, never, ALL) == []
