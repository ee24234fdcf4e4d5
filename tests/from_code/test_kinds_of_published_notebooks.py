"""Slips as notebooks have them that were told at another line, as something else, or as several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

DTANH = "    dtanh = (1 - a_next ** 2) * da_next\n"
SUMS = "        dWax += dWaxt\n        dWaa += dWaat\n        dba += dbat\n"
CALL = "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])\n"
LOOP = "    for t in reversed(range(T_x)):\n        gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])\n"
INTO_THE_STEP_BEFORE = (
    "    local = np.array(da)\n    for t in reversed(range(T_x)):\n        gradients = rnn_cell_backward(local[:,:,t], caches[t])\n"
    "        if t > 0:\n            local[:,:,t - 1] += gradients['da_prev']\n"
)
LAST = '    da0 = da_prevt\n    ### END CODE HERE ###\n\n    gradients = {"dx": dx, "da0": da0, "dWax"'
SIGNS = [
    ("    dot = da_next * np.tanh(c_next) * ot * (1 - ot)\n", "    tc = np.tanh(c_next)\n    dot = da_next * tc * ot * (ot - 1)\n"),
    ("    dit = (dc_next * cct + ot * (1 - np.square(np.tanh(c_next))) * cct * da_next) * it * (1 - it)\n",
     "    dC = dc_next + ot * (1 - np.square(np.tanh(c_next))) * da_next\n    dit = dC * cct * it * (it - 1)\n"),
    ("    dft = (dc_next * c_prev + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next) * ft * (1 - ft)\n",
     "    dft = dC * c_prev * ft * (ft - 1)\n"),
]  # fmt: skip
SLIPS = {
    "an array of ones": (
        [(DTANH, "    ones = np.ones(a_next.shape)\n    dtanh = (ones - a_next) * da_next\n")],
        [("dtanh = (ones - a", "wrong-activation-derivative", "lacks the square")],
    ),
    "lines that are wrong alike": (SIGNS, [("dot = da_next * tc", "sign-flipped", "the same holds for dit (line ")]),
    "filled anew": ([("dWf = dWf + gradients['dWf']", "dWf[...] = gradients['dWf']")], [("dWf[...] =", "overwritten-not-summed", "anew")]),
    "copied": (
        [(CALL, f"        up = da[:,:,t]\n        up = up.copy()\n{CALL.replace('da[:,:,t] + da_prevt', 'up')}")],
        [("up = da[:,:,t]", "carry-missing", "only its own step's gradient")],
    ),
    "copied, of a product": (
        [(CALL, f"        up = da[:,:,t] * da_prevt\n        up = np.copy(up)\n{CALL.replace('da[:,:,t] + da_prevt', 'up')}")],
        [("up = da[:,:,t] *", "operator-replaced", "up has a * where another operator belongs")],
    ),
    "a slice is no key": (
        [("        da_prevt = gradients['da_prev']\n", "        da_prevt[:] = gradients['da_prev']\n"),
         ('gradients = {"dx": dx, "da0": da0, "dWf"', 'gradients = {"dx": dx, "dWf"')],
        [('gradients = {"dx": dx, "dWf"', "returned-wrong", "nothing under the key da0")],
    ),
    "a copy of all steps": (
        [(LOOP, INTO_THE_STEP_BEFORE.replace("local[:,:,t - 1] +=", "local[:,:,t] +="))],
        [("local[:,:,t] +=", "slice-wrong", "takes another part")],
    ),
    "a condition in the loop": (
        [(LOOP, INTO_THE_STEP_BEFORE.replace("t > 0", "t > 1"))], [("if t > 1", "loop-wrong", "this condition leaves out turns")],
    ),
    "a sum that is rebound": (
        [(SUMS, "        for held, key in ((dWax, 'dWax'), (dWaa, 'dWaa'), (dba, 'dba')):\n            held = held + gradients[key]\n")],
        [("held = held +", "left-at-zero", "held gets a new array here")],
    ),
    "divided in a loop over names": (
        [(LAST, f"    for one in (dWax, dWaa, dba):\n        one /= m\n{LAST}")],
        [("one /= m", "factor-added", "one has a factor too many: one is right before this line")],
    ),
    "divided side by side": (
        [(LAST, f"    dWax, dWaa = dWax / m, dWaa / m\n{LAST}")],
        [("dWax, dWaa = dWax / m", "mean-for-sum", "by the number of examples does not belong in dWax; the same holds for dWaa")],
    ),
    "under another's key": (
        [('gradients = {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}',
          'gradients = {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dbat}')],
        [('gradients = {"dx": dx, "da0": da0, "dWax"', "name-replaced", "dbat stands under the key dba, and not what is called so")],
    ),
    "given twice": (
        [("da_prevt, dc_prevt, caches[t])", "da_prevt, da_prevt, caches[t])")],
        [("gradients = lstm_cell_backward(da", "call-argument-wrong", "da_prevt is given to this call of lstm_cell_backward twice")],
    ),
    "a sum given twice": (
        [("da_prevt, dc_prevt, caches[t])", "da_prevt, da[:,:,t] + da_prevt, caches[t])")],
        [("gradients = lstm_cell_backward(da", "call-argument-wrong", "da[:,:,t] + da_prevt is given to this call of lstm_cell")],
    ),
    "never set, and asked for its shape": (
        [("dc_prevt, caches[t])", "dc_prevt, caches[t], dc_prevt.shape[0])"), ("        dc_prevt = gradients['dc_prev']\n", ""),
         ("def lstm_cell_backward(da_next, dc_next, cache):", "def lstm_cell_backward(da_next, dc_next, cache, n=0):")],
        [("gradients = lstm_cell_backward(da", "carry-missing", "dc_prevt is still zero in the call")],
    ),
    "zeros like the carry": (
        [("da_prevt, dc_prevt, caches[t])", "da_prevt, np.zeros_like(da_prevt), caches[t])")],
        [("gradients = lstm_cell_backward(da", "carry-missing", "np.zeros_like(da_prevt) is zero in the call")],
    ),
    "given twice where the other has a start": (
        [("x[:,:,t], a_next, c_next", "x[:,:,t], c_next, c_next")],
        [("a_next, c_next, yt, cache = lstm_cell_f", "call-argument-wrong", "c_next is given to this call of lstm_cell_forward twice")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_it_is_told_as_what_it_is(told: Tell, slip: str) -> None:
    """At its line, and nothing else is told."""
    edits, expected = SLIPS[slip]
    text = slipped("course_template", *edits)
    said = told(text)
    assert [(one.line, one.id) for one in said] == [(line_of(text, part), id_) for part, id_, _ in expected]
    assert all(words in one.says for one, (_, _, words) in zip(said, expected, strict=True))


def test_what_a_forward_cell_stores_among_whole_numbers_is_lost(told: Tell) -> None:
    """The line that makes the array is told, whatever is written into it."""
    stacked = "    concat = np.zeros((n_a + n_x, m), dtype=int)\n    concat[:n_a] = a_prev\n    concat[n_a:] = xt\n"
    text = slipped("course_template")
    at = text.index("    concat", text.index("def lstm_cell_forward"))
    text = text[:at] + stacked + text[text.index("\n\n", at) + 1 :]
    (said,) = told(text)
    assert said.line == line_of(text, "concat = np.zeros")
    assert said.says.startswith("concat is made for whole numbers here")


def test_a_loop_that_gives_a_returned_name_another_value_is_named(told: Tell) -> None:
    """Its line is in the sentence."""
    text = slipped("course_template", ("    caches = (caches, x)\n", "    for a in caches:\n        pass\n    caches = (caches, x)\n"))
    (said,) = told(text)
    assert said.says == f"the loop in line {line_of(text, 'for a in caches')} gives a another value, and that is returned here"


def test_a_program_that_adds_to_the_step_before_is_right(told: Tell) -> None:
    """In a copy of all upstream gradients."""
    assert not told(slipped("course_template", (LOOP, INTO_THE_STEP_BEFORE)))
    assert not told(slipped("course_template", (LOOP, LOOP.replace("da_prevt, caches", "da_prevt.copy(), caches"))))
