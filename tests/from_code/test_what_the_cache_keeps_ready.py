"""A cache that keeps parts of the derivatives, or objects with fields: a slip there is told there, one of the backward cell in its line."""

from __future__ import annotations

import pytest
from code_answer import examined
from slipping import line_of

READY = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = np.vstack((a_prev, xt))
    f, i, o = (sigmoid(parameters["W" + k] @ z + parameters["b" + k]) for k in "fio")
    g = np.tanh(parameters["Wc"] @ z + parameters["bc"])
    c = f * c_prev
    c_next = c + i * g
    t = np.tanh(c_next)
    a_next = o * t
    ready = {
        "f": c_prev * f * (1 - f),
        "i": g * i * (1 - i),
        "c": i * (1 - g ** 2),
        "o": t * o * (1 - o),
        "state": o * (1 - t ** 2),
        "tanh": t,
        "keeps": f,
    }
    return a_next, c_next, softmax(parameters["Wy"] @ a_next + parameters["by"]), (ready, z, parameters)

def lstm_cell_backward(da_next, dc_next, cache):
    ready, z, parameters = cache
    n_a = len(da_next)
    dc = dc_next + da_next * ready["state"]
    d = {
        "f": dc * ready["f"],
        "i": dc * ready["i"],
        "c": dc * ready["c"],
        "o": da_next * ready["o"],
    }
    dz = sum(parameters["W" + k].T @ d[k] for k in "fico")
    out = {"da_prev": dz[:n_a], "dxt": dz[n_a:], "dc_prev": dc * ready["keeps"]}
    for k in "fico":
        out["dW" + k] = d[k] @ z.T
        out["db" + k] = d[k].sum(axis=1, keepdims=True)
    return out
"""
"""Local derivatives in a dictionary."""
FIELDS = """
import numpy as np
from dataclasses import dataclass
from typing import NamedTuple

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

class Gate(NamedTuple):
    letter: str
    value: np.ndarray

    def slope(self):
        return 1 - self.value ** 2 if self.letter == "c" else self.value * (1 - self.value)

@dataclass
class Kept:
    z: np.ndarray
    before: np.ndarray
    squashed: np.ndarray
    forget: Gate
    update: Gate
    candidate: Gate
    output: Gate
    parameters: dict

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = np.vstack((a_prev, xt))
    f, i, o = (Gate(k, sigmoid(parameters["W" + k] @ z + parameters["b" + k])) for k in "fio")
    g = Gate("c", np.tanh(parameters["Wc"] @ z + parameters["bc"]))
    c_next = f.value * c_prev + i.value * g.value
    t = np.tanh(c_next)
    a_next = o.value * t
    kept = Kept(z, c_prev, t, f, i, g, o, parameters)
    return a_next, c_next, softmax(parameters["Wy"] @ a_next + parameters["by"]), kept

def lstm_cell_backward(da_next, dc_next, cache):
    k, n_a = cache, len(da_next)
    dc = dc_next + da_next * k.output.value * (1 - k.squashed ** 2)
    d = {}
    d["f"] = dc * k.before
    d["i"] = dc * k.candidate.value
    d["c"] = dc * k.update.value
    d["o"] = da_next * k.squashed
    out, dz = {"dc_prev": dc * k.forget.value}, 0
    for gate in (k.forget, k.update, k.candidate, k.output):
        delta = d[gate.letter] * gate.slope()
        out["dW" + gate.letter] = delta @ k.z.T
        out["db" + gate.letter] = delta.sum(axis=1, keepdims=True)
        dz = dz + k.parameters["W" + gate.letter].T @ delta
    out["da_prev"], out["dxt"] = dz[:n_a], dz[n_a:]
    return out
"""
"""A data class that is filled by position."""


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        pytest.param(READY, '"f": c_prev * f', '"f": c_next * f', marks=pytest.mark.slow),
        (READY, '"c": i * (1 - g ** 2)', '"c": i * (1 - g) ** 2'),
        (READY, '"state": o * (1', '"state": (1'),
        (READY, "c = f * c_prev\n", "c = np.multiply(f, c_prev, out=c_prev)\n"),
        pytest.param(FIELDS, "Kept(z, c_prev, t, f, i,", "Kept(z, c_prev, t, i, f,", marks=pytest.mark.slow),
        (READY, "", ""),
        (FIELDS, "", ""),
    ],
    ids=["another name", "a power", "a factor", "in place", "by position", "right", "fields right"],
)
def test_what_is_kept_wrongly_is_told_where_it_is_made(program: str, before: str, after: str) -> None:
    """In the forward cell, whose outputs are right."""
    assert before in program
    text = program.replace(before, after)
    lines = [] if before == after else [line_of(text, after.strip())]
    assert [one.line for one in examined(text).findings] == lines


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        (READY, '"i": dc * ready["i"]', '"i": dc * ready["f"]'),
        (READY, '"o": da_next * ready["o"]', '"o": dc * ready["o"]'),
        (FIELDS, "1 - k.squashed ** 2", "1 - k.before ** 2"),
        pytest.param(FIELDS, 'd["f"] = dc * k.before', 'd["f"] = da_next * k.before', marks=pytest.mark.slow),
        pytest.param(FIELDS, 'd["i"] = dc * k.candidate.value', 'd["i"] = dc * k.before', marks=pytest.mark.slow),
        pytest.param(FIELDS, 'd["o"] = da_next * k.squashed', 'd["o"] = da_next', marks=pytest.mark.slow),
    ],
)
def test_a_slip_of_the_backward_cell_is_told_in_its_line(program: str, before: str, after: str) -> None:
    """Though what the forward cell keeps could be bent to it."""
    assert before in program
    text = program.replace(before, after)
    assert [one.line for one in examined(text).findings] == [line_of(text, after)]


@pytest.mark.slow
def test_beside_a_slip_of_the_backward_cell() -> None:
    """Both are told, each in its own cell."""
    text = READY.replace('"f": c_prev * f', '"f": c_next * f').replace('dc * ready["keeps"]', 'da_next * ready["keeps"]')
    assert [one.line for one in examined(text).findings] == [line_of(text, '"f": c_next'), line_of(text, 'da_next * ready["keeps"]')]


LOOPS = """
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

