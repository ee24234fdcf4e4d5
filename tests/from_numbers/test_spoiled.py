"""Numbers that no program prints are never explained."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

PLANTED: list[tuple[str, tuple[Change, ...]]] = [
    ("rnn_cell_backward", ()),
    ("rnn_cell_backward", (("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)"),)),
    ("rnn_backward", ()),
    ("lstm_cell_backward", ()),
    ("lstm_cell_backward", (("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft"),)),
]


def spoiled(text: str, dice: random.Random) -> str:
    """One digit of one number changed, by at least 1e-12 of the number."""
    while True:
        number = dice.choice(list(re.finditer(r"= \[?\s*(-?\d+\.\d{6,})|(-?\d+\.\d{6,})", text)))
        start, end = number.span(1) if number[1] else number.span(2)
        place = dice.choice([at for at in range(start, end) if text[at].isdigit()])
        changed = text[:place] + dice.choice([digit for digit in "0123456789" if digit != text[place]]) + text[place + 1 :]
        old, new = float(text[start:end]), float(changed[start:end])
        if abs(new - old) > 1e-12 * abs(old):
            return changed


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(("check", "changes"), PLANTED)
def test_one_changed_digit_is_not_explained(notebook: Notebook, answer: Answer, check: str, changes: tuple[Change, ...]) -> None:
    """Whichever digit it is, the verdict is partly or unknown, and the spoiled number is not among those that agree."""
    text = notebook.printed(check, *changes)
    dice = random.Random(10)
    for _ in range(1 if "lstm" in check or changes else 4):
        result = answer(spoiled(text, dice))
        assert result.verdict in {"partly", "unknown"}
        assert result.reproduced < result.printed


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("check", SEQUENCE_MODELS.printed)
def test_random_numbers_are_not_explained(notebook: Notebook, answer: Answer, check: str) -> None:
    """Numbers of the right size, drawn at random: nothing agrees, so nothing is claimed."""
    rng = np.random.default_rng(11)
    drawn = {name: value * rng.normal(size=value.shape) for name, value in notebook.gradients(check).items()}
    result = answer(notebook.lines(check, drawn))
    assert (result.verdict, result.reproduced, result.mistakes) == ("unknown", 0, ())
