"""Slips in programs close to the course's: each is told once, at its line, by a name that is true of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

STYLE = "course_template"
SLIPS = {
    "zero for a carry": (
        "+ da_prevt, dc_prevt, caches[t])",
        "+ da_prevt, 0, caches[t])",
        "carry-missing",
        "0 stands in the call at the last step but one",
    ),
    "half for a start": (
        "    da_prevt = np.zeros((n_a, m))",
        "    da_prevt = np.full((n_a, m), 0.5)",
        "carry-starts-wrong",
        "da_prevt starts from np.full((n_a, m), 0.5)",
    ),
    "half for a sum": (
        "    dWf = np.zeros((n_a, n_a + n_x))",
        "    dWf = np.full((n_a, n_a + n_x), 0.5)",
        "accumulator-starts-wrong",
        "the sum over the steps for dWf starts from np.full((n_a, n_a + n_x), 0.5), not from zero",
    ),
    "another shape carried": (
        "        da_prevt = gradients['da_prev']",
        "        da_prevt = gradients['dxt']",
        "name-replaced",
        "gradients['dxt'] stands here, of shape (2, 3); what belongs here has shape (4, 3), and so line 272 raises",
    ),
    "steps in reverse order": (
        '    gradients = {"dx": dx, "da0": da0, "dWf"',
        '    gradients = {"dx": dx[:,:,::-1], "da0": da0, "dWf"',
        "input-gradient-stored-wrong",
        "dx holds the steps in reverse order, the last one first",
    ),
    "state of this step": (
        "lstm_cell_forward(x[:,:,t], a_next, c_next, parameters)",
        "lstm_cell_forward(x[:,:,t], a_next, c[:,:,t], parameters)",
        "state-not-carried",
        "nothing is stored in c[:,:,t] yet",
    ),
    "another tuple kept": (
        "        caches.append(cache)",
        "        caches.append((a_next, yt_pred))",
        "returned-otherwise",
        "but its list of caches does not hold, step by step, what rnn_cell_forward hands back as cache",
    ),
}
HELPER = "def tanh(z):\n    return {}\n\n\ndef lstm_cell_backward("


@pytest.mark.parametrize("name", SLIPS)
def test_one_slip_is_told_once_at_its_line(name: str, told: Tell) -> None:
    """Nothing that follows from it is told beside it, and no line that is right."""
    before, after, id_, part = SLIPS[name]
    text = slipped(STYLE, (before, after))
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, after), id_)
    assert part in said.says


@pytest.mark.parametrize("gives", ["(np.exp(z) - np.exp(-z)) / 2", "np.sinh(z)", "np.clip(z, -1, 1)", "z - z ** 3 / 3"])
def test_a_helper_that_is_no_tanh_is_told_at_its_line(gives: str, told: Tell) -> None:
    """The lines that call it are right, however many they are."""
    text = slipped(STYLE, ("def lstm_cell_backward(", HELPER.format(gives)))
    head, _, tail = text.partition("def tanh(z)")
    text = f"{head}def tanh(z){tail.replace('np.tanh(c_next)', 'tanh(c_next)')}"
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"    return {gives}"), "activation-wrong")
    assert said.says == f"{gives} is not the tanh of z, which belongs here"


def test_a_carry_that_is_taken_behind_the_loop(told: Tell) -> None:
    """It is told so at the line in the loop where the name adds up what goes into the call."""
    text = slipped(
        STYLE,
        (
            "        gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])\n",
            "        da_prevt = da_prevt + da[:,:,t]\n        gradients = rnn_cell_backward(da_prevt, caches[t])\n",
        ),
        ("        dxt, da_prevt, dWaxt, ", "        dxt, dWaxt, "),
        ('gradients["dxt"], gradients["da_prev"], ', 'gradients["dxt"], '),
        ("    da0 = da_prevt\n", '    da_prevt = gradients["da_prev"]\n    da0 = da_prevt\n'),
    )  # fmt: skip
    (said,) = told(text)
    behind = line_of(text, '    da_prevt = gradients["da_prev"]')
    assert "no other line of the loop gives da_prevt a value; " in said.says
    assert said.says.endswith(f"line {behind}, which gives da_prevt a new value, stands behind the loop")


OBJECTS = (
    ("import numpy as np\n", "import numpy as np\nfrom types import SimpleNamespace\n"),
    (
        "    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)\n",
        "    cache = SimpleNamespace(a=a_next, c=c_next, ap=a_prev, cp=c_prev, f=ft, i=it, g=cct, o=ot, x=xt, p=parameters)\n",
    ),
    (
        "    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache\n",
        (
            "    a_next, c_next, a_prev, c_prev = cache.a, cache.c, cache.ap, cache.cp\n"
            "    ft, it, cct, ot, xt, parameters = cache.f, cache.i, cache.g, cache.o, cache.x, cache.p\n"
        ),
    ),
    ("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "x1 = caches[0].x"),
)


@pytest.mark.slow
def test_an_object_of_another_step(told: Tell) -> None:
    """Caches that no plain data can hold: an edit of the index, in the learner's own chain, makes all right."""
    assert told(slipped(STYLE, *OBJECTS)) == []
    text = slipped(STYLE, *OBJECTS, ("dc_prevt, caches[t])", "dc_prevt, caches[t-1])"))
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (
        line_of(text, "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t-1])"),
        "slice-wrong",
        "proved",
    )


