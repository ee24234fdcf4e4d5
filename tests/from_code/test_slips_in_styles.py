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


@pytest.mark.parametrize("one", RIGHT_ELSEWHERE + LINES + OTHER_LINES, ids=lambda one: f"{one.style}: {one.after}")
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


def test_a_learners_own_sigmoid_is_told_once() -> None:
    """Though each gate that it serves is wrong, and it gives a plain number."""
    text = TEXTS["helper_functions"].replace("return 1 / (1 + np.exp(-z))", "return 1 / (1)")
    (said,) = examined(text).findings
    assert (said.function, said.line) == ("lstm_cell_forward", text.split("\n").index("    return 1 / (1)") + 1)
