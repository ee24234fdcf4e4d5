"""What a line does with the memory of an array: a result written into it, whole numbers that it is made for, a copy that is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Edit = tuple[str, str, str]

CARRY = "dc_prevt = np.zeros((n_a, m), dtype)"
INTO_CARRY: Edit = ("lstm_backward", "        dc_prevt = gradients['dc_prev']", "        dc_prevt[:] = gradients['dc_prev']")
SUM = "dWax = dWax + gradients['dWax']"
SLIPS: dict[str, tuple[list[Edit], str, str, str]] = {
    "a result within an expression": (
        [("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * np.tanh(c_next, out=c_next)")],
        "ot * np.tanh(c_next, out=c_next)",
        "updated-in-place",
        "np.tanh writes what it gives into c_next here, and what c_next held before is lost",
    ),
    "a result by its place": (
        [("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * np.tanh(c_next, c_next)")],
        "ot * np.tanh(c_next, c_next)",
        "updated-in-place",
        "np.tanh writes what it gives into c_next here, and what c_next held before is lost",
    ),
    "a result with a name": (
        [("lstm_cell_forward", "    c_next = ft * c_prev +", "    c_next = np.multiply(ft, c_prev, out=ft) +")],
        "c_next = np.multiply",
        "updated-in-place",
        "np.multiply writes what it gives into ft here, and what ft held before is lost",
    ),
    "whole numbers": (
        [("lstm_backward", CARRY, "dc_prevt = np.zeros((n_a, m), dtype=int)"), INTO_CARRY],
        "dc_prevt = np.zeros((n_a, m), dtype=int)",
        "whole-numbers",
        "dc_prevt is made for whole numbers here, and what belongs into it has a fraction",
    ),
    "whole numbers by their place": (
        [("lstm_backward", CARRY, "dc_prevt = np.zeros((n_a, m), int)"), INTO_CARRY],
        "dc_prevt = np.zeros((n_a, m), int)",
        "whole-numbers",
        "dc_prevt is made for whole numbers here, and what belongs into it has a fraction",
    ),
    "whole numbers among which what is made stands": (
        [("lstm_cell_backward", "    dc = dc_next", "    dc = np.zeros_like(dc_next, dtype=int)\n    dc[:] = dc_next")],
        "dc = np.zeros_like",
        "whole-numbers",
        "dc is made for whole numbers here, and what belongs into it has a fraction",
    ),
    "whole numbers to which something is added": (
        [("lstm_cell_backward", "    dc = dc_next", "    dc = np.zeros(dc_next.shape, dtype=int)\n    dc += dc_next")],
        "dc = np.zeros",
        "whole-numbers",
        "dc is made for whole numbers here, and what belongs into it has a fraction, and so line {} raises UFuncTypeError",
    ),
    "an argument that is added to": (
        [("lstm_cell_backward", "    dc = dc_next", "    dc_next = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)\n    dc = dc_next")],
        "dc_next = dc_next",
        "updated-in-place",
        "dc_next gets another value here, and a line below needs the one that it came with",
    ),
    "an argument that is multiplied": (
        [("lstm_cell_backward", "    dot = da_next", "    da_next = da_next * ot\n    dot = da_next")],
        "da_next = da_next * ot",
        "updated-in-place",
        "da_next gets another value here, and a line below needs the one that it came with",
    ),
    "a copy": (
        [("rnn_backward", SUM, "dWax.flatten()[:] += gradients['dWax'].flatten()")],
        "dWax.flatten()[:]",
        "left-at-zero",
        "dWax.flatten() is a copy, and what is stored in it never comes to dWax",
    ),
}


@pytest.mark.parametrize("name", list(SLIPS))
def test_the_line_that_does_it_is_told(name: str, told: Callable[[str], list[Told]]) -> None:
    """And not those that read what is wrong since then."""
    edits, line, id_, says = SLIPS[name]
    text = edited(*edits)
    (said,) = told(text)
    assert (said.id, said.proof, said.says) == (id_, "proved", says.format(said.line + 1))
    assert said.line == line_of(text, line)


SLOPE = "def slope(s):\n    {}\n    return s\n\n\ndef lstm_cell_backward"
OF_GATES: list[Edit] = [("lstm_cell_backward", f"{gate} * (1 - {gate})", f"slope({gate})") for gate in ("it", "ft", "ot")]
BESIDE: Edit = ("lstm_cell_backward", "dcct = dc * it", "dcct = dc * ft")


@pytest.mark.parametrize("line", ["s *= 1 - s", "s[:] = s * (1 - s)", "np.multiply(s, 1 - s, out=s)"])
def test_a_helper_that_changes_what_it_is_given_is_told_once(line: str, told: Callable[[str], list[Told]]) -> None:
    """And not the lines behind its calls, which are right; what is wrong beside it is told too."""
    edits = [*OF_GATES, ("lstm_cell_backward", "def lstm_cell_backward", SLOPE.format(line))]
    text, both = edited(*edits), edited(BESIDE, *edits)
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("updated-in-place", "proved", line_of(text, line))
    assert "so is what slope was given" in said.says
    assert [one.line for one in told(both)] == [line_of(both, line), line_of(both, BESIDE[2])]


def test_a_helper_that_changes_its_first_argument_in_a_loop(told: Callable[[str], list[Told]]) -> None:
    """The call of it is right."""
    helper = "def times(d, *fs):\n    for f in fs:\n        d *= f\n    return d\n\n\ndef lstm_cell_backward"
    dcct = ("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = times(dc, it, 1 - cct ** 2)")
    text = edited(dcct, ("lstm_cell_backward", "def lstm_cell_backward", helper))
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("updated-in-place", "proved", line_of(text, "        d *= f"))


RIGHT: dict[str, Edit] = {
    "a result into what is read no more": (
        "lstm_cell_forward",
        "sigmoid(np.dot(Wf, concat) + bf)",
        "sigmoid(np.add(z := np.dot(Wf, concat), bf, out=z))",
    ),
    "a carry that is filled": INTO_CARRY,
    "an argument that gets its sum": ("lstm_cell_backward", "    dc = dc_next + da_next", "    dc = dc_next = dc_next + da_next"),
    "a view": ("rnn_backward", SUM, "dWax.ravel()[:] += gradients['dWax'].flatten()"),
}


@pytest.mark.parametrize("name", list(RIGHT))
def test_it_does_no_harm_by_itself(name: str, told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of those."""
    assert not told(edited(RIGHT[name]))


