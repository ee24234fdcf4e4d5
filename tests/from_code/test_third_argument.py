"""Functions of NumPy that take two arrays and are given three: the third is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

DOT = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)"
OVERWRITTEN = (
    (DOT, "dot = np.multiply(da_next, np.tanh(c_next), ot) * (1 - ot)", "ot, which stands third, is no factor, and the product"),
    (
        DOT,
        "dot = np.multiply(da_next * ot * (1 - ot), 1, np.tanh(c_next))",
        "np.tanh(c_next), which stands third, is no factor, and the product",
    ),
    ("dc_prev = dc_next * ft + ot", "dc_prev = np.add(dc_next * ft, 0, dft) + ot", "dft, which stands third, is no term, and the sum"),
    (
        "dc_prev = dc_next * ft + ot",
        "dc_prev = np.subtract(dc_next * ft, 0, dft) + ot",
        "dft, which stands third, has no part in it, and the result",
    ),
)
IDS = ("factor-dropped", "factor-dropped", "term-dropped", "updated-in-place")


@pytest.mark.parametrize(("slip", "id_"), list(zip(OVERWRITTEN, IDS, strict=True)), ids=["several", "one", "sum", "difference"])
def test_what_stands_third_is_written_over(slip: tuple[str, str, str], id_: str, told: Tell) -> None:
    """One mistake, however many lines read what it held; where the result alone is wrong, it is a factor that is missing."""
    before, after, says = slip
    text = slipped("course_template", (before, after))
    (one,) = told(text)
    assert one.says.endswith(f" takes two arrays: {says} is written over it")
    assert (one.line, one.id, one.proof) == (line_of(text, after), id_, "proved")


def test_several_calls_are_told_together(told: Tell) -> None:
    """Each at its own line."""
    dit = "* cct * da_next) * it * (1 - it)"
    text = slipped(
        "course_template",
        (DOT, "dot = np.multiply(np.multiply(da_next, np.tanh(c_next)), ot, 1 - ot)"),
        (f"dit = (dc_next * cct + ot * (1 - np.square(np.tanh(c_next))) {dit}", "dit = np.multiply(dc_next * cct, it, 1 - it) + 0 * ot"),
    )
    first, *rest = told(text)
    assert first.says.startswith("np.multiply takes two arrays: 1 - ot, which stands third, is no factor")
    assert [one.line for one in rest] == [line_of(text, "dit = np.multiply(")]


def test_an_array_that_is_meant_to_be_written_over_is_not_blamed(told: Tell) -> None:
    """Room that nobody reads again, beside another slip."""
    text = slipped(
        "course_template",
        (DOT, "room = np.zeros_like(ot)\n    dot = np.multiply(da_next, np.tanh(c_next), room) * ot * (1 - ot)"),
        ("dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dit, axis=1, keepdims=True)"),
    )
    (one,) = told(text)
    assert one.line == line_of(text, "dbf = np.sum(dit")
