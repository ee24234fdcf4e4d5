"""A cell that goes through the examples one by one: a column of what is right is right, and so is a sum that is not yet whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CELL = edited(
    (
        "lstm_cell_backward",
        "",
        """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    n_x = len(xt)
    out = {"dxt": np.zeros((n_x, m)), "da_prev": np.zeros((n_a, m)), "dc_prev": np.zeros((n_a, m))}
    for kind in "fico":
        out["dW" + kind] = np.zeros((n_a, n_a + n_x))
        out["db" + kind] = np.zeros((n_a, 1))
    for e in range(m):
        f, i, g, o = ft[:, e], it[:, e], cct[:, e], ot[:, e]
        th = np.tanh(c_next[:, e])
        dc = dc_next[:, e] + da_next[:, e] * o * (1 - th ** 2)
        each = [dc * c_prev[:, e] * f * (1 - f),
                dc * g * i * (1 - i),
                dc * i * (1 - g ** 2),
                da_next[:, e] * th * o * (1 - o)]
        stack = np.hstack((a_prev[:, e], xt[:, e]))
        dz = np.zeros(n_a + n_x)
        for kind, d in zip("fico", each):
            out["dW" + kind] += np.outer(d, stack)
            out["db" + kind][:, 0] += d
            dz += np.dot(d, parameters["W" + kind])
        out["da_prev"][:, e] = dz[:n_a]
        out["dxt"][:, e] = dz[n_a:]
        out["dc_prev"][:, e] = dc * f
    return out""",
    )
)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            "np.outer(d, stack)",
            "np.outer(stack, d).reshape(n_a, n_a + n_x)",
            'out["dW" + kind] has np.outer(stack, d) not transposed',
        ),
        ("np.outer(d, stack)", "np.outer(d, stack) / m", "a division by m does not belong in np.outer(d, stack) / m"),
        ("(a_prev[:, e], xt[:, e])", "(xt[:, e], a_prev[:, e])", "xt[:, e] and a_prev[:, e] stand in each other's place"),
        ('out["dc_prev"][:, e] = dc', 'out["dc_prev"][:, 0] = dc', "out['dc_prev'][:, 0] is the same at every turn of the loop"),
    ],
    ids=["lies otherwise", "divided", "stacked otherwise", "stored in one column"],
)
def test_the_line_itself(told: Callable[[str], list[Told]], before: str, after: str, says: str) -> None:
    """It is told at its own line, and not at the line before, of which all that it makes is right for the one example."""
    text, said = slip_told(told, CELL, before, after)
    assert (said.line, said.says) == (line_of(text, after), says)


AT_ONCE = edited(
    (
        "lstm_backward",
        "",
        """def lstm_backward(da, caches):
    cells, x = caches
    n_a, m, T = da.shape
    parameters = cells[0][9]
    D = {g: np.zeros((n_a, m, T)) for g in "fico"}
    ga, gc = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        a_next, c_next, a_prev, c_prev, ft, it, cct, ot = cells[t][:8]
        gh = da[:, :, t] + ga
        dc = gc + gh * ot * (1 - np.tanh(c_next) ** 2)
        G = {"f": dc * c_prev * ft * (1 - ft), "i": dc * cct * it * (1 - it)}
        G["c"] = dc * it * (1 - cct ** 2)
        G["o"] = gh * np.tanh(c_next) * ot * (1 - ot)
        for g in "fico":
            D[g][:, :, t] = G[g]
        gc = dc * ft
        ga = sum(parameters["W" + g][:, :n_a].T @ G[g] for g in "fico")
    inputs = np.stack([np.r_[cell[2], cell[8]] for cell in cells[:T]], axis=2)
    out = {"da0": ga, "dx": sum(np.tensordot(parameters["W" + g][:, n_a:].T, D[g], 1) for g in "fico")}
    for g in "fico":
        out["dW" + g] = np.tensordot(D[g], inputs, ([1, 2], [1, 2]))
        out["db" + g] = D[g].sum(axis=(1, 2))[:, None]
    return out""",
    )
)


def test_what_is_stacked_need_not_belong_together(told: Callable[[str], list[Told]]) -> None:
    """Where nothing is found, the lines between are told from before a stack of right parts, which may be the wrong ones."""
    text, said = slip_told(told, AT_ONCE, "cell[2], cell[8]", "cell[0], cell[8]")
    ends = line_of(text, "ga = sum"), line_of(text, 'out["dW" + g] = ')
    assert said.says == 'between line {} and line {}: what comes in is right (ga), what comes out (out["dW" + g]) is not'.format(*ends)
