"""A function that is left before its results are made, or that goes over some of the steps alone: told once, where that happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from code_answer import examined
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

TEMPLATE = TEXTS["course_template"]


def changed(function: str, before: str, after: str, text: str = TEMPLATE) -> tuple[str, int]:
    """A program with a text of a function written otherwise, and the line of what is written."""
    start = text.index(before, text.index(f"def {function}("))
    line = text.count("\n", 0, start) + 1 + (len(after) - len(after.lstrip("\n")))
    return text[:start] + after + text[start + len(before) :], line


RETURNS = [
    (
        "rnn_backward",
        '    gradients = {"dx"',
        '    return gradients\n    gradients = {"dx"',
        "the return stands above lines",
    ),
    (
        "lstm_backward",
        '    gradients = {"dx"',
        '    return gradients\n    gradients = {"dx"',
        "the return stands above lines",
    ),
    ("rnn_backward", "        dx[:, :, t] =", "        return gradients\n        dx[:, :, t] =", "the return stands within the loop"),
    (
        "lstm_cell_backward",
        "    gradients = {",
        "    return dxt\n    gradients = {",
        "this return stands above other lines",
    ),
    ("lstm_cell_backward", "    return gradients", "    gradients", "returns nothing: gradients alone hands nothing back"),
]


@pytest.mark.parametrize(("function", "before", "after", "says"), RETURNS)
def test_a_return_that_comes_too_early_or_is_missing(told: Tell, function: str, before: str, after: str, says: str) -> None:
    """Nothing of what only follows from it is told."""
    text, line = changed(function, before, after)
    (said,) = told(text)
    assert (said.line, says in said.says) == (line, True)


UNDER_A_CONDITION = [
    ("rnn_backward", "    for t in reversed(", "gradients"),
    ("lstm_backward", "    for t in reversed(", '{"dx": dx, "da0": da_prevt, "dWf": dWf}'),
    ("lstm_backward", "    for t in reversed(", "{}"),
    ("lstm_forward", "    for t in range(", "a, y, c, caches"),
    ("rnn_cell_forward", "    cache = (", "a_next, yt_pred"),
]


@pytest.mark.parametrize(("function", "before", "value"), UNDER_A_CONDITION)
def test_a_return_under_a_condition_that_comes_too_early(told: Tell, function: str, before: str, value: str) -> None:
    """It is the one mistake, whatever it hands back; nothing is told of the lines above, which would be enough if it were not there."""
    made = "    gradients = {'dx': dx, 'da0': da_prevt, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}\n" if value == "gradients" else ""
    text, line = changed(function, before, f"    if np.zeros((7, 8)).shape[1] > 7:\n    {made}        return {value}\n{before}")
    (said,) = told(text)
    assert (said.line, said.id) == (line + 1 + bool(made), "returned-wrong")
    assert said.says == "this return, which stands under a condition, ends the function while something is still to be done"


def test_a_condition_that_is_turned_round_is_told_itself(told: Tell) -> None:
    """The return that it guards is right where it stands."""
    style = TEXTS["keywords_and_early_returns"]
    text, line = changed("rnn_backward", "if T == 0:", "if T != 0:", style)
    (said,) = told(text)
    assert (said.line, said.id) == (line, "loop-wrong")


def test_what_is_computed_under_a_condition_is_told_itself(told: Tell) -> None:
    """A way of its own for one kind of input, with a slip in it: the return ends it where it should."""
    quick = """    if True:
        dtanh = da_next * (1 - a_next ** 2)
        gradients = {"dxt": Wax.T @ dtanh, "da_prev": Waa @ dtanh, "dWax": dtanh @ xt.T, "dWaa": dtanh @ a_prev.T}
        gradients["dba"] = dtanh.sum(axis=1, keepdims=True)
        return gradients
    dtanh ="""
    text, line = changed("rnn_cell_backward", "    dtanh =", quick)
    (said,) = told(text)
    assert (said.line, said.id) == (line + 2, "transpose-wrong")


def test_a_wrong_function_above_a_copy_that_is_never_run(told: Tell) -> None:
    """An older attempt below the last return is not what is missing."""
    text, _ = changed("lstm_backward", "    return gradients", '    return gradients\n    gradients = {"dx": dx}\n    return gradients')
    assert not told(text)
    text, line = changed("lstm_backward", "da_prevt = gradients['da_prev']", "da_prevt = gradients['dc_prev']", text)
    (said,) = told(text)
    assert said.line == line


FOLDED = """
import numpy as np
from functools import reduce

