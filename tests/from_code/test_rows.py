"""An expression over several lines: the line within it that is wrong is told, and its first one where that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = """def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "ba", "by"))
    a_next = np.tanh(
        np.dot(Wax, xt)
        + np.dot(Waa, a_prev)
        + ba
    )
    yt_pred = softmax(np.dot(Wya, a_next) + by)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)"""
BACKWARD_LINE = next(line for line in PARTS["lstm_cell_backward"].split("\n") if line.startswith("    da_prev = "))
BACKWARD = PARTS["lstm_cell_backward"].replace(
    BACKWARD_LINE,
    """    da_prev = (Wf[:, :n_a].T @ dft
               + Wi[:, :n_a].T @ dit
               + Wc[:, :n_a].T @ dcct
               + Wo[:, :n_a].T @ dot)""",
)
"""Right programs, of which each case changes a line."""


def lines(told: Callable[[str], list[Told]], function: str, program: str, *slips: tuple[str, str]) -> list[str]:
    """The lines that are told of a right program with these slips, stripped."""
    for old, new in slips:
        assert old in program
        program = program.replace(old, new)
    text = edited((function, "", program))
    return [text.split("\n")[one.line - 1].strip() for one in told(text)]


@pytest.mark.parametrize(
    ("function", "program", "old", "new"),
    [
        ("lstm_cell_backward", BACKWARD, "Wc[:, :n_a].T @ dcct", "Wc[:, :n_a].T @ dit"),
        ("lstm_cell_backward", BACKWARD, "Wi[:, :n_a].T @ dit", "Wf[:, :n_a].T @ dit"),
        ("lstm_cell_backward", BACKWARD, "+ Wo[:, :n_a].T", "- Wo[:, :n_a].T"),
        ("rnn_cell_forward", FORWARD, "+ np.dot(Waa, a_prev)", "- np.dot(Waa, a_prev)"),
        ("rnn_cell_forward", FORWARD, "np.dot(Waa, a_prev)", "np.dot(Waa.T, a_prev)"),
        ("rnn_cell_forward", FORWARD, "+ ba", "- ba"),
    ],
)
def test_the_line_within_the_expression(told: Callable[[str], list[Told]], function: str, program: str, old: str, new: str) -> None:
    """A name, a transposition or a sign in one of its lines."""
    (line,) = lines(told, function, program, (old, new))
    assert new in line


def test_two_lines_of_one_expression(told: Callable[[str], list[Told]]) -> None:
    """Then the expression is told at its first line."""
    slips = ("Wi[:, :n_a].T @ dit", "Wi[:, :n_a].T @ dft"), ("Wc[:, :n_a].T @ dcct", "Wc[:, :n_a].T @ dot")
    assert lines(told, "lstm_cell_backward", BACKWARD, *slips) == ["da_prev = (Wf[:, :n_a].T @ dft"]


def test_a_line_that_is_gone(told: Callable[[str], list[Told]]) -> None:
    """What is not there has no line."""
    assert lines(told, "lstm_cell_backward", BACKWARD, ("               + Wc[:, :n_a].T @ dcct\n", "")) == [
        "da_prev = (Wf[:, :n_a].T @ dft"
    ]
