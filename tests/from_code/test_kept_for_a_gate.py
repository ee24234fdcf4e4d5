"""What is kept for each gate, in a dictionary or a stack: told at the entry that is wrong, not at the line that goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = np.vstack((a_prev, xt))
    squash = {"f": sigmoid, "i": sigmoid, "c": np.tanh, "o": sigmoid}
    gate = {}
    for g in squash:
        gate[g] = squash[g](parameters["W" + g] @ z + parameters["b" + g])
    c_next = gate["f"] * c_prev + gate["i"] * gate["c"]
    a_next = gate["o"] * np.tanh(c_next)
    e = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, gate["f"], gate["i"], gate["c"], gate["o"], xt, parameters)
    return a_next, c_next, e / e.sum(axis=0), cache
"""

BACKWARD = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, z = len(a_next), np.vstack((a_prev, xt))
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    slope = {"f": ft * (1 - ft), "i": it * (1 - it), "c": 1 - cct ** 2, "o": ot * (1 - ot)}
    partner = {"f": c_prev, "i": cct, "c": it, "o": np.tanh(c_next)}
    source = {"f": dc, "i": dc, "c": dc, "o": da_next}
    grads, dz = {"dc_prev": dc * ft}, 0
    for g in "fico":
        d = source[g] * partner[g] * slope[g]
        grads["dW" + g], grads["db" + g] = d @ z.T, d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + g].T @ d
    grads["da_prev"], grads["dxt"] = dz[:n_a], dz[n_a:]
    return grads
"""

STACKED = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, z = len(a_next), np.vstack((a_prev, xt))
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    d = np.vstack(
        (dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), da_next * np.tanh(c_next) * ot * (1 - ot), dc * it * (1 - cct ** 2)))
    W = np.concatenate([parameters["W" + g] for g in "fioc"])
    dz = W.T @ d
    dWf, dWi, dWo, dWc = np.split(d @ z.T, 4)
    dbf, dbi, dbo, dbc = np.split(d.sum(axis=1, keepdims=True), 4)
    return {"dxt": dz[n_a:], "da_prev": dz[:n_a], "dc_prev": dc * ft, "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
            "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo}
"""


RECORDS = {
    "namespace": ("from types import SimpleNamespace as Gates", "vars(gates).items()"),
    "named tuple": ("from collections import namedtuple\nGates = namedtuple('Gates', 'f i c o')", "zip(gates._fields, gates)"),
    "class": (
        "from dataclasses import make_dataclass\nGates = make_dataclass('Gates', 'fico')",
        "[(k, getattr(gates, k)) for k in 'fico']",
    ),
    "own dictionary": ("class Gates(dict):\n    pass", "gates.items()"),
    "function": ("def Gates(**given):\n    return dict(**given)", "gates.items()"),
}
"""What makes something of keyword arguments, and how a loop goes over it."""
RECORD = """
import numpy as np
MADE

def slope(s):
    return s * (1 - s)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, z = len(a_next), np.vstack((a_prev, xt))
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    gates = Gates(
        f=dc * c_prev * slope(ft),
        i=dc * cct * slope(it),
        c=dc * it * (1 - cct ** 2),
        o=da_next * np.tanh(c_next) * slope(ot),
    )
    grads, dz = {"dc_prev": dc * ft}, 0
    for name, d in OVER:
        grads["dW" + name] = d @ z.T
        grads["db" + name] = d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + name].T @ d
    grads["da_prev"], grads["dxt"] = dz[:n_a], dz[n_a:]
    return grads
"""


@pytest.mark.parametrize(("before", "after"), [('"c": np.tanh', '"c": sigmoid'), ('"i": sigmoid', '"i": np.tanh')])
def test_an_activation_in_a_dictionary(told: Callable[[str], list[Told]], before: str, after: str) -> None:
    """The entry is told, by its key."""
    assert not told(FORWARD)
    (said,) = told(FORWARD.replace(before, after))
    key = before[1]
    assert (said.line, said.id, said.proof) == (9, "activation-wrong", "proved")
    assert said.says == f"squash has another activation under the key '{key}' than belongs there"


