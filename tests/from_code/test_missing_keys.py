"""A key that a dictionary has not is told where the dictionary should have got it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipping import line_of
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


def test_a_sum_without_a_start_is_told_at_the_loop_that_makes_the_others(told: Tell) -> None:
    """The line that adds to it is right."""
    text = TEXTS["gate_dictionaries"].replace('        grads["db" + g] = np.zeros((n_a, 1))\n', "")
    (one,) = told(text)
    assert one.line == line_of(text, '        grads["dW" + g] = np.zeros') - 1
    line = line_of(text, 'grads["db" + g] +=')
    assert f"gives grads no key 'dbf' here, nor in any line before, and so line {line}, which adds to what is there, raises" in one.says


def test_a_start_under_another_key_is_told_there(told: Tell) -> None:
    """No line reads it."""
    text = TEXTS["gate_dictionaries"].replace('grads["db" + g] = np.zeros((n_a, 1))', 'grads["db"] = np.zeros((n_a, 1))')
    (one,) = told(text)
    assert one.line == line_of(text, 'grads["db"] =')
    assert "gives grads the key 'db' here, and so line" in one.says


def test_to_a_dictionary_that_is_made_empty_a_line_may_add_otherwise(told: Tell) -> None:
    """With ``get``, say; so that line is told. A dictionary with some of the keys is told itself."""
    text = TEXTS["gate_dictionaries"].replace("for key in total:", 'for key in ("dWax", "dWaa", "dba"):')
    (one,) = told(empty := text.replace('total = {"dWax": 0, "dWaa": 0, "dba": 0}', "total = {}"))
    assert one.line == line_of(empty, "total[key] = total[key]")
    (one,) = told(few := text.replace('total = {"dWax": 0, "dWaa": 0, "dba": 0}', 'total = {"dWax": 0, "dWaa": 0}'))
    assert one.line == line_of(few, "total = {")


def test_a_key_of_another_dictionary_is_told_where_that_got_it(told: Tell) -> None:
    """The loop goes over the sums, and asks the gradients for each of their keys."""
    text = TEXTS["float32"].replace('sums["d" + k] = np.zeros', 'sums["d"] = np.zeros')
    (one,) = told(text)
    assert one.line == line_of(text, 'sums["d"] =')
    assert "gives sums the key 'd' here, and so line" in one.says


def test_a_key_that_is_misspelt_where_it_is_read_is_told_there(told: Tell) -> None:
    """Its dictionary has what it should have."""
    text = TEXTS["gate_dictionaries"].replace('step["db" + g]', 'step["dbb" + g]')
    (one,) = told(text)
    assert one.line == line_of(text, 'step["dbb" + g]')


def test_an_error_hides_no_other_slip_that_is_known(told: Tell) -> None:
    """Of the line that raises no more is known than its error; the gradient that is not passed on is proved."""
    text = TEXTS["keywords_and_early_returns"].replace('dWi + gradients["dWi"]', 'dWi + m["dWi"]')
    text = text.replace("lstm_cell_backward(da_next=da[:, :, t] + da_prevt, dc_next", "lstm_cell_backward(da_next=da_prevt, dc_next")
    first, second = told(text)
    assert (first.id, first.proof) == ("upstream-missing", "proved")
    assert (second.id, second.line) == ("raises", line_of(text, 'm["dWi"]'))


def test_a_key_that_no_line_asks_for_is_told(told: Tell) -> None:
    """Several ask for the one that is missing."""
    text = TEXTS["gate_dictionaries"].replace('state = {"a": a0, "c": np', 'state = {"a": a0, "o": np')
    (one,) = told(text)
    assert one.line == line_of(text, "state = {")
    assert "gives state the key 'o' here, for which no line asks, and so line" in one.says
