"""A line that serves all gates is right where it was chosen wrongly: by a default, a text, a condition or a table."""

from __future__ import annotations

import pytest
from code_answer import examined
from slipping import edited, line_of

CALLS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    def gate(name, kind="sigmoid"):
        z = parameters["W" + name] @ np.concatenate([a_prev, xt]) + parameters["b" + name]
        return {"value": sigmoid(z) if kind == "sigmoid" else np.tanh(z)}

    f, i = gate("f"), gate("i")
    c = gate("c", "tanh")
    o = gate("o")
    c_next = f["value"] * c_prev + i["value"] * c["value"]
    a_next = o["value"] * np.tanh(c_next)
    return a_next, c_next, softmax(parameters["Wy"] @ a_next + parameters["by"]), (a_next, c_next, a_prev, c_prev, f, i, c, o)
"""
"""Gates that a helper makes."""
LETTERS = """
LETTER = {"forget": "f", "update": "i", "cand": "c", "out": "o"}
"""
LOOP = CALLS.replace("\ndef sigmoid", f"{LETTERS}\ndef sigmoid")
LOOP = (
    LOOP[: LOOP.index("    def gate(")]
    + """    made = {}
    for name in LETTER:
        key = LETTER[name]
        squash = np.tanh if name == "cand" else sigmoid
        made[name] = squash(parameters["W" + key] @ np.concatenate([a_prev, xt]) + parameters["b" + key])
    c_next = made["forget"] * c_prev + made["update"] * made["cand"]
    a_next = made["out"] * np.tanh(c_next)
    return a_next, c_next, softmax(parameters["Wy"] @ a_next + parameters["by"]), made
"""
)
"""Gates that a loop over their names makes."""


def test_what_a_call_leaves_at_its_default_is_told_at_the_call() -> None:
    """The helper's line is right for the other gates."""
    text = CALLS.replace('gate("c", "tanh")', 'gate("c")')
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, 'gate("c")'), "name-replaced", "proved")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('o = gate("o")', 'o = gate("f")', 'o = gate("f")'),
        ('a_next = o["', 'a_next = f["', "a_next = f"),
    ],
)
def test_a_call_is_told_where_it_asks_for_anothers(before: str, after: str, line: str) -> None:
    """And not where what it made is used by another's name."""
    assert not examined(CALLS).wrong
    text = CALLS.replace(before, after)
    assert {one.line for one in examined(text).findings} == {line_of(text, line)}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('name == "cand"', 'name == "out"', 'name == "out"'),
        ('name == "cand"', 'name == "cell"', 'name == "cell"'),
        ('"forget": "f", "update": "i"', '"forget": "i", "update": "f"', "LETTER = {"),
        ('made["forget"] * c_prev + made["update"]', 'made["update"] * c_prev + made["forget"]', "c_next = "),
    ],
)
def test_what_chooses_is_told(before: str, after: str, line: str) -> None:
    """A condition, or a table whose texts are another's by their names; a line that exchanges two gates itself is told itself."""
    assert not examined(LOOP).wrong
    text = LOOP.replace(before, after)
    assert {one.line for one in examined(text).findings} == {line_of(text, line)}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('"o": "sigmoid"', '"o": "tanh"', "KIND = {"),
        ('"sigmoid": sigmoid', '"sigmoid": np.tanh', "ACT = {"),
        ('KIND["f"]', 'KIND["c"]', 'KIND["c"]'),
    ],
)
def test_of_two_tables_in_a_row_the_entry_is_told_that_is_not_what_its_key_says(before: str, after: str, line: str) -> None:
    """An entry whose key names what stands under it is right, whatever an exchange of it would mend."""
    tables = 'ACT = {"tanh": np.tanh, "sigmoid": sigmoid}\nKIND = {"f": "sigmoid", "i": "sigmoid", "c": "tanh", "o": "sigmoid"}\n'
    made = (f'ACT[KIND["{gate}"]]' if gate in "fo" else "np.tanh" if gate == "c" else "sigmoid" for gate in "fico")
    lines = (f'    {g} = {act}(parameters["W{g}"] @ both + parameters["b{g}"])\n' for g, act in zip("fico", made, strict=True))
    end = CALLS[CALLS.index("    c_next = ") :].replace('["value"]', "")
    right = CALLS[: CALLS.index("    def gate(")].replace("def lstm_cell_forward", f"{tables}\ndef lstm_cell_forward")
    right = f"{right}    both = np.concatenate([a_prev, xt])\n{''.join(lines)}{end}"
    assert not examined(right).wrong
    text = right.replace(before, after)
    assert {one.line for one in examined(text).findings} == {line_of(text, line)}