def rnn_forward(x, a0, parameters):
    def step(history, t):
        state = history[-1][0] if history else a0
        return history + [rnn_cell_forward(x[:, :, t], state, parameters)]
    a, y, caches = zip(*reduce(step, range(x.shape[2]), []))
    return np.stack(a, 2), np.stack(y, 2), (list(caches), x)
"""


def test_the_first_steps_alone(told: Tell) -> None:
    """Without a loop, all outputs that are too short are one mistake."""
    assert not told(FOLDED)
    (said,) = told(FOLDED.replace("range(x.shape[2])", "range(x.shape[0])"))
    assert (said.id, said.says) == ("loop-wrong", "rnn_cell_forward was called at 2 of 5 steps when this line is reached")


OWN_FORM = """
import numpy as np
from collections import namedtuple
Kept = namedtuple("Kept", "x before after parameters")

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, Kept(xt, a_prev, a_next, parameters)

def rnn_forward(x, a0, parameters):
    states, outputs, caches, state = [], [], [], a0
    for t in range(x.shape[2]):
        state, output, cache = rnn_cell_forward(x[:, :, t], state, parameters)
        states.append(state)
        outputs.append(output)
        caches.append(cache)
    return np.stack(states, 2), np.stack(outputs, 2), (caches, x)

def rnn_cell_backward(da_next, cache):
    dz = da_next * (1 - cache.after ** 2)
    gradients = {"dWax": dz @ cache.x.T, "dWaa": dz @ cache.before.T, "dba": dz.sum(axis=1, keepdims=True)}
    gradients["dxt"] = cache.parameters["Wax"].T @ dz
    gradients["da_prev"] = cache.parameters["Waa"].T @ dz
    return gradients

def rnn_backward(da, caches):
    caches, x = caches
    dx, carried = np.zeros((x.shape[0], x.shape[1], da.shape[2])), np.zeros(da.shape[:2])
    sums = {"dWax": 0, "dWaa": 0, "dba": 0}
    for t in reversed(range(da.shape[2])):
        step = rnn_cell_backward(da[:, :, t] + carried, caches[t])
        carried, dx[:, :, t] = step["da_prev"], step["dxt"]
        sums = {name: sums[name] + step[name] for name in sums}
    return {"dx": dx, "da0": carried, **sums}
"""


def test_a_backward_function_does_not_raise_because_of_its_forward_function() -> None:
    """With caches of a form of their own it waits until there is one for each step."""
    assert not examined(OWN_FORM).wrong
    assert examined(OWN_FORM.replace("range(x.shape[2])", "range(x.shape[2] - 1)")).wrong >= {"rnn_forward"}
    text = OWN_FORM.replace("state, output, cache = rnn_cell_forward(x[:, :, t]", "state, output, cache = rnn_cell_forward(x[:, t]")
    assert {finding.function for finding in examined(text).findings} == {"rnn_forward"}


def test_what_is_raised_with_caches_of_their_own_form(told: Tell) -> None:
    """And not that the reference's caches have another one."""
    (said,) = told(OWN_FORM.replace("dz @ cache.x.T", "dzz @ cache.x.T"))
    assert "NameError" in said.says


