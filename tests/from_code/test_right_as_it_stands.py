"""A line, or a helper, that makes rightly what it is called is not told to lack what the line behind it leaves out, or has too many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

HEAD = """import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    both, back, grads = np.vstack((a_prev, xt)), 0, {}
"""
TAIL = """        grads["dW" + gate], grads["db" + gate] = dz @ both.T, dz.sum(axis=1, keepdims=True)
        back = back + parameters["W" + gate].T @ dz
    return {**grads, "da_prev": back[:len(a_prev)], "dxt": back[len(a_prev):], "dc_prev": dc * ft}
"""
BY_HELPERS = f"""{HEAD}
    dot, dtanh_c = of_product(da_next, ot, np.tanh(c_next))
    dc = dc_next + dtanh_c * of_tanh(np.tanh(c_next))
    dft, _ = of_product(dc, ft, c_prev)
    dit, dcct = of_product(dc, it, cct)
    rows = ("f", dft, of_sigmoid(ft)), ("i", dit, of_sigmoid(it)), ("c", dcct, of_tanh(cct)), ("o", dot, of_sigmoid(ot))
    for gate, up, slope in rows:
        dz = up * slope
{TAIL}
def of_product(up, one, other):
    return up * other, up * one

def of_sigmoid(y):
    return y * (1 - y)

def of_tanh(y):
    return 1 - y ** 2
"""
LINE_BY_LINE = f"""{HEAD}
    dc = da_next * ot
    dc = dc * (1 - np.tanh(c_next) ** 2)
    dc = dc + dc_next
    df = dc * c_prev
    df = df * ft
    df = df * (1 - ft)
    di = dc * cct
    di = di * it
    di = di * (1 - it)
    do = da_next * np.tanh(c_next)
    do *= ot
    do *= 1 - ot
    for gate, dz in zip("fico", (df, di, dc * it * (1 - cct ** 2), do)):
{TAIL}"""
IN_A_LIST = f"""{HEAD}
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    ups = [dc * c_prev, dc * cct, da_next * np.tanh(c_next), dc * it]
    dzs = [up * y * (1 - y) for up, y in zip(ups, (ft, it, ot))]
    dzs.append(ups[3] * (1 - cct ** 2))
    for gate, dz in zip("fioc", dzs):
{TAIL}"""
IN_A_RECORD = f"""from dataclasses import dataclass

@dataclass
class Gates:
    forget: object
    new: object
    cell: object
    out: object

    def pairs(self):
        return [("f", self.forget), ("i", self.new), ("c", self.cell), ("o", self.out)]
{HEAD}
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    gates = Gates(
        forget=dc * c_prev * ft * (1 - ft),
        new=dc * cct * it * (1 - it),
        cell=dc * it * (1 - cct ** 2),
        out=da_next * np.tanh(c_next) * ot * (1 - ot),
    )
    for gate, dz in gates.pairs():
{TAIL}"""
OF_AN_RNN = """import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    slope = 1 - a_next ** 2
    delta = slope * da_next
    return {
        "dxt": np.dot(a=parameters["Wax"].T, b=delta), "da_prev": np.dot(a=parameters["Waa"].T, b=delta),
        "dWax": np.dot(a=delta, b=xt.T), "dWaa": np.dot(a=delta, b=a_prev.T), "dba": np.sum(a=delta, axis=1, keepdims=True),
    }
"""
SPLIT = """import numpy as np

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    W = np.concatenate([parameters["W" + gate] for gate in "fioc"])
    b = np.concatenate([parameters["b" + gate] for gate in "fioc"])
    z = W @ np.concatenate((a_prev, xt)) + b
    zf, zi, zo, zc = np.split(z, 4)
    ft, it, ot, cct = sigmoid(zf), sigmoid(zi), sigmoid(zo), np.tanh(zc)
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=0)
"""
_ZS = ", ".join(f'"{gate}": parameters["W{gate}"] @ both + parameters["b{gate}"]' for gate in "fioc")
IN_A_TABLE = SPLIT.replace(SPLIT[SPLIT.index("    W =") : SPLIT.index("    c_next")], f"""    both = np.concatenate((a_prev, xt))
    kept = {{{_ZS}}}
    ft, it, ot, cct = kept.values()
""")  # fmt: skip
_DZS = {"f": "dft", "i": "dit", "c": "dcct", "o": "dot"}
ALL_IN_A_LIST = f"""{HEAD}
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    kept = [dc * c_prev, dc * cct, dc * it, da_next * np.tanh(c_next)]
    dft, dit, dcct, dot = kept
    {"; ".join(f'grads["dW{gate}"], grads["db{gate}"] = {dz} @ both.T, {dz}.sum(axis=1, keepdims=True)' for gate, dz in _DZS.items())}
    back = {" + ".join(f'parameters["W{gate}"].T @ {dz}' for gate, dz in _DZS.items())}
    return {{**grads, "da_prev": back[:len(a_prev)], "dxt": back[len(a_prev):], "dc_prev": dc * ft}}
