"""Slips in programs of every style: where they are found, under which name, and what stands behind it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from code_answer import examined
from styles import TEXTS


class Planted(NamedTuple):
    """One line of a style written otherwise, and what is said of it: at its own line if ``at`` is empty, else at the line of that text."""

    style: str
    before: str
    after: str
    id: str
    at: str = ""


RIGHT_ELSEWHERE = [
    Planted("one_matrix", '"dx": dx,', '"dx": da_t,', "name-replaced"),
    Planted("stacked_input", "dxt = dconcat[n_a:, :]", "dxt = ft[n_a:, :]", "slice-wrong"),
    Planted("keywords_and_early_returns", "kept = ft * c_prev", "kept = c_prev", "factor-dropped"),
    Planted("terse", "np.dstack(a), np.dstack(y), np.dstack(c)", "np.dstack(a), np.dstack(h), np.dstack(c)", "returned-wrong"),
]
"""What the line reads is right, as all else that is computed from it tells; it does not belong there."""
LINES = [
    Planted("terse", "return e / e.sum(0)", "return e / e.mean(0)", "mean-for-sum"),
    Planted("einsum_lists", ', parameters["Wy"], a_next) + parameters["by"])', ', parameters["Wy"], a_next))', "term-dropped"),
    Planted("in_place", 'dconcat += np.dot(parameters["Wc"].T', 'dconcat = np.dot(parameters["Wc"].T', "overwritten-not-summed"),
    Planted("classes", "self.dWax = np.dot(self.dz, xt.T)", "self.dWax = np.dot(self.dz, a_prev.T)", "gate-swapped"),
    Planted("classes", "self.sums[name] += gradients[name]", "pass", "left-at-zero", "gradients = lstm_cell_backward("),
]

OTHER_LINES = [
    Planted("in_place", 'da_prev[:] = g["da_prev"]', "pass", "carry-missing", "g = lstm_cell_backward("),
    Planted("keywords_and_early_returns", "reversed(list(enumerate(steps[:T]))):", "list(enumerate(steps[:T])):", "loop-wrong"),
    Planted("gate_dictionaries", 'arriving = {"f": dc,', 'arriving = {"f": da_next,', "name-replaced"),
    Planted("helper_functions", "dzf = dc * c_prev * sigmoid_grad(ft)", "dzf = c_prev * sigmoid_grad(ft)", "factor-dropped"),
    Planted("one_matrix", "dz[2 * H:3 * H] = da_next * tc * ot * (1 - ot)", "dz[2 * H:3 * H] = tc * ot * (1 - ot)", "factor-dropped"),
    Planted(
        "keywords_and_early_returns",
        'dconcat = dconcat + np.dot(parameters["Wc"]',
        'dconcat = np.dot(parameters["Wc"]',
        "overwritten-not-summed",
    ),
]
"""What used to be told at another line: at the one that reads it, that calls it, or that takes it from a dictionary."""

NAMES = [
    Planted("in_place", 'np.dot(parameters["Wi"].T, dit)', 'np.dot(parameters["Wc"].T, dit)', "gate-swapped"),
    Planted("classes", '{"dc_prev": self.dc * self.ft}', '{"dc_prev": self.dc * self.ot}', "name-replaced"),
    Planted("helper_functions", "return dc_next + through_a", "return through_a + through_a", "name-replaced"),
    Planted("classes", "self.ft * (1 - self.ft)", "self.ft + 1 - self.ft", "operator-replaced"),
    Planted("branches_and_asserts", "np.dot(W[:, :n_a].T, dgate)", "np.dot(W[:, :n_a], dgate)", "transpose-wrong"),
    Planted("branches_and_asserts", "np.dot(W[:, n_a:].T, dgate)", "np.dot(W[:, n_a:].T, m)", "name-replaced"),
    Planted("branches_and_asserts", "(ft - ft ** 2) * c_prev * dc", "ft - ft ** 2 * dc", "bracket-moved"),
    Planted("branches_and_asserts", "da_prev = da_prev + np.dot(W[:, :n_a].T, dgate)", "da_prev = da_prev", "left-at-zero"),
    Planted("branches_and_asserts", "dxt = dxt + np.dot(W[:, n_a:].T, dgate)", "dxt = dxt", "left-at-zero"),
    Planted("branches_and_asserts", 'dba = dba + gradients["dba"]', 'dba = dba - gradients["dba"]', "sign-flipped"),
    Planted("classes", "dconcat = dconcat + np.dot", "dconcat = dconcat - np.dot", "sign-flipped"),
    Planted("gate_dictionaries", "z = z + np.dot", "z = a_prev + np.dot", "name-replaced"),
    Planted("terse", "np.split(dz.sum(1, keepdims=True), 4)", "np.split(dz.mean(1, keepdims=True), 4)", "mean-for-sum"),
    Planted("terse", "return (1 + np.tanh(z / 2)) / 2", "return (1) / 2", "term-dropped"),
    Planted("closures", "np.reciprocal(1 + np.exp(-z))", "np.reciprocal(np.exp(-z))", "term-dropped"),
    Planted("einsum_lists", "ot, 1 - ot)", "ot, 1 + ot)", "sign-flipped"),
    Planted("keywords_and_early_returns", 'softmax(x=np.dot(parameters["Wy"], a_next) + ', "softmax(x=", "term-dropped"),
    Planted("course_template", "ot * (1 - np.square(np.tanh(c_next))) * cct * da_next) * it", "da_next) * it", "factor-dropped"),
    Planted("stacked_input", "dbc = np.zeros_like(dbf)", "dbc = np.zeros_like(dWo)", "name-replaced"),
    Planted("stacked_input", "concat = np.vstack((a_prev, xt))", "concat = np.vstack((xt, xt))", "gate-swapped"),
    Planted("helper_functions", 'affine_grads(dz, parameters["Wax"], xt)', 'affine_grads(dz, parameters["Wax"], da_next)', "name-replaced"),
    Planted("keywords_and_early_returns", 'dconcat + np.dot(parameters["Wi"]', 'dconcat - np.dot(parameters["Wi"]', "sign-flipped"),
    Planted("keywords_and_early_returns", 'dconcat = dconcat + np.dot(parameters["Wc"].T, dcct)', "dconcat = dconcat", "term-dropped"),
    Planted("gate_dictionaries", 'dconcat = dconcat + np.dot(parameters["W" + g].T, dz)', "dconcat = dconcat", "left-at-zero"),
    Planted("one_matrix", "axis=0) + b  # (4H, m)", "axis=0) - b  # (4H, m)", "sign-flipped"),
    Planted("branches_and_asserts", "        a[:, :, t] = a_next", "        a[:, :, 0] = a_next", "state-stored-wrong"),
    Planted("spanish_lambdas", "rnn_cell_backward(da[:, :, paso] + vuelve", "rnn_cell_backward(vuelve", "upstream-missing"),
    Planted("branches_and_asserts", '(("f", dft), ("i", dit)', '(("f", dit), ("i", dit)', "gate-swapped"),
    Planted("terse", "h, c = out[-1][:2]", "h, c = out[0][:2]", "state-not-carried"),
    Planted("gate_dictionaries", '"c": dc, "o": da_next}', '"c": dc, "o": it}', "name-replaced"),
    Planted("branches_and_asserts", "(ft - ft ** 2) * c_prev", "(ft - ft) * c_prev", "wrong-activation-derivative"),
    Planted("stacked_input", "c_next = ft * c_prev", "c_next = ft * a_prev", "name-replaced"),
    Planted("einsum_lists", "a = np.stack(states[1:], axis=-1)", "a = np.stack(states[:1], axis=-1)", "slice-wrong"),
    Planted("closures", "c_prev, f, i, g, o, xt, parameters)", "c_prev, i, i, g, o, xt, parameters)", "name-replaced"),
    Planted("stacked_input", "dot = dot * ot * (1 - ot)", "dot = dot * (1 - ot)", "factor-dropped"),
    Planted("in_place", "c_next += it * cct", "c_next = it * cct", "term-dropped"),
    Planted("helper_functions", "return s * (1 - s)", "return s", "activation-derivative-missing"),
    Planted(
        "stacked_input",
        'parameters["Wi"].dot(concat) + parameters["bi"]',
        'parameters["Wi"].dot(concat) + parameters["bo"]',
        "name-replaced",
    ),
]
"""What was found before and had no name, or another one's; a value of another shape is told where it is handed on or made."""


