"""A table of functions, one a gate, in which one gate has another's derivative; and a mean behind a sum, where a sum belongs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told

from whygrad.from_code.naming.wording import shortened
from whygrad.from_code.text.small_edits import edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = edited(
    (
        "lstm_cell_backward",
        "",
        """SLOPES = {"f": lambda s: s * (1 - s), "i": lambda u: u * (1 - u), "c": lambda s: 1 - s * s, "o": lambda v: v * (1 - v)}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_prev)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    above = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * np.tanh(c_next)}
    dz, out = 0, {"dc_prev": dc * ft}
    for gate, value in zip("fico", (ft, it, cct, ot)):
        d = above[gate] * SLOPES[gate](value)
        out["dW" + gate] = d @ np.vstack([a_prev, xt]).T
        out["db" + gate] = np.sum(d, axis=1, keepdims=True)
        dz = dz + parameters["W" + gate].T @ d
    return dict(out, da_prev=dz[:n_a], dxt=dz[n_a:])""",
    )
)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("lambda s: 1 - s * s", "lambda s: s * (1 - s)", "s * (1 - s) is the derivative of a sigmoid, where that of the tanh belongs"),
        ("lambda v: v * (1 - v)", "lambda v: 1 - v * v", "1 - v * v is the derivative of the tanh, where that of a sigmoid belongs"),
    ],
    ids=["a sigmoid's", "the tanh's"],
)
def test_another_gates_derivative(told: Callable[[str], list[Told]], before: str, after: str, says: str) -> None:
    """It is called by what it is, and no term or bracket is looked for."""
    text, said = slip_told(told, CELL, before, after)
    assert (said.line, said.id, said.says) == (line_of(text, "SLOPES = "), "wrong-activation-derivative", says)


GATES = edited(
    (
        "lstm_cell_backward",
        "",
        """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_prev)
    top = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - top ** 2)
    above = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * top}
    slopes = [ft * (1 - ft), it * (1 - it), 1 - cct ** 2, ot * (1 - ot)]
    df, di, dg, do = [up * slope for up, slope in zip(above.values(), slopes)]
    stack = np.vstack([a_prev, xt]).T
    dWf, dWi, dWc, dWo = [np.dot(d, stack) for d in (df, di, dg, do)]
    dbf, dbi, dbc, dbo = [np.sum(d, axis=1, keepdims=True) for d in (df, di, dg, do)]
    Wf, Wi, Wc, Wo = [parameters[key] for key in ("Wf", "Wi", "Wc", "Wo")]
    dz = Wf.T @ df + Wi.T @ di + Wc.T @ dg + Wo.T @ do
    return {"dxt": dz[n_a:], "da_prev": dz[:n_a], "dc_prev": dc * ft, "dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo,
            "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo}""",
    )
)


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        (
            "slope for up, slope in zip(above.values(), slopes)]",
            "1 for up, slope in zip(above.values(), slopes)]",
            "df, di, dg, do =",
            "a factor is missing from up * 1: the derivative of the sigmoid that made the gate.",
        ),
        (
            "1 - cct ** 2, ot",
            "1, ot",
            "df, di, dg, do =",
            "a factor is missing from up * slope: the derivative of the tanh that made the candidate.",
        ),
        (
            "[ft * (1 - ft), it * (1 - it), 1 - cct ** 2, ot * (1 - ot)]",
            "[ft, it * (1 - it), 1 - cct ** 2, ot]",
            "slopes = ",
            "ft has ft itself in place of its derivative; the same holds for ot",
        ),
        (
            "df, di, dg, do = [up * slope for up, slope in zip(above.values(), slopes)]",
            "df, di, dg, do = above['f'], above['i'], above['c'], above['o']",
            "above = ",
            (
                "a factor is missing from dc * c_prev: the derivative of the sigmoid that made the forget gate; "
                "dc * cct, dc * it and da_next * top lack the derivative of an activation too"
            ),
        ),
    ],
    ids=["no gate has it", "one lacks it", "two have the gate", "nowhere"],
)
def test_gates_without_their_slope(told: Callable[[str], list[Told]], before: str, after: str, line: str, says: str) -> None:
    """What a comprehension makes for each gate is one mistake, at the entries that are wrong, or at the line."""
    text, said = slip_told(told, GATES, before, after)
    assert (said.line, said.says) == (line_of(text, line), says)


def test_a_mean_behind_a_sum() -> None:
    """A mean of the learner's own array is tried as a sum, and called a mean: no part of an array is looked for."""
    line = ast.parse("out = D[g].sum(axis=2).mean(axis=1)").body[0]
    means = [edit for edit in edits(line) if edit.id == "mean-for-sum"]
    assert [edit.says for edit in means] == ["a mean of D[g].sum(axis=2) stands here, where the sum belongs"]


def test_a_long_line_is_quoted_by_how_it_begins() -> None:
    """It ends with a whole word and a sign that more follows."""
    assert shortened("reduce(np.add,\n    (a for a in b))") == "reduce(np.add, (a for a in b))"
    assert shortened(f"sum({'x' * 30} + {'y' * 30} + z)") == f"sum({'x' * 30} + …"
