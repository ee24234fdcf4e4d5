"""Where a line shows what another one has done, that other one is told: the loop that chooses, the call that hands text on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

OVER_CACHES = """
import numpy as np

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    carry, columns, sums = np.zeros((n_a, m)), [], {"dWax": 0, "dWaa": 0, "dba": 0}
    for t, step in zip(range(T_x)[::-1], steps[T_x - 1::-1]):
        step_gradients = rnn_cell_backward(da[:, :, t] + carry, step)
        carry = step_gradients["da_prev"]
        columns.insert(0, step_gradients["dxt"])
        for key in sums:
            sums[key] = sums[key] + step_gradients[key]
    return {"dx": np.stack(columns, axis=2), "da0": carry, **sums}
"""

OF_LAMBDAS = """
import numpy as np

SLOPES = {
    "f": lambda out: out * (1 - out),
    "i": lambda out: out * (1 - out),
    "c": lambda out: 1 - out ** 2,
    "o": lambda out: out * (1 - out),
}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    stack, out = np.vstack((a_prev, xt)), {"f": ft, "i": it, "c": cct, "o": ot}
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    up = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * np.tanh(c_next)}
    gradients, back = {"dc_prev": dc * ft}, 0
    for gate in up:
        d = up[gate] * SLOPES[gate](out[gate])
        gradients["dW" + gate], gradients["db" + gate] = d @ stack.T, d.sum(axis=1, keepdims=True)
        back = back + parameters["W" + gate].T @ d
    return {**gradients, "da_prev": back[:len(a_prev)], "dxt": back[len(a_prev):]}
"""


BY_DECORATOR = """
import numpy as np

CELLS = {}

def known_as(name):
    def enter(function):
        CELLS[name] = function
        return function
    return enter

