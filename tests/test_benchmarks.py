"""The benchmark plants what it says: its figures mean nothing otherwise."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from planted import ROUNDING, Case, edits_of, pairs, planted, right, same, text_of, with_a_digit_changed

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from whygrad.mistakes import Edit


def edit(check: str, start: str, operator: str) -> tuple[Edit, ...]:
    """The check's edits by ``operator`` whose new text starts so."""
    return tuple(one for one in edits_of(check) if one.operator == operator and one.lines[0][2].strip().startswith(start))


def test_right_functions_print_the_courses_numbers() -> None:
    """What is printed without an edit reads as the course's expected output."""
    assert 'gradients["dbf"][4] = [-0.15745657]\n' in text_of(right("lstm_backward"))


def test_a_planted_view_prints_other_numbers() -> None:
    """A cell state that is a view of the output changes the forget gate's numbers and leaves the output gate's."""
    case = planted("lstm_backward", [edit("lstm_backward", "c_next = c[:, :, 0]", "view-of-output")[:1]])
    assert isinstance(case, Case)
    assert 'gradients["dbf"][4] = [-0.17049796]\n' in case.text
    assert 'gradients["dbo"][4] = [-0.17958196]\n' in case.text


def test_no_edit_is_no_change() -> None:
    """A run agrees with itself, and not with one that differs by a millionth."""
    printed = right("rnn_backward")
    assert same(printed, printed)
    assert not same(printed, {label: value * (1 + 1e-6) for label, value in printed.items()})


def test_draws_are_repeatable() -> None:
    """The same seed plants the same pairs."""
    first, second = (list(islice(pairs(random.Random(1)), 20)) for _ in range(2))
    assert first == second
    assert any(isinstance(case, Case) and len(case.edits) == 2 for case in first)


@pytest.mark.parametrize("check", SEQUENCE_MODELS.printed)
def test_spoiling_changes_one_number_by_more_than_rounding(check: str) -> None:
    """One digit differs, and the number it stands in differs by at least ``ROUNDING`` of its size."""
    text = text_of(right(check))
    dice = random.Random(2)
    for changed in filter(None, (with_a_digit_changed(text, dice) for _ in range(50))):
        assert sum(one != other for one, other in zip(text, changed, strict=True)) == 1
        at = next(place for place, (one, other) in enumerate(zip(text, changed, strict=True)) if one != other)
        begin, end = max(text.rfind(sign, 0, at) for sign in " [") + 1, min(text.find(sign, at) % len(text) for sign in " ]\n")
        old, new = float(text[begin:end]), float(changed[begin:end])
        assert abs(new - old) >= ROUNDING * abs(old)
