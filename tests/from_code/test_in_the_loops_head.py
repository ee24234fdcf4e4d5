"""Two things in the head of a loop in each other's place, beside another slip: told there, and not at the lines of the loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

PAIRS = "((parameters['Wf'], dft), (parameters['Wi'], {}), (parameters['Wc'], {}), (parameters['Wo'], dot))"
ZIP = "zip(['Wf', 'Wi', 'Wc', 'Wo'], [dft, {}, {}, dot])"
PROGRAM = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    tanh_c = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c ** 2)
    dft, dit = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)
    dcct, dot = dc * it * (1 - cct ** 2), da_next * tanh_c * ot * (1 - ot)
    concat = np.concatenate((a_prev, xt))
    da_prev, dxt = 0, 0
    for W, d in {pairs}:
        da_prev = da_prev + {weight}[:, :n_a].T @ d
        dxt = dxt + {weight}[:, n_a:].T @ d
    grads = {{"dxt": dxt, "da_prev": da_prev, "dc_prev": dc * ft}}
    for key, d in zip("fico", (dft, dit, dcct, dot)):
        grads["dW" + key], grads["db" + key] = d @ concat.T, d.sum(axis=1, keepdims=True)
    return grads
"""
HEADS = {"pairs": (PAIRS, "W"), "zip": (ZIP, "parameters[W]")}
BESIDE = {
    "a factor": ("da_next * ot * (1 - tanh_c", "da_next * (1 - tanh_c", "dc = dc_next"),
    "a sum": ("dxt = dxt + ", "dxt = ", "        dxt = "),
    "a gate": ('"dc_prev": dc * ft', '"dc_prev": dc * it', 'grads = {"dxt"'),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_both_slips_are_told_where_they_are(head: tuple[str, str], beside: tuple[str, str, str], told: Callable[[str], list[Told]]) -> None:
    """One at the head, the other at its own line."""
    pairs, weight = head
    assert not told(PROGRAM.format(pairs=pairs.format("dit", "dcct"), weight=weight))
    old, new, line = beside
    text = PROGRAM.format(pairs=pairs.format("dcct", "dit"), weight=weight).replace(old, new, 1)
    said = {one.line: one for one in told(text)}
    assert said.keys() == {line_of(text, "    for W, d in"), line_of(text, line)}
    at_head = said[line_of(text, "    for W, d in")]
    assert (at_head.id, at_head.proof) == ("name-replaced", "proved")
    assert at_head.says.endswith("stand in each other's place here")


@pytest.mark.parametrize("head", ["zip(range(T_x), reversed(caches[:T_x]))", "zip(range(T_x), caches[:T_x][::-1])"])
def test_two_that_go_opposite_ways_are_one_mistake(head: str, told: Callable[[str], list[Told]]) -> None:
    """The lines that take a step's gradient and store one are right."""
    loop = ("rnn_backward", "for t in reversed(range(T_x)):", f"for t, kept in {head}:")
    text = edited(loop, ("rnn_backward", "caches[t])", "kept)"))
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (line_of(text, "    for t, kept in zip"), "loop-wrong", "proved")


TABLE = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    th, n_a = np.tanh(c_next), a_next.shape[0]
    dc = dc_next + da_next * o * (1 - th ** 2)
    zo = da_next * th * o * (1 - o)
    zi = dc * g * i * (1 - i)
    zg = dc * i * (1 - g ** 2)
    zf = dc * c_prev * f * (1 - f)
    out, both = {"dc_prev": dc * f}, np.concatenate((a_prev, xt))
    down = np.zeros_like(both)
    for key, z in (("f", zf), ("i", zi), ("c", zg), ("o", zo)):
        out["dW" + key], out["db" + key] = z @ both.T, z.sum(axis=1, keepdims=True)
        down += parameters["W" + key].T @ z
    return {"da_prev": down[:n_a], "dxt": down[n_a:], **out}
"""


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ({'("f", zf)': '("f", zo)', '("o", zo)': '("o", zf)'}, ("    for key, z",)),
        ({"    zo = ": "    zf = ", "    zf = ": "    zo = "}, ("    zf = da_next", "    zo = dc")),
    ],
    ids=["the head", "the lines"],
)
def test_two_lines_whose_names_stand_in_the_head(
    written: dict[str, str], lines: tuple[str, ...], told: Callable[[str], list[Told]]
) -> None:
    """Where the names say what they hold it is the head that is wrong, else it is these lines."""
    assert not told(TABLE)
    text = re.sub("|".join(map(re.escape, written)), lambda found: written[found[0]], TABLE)
    assert [one.line for one in told(text)] == [line_of(text, line) for line in lines]


HELPED = """
import numpy as np

def gates(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    th = np.tanh(c_next)
    dc = dc_next + da_next * o * (1 - th ** 2)
    df, di = dc * c_prev * f * (1 - f), dc * g * i * (1 - i)
    return df, di, dc * i * (1 - g ** 2), da_next * th * o * (1 - o), dc * f, np.vstack((a_prev, xt))

def lstm_cell_backward(da_next, dc_next, cache):
    df, di, {}, dc_prev, both = gates(da_next, dc_next, cache)
    parameters = cache[9]
    down = sum(parameters["W" + key].T @ d for key, d in (("f", df), ("i", di), ("c", dg), ("o", do)))
    n_a = len(da_next)
    out = {{"da_prev": down[:n_a], "dxt": down[n_a:], "dc_prev": dc_prev}}
    for key, d in zip("fico", [df, di, {}]):
        out["dW" + key], out["db" + key] = d @ both.T, d.sum(axis=1, keepdims=True)
    return out
"""


@pytest.mark.parametrize(("unpacked", "listed", "line"), [("dg, do", "do, dg", "    for key, d"), ("do, dg", "dg, do", "    df, di, do")])
def test_what_a_helper_hands_out_and_a_table_lists(unpacked: str, listed: str, line: str, told: Callable[[str], list[Told]]) -> None:
    """Names that are called as what they hold are unpacked rightly, the table is wrong; else it is the unpacking."""
    assert not told(HELPED.format("dg, do", "dg, do"))
    text = HELPED.format(unpacked, listed)
    (said,) = told(text)
    assert (said.line, said.proof) == (line_of(text, line), "proved")


def test_names_of_one_line_behind_an_unpacking(told: Callable[[str], list[Told]]) -> None:
    """The line that reads what is unpacked under the gates' own names has them exchanged."""
    text = TABLE.replace(", f, i, g, o, xt", ", F, I, g, o, xt").replace("    th, n_a", "    f, i = {}\n    th, n_a")
    right, wrong = (text.replace("{}", read, 1) for read in ("F[:], I[:]", "I[:], F[:]"))
    assert not told(right)
    (said,) = told(wrong)
    assert said.line == line_of(wrong, "    f, i = ")


LOOP = """def lstm_backward(da, caches):
    caches, x = caches
    a, c = 0, np.zeros(da.shape[:2])
    out = {"dx": np.zeros((*x.shape[:2], da.shape[2]))}
    for t in reversed(range(da.shape[2])):
        back = lstm_cell_backward(da[:, :, t] + a, c, caches[t])
        a, c, out["dx"][:, :, t] = back["da_prev"], back["dc_prev"], back["dxt"]
        for gate in "fico":
            for kind in ("dW", "db"):
                out.setdefault(kind + gate, np.zeros_like(back[kind + gate]))
                out[kind + gate] += back[kind + gate]
    out["da0"] = a
    return out
"""


@pytest.mark.parametrize(
    ("head", "other"),
    [
        ('"fico"', '"ficoc"'), ('("dW", "db")', '("dW", "dW")'),
    ],
)  # fmt: skip
def test_what_a_loop_goes_over_twice_is_told_at_its_head_alone(head: str, other: str, told: Callable[[str], list[Told]]) -> None:
    """The lines that add up what it goes over are right, and so is the return, which misses what is left out."""
    assert not told(edited(("lstm_backward", "", LOOP)))
    text = edited(("lstm_backward", "", LOOP.replace(head, other)))
    (said,) = told(text)
    assert (said.id, said.line) == ("loop-wrong", line_of(text, other))
    assert said.says.endswith("twice")
