"""A forward cell that changes its parameters in place gives another answer at the next step; its first one is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

    Examined = Callable[[str], Result]

CHANGES = [
    ("rnn_cell_forward", "by *= 2"),
    ("rnn_cell_forward", "ba += 0.5"),
    ("rnn_cell_forward", 'parameters["by"] *= 1 + ba.mean()'),
    ("rnn_cell_forward", "np.multiply(Wya, 2, out=Wya)"),
    ("rnn_cell_forward", "Waa[0] = 0"),
    ("lstm_cell_forward", "Wy = np.subtract(Wy, 1 + 2 * Wy, out=Wy)"),
    ("lstm_cell_forward", "bo *= 2"),
]


def changing(function: str, line: str, *edits: tuple[str, str, str], without: tuple[str, ...] = ()) -> str:
    """The reference program in which a forward cell has one line more, behind its outputs."""
    return edited((function, "    cache = ", f"    {line}\n    cache = "), *edits, without=without)


@pytest.mark.parametrize(("function", "line"), CHANGES)
def test_it_is_told_at_the_line(examined: Examined, function: str, line: str) -> None:
    """As the only mistake, whatever the backward functions make of the changed parameters."""
    text = changing(function, line)
    (said,) = examined(text).mistakes
    assert (said.function, said.id) == (function, "changed-in-place")
    assert said.location
    assert said.location.line == line_of(text, line)
    assert said.says.endswith("though its first answer is right: it changes parameters in place")


def test_without_a_sequence_of_its_own(examined: Examined) -> None:
    """The assignment's hands the same parameters in at each step."""
    text = changing("rnn_cell_forward", "by *= 2", without=("rnn_forward",))
    (said,) = examined(text).mistakes
    assert said.says.startswith("y_pred is wrong: ")
    assert " when it runs step after step in rnn_forward, " in said.says


def test_with_a_cache_of_its_own(examined: Examined, own_caches: list[tuple[str, str, str]]) -> None:
    """Another layout of the cache is no excuse."""
    text = changing("lstm_cell_forward", "by *= 2", *own_caches)
    (said,) = examined(text).mistakes
    assert (said.function, said.id) == ("lstm_cell_forward", "changed-in-place")


def test_in_a_helper(examined: Examined) -> None:
    """The line stands where it is changed."""
    text = changing("rnn_cell_forward", "twice(by)") + "\n\ndef twice(b):\n    b += b\n"
    (said,) = examined(text).mistakes
    assert said.location
    assert said.location.line == line_of(text, "b += b")


COPIES = ("rnn_forward", "rnn_cell_forward(x[:, :, t], a_next, parameters)",
          "rnn_cell_forward(x[:, :, t], a_next, {k: v.copy() for k, v in parameters.items()})")  # fmt: skip


def test_where_each_step_gets_copies_nothing_is_wrong(examined: Examined) -> None:
    """Nor where what is changed is made in the cell, or comes to the same."""
    assert examined(changing("rnn_cell_forward", "by *= 2", COPIES)).verdict == "right"
    assert examined(changing("rnn_cell_forward", "by *= 1")).verdict == "right"
    assert examined(changing("rnn_cell_forward", "by = by * 2; by *= 2")).verdict == "right"


def test_what_a_backward_cell_changes_in_its_cache_is_told_at_the_line(examined: Examined) -> None:
    """The cell is right alone, and so is the sequence, which is not to blame for it."""
    text = edited(("rnn_cell_backward", "    gradients = {", "    a_prev -= a_next\n    gradients = {"))
    (said,) = examined(text).mistakes
    assert (said.function, said.id) == ("rnn_cell_backward", "changed-in-place")
    assert said.location
    assert said.location.line == line_of(text, "a_prev -= a_next")
    assert said.says.startswith("it changes cache in place, and so rnn_backward, which is right, goes wrong with it: there all 5 results")