@known_as("backward")
def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    gradients = {"dxt": parameters["Wax"].T @ dz, "da_prev": parameters["Waa"].T @ dz}
    return {**gradients, "dWax": dz @ xt.T, "dWaa": dz @ a_prev.T, "dba": dz.sum(axis=1, keepdims=True)}

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    sums, dx, carry = dict(dWax=0, dWaa=0, dba=0), np.zeros((len(x), m, T_x)), 0
    for t in range(T_x)[::-1]:
        got = CELLS["backward"](da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = got["dxt"], got["da_prev"]
        sums = {key: sums[key] + got[key] for key in sums}
    return {**sums, "dx": dx, "da0": carry}
"""

OF_INPUTS = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    inputs = {"Wax": xt, "Waa": a_prev}
    gradients = {"dxt": np.dot(parameters["Wax"].T, dz), "da_prev": np.dot(parameters["Waa"].T, dz)}
    gradients["dba"] = dz.sum(axis=1, keepdims=True)
    for key, value in inputs.items():
        gradients["d" + key] = np.dot(dz, value.T)
    return gradients
"""


@pytest.mark.parametrize("text", [OVER_CACHES, OF_LAMBDAS, OF_INPUTS], ids=["over caches", "of lambdas", "of inputs"])
def test_right_ones_are_right(text: str, told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of them."""
    assert not told(text)


def test_the_loop_that_chooses_the_cache_is_told(told: Callable[[str], list[Told]]) -> None:
    """The call hands on what the loop gives it."""
    text = OVER_CACHES.replace("steps[T_x - 1::-1]", "steps")
    (said,) = told(text)
    assert (said.id, said.proof) == ("cache-of-wrong-step", "proved")
    assert text.split("\n")[said.line - 1].strip().startswith("for t, step in")


def test_text_that_was_handed_to_a_helper_before_is_not_told_for_it(told: Callable[[str], list[Told]]) -> None:
    """The function raises by itself, at a line where text is subtracted."""
    text = OF_LAMBDAS.replace('parameters["W" + gate]', "parameters[name]")
    text = text.replace("        d = up[gate]", "        name = key(kind, gate)\n        d = up[gate]")
    text = text.replace("    stack, out =", '    kind = "W"\n    stack, out =')
    text = text.replace("def lstm_cell_backward", "def key(kind, gate):\n    return kind + gate\n\ndef lstm_cell_backward")
    assert not told(text)
    text = text.replace("    return {**gradients", "    gradients[kind - gate] = 0\n    return {**gradients")
    (said,) = told(text)
    assert said.says.startswith("lstm_cell_backward raises ")
    assert "kind - gate" in text.split("\n")[said.line - 1]


def test_a_lambda_in_a_table_is_told_where_it_stands(told: Callable[[str], list[Told]]) -> None:
    """The line that calls it out of the table is right."""
    text = OF_LAMBDAS.replace('"c": lambda out: 1 - out ** 2', '"c": lambda out: 1 - out')
    (said,) = told(text)
    assert (said.id, said.proof) == ("wrong-activation-derivative", "proved")
    assert text.split("\n")[said.line - 1].strip() == '"c": lambda out: 1 - out,'


def test_the_entry_of_a_table_that_a_loop_goes_over_is_told(told: Callable[[str], list[Told]]) -> None:
    """The line in the loop is right for the other entry."""
    text = OF_INPUTS.replace('"Waa": a_prev', '"Waa": a_next')
    (said,) = told(text)
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert "inputs = " in text.split("\n")[said.line - 1]


def test_the_line_that_gives_the_name_of_an_output_away_is_told(told: Callable[[str], list[Told]]) -> None:
    """The next line, which stores in it, raises."""
    before = "a_next, c_next, yt, cache = lstm_cell_forward("
    text = TEXTS["course_template"]
    assert before in text
    text = text.replace(before, "a_next, c, yt, cache = lstm_cell_forward(")
    said = next(one for one in told(text) if one.id == "raises")
    assert said.says.startswith("lstm_forward gives the name c to an array of shape ")
    assert "a_next, c, yt, cache = lstm_cell_forward(" in text.split("\n")[said.line - 1]


def test_a_cell_that_a_decorator_enters_in_a_table_is_judged_alone(told: Callable[[str], list[Told]]) -> None:
    """What follows from its mistake, an error even, is not told of the function that calls it out of the table."""
    assert not told(BY_DECORATOR)
    (said,) = told(BY_DECORATOR.replace('"dxt": parameters["Wax"].T', '"dxt": parameters["Waa"].T'))
    assert said.says.startswith("dxt has ")


def test_a_wrong_cache_and_wrong_sums_are_both_told(told: Callable[[str], list[Told]]) -> None:
    """The dictionary with the sums holds what the caches spoil as well: that it is mended as a whole does not hide the other mistake."""
    text = BY_DECORATOR.replace(
        "        sums = {key: sums[key] + got[key] for key in sums}\n",
        "        for key in sums:\n" + " " * 12 + "sums[key] = got[key] + got[key]\n",
    )
    text = text.replace("for t in range(T_x)[::-1]:", "for t, step in zip(range(T_x)[::-1], steps):").replace("steps[t]", "step")
    text = text.replace('return {**sums, "dx": dx, "da0": carry}', 'sums["dx"], sums["da0"] = dx, carry\n    return sums')
    first, second = told(text)
    lines = text.split("\n")
    assert (first.id, second.id) == ("cache-of-wrong-step", "accumulated-wrongly")
    assert lines[first.line - 1].strip().startswith("for t, step in zip")
    assert lines[second.line - 1].strip() == "sums[key] = got[key] + got[key]"


def test_caches_in_reverse_order_are_told_at_the_line_that_adds_them(told: Callable[[str], list[Told]]) -> None:
    """The outputs are right, and so is each cache."""
    text = TEXTS["course_template"].replace("caches.append(cache)", "caches.insert(0, cache)", 1)
    said = next(one for one in told(text) if one.id == "returned-otherwise")
    assert said.says == "rnn_forward returns the right a and y_pred, but the list of caches begins with that of the last step"
    assert text.split("\n")[said.line - 1].strip() == "caches.insert(0, cache)"


def test_an_entry_past_the_end_of_a_cache_is_no_form_of_its_own(told: Callable[[str], list[Told]]) -> None:
    """The learner's own cell reads the caches as the assignment has them, and no forward function is there."""
    text = BY_DECORATOR.replace("n_a, m, T_x = da.shape", "n_a, m, T_x = da.shape\n    W = steps[0][4]")
    (said,) = told(text)
    assert said.says.startswith("rnn_backward raises IndexError because steps[0] holds 4 entries")
    assert text.split("\n")[said.line - 1].strip() == "W = steps[0][4]"


def test_a_step_that_the_loop_does_not_begin_with_is_told(told: Callable[[str], list[Told]]) -> None:
    """The lines of the loop are right with another start."""
    text = TEXTS["keywords_and_early_returns"].replace("    t = 0\n", "    t = 1\n")
    text = text.replace("a_prev=a_next, c_prev=c_next", "a_prev=a[:, :, t - 1] if t else a0, c_prev=c[:, :, t - 1] if t else c0")
    (one,) = told(text)
    assert (one.id, one.proof, one.line) == ("loop-wrong", "proved", text[: text.index("    t = 1\n")].count("\n") + 1)
    assert "t is 1 when the loop begins, which is not the step that comes first" in one.says


@pytest.mark.parametrize(
    ("line", "then", "ids"),
    [
        ("dWaa = np.dot(dtanh, a_next.T)", "dWaa = -dWaa", ["name-replaced", "sign-flipped"]),
        ("dWaa = np.dot(da_next, a_prev.T)", "dWaa = dWaa / m", ["factor-dropped", "mean-for-sum"]),
        ("dWaa = np.dot(dtanh, a_next.T) / m", "dWaa *= m", ["name-replaced"]),
        ("dWaa = np.dot(dtanh, a_prev.T)", "dWaa *= 2", [None, "factor-added"]),
    ],
)
def test_what_is_wrong_and_then_scaled(line: str, then: str, ids: list[str | None], told: Callable[[str], list[Told]]) -> None:
    """It is two mistakes where the scaling is one, and is told at the line before alone where that only undoes what this one did."""
    before = "    dWaa = np.dot(dtanh, a_prev.T)\n"
    text = TEXTS["course_template"].replace(before, f"    m = xt.shape[1]\n    {line}\n    {then}\n", 1)
    here = text[: text.index(f"    {then}\n")].count("\n") + 1
    said = [(one.line, one.id, one.proof) for one in told(text)]
    assert said == [(here - 1 + number, one, "proved") for number, one in enumerate(ids) if one]
