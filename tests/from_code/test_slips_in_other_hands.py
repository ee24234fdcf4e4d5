"""Slips in programs that take names apart within names, copy into arrays, or compute all steps before the loop: told where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from code_answer import examined
from slipping import line_of, slipped
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

SLIPS = [
    ("nested_targets", 'dWf + g["dWf"], dWi + g["dWi"])', 'dWf + g["dWf"], dWi)', "left-at-zero"),
    ("nested_targets", "(back[:n_a], back[n_a:])", "(back[:n_a], back[:n_a])", "slice-wrong"),
    ("nested_targets", "(back[:n_a], back[n_a:])", "(back[:n_a], column[n_a:])", "name-replaced"),
    ("nested_targets", "rnn_cell_forward(x[:, :, t], a_next", "rnn_cell_forward(x[:, :, t - 1], a_next", "input-of-wrong-step"),
    ("nested_targets", "(kept, written), exposed = (ft * c_prev", "(kept, written), exposed = (ft * ft", "name-replaced"),
    ("numpy_functions", "np.copyto(a[..., t], a_next)", "np.copyto(a[..., t - 1], a_next)", "state-stored-wrong"),
    ("numpy_functions", "np.copyto(dx[..., t], g", "np.copyto(dx[..., t - 1], g", "input-gradient-stored-wrong"),
    ("numpy_functions", "np.copyto(c[..., t], c_next)", "np.copyto(c[..., t], m)", "name-replaced"),
    ("numpy_functions", "return a, y_pred, (caches, x)", "return a, a, (caches, x)", "name-replaced"),
    ("numpy_functions", "for t in np.arange(T_x):", "for t in np.arange(n_x):", "loop-wrong"),
    ("course_template", "for t in range(T_x):", "for t in range(n_x):", "loop-wrong"),
    ("all_steps_first", "z = W @ joined + b", "z = W @ joined", "term-dropped"),
    ("all_steps_first", '("Wf", "Wi", "Wc", "Wo")])\n    b', '("Wf", "Wi", "Wc", "Wi")])\n    b', "gate-swapped"),
    ("all_steps_first", 'parameters["Wax"] @ xt + parameters["Waa"]', 'parameters["Waa"]', "term-dropped"),
    ("all_steps_first", "dW[at:at + n_a]", "dW[at:at]", "slice-wrong"),
    ("all_steps_first", "    for t in reversed(range(T)):", "    for t in range(T):", "loop-wrong"),
    ("all_steps_first", "for t in range(T):\n        h = np", "for t in range(1, T):\n        h = np", "loop-wrong"),
    ("all_steps_first", "for t in range(T)]\n    return a, y", "for t in range(T - 1)]\n    return a, y", "loop-wrong"),
    ("all_steps_first", "driven[:, :, t] + Waa @ h)", "driven[:, :, t] + Waa @ a0)", "name-replaced"),
    ("all_steps_first", 'a) + parameters["by"]', 'a) - parameters["by"]', "sign-flipped"),
    ("functional", "out[~positive] = e / (1 + e)", "out[~positive] = e / (1 - e)", "sign-flipped"),
    ("functional", "1 / (1 + np.exp(-z[positive]))", "1 / (1 - np.exp(-z[positive]))", "sign-flipped"),
    ("functional", "a_next = np.tanh(net)", "a_next = net", "activation-wrong"),
    ("functional", "np.tanh(g), logistic(o)", "g, logistic(o)", "activation-wrong"),
    ("functional", "a[..., t], c[..., t] = state", "c[..., t], c[..., t] = state", "output-stored-wrong"),
    ("inline_loops", "cur, prev, xt, _ = steps[t]", "cur, prev, xt, _ = steps[t - 1]", "cache-of-wrong-step"),
    ("inline_loops", "(da[:, :, t] + carry)", "(da[:, :, t] - carry)", "sign-flipped"),
    ("inline_loops", '"da0": carry', '"da0": np.zeros(da.shape[:2])', "initial-gradient-wrong"),
    ("inline_loops", "dc_carry = dc * f", "dc_carry = dc", "factor-dropped"),
    ("matlab_like", "H[:, :, t] = h; S", "S[:, :, t] = h; S", "output-stored-wrong"),
    ("matlab_like", "Wix = p['Wi'][:", "Wix = p['Wo'][:", "name-replaced"),
    ("inline_loops", 'carry = p["Waa"].T.dot(dz)', 'carry = p["Waa"].dot(dz)', "transpose-wrong"),
    ("inline_loops", 'cur = np.tanh(p["Wax"].dot(x[:, :, t]) + p["Waa"].dot(prev) + p["ba"])',
     'cur = p["Wax"].dot(x[:, :, t]) + p["Waa"].dot(prev) + p["ba"]', "activation-wrong"),
    ("all_steps_first", '"dba": deltas.sum(axis=(1, 2))', '"dba": deltas.mean(axis=(1, 2))', "mean-for-sum"),
    ("all_steps_first", 'back = p["Waa"].T @ deltas[:, :, t]', 'back = p["Waa"].T @ da[:, :, t]', "name-replaced"),
    ("float32", "db[k][:, 0] = np.sum(dz, axis=1)", "db[k][:, 0] = np.mean(dz, axis=1)", "mean-for-sum"),
    ("helper_functions", "top = v[:n_a]", "top = v[n_a:]", "slice-wrong"),
    ("batch_first", "'dxt': to_rows[:, n_a:].T", "'dxt': da_next[:, n_a:].T", "slice-wrong"),
    ("batch_first", "row = hidden.T, before.T, row.T", "row = before.T, before.T, row.T", "name-replaced"),
    ("all_steps_first", ' + parameters["by"][:, :, None]', "", "term-dropped"),
    ("all_steps_first", "np.sum([step[name]", "np.mean([step[name]", "mean-for-sum"),
    ("all_steps_first", "h = np.tanh(driven[:, :, t]", "h = np.tanh(driven[:, :, t - 1]", "name-replaced"),
    ("all_steps_first", "(da[:, :, t] + back) * (1 - a_t ** 2)", "da[:, :, t] + back", "factor-dropped"),
    ("inline_loops", "c_cur = f * c_prev + i * g", "c_cur = f * c_prev - i * g", "sign-flipped"),
    ("inline_loops", 'g = np.tanh(p["Wc"].dot(v) + p["bc"])', 'g = np.tanh(p["bc"])', "term-dropped"),
]  # fmt: skip


@pytest.mark.parametrize(("style", "before", "after", "known"), SLIPS)
def test_a_slip_is_told_once_where_it_stands(style: str, before: str, after: str, known: str) -> None:
    """There is one finding, at the line of the slip, with the mistake's name, and two facts stand behind it."""
    text = slipped(style, (before, after))
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(TEXTS[style], before), known, "proved")


