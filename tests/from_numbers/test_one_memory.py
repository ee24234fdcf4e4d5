"""One array where two belong: `c = a`, a slice that is read for a state, one cache for all steps. Told is what alone prints the numbers.

The mistakes are written by hand in the program's text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.report.text import to_text

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.records import Result

LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
RCF, RF, RB = "rnn_cell_forward", "rnn_forward", "rnn_backward"
IN_CALL = "a_next, c_next, parameters)"
SHARED = (LF, "c = np.zeros((n_a, m, T_x), dtype)", "c = a")

SLICES: dict[str, tuple[Change, str]] = {
    "the step's own slot": ((LF, IN_CALL, "a_next, c[:, :, t], parameters)"), "output-slot-as-state"),
    "the first slot": ((LF, IN_CALL, "a_next, c[:, :, 0], parameters)"), "output-slot-as-state"),
    "the first slot, by its name": (
        (LF, "a_next, c_next, yt, cache", "c_next = c[:, :, 0]\n        a_next, c_next, yt, cache"),
        "output-slot-as-state",
    ),
    "the last slot at first": ((LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, -1]"), "view-of-output"),
    "the first slot at first": ((LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"), "view-of-output"),
}


def told(result: Result) -> list[tuple[str, str | None]]:
    """The first explanation."""
    return [(mistake.id, mistake.function) for mistake in result.mistakes]


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_alone_is_told_alone(notebook: Notebook, answer: Answer, name: str) -> None:
    """With `c = a` beside it a program prints the same, so nothing says that it stands there: it is told neither first nor beside."""
    change, kind = SLICES[name]
    text = notebook.printed(LB, change)
    assert notebook.printed(LB, SHARED, change) == text
    result = answer(notebook.printed(LCB) + "\n" + text)
    assert told(result) == [(kind, LF)]
    assert not any(mistake.id == "one-buffer-two-names" for one in result.alternatives for mistake in one.mistakes)


def test_the_slot_before_is_told_beside_the_likelier_first_view(notebook: Notebook, answer: Answer) -> None:
    """The slot at t - 1 prints what a start in the last slot does, which is the likelier: both are told."""
    result = answer(notebook.printed(LB, (LF, IN_CALL, "a_next, c[:, :, t - 1], parameters)")))
    assert told(result) == [("view-of-output", LF)]
    assert [mistake.id for one in result.alternatives for mistake in one.mistakes] == ["output-slot-as-state"]


TAKEN: dict[str, tuple[Change, ...]] = {
    "the hidden state": ((LF, IN_CALL, "a_next if t == 0 else a[:, :, t - 1], c_next, parameters)"),),
    "both states": ((LF, IN_CALL, "a_next if t == 0 else a[:, :, t - 1], c_next if t == 0 else c[:, :, t - 1], parameters)"),),
}


@pytest.mark.parametrize("name", TAKEN)
def test_one_buffer_is_told_where_a_state_is_taken_from_it(notebook: Notebook, answer: Answer, name: str) -> None:
    """A loop that reads its states in its outputs is right, and with `c = a` gets the other state: that is the one mistake told."""
    changes = TAKEN[name]
    assert notebook.printed(LB, *changes) == notebook.printed(LB)
    result = answer(notebook.printed(LB, SHARED, *changes))
    assert told(result) == [("one-buffer-two-names", LF)]
    assert result.mistakes[0].says == "c and a are two names for one array, and the loop takes the hidden state out of it."


def test_one_buffer_with_the_hidden_state_stored_last_is_told_beside(notebook: Notebook, answer: Answer) -> None:
    """Then a loop that reads its cell state there gets the hidden one; that it hands on the wrong one prints the same, and is likelier."""
    result = answer(
        notebook.printed(
            LB,
            SHARED,
            (LF, IN_CALL, "a_next, c_next if t == 0 else c[:, :, t - 1], parameters)"),
            (LF, "        a[:, :, t] = a_next\n        c[:, :, t] = c_next", "        c[:, :, t] = c_next\n        a[:, :, t] = a_next"),
        )
    )
    assert told(result) == [("state-not-carried", LF)]
    assert [("one-buffer-two-names", LF)] in [[(one.id, one.function) for one in other.mistakes] for other in result.alternatives]


def test_no_edit_for_one_buffer_is_spare(tables: Tables) -> None:
    """What `c = a` and another change print is printed neither by that change alone nor by a right program."""
    check = tables.of(LB)
    lines = range(len(tables.assignment.functions[LF]))
    (alone, *others) = (edit for number in lines for edit in tables.variants.of_operator(LF, number, "one-buffer-two-names"))
    assert [text.strip() for _, _, text in alone.lines] == ["c = a"]
    for edit in others:
        gradients = check.run((edit,))
        assert edit.lines[0] == alone.lines[0]
        for other in (replace(edit, lines=edit.lines[1:]), alone):
            without = check.run((other,))
            assert gradients is not None
            assert without is not None
            assert any(not np.array_equal(value, without[name]) for name, value in gradients.items())


SAME_CACHE: dict[str, tuple[str, tuple[str, str, str], *tuple[Change, ...]]] = {
    "the index -1": (LB, (LB, LF, LCF), (LB, "caches[t])", "caches[-1])")),
    "a list of the last cache": (LB, (LB, LF, LCF), (LF, "    caches = (caches, x)", "    caches = ([cache] * T_x, x)")),
    "one list for all steps": (
        LB,
        (LB, LF, LCF),
        (LCF, "parameters):", "parameters, cache=[]):"),
        (LCF, "cache = (a_next", "cache[:] = (a_next"),
    ),
    "the index -1, of an RNN": (RB, (RB, RF, RCF), (RB, "caches[t])", "caches[-1])")),
    "a list of the last cache, of an RNN": (RB, (RB, RF, RCF), (RF, "    caches = (caches, x)", "    caches = ([cache] * T_x, x)")),
}


@pytest.mark.parametrize("name", SAME_CACHE)
def test_one_cache_for_all_steps_may_come_from_three_functions(notebook: Notebook, answer: Answer, name: str) -> None:
    """All three are told, the likeliest first, and none of them is called right; the backward cell is."""
    check, functions, *changes = SAME_CACHE[name]
    result = answer(notebook.printed(check.replace("_", "_cell_")) + "\n" + notebook.printed(check, *changes))
    mistakes = [*result.mistakes, *(one for other in result.alternatives for one in other.mistakes)]
    assert {one.id for one in mistakes} == {"cache-of-wrong-step"}
    assert tuple(dict.fromkeys(one.function for one in mistakes)) == functions
    assert result.exonerated == (check.replace("_", "_cell_"),)


def test_what_is_said_of_one_cache(notebook: Notebook, answer: Answer) -> None:
    """The first sentence names all three, and the list says what the others do."""
    text = " ".join(to_text(answer(notebook.printed(LB, (LB, "caches[t])", "caches[-1])")))).split())
    assert "every step uses the last cache; the same numbers can also come from lstm_forward or lstm_cell_forward." in text
    assert "- in lstm_cell_forward, every step uses one and the same cache, which each call fills anew" in text
