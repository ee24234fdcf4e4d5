"""Gradients that are clipped within the backward pass: told at the line that cuts them off, with its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

LAST = "    # first state\n    da0 = gradients['da_prev']\n"
CLIPPED = (
    ("for g in [dWf, dbf, dWi]:\n        np.clip(g, -1, 1, out=g)", "g is cut off at -1 and 1"),
    (
        "grads = {'f': dWf, 'i': dWi}\n    for k in grads:\n        np.clip(grads[k], -1, 1, out=grads[k])",
        "grads[k] is cut off at -1 and 1",
    ),
    ("for _, g in [(1, dWf), (2, dWi)]:\n        np.clip(g, -1, 1, out=g)", "g is cut off at -1 and 1"),
    ("dWf = np.clip(dWf, -0.1, 0.2)", "dWf is cut off at -0.1 and 0.2"),
    ("dWf = np.minimum(dWf, 0.1)", "dWf is cut off at 0.1"),
)


@pytest.mark.parametrize(("lines", "says"), CLIPPED, ids=[says for _, says in CLIPPED])
def test_a_gradient_that_is_clipped(lines: str, says: str, told: Tell) -> None:
    """In a loop over the sums or over a dictionary of them, in place or not, or one alone."""
    text = slipped("course_template", (LAST, f"    {lines}\n{LAST}"))
    (one,) = told(text)
    assert (one.id, one.says, one.proof) == ("gradient-clipped", says, "proved")
    assert one.line == line_of(text, lines.rpartition("\n")[2].strip())


def test_a_line_that_cuts_nothing_off_is_not_blamed_for_it(told: Tell) -> None:
    """What it hands on is wrong otherwise."""
    (one,) = told(slipped("course_template", ("dWf = dWf + gradients['dWf']", "dWf = dWf + np.clip(2 * gradients['dWf'], -1e9, 1e9)")))
    assert one.id != "gradient-clipped"
