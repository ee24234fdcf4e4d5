"""Names that get each other's entries of the cache: told once, at the line that unpacks, whatever the names and the way of unpacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told as One

    Told = Callable[[str], list[One]]
    Unpack = Callable[[list[str]], str]

RNN = """import numpy as np

def rnn_cell_backward(da_next, cache):
    {unpack}
    d = da_next * (1 - {0}**2)
    return {{"dxt": {3}["Wax"].T.dot(d), "da_prev": {3}["Waa"].T.dot(d), "dWax": d.dot({2}.T),
            "dWaa": d.dot({1}.T), "dba": d.sum(1)[:, np.newaxis]}}
"""

LSTM = """import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    {unpack}
    n_a, th = {2}.shape[0], np.tanh({1})
    dc = dc_next + da_next * {7} * (1 - th ** 2)
    df = dc * {3} * {4} * (1 - {4})
    di = dc * {6} * {5} * (1 - {5})
    dg = dc * {5} * (1 - {6} ** 2)
    do = da_next * th * {7} * (1 - {7})
    z = np.concatenate([{2}, {8}])
    dz = sum({9}["W" + k].T.dot(d) for k, d in zip("fico", (df, di, dg, do)))
    grads = {{"da_prev": dz[:n_a], "dxt": dz[n_a:], "dc_prev": dc * {4}}}
    for k, d in zip("fico", (df, di, dg, do)):
        grads["dW" + k], grads["db" + k] = d.dot(z.T), d.sum(1, keepdims=True)
    return grads
"""


def tuple_(names: list[str]) -> str:
    """One line, several names."""
    return f"{', '.join(names)} = cache"


def subscripts(names: list[str]) -> str:
    """One line, an entry for each name."""
    return f"{', '.join(names)} = {', '.join(f'cache[{n}]' for n in range(len(names)))}"


def lines(names: list[str]) -> str:
    """A line for each."""
    return "\n    ".join(f"{name} = cache[{n}]" for n, name in enumerate(names))


SHORT = ["a", "c", "h0", "c0", "f", "i", "g", "o", "x", "p"]
CASES = [
    (RNN, ["neu", "alt", "ein", "p"], (0, 1), tuple_),
    (RNN, ["a", "a_prev", "x", "p"], (0, 1), subscripts),
    (RNN, ["a", "h0", "x", "p"], (1, 2), tuple_),
    (LSTM, ["a", "c", "a_prev", "c_prev", "f", "i", "g", "o", "x", "p"], (1, 3), tuple_),
    (LSTM, ["a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters"], (5, 6), tuple_),
    (LSTM, ["h", "s", "h0", "s0", "v1", "v2", "v3", "v4", "ein", "w"], (4, 7), subscripts),
    (LSTM, ["h", "s", "h0", "s0", "v1", "v2", "v3", "v4", "ein", "w"], (2, 7), lines),
]


@pytest.mark.parametrize(("text", "names", "pair", "unpack"), CASES)
def test_exchanged_names_are_told_where_they_are_unpacked(
    text: str, names: list[str], pair: tuple[int, int], unpack: Unpack, told: Told
) -> None:
    """Both names, once; so it is where the exchange makes the function raise."""
    wrong, (one, other) = list(names), pair
    wrong[one], wrong[other] = names[other], names[one]
    assert not told(text.format(*names, unpack=unpack(names)))
    (said,) = told(text.format(*names, unpack=unpack(wrong)))
    assert said.id in {"name-replaced", "gate-swapped"}
    assert said.proof == "proved"
    assert said.line == (4 + one if unpack is lines else 4)
    assert {names[one], names[other]} <= set(said.says.replace(",", " ").split())
    assert (f"line {4 + other}" in said.says) == (unpack is lines)


def test_exchanged_weights_raise_and_are_told_where_they_are_unpacked(told: Told) -> None:
    """The error comes later, at a line that is right."""
    (said,) = told(RNN.format("a", "b", "x", "p", unpack="a, b, p, x = cache"))
    assert (said.line, said.proof) == (4, "proved")
    assert said.says.startswith("x and p are unpacked here in another order") or said.says.startswith("p and x are unpacked here")
    assert "and so line 6 raises" in said.says


@pytest.mark.parametrize("names", [SHORT, ["h", "s", "h_alt", "s_alt", "v1", "v2", "v3", "v4", "ein", "w"]])
def test_a_name_that_one_line_alone_reads_is_told_where_it_is_read(names: list[str], told: Told) -> None:
    """The other order of unpacking would do as well, and nothing else speaks for it."""
    text = LSTM.format(*names, unpack=tuple_(names)).replace(f"concatenate([{names[2]}", f"concatenate([{names[0]}")
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (11, "name-replaced", "proved")
    assert said.says == f"{'the name ' if names[0] == 'a' else ''}{names[0]} stands where another value belongs"


def test_beside_another_slip(told: Told) -> None:
    """The exchange and the slip, and nothing that follows from the exchange."""
    text = LSTM.format(*SHORT, unpack="a, c, h0, c0, f, g, i, o, x, p = cache").replace("d.sum(1", "-d.sum(1")
    assert [(said.line, said.proof) for said in told(text)] == [(4, "proved"), (15, "proved")]


def test_a_name_that_gets_the_entry_of_another_one(told: Told) -> None:
    """The line that takes it is told, not the one that reads it."""
    (said,) = told(RNN.format("h", "b", "x", "p", unpack="h, b, x, p = cache[0], cache[0], cache[2], cache[3]"))
    assert (said.line, said.id, said.proof) == (4, "name-replaced", "proved")


def test_lines_in_each_others_place_below_names_that_say_what_they_hold(told: Told) -> None:
    """What is unpacked is called rightly, so it is not the unpacking that is wrong."""
    text = RNN.format("a_next", "a_prev", "xt", "parameters", unpack="a_next, a_prev, xt, parameters = cache")
    text = text.replace("d.dot(xt.T)", "d.dot(a_prev.T)", 1).replace('"dWaa": d.dot(a_prev.T)', '"dWaa": d.dot(xt.T)')
    assert all(said.line != 4 for said in told(text))
