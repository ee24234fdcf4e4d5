"""Names of gates in another order than what belongs to them: the line that goes over them is told, not those that store by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

ORDER = re.compile(
    "names the gates in another order than that in which the rest of the function|"
    "stand in each other's place here, unlike in the rest of the function"
)
GATES = "'W' + g] for g in 'fico'"
"""How the function goes over the gates elsewhere."""
BY_NUMBER = (
    "    for k, g in enumerate({}):\n        out['dW' + g] = dW[k * n_a:(k + 1) * n_a]\n        out['db' + g] = db[k * n_a:(k + 1) * n_a]\n"
)
PAIRS = "    for k, (w, b) in enumerate({}):\n        out[w], out[b] = np.split(dW, 4)[k], np.split(db, 4)[k]\n"
KEYED = "[('dWf', 'dbf'), ('{}', 'dbi'), ('{}', 'dbc'), ('dWo', 'dbo')]"
ZIPPED = "    for g, w, b in zip({}, np.split(dW, 4), np.split(db, 4)):\n        out['dW' + g], out['db' + g] = w, b\n"
IN_DICTS = (
    "    out |= {{'dW' + g: w for g, w in zip({0}, np.split(dW, 4))}}\n    out |= {{'db' + g: b for g, b in zip({0}, np.split(db, 4))}}\n"
)
LISTED = """    names, every = {}, (('dW', dW), ('db', db))
    out |= {{p + g: v[k * n_a:(k + 1) * n_a] for p, v in every for k, g in enumerate(names)}}
