"""Slips for which nothing is measured that has a name: one edit of a line makes all right, and then the line is told."""

from __future__ import annotations

import ast
from typing import NamedTuple

import pytest
from code_answer import examined
from slipping import line_of, slipped
from styles import TEXTS

from whygrad.from_code.text.small_edits import edits
from whygrad.mistakes import OPERATORS


class Slip(NamedTuple):
    """A style, what is written otherwise there, the line to be told (the part where it begins) and the mistake's id."""

    style: str
    before: str
    after: str
    line: str
    id: str


SLIPS = [
    Slip("course_template", "ot * np.tanh(c_next)", "ot * np.tanh(c_next, out=c_next)", "a_next = ot *", "updated-in-place"),
    Slip("course_template", "* np.tanh(c_next) * ot", "* np.tanh(c_next, out=c_next) * ot", "dot = da_next *", "updated-in-place"),
    Slip("course_template", "dc_prevt = gradients['dc_prev']", "dc_prevt == gradients['dc_prev']", "dc_prevt == ", "operator-replaced"),
    Slip("course_template", "        dx[:,:,t] = gradients['dxt']\n",
         "        if t == 0:\n            break\n        dx[:,:,t] = gradients['dxt']\n", "break", "loop-wrong"),
    Slip("course_template", "        dWf = dWf + gradients['dWf']\n",
         "        if t == 0:\n            continue\n        dWf = dWf + gradients['dWf']\n", "continue", "loop-wrong"),
    Slip("gate_dictionaries", 'parameters["W" + g].T, dz)', "grads[f'dW{g}'].T, dz)", "dconcat = dconcat + ", "kind-replaced"),
    Slip("gate_dictionaries",
         'grads["dW" + g] = np.dot(dz, concat.T)\n        grads["db" + g] = np.sum(dz, axis=1, keepdims=True)\n'
         '        dconcat = dconcat + np.dot(parameters["W" + g].T, dz)\n',
         'dW = {g: np.dot(dz, concat.T)}\n        grads["dW" + g], grads["db" + g] = dW[g], np.sum(dz, axis=1, keepdims=True)\n'
         '        dconcat += np.dot(dW[g].T, dz)\n',
         "dconcat += ", "kind-replaced"),
]  # fmt: skip

LETTERS = """
import numpy as np

def slope(kind, value):
    if kind == "tanh":
        return 1 - value ** 2
    return value * (1 - value)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * slope("tanh", a_next)
    return {"dxt": parameters["Wax"].T @ dz, "da_prev": parameters["Waa"].T @ dz, "dWax": dz @ xt.T, "dWaa": dz @ a_prev.T,
            "dba": dz.sum(axis=1, keepdims=True)}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_prev)
    concat = np.concatenate((a_prev, xt))
    tc = np.tanh(c_next)
    dc = dc_next + da_next * ot * slope("tanh", tc)

    def back(letter, d):
        return parameters["W" + letter].T @ d

    dft, dit = dc * c_prev * slope("gate", ft), dc * cct * slope("gate", it)
    dcct, dot = dc * it * slope("tanh", cct), da_next * tc * slope("gate", ot)
    dz = back("f", dft) + back("i", dit)
    dz = dz + back("c", dcct)
    dz = dz + back("o", dot)
    return {"dxt": dz[n_a:], "da_prev": dz[:n_a], "dc_prev": dc * ft,
            "dWf": dft @ concat.T, "dWi": dit @ concat.T, "dWc": dcct @ concat.T, "dWo": dot @ concat.T,
            "dbf": dft.sum(1, keepdims=True), "dbi": dit.sum(1, keepdims=True), "dbc": dcct.sum(1, keepdims=True),
            "dbo": dot.sum(1, keepdims=True)}
"""
"""Helpers that are told by a text what to take."""
JACOBIANS = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Waa, Wax = parameters["Waa"], parameters["Wax"]
    found = {"dxt": np.zeros(xt.shape), "da_prev": np.zeros(a_prev.shape), "dWax": 0, "dWaa": 0, "dba": 0}
    for k in range(xt.shape[1]):
        slope = np.diag(1 - a_next[:, k] ** 2)
        up = da_next[:, k]
        found["da_prev"][:, k] = up @ (slope @ Waa)
        found["dxt"][:, k] = up @ (slope @ Wax)
        dz = slope @ up
        found["dWax"] = found["dWax"] + np.outer(dz, xt[:, k])
        found["dWaa"] = found["dWaa"] + np.outer(dz, a_prev[:, k])
        found["dba"] = found["dba"] + dz[:, None]
    return found
