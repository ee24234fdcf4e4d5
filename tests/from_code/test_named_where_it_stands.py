"""Slips that are found by the value of one line: told at that line, with the name of the mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


class Slip(NamedTuple):
    """A right form of one function, what is written otherwise in it, the line at which that is told, and how."""

    right: tuple[tuple[str, str, str], ...]
    before: str
    after: str
    line: str
    id: str
    says: str


SLOPE = "def dtanh(u):\n    return 1 - u ** 2\n\ndef lstm_cell_backward("
HELPER = ("lstm_cell_backward", "def lstm_cell_backward(", SLOPE)
SLIPS = [
    Slip(
        (HELPER, ("lstm_cell_backward", "ot * (1 - np.tanh(c_next) ** 2)", "ot * dtanh(np.tanh(c_next))")),
        "return 1 - u ** 2", "return u ** 2", "return u ** 2", "term-dropped", "u ** 2 stands without a term (a number)",
    ),
    Slip(
        (HELPER, ("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * dtanh(cct)")),
        "dtanh(cct)", "dtanh(np.tanh(cct))", "dcct = ", "activation-wrong", "np.tanh(cct) has a np.tanh too many",
    ),
    Slip((), "return (a, y, c, caches)", "return (a, y, a, caches)", "return (a", "returned-wrong", "a is returned here, where c belongs"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after)
def test_it_is_told_there(told: Tell, slip: Slip) -> None:
    """The form without the slip is right."""
    right = edited(*slip.right)
    assert told(right) == []
    assert slip.before in right
    text = right.replace(slip.before, slip.after)
    (said,) = told(text)
    assert (said.line, said.id, said.says) == (line_of(text, slip.line), slip.id, slip.says)