def rnn_forward(x, a0, parameters):
    steps, states, outputs, now = [], [], [], a0
    for t in range(x.shape[2]):
        old = now
        now = np.tanh(parameters["Wax"] @ x[:, :, t] + parameters["Waa"] @ old + parameters["ba"])
        states.append(now)
        outputs.append(softmax(parameters["Wya"] @ now + parameters["by"]))
        steps.append((x[:, :, t].T, (old, now)))
    return np.stack(states, 2), np.stack(outputs, 2), (steps, parameters)

def rnn_backward(da, caches):
    steps, parameters = caches
    out = {"dWax": 0, "dWaa": 0, "dba": 0}
    back, dx = 0, []
    for t in reversed(range(da.shape[2])):
        turned, (old, now) = steps[t]
        d = (da[:, :, t] + back) * (1 - now ** 2)
        dx.insert(0, parameters["Wax"].T @ d)
        back = parameters["Waa"].T @ d
        out["dWax"] = out["dWax"] + d @ turned
        out["dWaa"] = out["dWaa"] + d @ old.T
        out["dba"] = out["dba"] + d.sum(axis=1, keepdims=True)
    return {**out, "dx": np.stack(dx, 2), "da0": back}
"""
"""A layout of the two loops' own, with no x beside the list."""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(old, now)))", "(old, now)))"),
        ("(old, now)))", "(now, now)))"),
        ("turned, (old, now)", "turned, (now, old)"),
    ],
)
def test_a_slip_of_what_two_loops_keep_is_told_where_it_is(before: str, after: str) -> None:
    """At what the forward loop keeps, or where the backward loop takes that apart; no x in the caches is no slip."""
    text = LOOPS.replace(before, after)
    lines = [] if before == after else [line_of(text, after)]
    assert [one.line for one in examined(text).findings] == lines


ROWS = LOOPS.replace(
    "        steps.append((x[:, :, t].T, (old, now)))",
    """        row = (now, old, now, 1 - now ** 2)
        left, right, slope = row[1:4]
        steps.append((x[:, :, t].T, (left, right), slope))""",
)
ROWS = ROWS.replace("turned, (old, now) = steps[t]", "turned, (old, _), slope = steps[t]")
ROWS = ROWS.replace("back) * (1 - now ** 2)", "back) * slope")
"""The same with what each step keeps cut out of a row."""


@pytest.mark.parametrize(
    ("right", "before", "after"),
    [
        ("", "now, 1 - now ** 2)", "now, 1 - now)"),
        ("", "row[1:4]", "row[0:3]"),
        ("_, left, right, slope = row", "_, left, right, slope = row", "left, right, slope, _ = row"),
        ("_, left, right, slope = row\n        () = ()", "_, left, right, slope = row", "left, right, slope, _ = row"),
    ],
)
def test_a_part_that_a_loop_keeps_is_told_where_it_is_cut(right: str, before: str, after: str) -> None:
    """A square that is lost, and a part that begins one place beside its own; an empty row of names is none."""
    text = ROWS.replace("left, right, slope = row[1:4]", right) if right else ROWS
    assert examined(text).findings == ()
    (one,) = examined(text.replace(before, after)).findings
    assert one.line == line_of(text.replace(before, after), after)


def test_a_loop_that_computes_the_cell_s_gradients_itself_does_not_wait_for_the_cell() -> None:
    """A slip in each is told of each, though the loop's caches are of its own form."""
    cell = """
def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, P = cache
    d = (1 - a_next) * da_next
    return dict(dxt=P["Wax"].T @ d, da_prev=P["Waa"].T @ d, dWax=d @ xt.T, dWaa=d @ a_prev.T, dba=d.sum(axis=1, keepdims=True))
"""
    text = LOOPS.replace("(old, now)))", "(now, now)))") + cell
    assert sorted(one.line for one in examined(text).findings) == [line_of(text, "(now, now)))"), line_of(text, "d = (1 - a_next)")]
