"""A call of the cell that raises is not told where a line of the loop, or its head, makes of x what the cell cannot use: that line is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

HEAD = "    for t in range(T_x):\n"
CALL = "        a_next, yt_pred, cache = rnn_cell_forward({}, a_next, parameters)\n"
LOOP = HEAD + CALL.format("x[:, :, t]")


def raised(name: str, shape: str) -> str:
    """What is said of the call."""
    return f"raises ValueError because {name} goes into rnn_cell_forward as xt and is of shape {shape}, not of shape (2, 3)"


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("xt = x", "(2, 3, 5)"),
        ("xt = x[t]", "(3, 5)"),
        ("xt = x[:, t]", "(2, 5)"),
        ("xt = x[:, :, t:t+1]", "(2, 3, 1)"),
        ("xt = a0", "(4, 3)"),
    ],
)
def test_the_line_that_makes_it_is_told(told: Callable[[str], list[Told]], line: str, shape: str) -> None:
    """With the shape that it gives, and what the call says of that."""
    text = slipped("course_template", (LOOP, f"{HEAD}        {line}\n{CALL.format('xt')}"))
    (one,) = told(text)
    assert one.line == line_of(text, f"        {line}\n")
    assert one.says == f"rnn_forward gives xt an array of shape {shape} here, and so line {one.line + 1} {raised('xt', shape)}"


@pytest.mark.parametrize(
    ("over", "shape"),
    [
        ("enumerate(np.moveaxis(x, 1, 0))", "(2, 5)"),
        ("enumerate(x)", "(3, 5)"),
        ("enumerate(x.transpose(1, 2, 0))", "(5, 2)"),
        ("zip(range(T_x), x.swapaxes(0, 1))", "(2, 5)"),
    ],
)
def test_the_head_of_the_loop_is_told(told: Callable[[str], list[Told]], over: str, shape: str) -> None:
    """Where the loop goes over another axis of x than that of the steps."""
    text = slipped("course_template", (LOOP, f"    for t, xt in {over}:\n{CALL.format('xt')}"))
    (one,) = told(text)
    assert one.line == line_of(text, f"for t, xt in {over}")
    assert one.says == f"rnn_forward gives xt an array of shape {shape} here, and so line {one.line + 1} {raised('xt', shape)}"


@pytest.mark.parametrize(
    ("loop", "line"),
    [
        (HEAD + CALL.format("x[:, t]"), "rnn_cell_forward(x[:, t]"),
        (f"    for t, xt in enumerate(x.T):\n{CALL.format('xt')}", "rnn_cell_forward(xt, a_next"),
    ],
    ids=["made there", "turned, as the call may turn it back"],
)
def test_otherwise_the_call_is_told(told: Callable[[str], list[Told]], loop: str, line: str) -> None:
    """Where no line of the loop is known to make it."""
    text = slipped("course_template", (LOOP, loop))
    (one,) = told(text)
    assert one.line == line_of(text, line)


def test_an_edit_that_mends_the_line_is_told_before(told: Callable[[str], list[Told]]) -> None:
    """It says more than the shape."""
    text = slipped("course_template", (LOOP, f"{HEAD}        xt = x[:, t, :]\n{CALL.format('xt')}"))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "xt = x[:, t, :]"), "names-exchanged", "proved")