"""
KEYS = "    out |= dict(zip({}, np.split(dW, 4)))\n    out |= dict(zip(('dbf', 'dbi', 'dbc', 'dbo'), np.split(db, 4)))\n"


def backward(stores: str, *, upstream: str = "dc", stack: str = "dft, dit, dcct, dot") -> str:
    """A cell that stacks the gates, and stores what belongs to each by its name."""
    body = f"""def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dft, dit = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)
    dcct, dot = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)
    d = np.vstack([{stack}])
    both = np.vstack([parameters[{GATES}]).T @ d
    dW, db = d @ np.vstack([a_prev, xt]).T, d.sum(axis=1, keepdims=True)
    out = dict(da_prev=both[:n_a], dxt=both[n_a:], dc_prev={upstream} * ft)
{stores}    return out
"""
    return edited(("lstm_cell_backward", "", body))


@pytest.mark.parametrize(
    ("stores", "right", "wrong"),
    [
        (BY_NUMBER, "'fico'", "['o', 'f', 'i', 'c']"),
        (BY_NUMBER, "'fico'", "sorted('fico')"),
        (ZIPPED, "'fico'", "'fioc'"),
        (ZIPPED, "'fico'", "reversed('fico')"),
        (PAIRS, KEYED.format("dWi", "dWc"), KEYED.format("dWc", "dWi")),
        (LISTED, "['f', 'i', 'c', 'o']", "['c', 'f', 'i', 'o']"),
        (KEYS, "['dWf', 'dWi', 'dWc', 'dWo']", "['dWf', 'dWi', 'dWo', 'dWc']"),
    ],
)  # fmt: skip
def test_a_line_that_goes_over_the_gates_in_another_order(stores: str, right: str, wrong: str, told: Callable[[str], list[Told]]) -> None:
    """With the names in another order all comes right, so nothing is said of the lines that store by them."""
    assert told(backward(stores.format(right))) == []
    text = backward(stores.format(wrong))
    (mistake,) = told(text)
    assert (mistake.id, mistake.proof) == ("gate-swapped", "proved")
    assert wrong in text.splitlines()[mistake.line - 1]
    assert ORDER.search(mistake.says)


def test_two_lines_that_go_over_the_gates_in_the_same_wrong_order(told: Callable[[str], list[Told]]) -> None:
    """They are told together."""
    (mistake,) = told(backward(IN_DICTS.format("'ifco'")))
    assert mistake.says.endswith(f"has them, and so does line {mistake.line + 1}")


@pytest.mark.parametrize(
    ("stores", "says"),
    [
        (BY_NUMBER.format("'fico', 1"), "numbered from 1, and what belongs to them from 0"),
        (
            BY_NUMBER.format("'fico'").replace("[k * n_a:(k + 1) * n_a]", "[(k - 1) * n_a:k * n_a]"),
            "from 0, and what belongs to them from 1",
        ),
    ],
)
def test_names_that_are_numbered_from_another_number(stores: str, says: str, told: Callable[[str], list[Told]]) -> None:
    """The loop is told, not each slice that its numbers cut."""
    (mistake,) = told(backward(stores))
    assert says in mistake.says


def test_a_comprehension_that_several_names_are_taken_from(told: Callable[[str], list[Told]]) -> None:
    """The names left of the equals sign and those right of it stand in two orders."""
    body = """def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = np.vstack([a_prev, xt])
    ft, it, ot = [sigmoid(parameters['W' + g] @ z + parameters['b' + g]) for g in ORDER]
    cct = np.tanh(parameters['Wc'] @ z + parameters['bc'])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, softmax(parameters['Wy'] @ a_next + parameters['by']), cache
"""
    assert told(edited(("lstm_cell_forward", "", body.replace("ORDER", "'fio'")))) == []
    text = edited(("lstm_cell_forward", "", body.replace("ORDER", "'iof'")))
    (mistake,) = told(text)
    assert "for g in 'iof'" in text.splitlines()[mistake.line - 1]


def test_a_second_mistake_beside_the_order(told: Callable[[str], list[Told]]) -> None:
    """What does not depend on the order of names may be wrong for another reason, which is told beside it."""
    order, other = told(backward(BY_NUMBER.format("'cfio'"), upstream="dc_next"))
    assert sorted([order.id, other.id]) == ["gate-swapped", "name-replaced"]


def test_a_stack_in_another_order_than_names_that_agree_with_each_other(told: Callable[[str], list[Told]]) -> None:
    """The loop has the order that the rest has: the stack is told."""
    text = backward(BY_NUMBER.format("'fico'"), stack="dft, dcct, dit, dot")
    (mistake,) = told(text)
    assert "np.vstack([dft, dcct, dit, dot])" in text.splitlines()[mistake.line - 1]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("i f c o", "{0}i and {0}f stand in each other's place"),
        ("c f i o", "{0}c, {0}f and {0}i stand here in another order than what they are used for"),
    ],
)
@pytest.mark.parametrize("name", ["d", "kept.d"])
def test_gradients_that_are_gone_over_in_another_order(name: str, row: str, says: str, told: Callable[[str], list[Told]]) -> None:
    """The names hold what they should: told is the row of them, and none of the lines that make them."""
    names = ", ".join(name + letter for letter in row.split())
    body = f"""class Kept: pass

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    kept, z, out, back = Kept(), np.vstack([a_prev, xt]), {{}}, 0
    grad = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    {name}f = grad * c_prev * ft * (1 - ft)
    {name}i = grad * cct * it * (1 - it)
    {name}c = grad * it * (1 - cct ** 2)
    {name}o = da_next * np.tanh(c_next) * ot * (1 - ot)
    for g, d in zip('fico', ({names})):
        out['dW' + g], out['db' + g] = d @ z.T, d.sum(axis=1, keepdims=True)
        back = back + parameters['W' + g].T @ d
    return {{**out, 'da_prev': back[:len(ft)], 'dxt': back[len(ft):], 'dc_prev': grad * ft}}
"""
    text = edited(("lstm_cell_backward", "", body))
    (mistake,) = told(text)
    assert "zip('fico'" in text.splitlines()[mistake.line - 1]
    assert mistake.says.removesuffix(" here") == says.format(name)
