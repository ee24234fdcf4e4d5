"""A state that is zero since it is taken from a slot in which nothing is stored by then is told as that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

_HIDDEN = "        a[:, :, t] = a_next"
_CALL = "        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"
_BY_BRANCH = (
    "        if t == 0:\n            a_prev, c_prev = a_next, c_next\n        else:\n"
    "            a_prev, c_prev = a[:, :, t - 1], c[:, :, {}]\n" + _CALL.replace("a_next, c_next, parameters", "a_prev, c_prev, parameters")
)
CASES = [
    (
        [("lstm_forward", _CALL, _BY_BRANCH.format("t - 2"))],
        "c_prev is taken from the slot of another step, c[:, :, t - 2]: at step 1",
    ),
    ([("lstm_forward", _CALL, _BY_BRANCH.format("t"))], "c_prev is taken from c[:, :, t]: at step 1"),
    (
        [("rnn_forward", _HIDDEN, f"{_HIDDEN}\n        a_next = a[:, :, t - 1]")],
        "a_next is taken from the slot of another step, a[:, :, t - 1]: at step 0",
    ),
    (
        [("lstm_forward", _HIDDEN, f"{_HIDDEN}\n        a_next = a[..., t - 1]")],
        "a_next is taken from the slot of another step, a[..., t - 1]: at step 0",
    ),
]


@pytest.mark.parametrize(("edits", "says"), CASES, ids=["else of before", "else of now", "rnn_forward", "lstm_forward"])
def test_the_slot_is_told(edits: list[tuple[str, str, str]], says: str, told: Callable[[str], list[Told]]) -> None:
    """With the step at which it is empty, and no line is looked for that would fill it. A branch counts no steps."""
    (mistake,) = told(edited(*edits))
    assert mistake.says == f"{says} nothing is stored there by then"
    assert mistake.id == "output-slot-as-state"


def test_the_right_slot_is_right(told: Callable[[str], list[Told]]) -> None:
    """What is stored there before it is taken."""
    assert not told(edited(("lstm_forward", _HIDDEN, f"{_HIDDEN}\n        a_next = a[:, :, t]")))