def test_two_entries_that_one_line_goes_through(told: Callable[[str], list[Told]]) -> None:
    """Each of them, and not the line of the loop, which is right."""
    assert not told(BACKWARD)
    text = BACKWARD.replace('"c": it', '"c": ft').replace('"o": da_next', '"o": dc')
    assert [(said.line, said.proof) for said in told(text)] == [(9, "proved"), (10, "proved")]


def test_a_stack_in_another_order_beside_another_slip(told: Callable[[str], list[Told]]) -> None:
    """The line that makes the stack is told."""
    assert not told(STACKED)
    text = STACKED.replace('"fioc"', '"fico"').replace("ft * (1 - ft), dc", "ft * (1 + ft), dc")
    first, second = told(text)
    assert first.line in {8, 9}
    assert (second.line, second.id, second.proof) == (10, "gate-swapped", "proved")


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_given_to_a_record_by_name(told: Callable[[str], list[Told]], kind: str) -> None:
    """The argument is told: none of the lines that go through the record, nor a helper that is right at the other gates."""
    made, over = RECORDS[kind]
    right = RECORD.replace("MADE", made).replace("OVER", over)
    assert not told(right)
    for before, after, known in (
        ("np.tanh(c_next) * slope(ot)", "np.tanh(c_next)", "factor-dropped"),
        ("it * (1 - cct ** 2)", "it * slope(cct)", "wrong-activation-derivative"),
    ):
        assert before in right
        (said,) = told(text := right.replace(before, after))
        assert (said.line, said.id, said.proof) == (line_of(text, f"{after},"), known, "proved")


def test_what_a_record_is_given_one_after_another(told: Callable[[str], list[Told]]) -> None:
    """Put together in an expression behind a star."""
    made, over = RECORDS["named tuple"]
    slopes = "    s = Gates(*(1 - v ** 2 if n == 2 else slope(v) for n, v in enumerate((ft, it, cct, ot))))\n    gates = "
    right = RECORD.replace("MADE", made).replace("OVER", over).replace("    gates = ", slopes)
    right = right.replace("slope(ft)", "s.f").replace("slope(it)", "s.i").replace("(1 - cct ** 2)", "s.c").replace("slope(ot)", "s.o")
    assert not told(right)
    (said,) = told(text := right.replace("n == 2", "n == 3"))
    assert (said.line, said.id) == (line_of(text, "    s = Gates("), "wrong-activation-derivative")


def test_a_table_of_functions_that_are_given_nothing(told: Callable[[str], list[Told]]) -> None:
    """The function is told, and not the line that calls whichever it is."""
    text = RECORD.replace("MADE", "Gates = dict").replace("OVER", "[(k, one()) for k, one in gates.items()]")
    for letter in "fico":
        text = text.replace(f"        {letter}=", f"        {letter}=lambda: ")
    assert not told(text)
    (said,) = told(text := text.replace("np.tanh(c_next) * slope(ot)", "np.tanh(c_next)"))
    assert (said.line, said.id, said.proof) == (line_of(text, "o=lambda: "), "factor-dropped", "proved")


def test_a_lambda_that_is_handed_its_arguments_by_name_is_no_record(told: Callable[[str], list[Told]]) -> None:
    """The call hands over another gate's weight, and the lambda does what it is asked for."""
    gate = "    gate = lambda W, b: sigmoid(np.dot(W, concat) + b)\n    it = gate(W=Wf, b=bi)\n"
    text = TEXTS["course_template"].replace("    it = sigmoid(np.dot(Wi, concat) + bi)\n", gate)
    assert gate in text
    (one,) = told(text)
    assert text.splitlines()[one.line - 1].strip() == "it = gate(W=Wf, b=bi)"
