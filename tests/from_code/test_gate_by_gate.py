"""Gates kept in a table and gone through in a loop are judged as those with a name each: the loop's lines are right."""

from __future__ import annotations

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