STACKED = """import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    n_a, m = a_next.shape
    th = np.tanh(c_next)
    dc = dc_next + da_next * o * (1 - th ** 2)
    Z = np.zeros((4, n_a, m){dtype})
    Z[0], Z[1] = dc * c_prev, dc * g
    Z[2] = dc * i
    Z[3] = da_next * th
    {slopes}
    rows = Z.reshape(4 * n_a, m)
    inputs = np.vstack((a_prev, xt, np.ones((1, m))))
    whole = rows @ inputs.T
    down = np.vstack([parameters["W" + key] for key in "fico"]).T @ rows
    out = {{"da_prev": down[:n_a], "dxt": down[n_a:], "dc_prev": dc * f}}
    for key, part in zip("fico", np.split(whole, 4)):
        out["dW" + key], out["db" + key] = part[:, :-1], part[:, -1:]
    return out
"""
ANEW = "Z = np.stack((f * (1 - f), i * (1 - i), 1 - g ** 2, o * (1 - o))) * Z"
STORED = "Z[...] = np.stack((f * (1 - f), i * (1 - i), 1 - g ** 2, o * (1 - o))) * Z"
CHANGED = "Z *= np.stack((f * (1 - f), i * (1 - i), 1 - g ** 2, o * (1 - o)))"


@pytest.mark.parametrize("slopes", [ANEW, STORED])
def test_whole_numbers_of_which_all_is_made(slopes: str, told: Callable[[str], list[Told]]) -> None:
    """It is one mistake, at the line that makes the array, though all that comes of it is zero."""
    assert not told(STACKED.format(dtype="", slopes=slopes))
    text = STACKED.format(dtype=", dtype=int", slopes=slopes)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "    Z = np.zeros"), "whole-numbers")


def test_whole_numbers_that_cannot_be_changed(told: Callable[[str], list[Told]]) -> None:
    """NumPy complains at the line that adds or multiplies; which line made the array is told with it."""
    assert not told(STACKED.format(dtype="", slopes=CHANGED))
    text = STACKED.format(dtype=", dtype=int", slopes=CHANGED)
    (said,) = told(text)
    assert said.line == line_of(text, "    Z *= ")
    made = line_of(text, "    Z = np.zeros")
    assert said.says.endswith(f"Z holds whole numbers, as line {made} makes it, and what is to be put there has a fraction")


def test_ones_to_which_everything_is_added(told: Callable[[str], list[Told]]) -> None:
    """The line that makes them is wrong, and not the first that adds to them."""
    old = "    da_prev = np.dot(Wf[:, :n_a].T, dft) + "
    new = "    da_prev = np.{made}((n_a, da_next.shape[1]))\n    da_prev += np.dot(Wf[:, :n_a].T, dft)\n    da_prev += "
    assert not told(edited(("lstm_cell_backward", old, new.format(made="zeros"))))
    text = edited(("lstm_cell_backward", old, new.format(made="ones")))
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "    da_prev = np.ones"), "accumulator-starts-wrong")
