"""Cells that hold their gates in lists, with helpers of their own for derivatives: the line to mend, and what is wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = """
import numpy as np

ORDER = ("f", "i", "c", "o")

def logistic(v):
    return 0.5 * (1 + np.tanh(0.5 * v))

def d_logistic(s):
    return s * (1 - s)

def d_tanh(t):
    return 1 - np.power(t, 2)

def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next), (a_prev, c_prev), (ft, it, cct, ot), (xt, parameters) = cache[:2], cache[2:4], cache[4:8], cache[8:]
    n_a, stack = a_next.shape[0], np.concatenate((a_prev, xt))
    tanh_c = np.tanh(c_next)
    dc = np.multiply(np.multiply(da_next, ot), d_tanh(tanh_c))
    dc = dc + dc_next
    slopes = (d_logistic(ft), d_logistic(it), d_tanh(cct))
    deltas = [dc * u * v for u, v in zip((c_prev, cct, it), slopes)]
    deltas.append(da_next * tanh_c * d_logistic(ot))
    back = sum(parameters["W" + g].T.dot(d) for g, d in zip(ORDER, deltas))
    gradients = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for g, d in zip(ORDER, deltas):
        gradients["dW" + g], gradients["db" + g] = d.dot(stack.T), d.sum(axis=1, keepdims=True)
    return gradients
"""

SLIPS = [
    ("np.multiply(da_next, ot), d_tanh(tanh_c))", "np.multiply(da_next, ot), d_tanh(c_next))", "wrong-activation-derivative"),
    ("(d_logistic(ft), d_logistic(it), d_tanh(cct))", "(d_logistic(ft), d_tanh(it), d_tanh(cct))", "wrong-activation-derivative"),
    ("deltas.append(da_next * tanh_c * d_logistic(ot))", "deltas.append(da_next * a_next * d_logistic(ot))", "name-replaced"),
    ("deltas.append(da_next * tanh_c * d_logistic(ot))", "deltas.append(da_next * tanh_c)", "factor-dropped"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "id_"), SLIPS, ids=[after for _, after, _ in SLIPS])
def test_one_slip_is_told_at_its_line(before: str, after: str, id_: str, told: Callable[[str], list[Told]]) -> None:
    """Not at the lines that go through the list, and not in a helper that does what its name says."""
    assert CELL.count(before) == 1
    text = CELL.replace(before, after)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, after), id_, "proved")


def test_the_first_of_two_lines_that_make_one_name(told: Callable[[str], list[Told]]) -> None:
    """Beside another slip as well: what the name holds in the end does not belong into the first of them."""
    slip = "d_tanh(c_next))"
    text = CELL.replace("d_tanh(tanh_c))", slip).replace("d.sum(axis=1", "d.mean(axis=1")
    first, second = told(text)
    assert (first.line, first.id) == (line_of(text, slip), "wrong-activation-derivative")
    assert (second.line, second.id) == (line_of(text, "d.mean(axis=1"), "mean-for-sum")


def test_a_helper_that_does_what_its_name_says(told: Callable[[str], list[Told]]) -> None:
    """A sigmoid by another name, and computed in another way, that is called where a tanh belongs."""
    slip = "squashed = logistic(c_next)"
    in_one = "dc = dc_next + da_next * ot * (1 - tanh_c ** 2)"
    two = "dc = np.multiply(np.multiply(da_next, ot), d_tanh(tanh_c))\n    dc = dc + dc_next"
    text = CELL.replace("tanh_c = np.tanh(c_next)", slip).replace(two, in_one).replace("tanh_c", "squashed")
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, slip), "activation-wrong", "proved")


def test_the_derivative_of_another_activation_is_no_term_too_many(told: Callable[[str], list[Told]]) -> None:
    """One minus the square less its own right derivative is one minus the gate, which has a name as well."""
    (one,) = told(CELL.replace("d_logistic(it)", "d_tanh(it)"))
    assert one.says == "d_tanh(it) is the derivative of the tanh, where that of a sigmoid belongs"


def test_right_as_it_is(told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of it."""
    assert not told(CELL)
