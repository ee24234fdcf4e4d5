"""Forward passes computed side by side hand on what each of their programs does when it is run alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.variants import Variants
from whygrad.from_numbers.side_by_side.forward_stack import ForwardStack
from whygrad.from_numbers.side_by_side.right_loop import handed_over
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import Tables

CELLS = {name: name.replace("backward", "forward") for name in ("rnn_cell_backward", "lstm_cell_backward")}
CELLS |= {"rnn_backward": "rnn_cell_forward", "lstm_backward": "lstm_cell_forward"}
VARIANTS = Variants(SEQUENCE_MODELS)


def alone(check: str, edits: tuple[Edit, ...]) -> Record | None:
    """The program run by itself."""
    if "cell" in check:
        return Program(SEQUENCE_MODELS, edits).record(check)
    return FirstHalf(SEQUENCE_MODELS, check).run(edits)


def arrays(record: Record) -> list[Any]:
    """All that a run hands to the backward function."""
    da, caches = handed_over(record)
    return [da, *record.arguments[1:-1], *(value for cache in caches for value in (*cache[:-1], *cache[-1].values()))]


def agree(one: Record | None, other: Record | None) -> bool:
    """Whether both raised, or handed on the same, bit for bit."""
    if one is None or other is None:
        return one is other
    return all(np.array_equal(*pair, equal_nan=True) for pair in zip(arrays(one), arrays(other), strict=True))


def stack_of(tables: Tables, check: str) -> ForwardStack:
    """The forward passes of a check, side by side."""
    return ForwardStack(SEQUENCE_MODELS, check, tables.of(check).right)


def edit_of(cell: str, start: str, new: str) -> tuple[Edit, ...]:
    """One equation by what it computes, written otherwise."""
    number = next(at for at, line in enumerate(SEQUENCE_MODELS.functions[cell]) if line.strip().startswith(f"{start} = "))
    return (Edit("", cell, start, ((cell, number, f"    {start} = {new}"),), new),)


@pytest.mark.parametrize("check", CELLS)
def test_each_hands_on_what_it_does_alone(tables: Tables, check: str) -> None:
    """Mistakes in one equation and in several; hardly one of them has to be run alone."""
    many = [*((edit,) for edit in VARIANTS.of_function(CELLS[check])), *VARIANTS.groups(CELLS[check])][::9]
    found = stack_of(tables, check).records(many)
    for place, record in found.items():
        assert agree(record, alone(check, many[place])), many[place]
    texts = [[text for edit in edits for _, _, text in edit.lines] for edits in many]
    equations = [own for own in texts if all(" = " in text and "cache" not in text and "stale(" not in text for text in own)]
    assert len(found) > 0.7 * len(equations)


def test_what_raises_and_what_is_no_number_are_told_apart(tables: Tables) -> None:
    """Beside a right program: one raises at once, one only in a later call, one prints NaN."""
    cell, check = "rnn_cell_forward", "rnn_backward"
    right = "np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)"
    first = tables.of(check).right.arguments[1][0][0][1]
    texts = [
        right,
        "np.dot(Wax, a_prev)",
        f"({right})[[0, 1, 2, 3, 4 if a_prev[0, 0] == {float(first[0, 0])!r} else 9]]",
        f"np.log({right})",
    ]
    many = [edit_of(cell, "a_next", text) for text in texts]
    found = stack_of(tables, check).records(many)
    assert [found[place] is None for place in range(4)] == [False, True, True, False]
    assert all(agree(found[place], alone(check, edits)) for place, edits in enumerate(many))
    assert np.isnan(arrays(found[3] or tables.of(check).right)[1]).any()


@pytest.mark.parametrize(
    ("start", "new"),
    [
        ("it", "sigmoid(np.dot(Wi, concat) + cct)"),  # reads what a later line computes
        ("ot", "ot"),
        ("ft", "np.ones((5, 1))"),  # NumPy would repeat it
        ("ft", "sigmoid(np.dot(Wf, concat) + np.random.randn(5, 1))"),  # the check draws otherwise after it
        ("ft", "it * 2\n    it = ft"),
        ("ft", "ft > 0.5"),
    ],
)
def test_what_does_not_fit_is_left_out(tables: Tables, start: str, new: str) -> None:
    """Programs that have to be run alone; those beside them are computed all the same."""
    many = [edit_of("lstm_cell_forward", start, new), edit_of("lstm_cell_forward", "ot", "sigmoid(np.dot(Wo, concat) - bo)")]
    for check in ("lstm_cell_backward", "lstm_backward"):
        found = stack_of(tables, check).records(many)
        assert list(found) == [1]
        assert agree(found[1], alone(check, many[1]))