"""
COLLECTED = """
import numpy as np
from collections import defaultdict

def collect(step, sums, skip=("dxt", "da_prev")):
    for key, value in step.items():
        if key in skip:
            continue
        sums[key] = sums[key] + value

def rnn_backward(da, caches):
    caches, x = caches
    dx = np.zeros((x.shape[0], *da.shape[1:]))
    sums, carry = defaultdict(float), np.zeros(da.shape[:2])
    for t in reversed(range(da.shape[2])):
        step = rnn_cell_backward(da[:, :, t] + carry, caches[t])
        collect(step, sums)
        dx[:, :, t] = step["dxt"]
        carry = step["da_prev"]
    return {"dx": dx, "da0": carry, "dWax": sums["dWax"], "dWaa": sums["dWaa"], "dba": sums["dba"]}
"""
"""A helper that sums up what the steps give."""


@pytest.mark.parametrize("one", SLIPS, ids=lambda one: one.after.strip()[:30])
def test_one_line_is_told(one: Slip) -> None:
    """Where it stands, with its name, proved."""
    text = slipped(one.style, (one.before, one.after))
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, one.line), one.id, "proved")


def test_what_belongs_to_another_slip_is_told_beside_it() -> None:
    """The comparison, and a wrong sign in the same function."""
    slips = ("dc_prevt = gradients['dc_prev']", "dc_prevt == gradients['dc_prev']"), ("dWo = dWo + grad", "dWo = dWo - grad")
    text = slipped("course_template", *slips)
    said = {one.line for one in examined(text).findings}
    assert said == {line_of(text, "dc_prevt == "), line_of(text, "dWo = dWo - grad")}


@pytest.mark.parametrize(
    ("before", "after"),
    [('slope("tanh", a_next)', 'slope("gate", a_next)'), ('back("i", dit)', 'back("f", dit)'), ('back("o", dot)', 'back("c", dot)')],
)
def test_a_text_that_a_helper_is_given_is_told_at_the_call(before: str, after: str) -> None:
    """The helper is right, and other calls of it are."""
    assert not examined(LETTERS).wrong
    text = LETTERS.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, after), "name-replaced", "proved")


def test_a_key_that_a_table_of_functions_is_asked_for_is_told_at_the_call() -> None:
    """What stands under the key is right, as other calls of it show, or none; what is wrong in the table is told there."""
    table = 'SLOPES = {"tanh": lambda s: 1 - s ** 2, "gate": lambda s: s * (1 - s)}\n\ndef rnn_cell_backward('
    right = LETTERS.replace("def rnn_cell_backward(", table).replace('slope("tanh", a_next)', 'SLOPES["tanh"](a_next)')
    assert not examined(right).wrong
    text = right.replace('SLOPES["tanh"](', 'SLOPES["gate"](')
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, 'SLOPES["gate"]('), "name-replaced", "proved")
    text = right.replace("1 - s ** 2", "1 - s ** 3")
    assert {one.line for one in examined(text).findings} == {line_of(text, "1 - s ** 3")}


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("collect(step, sums)\n", "collect(sums, step)\n", "call-argument-wrong"),
        ("if key in skip", "if key not in skip", "loop-wrong"),
        ("            continue\n", "            break\n", "loop-wrong"),
    ],
)
def test_what_a_helper_loses_is_told_there(before: str, after: str, id_: str) -> None:
    """And not where the cell is called, after which nothing comes of what it hands back."""
    assert not examined(COLLECTED).wrong
    text = COLLECTED.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, after.strip()), id_, "proved")


def test_two_texts_would_do_and_none_is_told() -> None:
    """A helper that is wrong for one text is told itself."""
    text = LETTERS.replace("return 1 - value ** 2", "return 1 - value ** 3")
    assert {one.line for one in examined(text).findings} == {line_of(text, "return 1 - value ** 3")}


def test_an_axis_that_is_given_by_its_place_is_told() -> None:
    """And not the line that cuts what was summed."""
    added = LETTERS[LETTERS.index('    dz = back("f"') : LETTERS.index('    return {"dxt": dz[n_a:]')]
    stacked = (
        '    dz = np.array([back(*one) for one in zip("fico", (dft, dit, dcct, dot))]).sum(1)\n    first, rest = np.split(dz, [n_a])\n'
    )
    text = LETTERS.replace(added, stacked).replace('"dxt": dz[n_a:], "da_prev": dz[:n_a]', '"dxt": rest, "da_prev": first')
    assert not examined(text.replace(".sum(1)\n", ".sum(0)\n")).wrong
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, "dz = np.array("), "sum-wrong", "proved")


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("up @ (slope @ Waa)", "(slope @ Waa) @ up", "transpose-wrong"),
        ("np.diag(1 - a_next[:, k] ** 2)", "np.diag(1 - a_next[:, k - 1] ** 2)", ""),
    ],
)
def test_a_line_of_ones_own_form_is_told(before: str, after: str, id_: str) -> None:
    """Nothing in it has a name in the assignment."""
    assert examined(JACOBIANS).wrong == set()
    text = JACOBIANS.replace(before, after)
    answer = examined(text)
    assert answer.wrong == {"rnn_cell_backward"}
    assert {one.line for one in answer.findings} == {line_of(text, after)}
    assert id_ in {"", answer.findings[0].id}


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("a, b = c, d", {"(b, a)", "(d, c)"}),
        ("x = f(a, b)", {"f(b, a)"}),
        ("x += y", {"x = y"}),
        ("x = p @ q", {"(q @ p)", "(p * q)"}),
        ("x = a - b", {"(b - a)", "(a + b)"}),
        ("x = d.T", {"d"}),
        ("x = np.sum(d, axis=1)", {"0"}),
        ("x = np.sum(d, 1)", {"0"}),
        ("x = d.sum(1)", {"0"}),
        ("x = d[:n]", {"d[n:]"}),
        ("x = a[:, t]", {"(t + 1)", "(t - 1)"}),
        ("x = caches.pop()", {"caches.pop(0)"}),
        ("xs.append(x)", {"xs.insert(0, x)"}),
        ("x = [y] + rest", {"(rest + [y])"}),
        ("x = np.exp(z) - m", {"np.exp(z - m)"}),
        ("for t in reversed(range(T)):\n    pass", {"range(T)"}),
        ("if t > 0:\n    pass", {"t >= 0"}),
        ("if t in skip:\n    pass", {"t not in skip"}),
        ("if t == T - 1:\n    pass", {"(T)", "t != T - 1"}),
        ("if t > 1:\n    pass", {"(0)", "t >= 1"}),
        ("x = y[::-1]", {"y"}),
    ],
)
def test_what_is_edited(line: str, texts: set[str]) -> None:
    """The texts that are put there, among others; each of them can be parsed."""
    found = list(edits(ast.parse(line).body[0]))
    assert texts <= {one.text for one in found}
    assert all(one.says and one.id in OPERATORS for one in found)
    assert all(ast.parse(one.text if one.text.startswith("f") or "=" in one.text else f"x[{one.text}]") for one in found)


def test_every_style_is_right() -> None:
    """What is tried here is tried where something is wrong."""
    assert not examined(TEXTS["course_template"]).wrong


def test_names_under_their_own_keys_are_not_told() -> None:
    """Two sums right above would come right too if these were exchanged, each of which adds the other's step: the sums are told."""
    slips = [(f"{one} = {one} + gradients['{one}']", f"{one} += gradients['{other}']") for one, other in (("dbc", "dbo"), ("dbo", "dbc"))]
    lines = (line for line in slipped("course_template", *slips).splitlines() if line.strip() and line.strip()[0] != "#")
    text = "\n".join(lines)
    assert [one.line for one in examined(text).findings] == [line_of(text, after) for _, after in slips]


