"""Gates kept in a table and gone through in a loop are judged as those with a name each: the loop's lines are right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.from_code.slipping import edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.from_code.conftest import Told

LOOP = """    for gate in "fico":
        out["dW" + gate] = d[gate] @ stack.T
        out["db" + gate] = d[gate].sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + gate].T @ d[gate]
"""
CALLS = """    out["dWf"], out["dbf"] = layer(d["f"], stack)
    out["dWi"], out["dbi"] = layer(d["i"], stack)
    out["dWc"], out["dbc"] = layer(d["c"], stack)
    out["dWo"], out["dbo"] = layer(d["o"], stack)
    Ff, Xf = cut(parameters["Wf"], len(a_prev))
    Fi, Xi = cut(parameters["Wi"], len(a_prev))
    Fc, Xc = cut(parameters["Wc"], len(a_prev))
    Fo, Xo = cut(parameters["Wo"], len(a_prev))
    da = Ff.T @ d["f"] + Fi.T @ d["i"] + Fc.T @ d["c"] + Fo.T @ d["o"]
    dz = np.vstack((da, Xf.T @ d["f"] + Xi.T @ d["i"] + Xc.T @ d["c"] + Xo.T @ d["o"]))
"""
HELPERS = """
def layer(up, given):
    return up @ given.T, up.sum(axis=1, keepdims=True)

def cut(W, n):
    return W[:, :n], W[:, n:]
"""
IN_A_TABLE = edited(
    (
        "lstm_cell_backward",
        "",
        f"""def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    d = {{}}
    d["f"] = dc * c_prev * ft * (1 - ft)
    d["i"] = dc * cct * it * (1 - it)
    d["c"] = dc * it * (1 - cct ** 2)
    d["o"] = da_next * np.tanh(c_next) * ot * (1 - ot)
    stack, dz, out = np.vstack([a_prev, xt]), 0, {{"dc_prev": dc * ft}}
{LOOP}    return {{**out, "da_prev": dz[:len(a_prev)], "dxt": dz[len(a_prev):]}}""",
    )
)
IN_PAIRS = IN_A_TABLE.replace(
    LOOP,
    LOOP.replace('for gate in "fico":', 'for gate, up in (("f", d["f"]), ("i", d["i"]), ("c", d["c"]), ("o", d["o"])):').replace(
        "d[gate]", "up"
    ),
)


@pytest.mark.parametrize("right", [IN_A_TABLE, IN_PAIRS], ids=["a table", "pairs"])
def test_two_gates_without_their_derivative(told: Callable[[str], list[Told]], right: str) -> None:
    """Told at the lines of these gates, as one idea."""
    before = 'c_prev * ft * (1 - ft)\n    d["i"] = dc * cct * it * (1 - it)'
    text, said = slip_told(told, right, before, 'c_prev\n    d["i"] = dc * cct')
    assert (said.line, said.id) == (line_of(text, 'd["f"] = '), "factor-dropped")
    assert said.says.endswith(f'; d["i"] (line {said.line + 1}) lacks the derivative of an activation too')


def test_what_is_wrong_in_the_loop_is_told_there(told: Callable[[str], list[Told]]) -> None:
    """Two slips of its own lines stay where they are."""
    text = IN_A_TABLE.replace("stack.T", "stack.T * ft.size").replace("keepdims=True)\n        dz", "keepdims=True) / 3\n        dz")
    assert {one.line for one in told(text)} <= set(range(line_of(text, "    for gate in"), line_of(text, "    return {**out")))


def test_a_helper_that_each_gate_goes_through(told: Callable[[str], list[Told]]) -> None:
    """It is right, whether it is given two gates' gradients without their derivatives, or what it cuts is not transposed."""
    text = IN_A_TABLE.replace(LOOP, CALLS) + HELPERS
    assert told(text) == []
    (said,) = told(text.replace("* it * (1 - it)\n", "\n").replace("c_prev * ft * (1 - ft)\n", "c_prev\n"))
    assert (said.line, said.id) == (line_of(text, 'd["f"] = '), "factor-dropped")
    (said,) = told(re.sub(r"F(.)\.T", r"F\1", text))
    assert (said.line, said.id) == (line_of(text, "    da = "), "transpose-wrong")


@pytest.mark.parametrize("halves", ["W[:, n:], W[:, :n]", "W[:, -n:], W[:, :-n]"], ids=["exchanged", "from the end"])
def test_a_helper_that_is_wrong_in_all_it_hands_out(told: Callable[[str], list[Told]], halves: str) -> None:
    """Nothing shows that it is right for others: what is wrong is told there, and not where its values are read."""
    text = IN_A_TABLE.replace(LOOP, CALLS) + HELPERS.replace("W[:, :n], W[:, n:]", halves)
    assert {one.line for one in told(text)} == {line_of(text, f"    return {halves}")}