def test_the_cell_shows_how_many_entries_a_cache_has(told: Tell) -> None:
    """A sequence function that takes fewer out of it is wrong, though no forward function is there."""
    names = "(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters)"
    backward = TEMPLATE[TEMPLATE.index("def lstm_cell_backward(") :]
    assert names in backward
    (said,) = told("import numpy as np\n" + backward.replace(names, "(a1, a0, x1, parameters)"))
    assert "4 names stand left of the equals sign" in said.says


def test_a_name_that_a_check_gives_a_value() -> None:
    """No function needs what a check computes: the name is not there."""
    text, _ = changed("lstm_forward", "    caches = []", "    cache = []")
    (said,) = examined(text + "\na, y, c, caches = lstm_forward(x, a0, parameters)\n").findings
    assert (said.function, said.id) == ("lstm_forward", "raises")


@pytest.mark.parametrize(("made", "why"), [("SIZE = LENGTH", "reads LENGTH, which has none either"), ("SIZE = 1 / 0", "raises itself")])
def test_a_name_whose_own_line_fails(told: Tell, made: str, why: str) -> None:
    """What gives it its value, outside of the function, is named."""
    text, _ = changed("lstm_cell_backward", "    n_x, m = xt.shape", "    n_x, m = xt.shape[0], xt.shape[SIZE]")
    (said,) = told(text.replace("def rnn_cell_forward", f"{made}\n\ndef rnn_cell_forward", 1))
    assert said.id == "raises"
    assert why in said.says


SCALED = [
    ("(da[:,:,t] ", "(da[:,:,t] / m ", "its upstream gradient divided by the number of examples"),
    ("(da[:,:,t] ", "(-da[:,:,t] ", "its upstream gradient with the wrong sign"),
]


@pytest.mark.parametrize(("before", "after", "says"), SCALED)
def test_an_upstream_gradient_that_is_scaled(told: Tell, before: str, after: str, says: str) -> None:
    """It is named so, and not a factor of the line."""
    text, line = changed("lstm_backward", before, after)
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("upstream-scaled", "proved", line)
    assert says in said.says


def test_the_part_of_a_stack_that_is_put_together_in_the_line(told: Tell) -> None:
    """No weights are cut there."""
    text, _ = changed("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(np.hstack((Waa, Wax)).T, dtanh)[: len(xt)]")
    (said,) = told(text)
    assert said.id == "stack-wrong"


def test_a_backward_function_of_another_form_waits_for_its_forward_function() -> None:
    """What it raises with the reference's caches is never told, nor what it raises with those of a wrong forward function."""
    text = OWN_FORM.replace("(x[:, :, t], state, parameters)", "(x[:, :, t], a0, parameters)")
    said = examined(text.replace("(da.shape[2])):", "(da.shape[2] + 1)):"))
    assert {finding.function for finding in said.findings} == {"rnn_forward"}


def test_what_a_missing_line_would_take_out_of_the_cache(told: Tell) -> None:
    """One mistake, with all the names that have no value."""
    start = OWN_FORM.index("def rnn_cell_backward")
    cell = OWN_FORM[start : OWN_FORM.index("def rnn_backward")].replace("cache.after", "a_next").replace("cache.before", "a_prev")
    cell = "import numpy as np\n\n" + cell.replace("cache.x", "xt").replace("cache.", "")
    assert not told(cell.replace("    dz =", "    a_next, a_prev, xt, parameters = cache\n    dz =", 1))
    (said,) = told(cell)
    assert "no line gives a_next a value; the same holds for xt, a_prev and parameters" in said.says


def test_an_error_with_shapes_is_no_other_form_of_a_cache(told: Tell) -> None:
    """Shapes are tuples as well."""
    before, after = "dx = np.zeros((n_x, m, T_x))", "dx = np.zeros(x1.shape * da.shape[2:])"
    backward = TEMPLATE[TEMPLATE.index("def lstm_cell_backward(") :]
    assert before in backward
    (said,) = told("import numpy as np\n" + backward.replace(before, after))
    assert "TypeError" in said.says