SLOPES = """
import numpy as np

def slope(value, kind="sigmoid"):
    if kind == "tanh":
        return 1 - value ** 2
    return value * (1 - value)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    both, squashed = np.concatenate((a_prev, xt)), np.tanh(c_next)
    dc = dc_next + da_next * ot * slope(squashed, "tanh")
    dz = {"f": dc * c_prev * slope(ft), "i": dc * cct * slope(it)}
    dz["c"] = dc * it * slope(cct, kind="tanh")
    dz["o"] = da_next * squashed * slope(ot)
    back = sum(parameters["W" + k].T @ dz[k] for k in dz)
    out = {"dc_prev": dc * ft, "da_prev": back[: len(a_prev)], "dxt": back[len(a_prev) :]}
    for k in dz:
        out["dW" + k], out["db" + k] = dz[k] @ both.T, dz[k].sum(axis=1, keepdims=True)
    return out
"""
"""A helper of which most calls leave the default."""


@pytest.mark.parametrize(
    ("before", "after", "id_"), [('kind="sigmoid"', 'kind="tanh"', "name-replaced"), ('kind == "tanh"', 'kind == "Tanh"', "loop-wrong")]
)
def test_what_several_calls_rely_on_is_told_and_not_the_calls(before: str, after: str, id_: str) -> None:
    """A default, or a condition that never holds, where all other calls are right."""
    assert not examined(SLOPES).wrong
    text = SLOPES.replace(before, after, 1)
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, after), id_, "proved")


GATES = """def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    both, g = np.concatenate([a_prev, xt]), {}
    for k in "fioc":
        z = parameters["W" + k] @ both + parameters["b" + k]
        g[k] = ACT[k](z)
    c_next = g["f"] * c_prev + g["i"] * g["c"]
    a_next = g["o"] * np.tanh(c_next)
    y = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, g["f"], g["i"], g["c"], g["o"], xt, parameters)


ACT = {"f": sigmoid, "i": sigmoid, "o": sigmoid, "c": np.tanh}
"""
CHOICE = 'np.tanh(z) if k == "c" else sigmoid(z)'


@pytest.mark.parametrize(
    ("right", "before", "after", "line"),
    [("ACT[k](z)", '"o": sigmoid', '"o": np.tanh', "ACT = {"), (CHOICE, '"c" else', '"o" else', "g[k] = ")],
)
def test_the_choice_is_told_beside_another_slip(right: str, before: str, after: str, line: str) -> None:
    """With its own name, although a line behind it is wrong too."""
    program = edited(("lstm_cell_forward", "", GATES.replace("ACT[k](z)", right)))
    assert not examined(program).wrong
    text = program.replace(before, after).replace('= g["o"] * np.tanh(c_next)', '= g["o"] * c_next')
    told = {one.line: one.id for one in examined(text).findings}
    assert told == {line_of(text, line): "activation-wrong", line_of(text, "a_next = g"): "activation-wrong"}


def test_a_default_that_is_given_as_well_is_told_where_a_loop_relies_on_it() -> None:
    """The call serves three gates, and another one gives what it need not: it was no default."""
    text = SLOPES.replace('slope(ft), "i": dc * cct * slope(it)}', 'ft, "i": dc * cct * it, "c": dc * it * cct}').replace(
        '    dz["c"] = dc * it * slope(cct, kind="tanh")\n    dz["o"] = da_next * squashed * slope(ot)\n',
        '    dz["f"], dz["i"], dz["c"], dz["o"] = dc * c_prev, dc * cct, dc * it, da_next * squashed\n'
        '    for k, s in zip("fico", (ft, it, cct, ot)):\n        dz[k] = dz[k] * (slope(s, "tanh") if k == "c" else slope(s))\n',
    )
    assert not examined(text).wrong
    text = text.replace('kind="sigmoid"', 'kind="tanh"')
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, "def slope"), "name-replaced")


def test_a_table_of_kinds_in_which_one_stands_for_all() -> None:
    """The other activation stands nowhere in the table."""
    text = LOOP.replace('        squash = np.tanh if name == "cand" else sigmoid\n', "").replace("= squash(", "= gate_of(KIND[key], ")
    text = text.replace("def softmax", 'def gate_of(kind, z):\n    return np.tanh(z) if kind == "tanh" else sigmoid(z)\n\ndef softmax')
    text = text.replace("LETTER = {", 'KIND = {"f": "sigmoid", "i": "sigmoid", "c": "tanh", "o": "sigmoid"}\nLETTER = {')
    assert not examined(text).wrong
    text = text.replace('"c": "tanh"', '"c": "sigmoid"')
    assert {one.line for one in examined(text).findings} == {line_of(text, "KIND = {")}