@pytest.mark.parametrize("one", RIGHT_ELSEWHERE + LINES + OTHER_LINES + NAMES, ids=lambda one: f"{one.style}: {one.after}")
def test_a_slip_is_found_named_and_proved(one: Planted) -> None:
    """The last finding is at the line, has the mistake's name, and two facts stand behind it."""
    lines = TEXTS[one.style].split("\n")
    numbers = [number for number, line in enumerate(lines) if one.before in line]
    lines[numbers[-1]] = lines[numbers[-1]].replace(one.before, one.after)
    answer = examined("\n".join(lines))
    line = next(number for number, line in enumerate(lines, 1) if (one.at or one.after) in line and number > (0 if one.at else numbers[-1]))
    assert [(said.line, said.id, said.proof) for said in answer.findings][-1] == (line, one.id, "proved")


def test_a_key_that_a_method_never_stores_is_told_there() -> None:
    """Not at the one line of the assignment's function, which only hands on what the method returns."""
    text = TEXTS["classes"].replace('gradients["dW" + name] = np.dot(dz, self.concat.T)', "pass")
    (said,) = examined(text).findings
    assert (said.id, said.line) == (
        "returned-wrong",
        next(n for n, line in enumerate(text.split("\n"), 1) if line == "        return gradients"),
    )


