"""A line that takes a cache or weights apart by names that say so is right: wrong uses of these names are told, and not that line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

CELL = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    d_o, d_f = da_next * np.tanh(c_next) * ot * (1 - ot), dc * c_prev * ft * (1 - ft)
    d_i, d_c = dc * cct * it * (1 - it), dc * it * (1 - cct ** 2)
    both, out = np.concatenate((a_prev, xt)), {"dc_prev": dc * ft}
    for name, d in zip("fico", (d_f, d_i, d_c, d_o)):
        out["dW" + name], out["db" + name] = d @ both.T, d.sum(axis=1, keepdims=True)
    back = Wo.T.dot(d_o)
    back += Wf.T.dot(d_f)
    back += Wi.T.dot(d_i)
    back += Wc.T.dot(d_c)
    out["da_prev"], out["dxt"] = back[:len(a_prev)], back[len(a_prev):]
    return out
"""


def test_two_wrong_uses_are_two_mistakes(told: Tell) -> None:
    """Though all is right with the two names exchanged where the cache is taken apart, which is as the assignment has it."""
    used = ("(1 - a_next ** 2)", "(1 - a_prev ** 2)"), ("np.dot(dtanh, a_prev.T)", "np.dot(dtanh, a_next.T)")
    text = slipped("course_template", *used)
    assert [(one.line, one.id) for one in told(text)] == [(line_of(text, after), "name-replaced") for _, after in used]
    wrongly = slipped("course_template", ("(a_next, a_prev, xt, parameters) = cache", "(a_prev, a_next, xt, parameters) = cache"))
    (one,) = told(wrongly)
    assert one.line == line_of(wrongly, "(a_prev, a_next, xt, parameters) = cache")


def test_the_only_use_of_a_name_is_told(told: Tell) -> None:
    """One line reads one of two names: whatever they are called, it may as well read the other one."""
    names = "        a_cur, c_cur, a_prev, c_prev, f, i, g, o, xt, _ = steps[t]"
    taken, read = (names, names.replace("a_cur", "h1").replace("a_prev", "h")), ("((a_prev, xt))", "((h1, xt))")
    text = slipped("inline_loops", taken, read)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "v = np.concatenate((h1, xt))"), "name-replaced", "proved")


def test_weights_that_are_taken_by_their_keys_are_right(told: Tell) -> None:
    """Two of them are used for each other; with the keys exchanged that line is wrong."""
    right = slipped("course_template", ("def lstm_cell_backward(", "def lstm_cell_backward_by_the_book(")) + CELL
    assert told(right) == []
    used = right.replace("Wf.T.dot(d_f)", "Wi.T.dot(d_f)").replace("Wi.T.dot(d_i)", "Wf.T.dot(d_i)")
    (one,) = told(used)
    assert (one.line, one.id, one.proof) == (line_of(used, "back += Wi.T.dot(d_f)"), "name-replaced", "proved")
    taken = right.replace('parameters["Wf"], parameters["Wi"]', 'parameters["Wi"], parameters["Wf"]')
    assert {one.line for one in told(taken)} == {line_of(taken, "Wf, Wi, Wc, Wo = ")}