"""
CASES = [
    (BY_HELPERS, "dtanh_c * of_tanh(np.tanh(c_next))", "dtanh_c", "    dc = dc_next + dtanh_c\n", "factor-dropped"),
    (BY_HELPERS, "return y * (1 - y)", "return 1 - y", "    return 1 - y\n", "factor-dropped"),
    (LINE_BY_LINE, "do = da_next * ", "do = ", "    do = np.tanh(c_next)\n", "factor-dropped"),
    (LINE_BY_LINE, "    dc = dc + dc_next\n", "    dc = dc + dc_next\n    dc = dc * ft\n", "    dc = dc * ft\n", "factor-added"),
    (IN_A_LIST, "ups[3] * (1 - cct ** 2)", "ups[3]", "    dzs.append(ups[3])\n", "factor-dropped"),
    (IN_A_RECORD, "out=da_next * np.tanh(c_next)", "out=da_next * c_next", "        out=da_next * c_next", "activation-wrong"),
    (OF_AN_RNN, "delta = slope * da_next", "delta = slope", "    delta = slope\n", "factor-dropped"),
    (OF_AN_RNN, "b=xt.T", "b=xt", '        "dWax": np.dot(a=delta, b=xt)', "transpose-wrong"),
    (SPLIT, "zf, zi, zo, zc = np", "zf, zi, zc, zo = np", "    zf, zi, zc, zo = np", "name-replaced"),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "line", "id_"), [(case[:3], *case[3:]) for case in CASES], ids=[case[3].strip()[:25] for case in CASES])
def test_right_as_it_stands(slip: tuple[str, str, str], line: str, id_: str, told: Callable[[str], list[Told]]) -> None:
    """What is missing, or too much, is told at the line that leaves it out, or has it."""
    text, said = slip_told(told, *slip)
    assert (said.line, said.id, said.proof) == (line_of(text, line), id_, "proved")


@pytest.mark.parametrize(("text", "id_", "many"), [(IN_A_TABLE, "activation-wrong", 3), (ALL_IN_A_LIST, "factor-dropped", 4)])
def test_entries_that_are_wrong_alike(text: str, id_: str, many: int, told: Callable[[str], list[Told]]) -> None:
    """Entries that all lack an activation, or a slope, are told at the entries, not at their names; with one sentence, once."""
    said = told(text)
    assert [one.id for one in said] == [id_] * many
    assert {one.line for one in said} <= {line_of(text, "    kept = "), line_of(text, "    kept = ") + 1}


def test_what_a_helper_for_products_is_given_is_not_transposed(told: Callable[[str], list[Told]]) -> None:
    """It is the right quantity, and lacks a transpose; it has none too many."""
    right = re.sub(r"np\.dot\(a=(.*?), b=(.*?)\)", r"product(\1, \2)", OF_AN_RNN) + "\ndef product(p, q):\n    return p @ q\n"
    _, said = slip_told(told, right, "product(delta, xt.T)", "product(delta, xt)")
    assert (said.id, said.says.startswith("xt is not transposed, and so ")) == ("transpose-wrong", True)


def test_one_line_that_reads_what_came_in(told: Callable[[str], list[Told]]) -> None:
    """No other line is named where all that read it stand in one."""
    slopes = {"dc * c_prev": "dc_next * c_prev * ft * (1 - ft)", "dc * cct": "dc_next * cct * it * (1 - it)"}
    slopes |= {"dc * it": "dc_next * it * (1 - cct ** 2)", "np.tanh(c_next)]": "np.tanh(c_next) * ot * (1 - ot)]"}
    text = ALL_IN_A_LIST
    for before, after in slopes.items():
        text = text.replace(before, after)
    (said,) = told(text)
    assert said.says == "dc_next is read here as it came in: it should hold something else by then"


@pytest.mark.slow
def test_a_slip_of_a_helper_is_told_once(told: Callable[[str], list[Told]]) -> None:
    """Where a line that calls it has a slip besides, that of the helper is not told of the line too."""
    gates = ["sigmoid(of('f'))", "np.tanh(of('i'))", "sigmoid(of('o'))", "np.tanh(of('c'))"]
    lines = "".join(f"    {name} = {gate}\n" for name, gate in zip(("ft", "it", "ot", "cct"), gates, strict=True))
    helper = "    def of(gate):\n        return parameters['W' + gate] @ np.concatenate((a_prev, xt))\n"
    text = SPLIT.replace(SPLIT[SPLIT.index("    W =") : SPLIT.index("    c_next")], helper + lines)
    said = told(text)
    assert [(one.line, one.id) for one in said] == [(line_of(text, "        return"), "term-dropped")]