@pytest.mark.parametrize(
    ("style", "before", "after"),
    [
        ("stacked_input", '"dbo": dbo', '"dbo": dc_prev'),  # and not where dc_prev gets its value
        ("classes", "return a_next, yt_pred, (a_next, a_prev", "return a_next, a_next, (a_next, a_prev"),  # in a method that is handed on
        (
            "inline_loops",
            'g = np.tanh(p["Wc"].dot(v) + p["bc"])',
            'g = np.tanh(p["bc"])',
        ),  # what reads it is moved otherwise at later steps
    ],
)
def test_what_has_another_shape_is_told_where_it_stands(style: str, before: str, after: str) -> None:
    """Nothing stops there, and one finding explains all."""
    (said,) = examined(slipped(style, (before, after))).findings
    assert (said.line, said.proof) == (line_of(TEXTS[style], before), "proved")


def test_a_row_that_all_rows_are_divided_by_is_looked_at_by_itself() -> None:
    """A line such as ``z /= ...`` of which the right side has one row; both cells call it."""
    text = slipped("functional", ("z /= z.sum(axis=0", "z /= z.mean(axis=0"))
    assert {(said.line, said.id, said.proof) for said in examined(text).findings} == {(line_of(text, "z /="), "mean-for-sum", "proved")}


def test_a_line_that_is_missing_behind_what_is_stored_is_told_where_the_name_gets_its_value() -> None:
    """What is stored at each step is what the sequence started from."""
    text = slipped("all_steps_first", ("        h = np.tanh(driven[:, :, t] + Waa @ h)\n", ""))
    (said,) = examined(text).findings
    assert (said.line, said.id, said.proof) == (line_of(text, "h = a0"), "state-not-carried", "proved")


def test_a_helper_that_serves_sums_with_and_without_a_name_is_told_once() -> None:
    """One of its calls makes the output's argument, which is a quantity, the other a part of what is put into a tanh."""
    text = slipped("helper_functions", ("return np.dot(W, v) + b", "return np.dot(W, v) - b"))
    assert {(said.line, said.id, said.proof) for said in examined(text).findings} == {
        (line_of(text, "return np.dot(W, v) -"), "sign-flipped", "proved")
    }


def test_calls_of_a_helper_that_is_wrong_by_itself_are_not_told_beside_it() -> None:
    """What each gate gets has another shape than it should; the helper lacks its product."""
    text = slipped("spanish_lambdas", ('parameters["W" + letra] @ pila + ', ""))
    (said,) = examined(text).findings
    assert said.line == line_of(text, "puerta = lambda")


ZEROS = [
    ("all_steps_first", "(da[:, :, t] + back) *", "back *"),
    ("inline_loops", "dz = (da[:, :, t] + carry)", "dz = carry"),
    ("inline_loops", "dc = dc_carry + dh * o * (1 - tc ** 2)", "dc = dc_carry"),
]


