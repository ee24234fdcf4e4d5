"""Slips in what a line writes out for others, or in a head that others stand below: told there, and not at the lines that use it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

import pytest
from slipping import line_of

from whygrad.from_code.text.rarer_edits import rarer_edits
from whygrad.from_code.text.table_edits import table_edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

PROGRAM = """
import numpy as np

GATES = ("f", "i", "c", "o")
SLOPES = {"f": lambda s: s * (1 - s), "i": lambda s: s * (1 - s), "c": lambda s: 1 - s * s, "o": lambda s: s * (1 - s)}
OTHERS = {"f": np.tanh, "i": np.tanh, "c": np.exp, "o": np.tanh}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    squashed = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - squashed * squashed)
    gates = {"f": ft, "i": it, "c": cct, "o": ot}
    partner = {"f": c_prev, "i": cct, "c": it}
    both = np.concatenate((a_prev, xt))
    back = np.zeros_like(both)
    out = {"dc_prev": dc * ft}
    for g in "fico":
        if g == "o":
            comes = da_next * squashed
        else:
            comes = dc * partner[g]
        dz = comes * SLOPES[g](gates[g])
        out["dW" + g] = np.einsum("am,bm->ab", dz, both)
        out["db" + g] = dz.sum(axis=1, keepdims=True)
        back += parameters["W" + g].T @ dz
    out["da_prev"], out["dxt"] = back[: len(a_prev)], back[len(a_prev) :]
    return out

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * (1 - a_next * a_next)
    weights = (("dWax", xt), ("dWaa", a_prev))
    out = {name: dz @ met.T for name, met in weights}
    for name, weight in (("dxt", parameters["Wax"]), ("da_prev", parameters["Waa"])):
        out[name] = weight.T @ dz
    return {**out, "dba": dz.sum(axis=1, keepdims=True)}

def rnn_backward(da, caches):
    steps, x = caches
    carry = np.zeros(da.shape[:2])
    dx = np.zeros(x.shape)
    total = {name: 0 for name in ("dWax", "dWaa", "dba")}
    for t, cache in reversed(list(enumerate(steps))):
        if t == len(steps) - 1:
            step = rnn_cell_backward(da[:, :, t], cache)
        else:
            step = rnn_cell_backward(da[:, :, t] + carry, cache)
        carry = step["da_prev"]
        dx[:, :, t] = step["dxt"]
        for name in ("dWax", "dWaa", "dba"):
            total[name] = total[name] + step[name]
    return {**total, "dx": dx, "da0": carry}
"""

YIELDED = """
import numpy as np

