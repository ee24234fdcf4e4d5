"""A line that raises since a name holds None, whole numbers, letters or something else than before: told is the line that gave it that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

IN_LISTS = """
import numpy as np

def slope_of(out):
    slope = 1 - out * out
    return slope

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    d = slope_of(a_next)
    d = d * da_next
    return {"dxt": parameters["Wax"].T @ d, "da_prev": parameters["Waa"].T @ d, "dWax": d @ xt.T, "dWaa": d @ a_prev.T,
            "dba": d.sum(axis=1, keepdims=True)}

def rnn_forward(x, a0, parameters):
    kept, states, seen, state = [], [], [], a0
    for i in range(x.shape[2]):
        state, out, cache = rnn_cell_forward(x[:, :, i], state, parameters)
        kept.append(cache)
        states.append(state)
        seen.append(out)
    kept = (kept, x)
    return np.stack(states, axis=2), np.stack(seen, axis=2), kept

def rnn_backward(da, caches):
    kept, x = caches
    n_a, m, T = da.shape
    columns, carry, dba = [], np.zeros((n_a, m)), np.full((n_a, 1), 0.)
    sums = {"dWax": 0, "dWaa": 0}
    for i in reversed(range(T)):
        got = rnn_cell_backward(da[:, :, i] + carry, kept[i])
        carry = got["da_prev"]
        columns.append(got["dxt"])
        dba += got["dba"]
        for key in ("dWax", "dWaa"):
            sums[key] = sums[key] + got[key]
    columns = columns[::-1]
    return {"dx": np.stack(columns, axis=2), "da0": carry, "dba": dba, **sums}
"""

SLIPS = (
    ("columns = columns[::-1]", "columns = columns.reverse()", "gives columns here what reverse hands back, and that is None"),
    ("    return slope\n", "    return\n", "gets nothing from slope_of, which hands nothing back here: d is None"),
    ("    kept = (kept, x)\n", "        kept = (kept, x)\n", "gives the name kept to a tuple of 2 values here, within the loop"),
)


def test_the_right_one_is_right(told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of it."""
    assert not told(IN_LISTS)


@pytest.mark.parametrize(("before", "after", "says"), SLIPS, ids=[after.strip() for _, after, _ in SLIPS])
def test_the_line_that_gave_it_is_told(before: str, after: str, says: str, told: Callable[[str], list[Told]]) -> None:
    """The line that raises does what it should with what belongs there."""
    assert before in IN_LISTS
    text = IN_LISTS.replace(before, after, 1)
    said = told(text)[0]
    assert said.id == "raises"
    assert says in said.says
    assert said.line == line_of(text, after.strip())


def test_several_lines_that_a_helper_without_a_result_makes_raise_are_told_once(told: Callable[[str], list[Told]]) -> None:
    """Each of them would raise by itself."""
    text = IN_LISTS.replace("    return slope\n", "    return\n").replace("    d = d * da_next\n", "")
    (said,) = told(text)
    assert said.line == line_of(text, "    return\n")


def test_a_helper_without_a_result_is_told_where_a_product_calls_it(told: Callable[[str], list[Told]]) -> None:
    """Each function that calls it stops there."""
    text = slipped("helper_functions", ("    return 1 - y ** 2\n", "    1 - y ** 2\n"))
    said = told(text)
    assert {one.line for one in said} == {line_of(text, "    1 - y ** 2\n")}
    assert all("gets nothing from tanh_grad, which hands nothing back here: tanh_grad(" in one.says for one in said)


def test_a_reversed_list_that_is_not_given_away_is_right(told: Callable[[str], list[Told]]) -> None:
    """What hands back None may be called for what it does."""
    assert not told(IN_LISTS.replace("columns = columns[::-1]", "columns.reverse()"))


def test_an_array_that_is_filled_with_a_whole_number_is_told_where_it_is_made(told: Callable[[str], list[Told]]) -> None:
    """It raises nothing: what is stored there loses all behind the point."""
    text = IN_LISTS.replace("columns, carry, dba = [], np", "columns, carry, dba = np.full((len(x), m, T), 0), np")
    text = text.replace('        columns.append(got["dxt"])\n', '        columns[:, :, i] = got["dxt"]\n')
    text = text.replace("    columns = columns[::-1]\n", "").replace("np.stack(columns, axis=2), ", "columns, ", 1)
    text = text.replace("np.stack(columns, axis=2)", "columns")
    (said,) = told(text)
    assert said.id == "whole-numbers"
    assert said.line == line_of(text, "np.full((len(x), m, T), 0)")


def test_one_list_under_two_names_is_told_where_it_is_made(told: Callable[[str], list[Told]]) -> None:
    """Both lines that stack it raise."""
    text = IN_LISTS.replace("kept, states, seen, state = [], [], [], a0", "kept, state = [], a0\n    states = seen = []")
    (said,) = told(text)
    assert said.line == line_of(text, "states = seen = []")
    assert said.says.startswith("rnn_forward makes one list here that states and seen stand for")