@pytest.mark.parametrize(("style", "before", "after"), ZEROS)
def test_what_is_zero_only_because_of_a_slip_is_not_said_to_be_made_so(style: str, before: str, after: str) -> None:
    """Without the upstream gradient every gradient is zero, though all are computed, and added up."""
    (said,) = examined(slipped(style, (before, after))).findings
    assert said.line == line_of(TEXTS[style], before)


@pytest.mark.parametrize(
    ("before", "after"), [("e / (1 + e)", "e / (1)"), ("1 / (1 + np.exp(-z[positive]))", "1 / (1)"), ("e = np.exp(z[~", "e = np.exp(-z[~")]
)
def test_where_a_condition_holds_another_line_stores(before: str, after: str) -> None:
    """A sigmoid that computes each half in its own way is wrong in one line, and not where it is returned."""
    (said,) = examined(slipped("functional", (before, after))).findings
    assert said.line == line_of(TEXTS["functional"], before)


def test_the_first_cache_at_every_step() -> None:
    """Many names are wrong because of one line."""
    text = slipped("inline_loops", ("i, g, o, xt, _ = steps[t]", "i, g, o, xt, _ = steps[0]"))
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, "xt, _ = steps[0]"), "cache-of-wrong-step")


def test_a_carry_that_is_zero_at_most_steps_is_no_sum_of_which_the_last_part_is_left() -> None:
    """Of the five values that the line gives, mended or not, four are zero."""
    text = slipped("all_steps_first", (".T @ deltas[:, :, t]\n", ".T @ deltas[:, :, t - 1]\n"))
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, 'back = p["Waa"].T'), "name-replaced")


def test_a_state_that_is_read_before_it_is_stored_is_told_where_it_is_read(told: Callable[[str], list[Told]]) -> None:
    """The array is filled, so nothing is said of a line that stores nothing in it."""
    text = slipped("matlab_like", ("cp = S[:, :, t - 1].copy()", "cp = S[:, :, t].copy()"))
    (said,) = told(text)
    assert (said.line, said.says) == (line_of(text, "hp = H[:, :, t - 1]"), "cp is zero here, and what belongs here is not")


def test_names_of_gates_outside_of_the_function_are_not_worth_a_word(told: Callable[[str], list[Told]]) -> None:
    """Weights, states and sizes that are read from the notebook are; a tuple of letters tells nothing."""
    (said,) = told(slipped("functional", ("c=c, a_before", "c=o, a_before")))
    assert said.says.endswith("but c_next in the cache holds ot")


GENERIC = """
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, v):
        self.v = v
        return self.W @ v + self.b

    def backward(self, d):
        self.dW, self.db = d @ self.v.T, d.sum(axis=1)[:, None]
        return self.W.T @ d


class Curve:
    def __init__(self, of, slope):
        self.of, self.slope = of, slope

    def forward(self, z):
        self.out = self.of(z)
        return self.out

    def backward(self, d):
        return d * self.slope(self.out)


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, v):
        for layer in self.layers:
            v = layer.forward(v)
        return v

    def backward(self, d):
        for layer in self.layers[::-1]:
            d = layer.backward(d)
        return d


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache
    column, n_a = np.vstack((a_prev, xt)), len(a_prev)
    gates = {}
    for k in "fio":
        gates[k] = Chain(Linear(p["W" + k], p["b" + k]), Curve(lambda z: 1 / (1 + np.exp(-z)), lambda s: s * (1 - s)))
    gates["c"] = Chain(Linear(p["Wc"], p["bc"]), Curve(np.tanh, lambda s: 1 - s * s))
    for gate in gates.values():
        gate.forward(column)
    tanh_c = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c ** 2)
    dv = gates["f"].backward(dc * c_prev)
    dv = dv + gates["i"].backward(dc * cct)
    dv = dv + gates["o"].backward(da_next * tanh_c)
    dv = dv + gates["c"].backward(dc * it)
    grads = {"da_prev": dv[:n_a], "dxt": dv[n_a:], "dc_prev": dc * ft}
    for k, gate in gates.items():
        grads["dW" + k], grads["db" + k] = gate.layers[0].dW, gate.layers[0].db
    return grads
"""


def test_what_a_method_is_given_wrongly_is_told_at_its_call_through_several_methods() -> None:
    """The layers all do their work: the line that calls the first of them gives the wrong value."""
    whole = TEXTS["one_matrix"]
    start, end = whole.index("def lstm_cell_backward"), whole.index("def lstm_backward")
    text = whole[:start] + GENERIC.strip() + "\n\n\n" + whole[end:]
    assert not examined(text).findings
    text = text.replace("backward(dc * cct)", "backward(dc)")
    (said,) = examined(text).findings
    assert (said.line, said.id) == (line_of(text, 'dv = dv + gates["i"]'), "factor-dropped")
