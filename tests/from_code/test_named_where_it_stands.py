"""Slips that are found by the value of one line: told at that line, with the name of the mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import Slip, edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


SLOPE = "def dtanh(u):\n    return 1 - u ** 2\n\ndef lstm_cell_backward("
HELPER = ("lstm_cell_backward", "def lstm_cell_backward(", SLOPE)
KEYS = ("dxt", "da_prev", "dc_prev", "dWf", "dbf", "dWi", "dbi", "dWc", "dbc", "dWo", "dbo")
TABLE = (
    "lstm_cell_backward",
    "gradients = {" + ", ".join(f"'{key}': {key}" for key in KEYS) + "}",
    "\n    ".join(("gradients = {}", *(f"gradients['{key}'] = {key}" for key in KEYS))),
)
"""The dictionary filled key by key."""
GATES = tuple(
    ("lstm_cell_backward", f"d{name} = {made} * ", f"d{letter} = {made}\n    d{name} = d{letter} * ")
    for name, letter, made in (
        ("ft", "f", "dc * c_prev"),
        ("it", "i", "dc * cct"),
        ("cct", "g", "dc * it"),
        ("ot", "o", "da_next * np.tanh(c_next)"),
    )
)
"""Each gate's gradient in two lines."""
SLOPES = tuple(
    ("lstm_cell_backward", f"{whole} * {slope}", f"{whole} * {name}")
    for whole, slope, name in (
        ("dft = dc * c_prev", "ft * (1 - ft)", "sig_f"),
        ("dit = dc * cct", "it * (1 - it)", "sig_i"),
        ("dcct = dc * it", "(1 - cct ** 2)", "tan_g"),
    )
)
MADE_BEFORE = (
    ("lstm_cell_backward", "    dc = ", "    sig_f = ft * (1 - ft)\n    sig_i = it * (1 - it)\n    tan_g = 1 - cct ** 2\n    dc = "),
    *SLOPES,
)
"""The derivatives of the activations in lines of their own."""
UPSTREAM = (
    "rnn_backward",
    "gradients = rnn_cell_backward(da[:, :, t] + da_prevt, ",
    "upstream = da[:, :, t].copy()\n        upstream += da_prevt\n        gradients = rnn_cell_backward(upstream, ",
)
LATER = (
    (
        "lstm_forward",
        "a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, ",
        "a_new, c_next, yt, cache = lstm_cell_forward(x[:, :, t], at, ",
    ),
    ("lstm_forward", "a_next = a0", "at = a0"),
    ("lstm_forward", "a[:, :, t] = a_next", "a[:, :, t] = a_new\n        at = a_new"),
)
CALL = "a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"
BEFORE = "c_prev = np.zeros((n_a, m)) if t == 0 else c[:, :, t - 1]\n        "
FROM_THE_ARRAY = ("lstm_forward", CALL, BEFORE + CALL.replace("a_next, c_next, par", "a_next, c_prev, par"))
"""A cell state that is read from where the step before was stored."""
RETURN = "return (a, y, a, caches)"
DX = "        dx[:, :, t] = gradients['dxt']\n        dWax"
CARRIED = f"        da_prevt = gradients['da_prev']\n{DX}"
SLIPS = [
    Slip(
        (TABLE,), "dWc = np.dot(dcct, ", "dWc = np.dot(dft, ", "dWc = np.dot(dft, ",
        "gate-swapped", "what belongs to the forget gate stands in dWc.",
    ),
    Slip(
        GATES, "dot = do * ot * (1 - ot)", "dot = do * cct * (1 - ot)", "dot = do * cct",
        "name-replaced", "a wrong name stands in dot: cct (the candidate) in place of the output gate.",
    ),
    Slip(
        GATES, "dot = do * ot * (1 - ot)", "dot = do * ot", "dot = do * ot",
        "factor-dropped", "a factor is missing from dot: a part of the derivative of the output gate.",
    ),
    Slip(
        MADE_BEFORE, "dcct = dc * it * tan_g", "dcct = dc * ot * tan_g", "dcct = dc * ot",
        "gate-swapped", "dcct has ot where another value belongs",
    ),
    Slip(
        (UPSTREAM,), CARRIED, DX,
        "upstream += ", "carry-missing",
        "the call at the last step but one is given only its own step's gradient: da_prevt is still zero there",
    ),
    Slip(
        LATER, "x[:, :, t], at, ", "x[:, :, t], a0, ", "a_new, c_next", "state-not-carried",
        "the call at step 1 is given the start value once more: it reads a0, and no line reads at",
    ),
    Slip(
        (HELPER, ("lstm_cell_backward", "ot * (1 - np.tanh(c_next) ** 2)", "ot * dtanh(np.tanh(c_next))")),
        "return 1 - u ** 2", "return u ** 2", "return u ** 2", "wrong-activation-derivative", "u ** 2 stands without the one minus",
    ),
    Slip(
        (HELPER, ("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * dtanh(cct)")),
        "dtanh(cct)", "dtanh(np.tanh(cct))", "dcct = ", "activation-wrong", "np.tanh(cct) has a np.tanh too many",
    ),
    Slip(
        (FROM_THE_ARRAY,), "c[:, :, t] = c_next", "a[:, :, t] = c_next", "a[:, :, t] = c_next", "output-stored-wrong",
        "what belongs into c is stored in a[:, :, t] here: c stays as it is made at line 65",
    ),
    Slip((), "return (a, y, c, caches)", RETURN, RETURN, "returned-wrong", "the name a is returned here, where c belongs"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after)
def test_it_is_told_there(told: Tell, slip: Slip) -> None:
    """The form without the slip is right."""
    text, said = slip_told(told, edited(*slip.right), slip.before, slip.after)
    assert (said.line, said.id, said.says) == (line_of(text, slip.line), slip.id, slip.says)


def test_a_sign_and_a_bracket(told: Tell) -> None:
    """Either alone is told as what it is; both are told where neither of them alone makes the line right."""
    right = "dc_prev = dc_next * ft + ot * (1 - np.tanh(c_next) ** 2) * ft * da_next"
    sign, bracket = right.replace("ft + ot", "ft - ot"), right.replace("** 2) * ft * da_next", "** 2 * ft * da_next)")
    said = [told(edited(("lstm_cell_backward", "dc_prev = dc * ft", line))) for line in (right, sign, bracket, bracket.replace("+", "-"))]
    assert [[one.id for one in ones] for ones in said[:3]] == [[], ["sign-flipped"], ["bracket-moved"]]
    assert [one.says for one in said[3]] == ["dc_prev has two slips: a - where another operator belongs, and its brackets in another place"]


def test_a_line_that_reads_another_name_hides_the_line_before(told: Tell) -> None:
    """What its own name held is made wrongly too, and nobody reads it: two lines, each with its own slip."""
    sign, name = "dft = dc_next * c_prev - da_next * ot * (1 - np.tanh(c_next) ** 2) * c_prev", "dft = dit * ft * (1 - ft)"
    text = edited(
        ("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct"),
        ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", f"{sign}\n    {name}\n    dit = dit * it * (1 - it)"),
    )
    assert [(one.line, one.id) for one in told(text)] == [(line_of(text, sign), "sign-flipped"), (line_of(text, name), "gate-swapped")]