def test_a_factor_with_its_right_sign_is_not_told() -> None:
    """With its other sign the lines that turn it round would be right: these are told."""
    text = slipped("course_template", ("    dcct = (dc_next", "    slope = 1 - np.square(np.tanh(c_next))\n    dcct = (dc_next"))
    text = text.replace("+ ot * (1 - np.square(np.tanh(c_next)))", "- ot * slope")
    said = examined(text).findings
    assert {one.id for one in said} == {"sign-flipped"}
    assert {one.line for one in said} <= {line_of(text, line) for line in ("dcct = (dc_next", "dit = (", "dft = (", "dc_prev = dc_next")}


@pytest.mark.parametrize(("before", "after"), [("s2 = 1 - tc ** 2", "s2 = tc ** 2 - 1"), ("dc_next + da_next", "dc_next - da_next")])
def test_a_factor_with_the_wrong_sign_is_told_where_it_is_made(before: str, after: str) -> None:
    """One line reads it, which could turn the sign round as well; where the factor is right that line has done so."""
    made = "    s2 = 1 - tc ** 2\n    dc = dc_next + da_next * ot * s2"
    right = LETTERS.replace('    dc = dc_next + da_next * ot * slope("tanh", tc)', made)
    assert before in right
    assert not examined(right).wrong
    text = right.replace(before, after)
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, after), "sign-flipped", "proved")