def test_of_a_key_that_is_written_twice_the_one_with_another_gates_value_is_told() -> None:
    """The first of the two, where what stands under it belongs to the gate that is left out."""
    lines = TEXTS["einsum_lists"].split("\n")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith('"i": einsum("im,im,im,im->im", dc'))
    lines[number] = lines[number].replace('"i"', '"o"')
    first = examined("\n".join(lines)).findings[0]
    assert (first.line, first.id, first.proof) == (number + 1, "gate-swapped", "contract")


def test_a_name_that_is_written_twice_in_a_call_is_told_there() -> None:
    """Not in the helper that adds to it twice, nor at the return that misses the other one."""
    text = TEXTS["classes"].replace('Totals("dWf", "dbf", "dWi"', 'Totals("dWi", "dbf", "dWi"')
    (said,) = examined(text).findings
    line = next(n for n, line in enumerate(text.split("\n"), 1) if 'Totals("dWi"' in line)
    assert (said.line, said.id, said.proof) == (line, "gate-swapped", "contract")


def test_half_of_an_array_that_nothing_is_stored_in_is_named() -> None:
    """The other half is right, so it is no stack in another order."""
    text = TEXTS["branches_and_asserts"].replace("dW[:, n_a:] = np.dot(dgate, xt.T)", "pass")
    (said,) = examined(text).findings
    assert (said.id, said.proof) == ("left-at-zero", "proved")


def test_what_follows_from_a_gate_that_is_left_out_is_not_proved() -> None:
    """Where a gate's key is missing, the sum over the gates lacks a term as well: that line is no mistake of its own."""
    lines = TEXTS["einsum_lists"].split("\n")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith('"i": einsum("im,im,im,im->im", dc'))
    lines[number] = lines[number].replace('"i"', '"o"')
    assert all(said.proof != "proved" for said in examined("\n".join(lines)).findings)


def test_a_learners_own_sigmoid_is_told_once() -> None:
    """Though each gate that it serves is wrong, and it gives a plain number."""
    text = TEXTS["helper_functions"].replace("return 1 / (1 + np.exp(-z))", "return 1 / (1)")
    (said,) = examined(text).findings
    assert (said.function, said.line) == ("lstm_cell_forward", text.split("\n").index("    return 1 / (1)") + 1)
