"""Slips that blind sets of notebooks showed to be told without a name, at another line, or as several."""

from __future__ import annotations

import pytest
from code_answer import examined
from slipping import line_of, slipped

WF = "    dxt = np.dot(parameters['Wf'][:, n_a:].T, dft)"
UNPACKED = (
    "    Wf, Wc, Wi, Wo = parameters['Wf'], parameters['Wi'], parameters['Wc'], parameters['Wo']\n    da_prev = np.dot(Wf[:, :n_a].T, dft) "
    "+ np.dot(Wi[:, :n_a].T, dit) + np.dot(Wc[:, :n_a].T, dcct) + np.dot(Wo[:, :n_a].T, dot) #"
)
DXT = "    dxt = np.dot(Wf[:, n_a:].T, dft) + np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct) + np.dot(Wo[:, n_a:].T, dot) #"
CASES = [
    ([("dWf = np.zeros((n_a, n_a + n_x))", "dWf = np.zeros((n_a + n_x, n_a))")], [("dWf = np.zeros((n_a + n_x", "wrong-size")]),
    ([("    dc_prev = dc_next * ft", "    dc_prev = np.zeros(c_prev.shape) # dc_next * ft")],
     [("dc_prev = np.zeros(c_prev", "left-at-zero")]),
    ([("gradients = lstm_cell_backward(da[:,:,t] + da_prevt", "gradients = lstm_cell_backward(da[:,:,t] + da_prevt"),
      ("        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", "")],
     [("gradients = lstm_cell_backward(da[:,:,t]", "carry-missing")]),
    ([("gradients = lstm_cell_backward(", "gradients = rnn_cell_backward(")],
     [("gradients = rnn_cell_backward(da[:,:,t] + da_prevt, d", "raises")]),
    ([("    da_prev = np.dot(parameters['Wf']", UNPACKED + "np.dot(parameters['Wf']"), (WF, DXT)],
     [("Wf, Wc, Wi, Wo = ", "gate-swapped")]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "told"), CASES, ids=lambda one: one[0][0][:25])
def test_each_slip_is_told_once_at_its_line(edits: list[tuple[str, str]], told: list[tuple[str, str]]) -> None:
    """Line and id of all that is told."""
    text = slipped("course_template", *edits)
    assert [(one.line, one.id) for one in examined(text).findings] == [(line_of(text, part), id_) for part, id_ in told]


def test_a_sum_is_lost_behind_the_call_of_another_cell() -> None:
    """With the right cell called, what else is wrong shows."""
    call = ("gradients = lstm_cell_backward(", "gradients = rnn_cell_backward(")
    text = slipped("course_template", call, ("dbc = dbc + gradients['dbc']", "dbc = gradients['dbc']"))
    first, second = examined(text).findings
    assert (first.line, first.id) == (line_of(text, "gradients = rnn_cell_backward(da[:,:,t] + da_prevt, d"), "raises")
    assert (second.line, second.id) == (line_of(text, "dbc = gradients['dbc']"), "overwritten-not-summed")


def test_a_name_that_is_left_at_none_is_told_where_it_is() -> None:
    """And not at the line that adds to it."""
    text = slipped("course_template", ("    da_prev = np.dot(parameters['Wf'][:, :n_a].T, dft) +", "    da_prev = None\n    da_prev +="))
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, "da_prev = None"), "raises", "proved")


@pytest.mark.parametrize("left", ["da_prevt = None", "dc_prevt = None", "dc_prevt, done = None, t", "dc_prevt: np.ndarray = None"])
def test_a_carry_that_the_loop_leaves_at_none_is_told_where_it_does(left: str) -> None:
    """It starts with zeros before the loop, and the call of the cell raises at the second turn."""
    carry = f"{left[:8]} = gradients['{left[:7]}']"
    text = slipped("course_template", (carry, left))
    (said,) = examined(text).findings
    assert said.line == line_of(text, left)


def test_a_stack_that_is_filled_wrongly_is_told_beside_another_slip() -> None:
    """Four gates read it, and what is wrong behind it reads it not."""
    filled = "    concat = np.zeros((n_a + n_x, m))\n    concat[:n_a, :] = a_prev\n    concat[:n_x, :] = xt\n"
    text = slipped("course_template", ("    c_next = ft * c_prev + it * cct", "    c_next = ft * (c_prev + it * cct)"))
    at = text.index("    concat", text.index("def lstm_cell_forward"))
    end = text.index("\n\n", at)
    text = text[:at] + filled + text[end + 1 :]
    said = [(one.line, one.id) for one in examined(text).findings]
    assert said == [(line_of(text, "concat[:n_x, :] = xt"), "stack-wrong"), (line_of(text, "c_next = ft * (c_prev"), "bracket-moved")]


def test_the_last_caches_in_place_of_the_first_are_no_right_answer() -> None:
    """Caches of the learner's own layout too are more than the gradients that come in."""
    own = (
        "(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)",
        "(c_next, a_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)",
    )
    text = slipped("course_template", ("caches[t])\n        da_prevt", "caches[t])\n        da_prevt")).replace(*own)
    text = text.replace("(a1, c1, a0, c0, f1", "(c1, a1, a0, c0, f1")
    assert not examined(text).wrong
    late = text.replace("dc_prevt, caches[t])", "dc_prevt, caches[t - T_x])")
    assert late != text
    assert examined(late).wrong == {"lstm_backward"}


def test_a_power_in_place_of_a_product_is_named() -> None:
    """Both are functions of two arrays."""
    text = slipped("numpy_functions", ("np.multiply(", "np.power("))
    assert {one.id for one in examined(text).findings} == {"operator-replaced"}


def test_a_sum_that_is_given_to_the_name_of_an_argument_is_told_there() -> None:
    """The lines below go on with the name that lacks it."""
    before = "    dot = da_next * np.tanh(c_next) * ot * (1 - ot)\n"
    made = "    dc = ot * (1 - np.square(np.tanh(c_next))) * da_next\n"
    text = slipped(
        "course_template",
        (before, before + made + "    dc_next = dc + dc_next\n"),
        ("(dc_next * it + ot * (1 - np.square(np.tanh(c_next))) * it * da_next)", "dc * it"),
        ("(dc_next * cct + ot * (1 - np.square(np.tanh(c_next))) * cct * da_next)", "dc * cct"),
        ("(dc_next * c_prev + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next)", "dc * c_prev"),
        ("dc_next * ft + ot * (1 - np.square(np.tanh(c_next))) * ft * da_next", "dc * ft"),
    )
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, "dc_next = dc + dc_next"), "name-replaced", "proved")


def test_a_result_that_is_taken_before_the_loop_is_told_there() -> None:
    """What it is made of holds it only when the loop is done."""
    late = "    # first state\n    da0 = gradients['da_prev']\n"
    loop = "    for t in reversed(range(T_x)):\n        gradients = lstm_cell_backward("
    text = slipped("course_template", (late, ""), (loop, "    da0 = da_prevt.copy()\n" + loop))
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, "da0 = da_prevt.copy()"), "left-at-zero")
