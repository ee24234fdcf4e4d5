"""A stack that is filled piece by piece, with a piece at other rows: told once, at that line, and what else is wrong is found beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FILLED = "    concat[: n_a, :] = a_prev\n    concat[n_a :, :] = xt\n"
INPUT_FIRST = ("    concat[: n_x, :] = xt\n    concat[n_x :, :] = a_prev\n", "concat[: n_x, :] = xt", "xt")
STATE_FIRST = ("    concat[n_x :, :] = a_prev\n    concat[: n_x, :] = xt\n", "concat[n_x :, :] = a_prev", "a_prev")
OVER_EACH_OTHER = ("    concat[: n_a, :] = a_prev\n    concat[: n_x, :] = xt\n", "concat[: n_x, :] = xt", "xt")


SLIPS = {
    "alone": ("", "", None),
    "the candidate": ("cct = np.tanh(np.dot(Wc", "cct = sigmoid(np.dot(Wc", "activation-wrong"),
    "a gate": ("ft = sigmoid(np.dot(Wf", "ft = sigmoid(np.dot(Wi", "name-replaced"),
    "the cell state": ("it * cct\n", "it + cct\n", "operator-replaced"),
    "the hidden state": ("ot * np.tanh(c_next)", "ot * c_next", "activation-wrong"),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("stack", [INPUT_FIRST, STATE_FIRST, OVER_EACH_OTHER], ids=["turned", "from below", "over each other"])
def test_a_piece_at_other_rows_hides_nothing(told: Callable[[str], list[Told]], stack: tuple[str, str, str], slip: str) -> None:
    """A slip in one of the lines that read the stack, or behind them, is told as if the stack were right."""
    lines, line, piece = stack
    before, after, known = SLIPS[slip]
    text = slipped("course_template", (FILLED, lines), (before, after))
    first, *others = told(text)
    assert (first.line, first.id, first.proof) == (line_of(text, line), "stack-wrong", "proved")
    also = "" if stack is OVER_EACH_OTHER else f"; the same holds for what line {first.line + 1} writes"
    assert first.says == f"{piece} is written into other rows of concat than those where it belongs{also}"
    assert [(one.line, one.id, one.proof) for one in others] == ([(line_of(text, after), known, "proved")] if known else [])


def test_the_piece_that_stands_where_it_belongs_is_not_told(told: Callable[[str], list[Told]]) -> None:
    """The other line writes over a part of it, forward and backward."""
    lines = "    concat[: n_a, :] = a_prev\n    concat[-n_a :, :] = a_prev\n"
    text = slipped("course_template", (FILLED, lines))
    backward = "    concat = np.zeros((n_a + xt.shape[0], m))\n" + lines
    whole = "    concat = np.concatenate((a_prev, xt), axis=0)\n    dWf"
    for one_text in (text, slipped("course_template", (whole, f"{backward}    dWf"))):
        (one,) = told(one_text)
        assert (one.line, one.proof) == (line_of(one_text, "concat[-n_a :, :] = a_prev"), "proved")
        assert one.says == "a_prev is written into rows of concat where something else belongs"
