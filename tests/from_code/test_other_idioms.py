"""Idioms that no style of ``tests/styles`` has: decorators, ``dict(...)``, ``np.full``, ``np.add.at``, loops over pairs."""

from __future__ import annotations

import pytest
from code_answer import examined

PROGRAM = """import functools

import numpy as np


def logged(function):
    @functools.wraps(function)
    def inner(*given, **named):
        out = function(*given, **named)
        return out

    return inner


slope = {"sigmoid": lambda y: y * (1 - y), "tanh": lambda y: 1 - y * y}
KINDS = {"f": "sigmoid", "i": "sigmoid", "c": "tanh", "o": "sigmoid"}


@logged
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, *gates, xt, parameters = cache
    gate = dict(zip("fico", gates))
    bent = np.tanh(c_next)
    dc = dc_next + da_next * gate["o"] * slope["tanh"](bent)
    into = dict(f=dc * c_prev, i=dc * gate["c"], c=dc * gate["i"], o=da_next * bent)
    before = {k: into[k] * slope[KINDS[k]](gate[k]) for k in KINDS}
    both = np.vstack([a_prev, xt])
    back = np.zeros(both.shape)
    out = {}
    for k, d in before.items():
        np.add.at(back, slice(None), parameters["W" + k].T @ d)
        out["dW" + k], out["db" + k] = d @ both.T, d.sum(axis=1, keepdims=True)
    n_a = len(a_prev)
    out |= dict(da_prev=back[:n_a], dxt=back[n_a:], dc_prev=dc * gate["f"])
    return out


@logged
def lstm_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    dx = np.full((x.shape[0], m, steps), np.nan)
    carry, sums = [np.zeros((n_a, m))] * 2, None
    for t, cache in reversed(list(enumerate(kept[:steps]))):
        one = lstm_cell_backward(da[:, :, t] + carry[0], carry[1], cache)
        carry = [one.pop("da_prev"), one.pop("dc_prev")]
        dx[:, :, t] = one.pop("dxt")
        sums = one if sums is None else {k: sums[k] + one[k] for k in one}
    return dict(sums, dx=dx, da0=carry[0])
"""
SLIPS = [
    ("bent = np.tanh(c_next)", "bent = c_next", "bent = c_next", "activation-wrong", "proved"),
    ('c=dc * gate["i"], o', 'c=dc * gate["c"], o', "into = dict(", "name-replaced", "proved"),
    ("    return out\n\n\n@logged", "    return gate\n\n\n@logged", "return gate", "returned-wrong", "contract"),
    ('        dx[:, :, t] = one.pop("dxt")\n', '        one.pop("dxt")\n', "one = lstm_cell_backward(", "left-at-zero", "proved"),
    ("enumerate(kept[:steps])", "enumerate(kept[1:steps])", "for t, cache in", "loop-wrong", "proved"),
]


def test_it_is_right() -> None:
    """In all of them."""
    assert examined(PROGRAM).wrong == frozenset()


@pytest.mark.parametrize(("before", "after", "line", "id_", "proof"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_is_told_at_its_line(before: str, after: str, line: str, id_: str, proof: str) -> None:
    """And no second one that only follows from it."""
    assert before in PROGRAM
    text = PROGRAM.replace(before, after)
    (said,) = examined(text).findings
    assert text.split("\n")[(said.line or 1) - 1].strip().startswith(line)
    assert (said.id, said.proof) == (id_, proof)
