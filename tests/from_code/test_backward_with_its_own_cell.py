"""A backward sequence that reads what only its own cell hands back is judged with that cell, as soon as the cell is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    from whygrad.records import Result

BY_ATTRIBUTE = """
import numpy as np

class Named(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__

def rnn_cell_forward(xt, a_prev, parameters):
    p = Named(parameters)
    a_next = np.tanh(p.Wax @ xt + p.Waa @ a_prev + p.ba)
    scores = np.exp(p.Wya @ a_next + p.by)
    return a_next, scores / scores.sum(axis=0), (a_next, a_prev, xt, parameters)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    d, p = da_next * (1 - a_next ** 2), Named(parameters)
    g = Named(dxt=p.Wax.T @ d, da_prev=p.Waa.T @ d, dWax=d @ xt.T, dWaa=d @ a_prev.T)
    g.dba = d.sum(axis=1, keepdims=True)
    return g

def rnn_backward(da, caches):
    caches, x = caches
    n_a, m, T = da.shape
    g = Named(dx=np.zeros((len(x), m, T)), dWax=0, dWaa=0, dba=0)
    carry = np.zeros((n_a, m))
    for t in reversed(range(T)):
        step = rnn_cell_backward(da[:, :, t] + carry, caches[t])
        carry = step.da_prev
        g.dx[:, :, t] = step.dxt
        g.dWax += step.dWax
        g.dWaa += step.dWaa
        g.dba += step.dba
    g.da0 = carry
    return g
"""
SLIPS = {
    "the carry": ("da[:, :, t] + carry, caches[t]", "da[:, :, t], caches[t]", "        step = ", "carry-missing"),
    "a step": ("g.dx[:, :, t] = step.dxt", "g.dx[:, :, T - 1 - t] = step.dxt", "        g.dx[", "input-gradient-stored-wrong"),
    "a sum": ("g.dWaa += step.dWaa", "g.dWaa = step.dWaa", "        g.dWaa", "overwritten-not-summed"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_its_own_slip_is_told(name: str, told: Callable[[str], list[Told]]) -> None:
    """At its line, and of the right program nothing."""
    before, after, line, id_ = SLIPS[name]
    assert told(BY_ATTRIBUTE) == []
    text = BY_ATTRIBUTE.replace(before, after)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, line), id_)


def test_a_wrong_forward_cell_takes_no_part_in_it(told: Callable[[str], list[Told]]) -> None:
    """The course's caches are read as well as the learner's own, so these need not be right."""
    text = BY_ATTRIBUTE.replace("g.da0 = carry", "g.da0 = da[:, :, 0]").replace("p.Waa @ a_prev", "p.Waa.T @ a_prev")
    assert [said.line for said in told(text)] == [line_of(text, "    a_next = np.tanh"), line_of(text, "    g.da0")]


def test_beside_a_wrong_cell_nothing_is_said_of_it(examined: Callable[[str], Result]) -> None:
    """It can be judged only after the cell."""
    text = BY_ATTRIBUTE.replace("g.dWaa += step", "g.dWaa = step")
    result = examined(text.replace("1 - a_next ** 2", "1 + a_next ** 2"))
    (sequence,) = (verdict for verdict in result.functions if verdict.function == "rnn_backward")
    says = "takes what rnn_cell_backward returns in a form of its own, so it can be judged only after rnn_cell_backward is right"
    assert (sequence.verdict, sequence.says) == ("not reached", says)