@pytest.mark.parametrize("slip", ["cp=c_next", "ap=a_next"])
def test_a_state_kept_twice_and_the_other_nowhere(slip: str, told: Tell) -> None:
    """The forward cell is to blame, whatever its fields are called: what the backward cell needs is not in the cache."""
    name = slip.partition("=")[0]
    text = slipped(STYLE, *OBJECTS).replace(f"{name}={name[0]}_prev", slip)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "    cache = SimpleNamespace("), "returned-otherwise")


def test_carries_that_are_written_into_a_copy_of_the_argument(told: Tell) -> None:
    """The copy is right; what is written into another step of it is told where it is written."""
    text = slipped(
        STYLE,
        ("    da_prevt = np.zeros((n_a, m))\n", "    da = da.copy()\n"),
        ("rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])", "rnn_cell_backward(da[:,:,t], caches[t])"),
    )
    store = "        if t > 0:\n            da[:,:,t-1] += da_prevt\n    da0 = da_prevt\n"
    text = text.replace("    da0 = da_prevt\n", store, 1)
    assert told(text) == []
    wrong = text.replace("da[:,:,t-1] += da_prevt", "da[:,:,t] += da_prevt")
    (said,) = told(wrong)
    assert (said.line, said.id) == (line_of(wrong, "da[:,:,t] += da_prevt"), "slice-wrong")
    wrong = text.replace("da[:,:,t-1] += da_prevt", "da[:,:,t-1] = da_prevt")
    (said,) = told(wrong)
    stored = line_of(wrong, "da[:,:,t-1] = da_prevt")
    assert said.id == "upstream-missing"
    assert said.says.endswith(f"without its own step's gradient: line {stored} stores that in the place of what stood there")


def test_a_carry_that_stays_at_zero_is_not_all_that_is_wrong_with_da0(told: Tell) -> None:
    """With what comes back in the cell state's carry, da0 is still another state's gradient: both lines are told."""
    handed_out = '    da0 = dc_prevt\n    ### END CODE HERE ###\n\n    gradients = {"dx": dx, "da0": da0, "dWf"'
    text = slipped(
        STYLE, ("        dc_prevt = gradients['dc_prev']\n", ""), (handed_out.replace("dc_prevt", "gradients['da_prev']"), handed_out)
    )
    assert [said.line for said in told(text)] == [line_of(text, "gradients = lstm_cell_backward"), line_of(text, "da0 = dc_prevt")]