def pairs(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm = cache
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    yield "f", dc * c_prev * ft * (1 - ft)
    yield "i", dc * cct * it * (1 - it)
    yield "c", dc * it * (1 - cct ** 2)
    yield "o", da_next * np.tanh(c_next) * ot * (1 - ot)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm = cache
    both = np.concatenate((a_prev, xt))
    dboth, out = np.zeros_like(both), {}
    for g, dz in pairs(da_next, dc_next, cache):
        out["dW" + g] = dz @ both.T
        out["db" + g] = dz.sum(axis=1, keepdims=True)
        dboth += prm["W" + g].T @ dz
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    return {**out, "da_prev": dboth[: len(a_prev)], "dxt": dboth[len(a_prev) :], "dc_prev": dc * ft}

def steps(x, a, prm):
    c = np.zeros_like(a)
    for t in range(x.shape[2]):
        a, c, y, cache = lstm_cell_forward(x[:, :, t], a, c, prm)
        yield a, y, c, cache

def lstm_forward(x, a0, prm):
    a, y, c, caches = zip(*steps(x, a0, prm))
    return np.stack(a, axis=2), np.stack(y, axis=2), np.stack(c, axis=2), (list(caches), x)
"""


class Slip(NamedTuple):
    """What is written otherwise, the beginning of the line to be told (the edited part where none is given), the id and the sentence."""

    before: str
    after: str
    id: str
    says: str
    line: str = ""


SLIPS = [
    Slip('"i": cct, "c": it', '"i": it, "c": cct', "names-exchanged", "what stands under 'i' and 'c' is exchanged", "partner = "),
    Slip('for g in "fico"', 'for g in "fic"', "loop-wrong", "a letter is missing from 'fic'"),
    Slip('(("dxt", parameters["Wax"]), ("da_prev", parameters["Waa"]))', '(("da_prev", parameters["Wax"]), ("dxt", parameters["Waa"]))',
         "names-exchanged", "stand in each other's place"),
    Slip('for name in ("dWax", "dWaa", "dba"):\n', 'for name in ("dWax", "dWaa"):\n', "loop-wrong", "'dba' is not among 'dWax', 'dWaa'"),
    Slip("reversed(list(enumerate(steps)))", "enumerate(reversed(steps))", "loop-wrong", "enumerate counts up here", "for t, cache in"),
    Slip("if t == len(steps) - 1", "if t != len(steps) - 1", "loop-wrong", "t != len(steps) - 1 holds at other times than it should"),
    Slip("if t == len(steps) - 1", "if t <= 0", "loop-wrong", "t <= 0 holds at other times than it should"),
    Slip('if g == "o"', 'if g == "f"', "loop-wrong", "g == 'f' holds at other times than it should"),
    Slip("am,bm->ab", "am,bk->ab", "transpose-wrong", "the letters 'am,bk->ab' ask for another product", 'out["dW" + g]'),
]  # fmt: skip


def test_the_program_is_right(told: Tell) -> None:
    """Before anything is written otherwise."""
    assert not told(PROGRAM)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after.strip())
def test_a_line_that_others_go_through_is_told(told: Tell, slip: Slip) -> None:
    """Once, at that line."""
    text = PROGRAM.replace(slip.before, slip.after)
    assert text != PROGRAM
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (line_of(text, slip.line or slip.after.strip()), slip.id, "proved")
    assert slip.says in said.says


@pytest.mark.parametrize("slip", SLIPS[0:1] + SLIPS[4:5], ids=lambda slip: slip.after.strip())
def test_beside_another_slip(told: Tell, slip: Slip) -> None:
    """What is left of the findings is told with it."""
    cell = "cct" in slip.before
    before, after = ('"dc_prev": dc * ft', '"dc_prev": dc') if cell else ('"da0": carry', '"da0": carry + da[:, :, 0]')
    text = PROGRAM.replace(slip.before, slip.after).replace(before, after)
    lines = [line_of(text, slip.line or slip.after.strip()), line_of(text, after)]
    assert sorted(said.line for said in told(text)) == sorted(lines)


@pytest.mark.parametrize("index", ["0", "t - 1"])
def test_a_call_under_a_right_condition_is_told_itself(told: Tell, index: str) -> None:
    """An edit of the condition would only pass it by."""
    text = PROGRAM.replace("(da[:, :, t], cache)", f"(da[:, :, t], steps[{index}])")
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"steps[{index}])"), "cache-of-wrong-step")


def test_a_line_that_uses_a_right_table_wrongly_is_told_itself(told: Tell) -> None:
    """An edit of the table would not mend the others that go through it."""
    text = PROGRAM.replace("comes = dc * partner[g]", "comes = dc_next * partner[g]")
    (said,) = told(text)
    assert said.line == line_of(text, "comes = dc_next")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('yield "o", da_next', 'yield "c", da_next', "'c' is yielded at another line too"),
        ("yield a, y, c, cache", "yield a, y, a, cache", "a stands here twice"),
    ],
)
def test_what_a_generator_yields_twice_is_told_where_it_is_yielded(told: Tell, before: str, after: str, says: str) -> None:
    """And not at the lines that go through what it yields, which are right."""
    wrong = YIELDED.replace(before, after)
    assert not told(YIELDED)
    assert [(one.id, one.line, one.says) for one in told(wrong)] == [("name-replaced", line_of(wrong, after), says)]


def _texts(line: str, around: str = "") -> set[str]:
    function = ast.parse(f"def f(letter, p):\n    {around or line}\n    {line}").body[0]
    assert isinstance(function, ast.FunctionDef)
    return {edit.text for edit in (*rarer_edits(function.body[-1], function), *table_edits(function.body[-1], ("dWax", "dWaa", "dba")))}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("f, i, g, o = gates", "i, f, o, g"),
        ("z = p['W' + letter] @ x + p['bo']", "('b' + letter)"),
        ("dz = back(W, dot) + back(V, dcct)", "(back(W, dcct) + back(V, dot))"),
        ("y = Z[-T:]", ":T"),
        ("s *= d", "d *= s"),
        ("out = aff.dW + aff.db", "aff.db"),
        ("for k in ['dWax', 'dWaa']: pass", "['dWax', 'dWaa', 'dba']"),
        ("z = [n for n in 'fic']", "'fico'"),
    ],
)
def test_what_is_tried(line: str, text: str) -> None:
    """Each a slip of its own kind, the other way round."""
    assert text in _texts(line)
