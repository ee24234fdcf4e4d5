"""What a loop loses, what several names share, and what goes wrong together: each told once, at the line that does it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from code_answer import Said, examined
from styles import TEXTS


class Written(NamedTuple):
    """A stretch of a style written otherwise, and at which lines of the new program (by their text) what is said of it."""

    style: str
    before: str
    after: str
    said: tuple[tuple[str, str], ...]


CALL = "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])\n"
AGAIN = "da_prevt = np.zeros((n_a, m))"
SUMS = """        grads["dW" + g] = np.zeros((n_a, n_a + n_x))
        grads["db" + g] = np.zeros((n_a, 1))
"""
OTHERS = "".join(f"    dW{gate} = np.zeros_like(dWf)\n" for gate in "ico")
KEYS = '("dxt", "dWf", "dbf", "dWi", "dbi", "dWc", "dbc", "dWo", "dbo")'
COLLECTED = '    gradients = {key: sum([g[key] for g in found]) for key in found[0] if key[1] in "Wb"}\n'
ADDED = '{key: total.get(key, 0) + step[key] for key in step if key[:2] in ("dW", "db")}'
STACKED = '[g["dWf"], g["dWi"], g["dWo"], g["dWc"]]'

LOST = [
    Written("course_template", CALL, f"        {AGAIN}\n{CALL}", ((AGAIN, "carry-missing"),)),
    Written("course_template", CALL, f"        dc_prevt = dc_prevt * 0\n{CALL}", (("dc_prevt = dc_prevt * 0", "carry-missing"),)),
    Written(
        "stacked_input",
        "        step = lstm_cell_backward(",
        "        dWi, dbi = (np.zeros((n_a, k)) for k in (n_a + n_x, 1))\n        step = lstm_cell_backward(",
        (("dWi, dbi = (np.zeros((n_a, k)) for k in (n_a + n_x, 1))", "overwritten-not-summed"),),
    ),
    Written(
        "stacked_input",
        "        step = lstm_cell_backward(",
        "        dx = np.zeros((n_x, m, T_x))\n        step = lstm_cell_backward(",
        (("dx = np.zeros((n_x, m, T_x))", "input-gradient-stored-wrong"),),
    ),
    Written(
        "course_template",
        "dx[:,:,t] = gradients['dxt']",
        "dx = gradients['dxt']",
        (("dx = gradients['dxt']", "input-gradient-stored-wrong"),),
    ),
    Written(
        "stacked_input",
        'dconcat += parameters["Wc"].T.dot(dcct)',
        'dconcat = parameters["Wc"].T.dot(dcct)',
        (('dconcat = parameters["Wc"].T.dot(dcct)', "overwritten-not-summed"),),
    ),
    Written(
        "stacked_input", 'dx[:, :, t] += step["dxt"]', 'dx[:, :, 0] += step["dxt"]',
        (('dx[:, :, 0] += step["dxt"]', "input-gradient-stored-wrong"),),
    ),
]  # fmt: skip
"""Made anew at each turn, replaced as a whole, or stored at one step."""
SHARED = [
    Written("stacked_input", OTHERS, "    dWi, dWc, dWo = [np.zeros_like(dWf)] * 3\n",
        (("dWi, dWc, dWo = [np.zeros_like(dWf)] * 3", "one-buffer-two-names"),)),
    Written("gate_dictionaries", f"    for g in GATES:\n{SUMS}",
        '    grads.update(dict.fromkeys(["dW" + g for g in GATES], np.zeros((n_a, n_a + n_x))))\n'
        '    for g in GATES:\n        grads["db" + g] = np.zeros((n_a, 1))\n',
        (('grads.update(dict.fromkeys(["dW" + g for g in GATES], np.zeros((n_a, n_a + n_x))))', "one-buffer-two-names"),)),
    Written("gate_dictionaries", f"    for g in GATES:\n{SUMS}",
        f"    zero = np.zeros((n_a, 1))\n    for g in GATES:\n{SUMS.replace('np.zeros((n_a, 1))', 'zero')}",
        (('grads["db" + g] = zero', "one-buffer-two-names"),)),
    Written("einsum_lists", COLLECTED,
        f"    gradients = found[0]\n    for g in found[1:]:\n        for key in {KEYS}:\n            gradients[key] += g[key]\n",
        (("gradients = found[0]", "one-buffer-two-names"),)),
]  # fmt: skip
"""One array, or one dictionary, under several names."""
TOGETHER = [
    Written("closures", ADDED, ADDED.replace("total.get(key, 0) + ", ""), ((f"total = {ADDED.replace('total.get(key, 0) + ', '')}",
        "overwritten-not-summed"),)),
    Written("branches_and_asserts", "total[key] = total[key] + value", "pass",
        (("gradients = lstm_cell_backward(da_now, dc_now, caches[t])", "overwritten-not-summed"),)),
    Written("one_matrix", STACKED, '[g["dWi"], g["dWf"], g["dWo"], g["dWc"]]',
        (('dW += np.concatenate([g["dWi"], g["dWf"], g["dWo"], g["dWc"]], axis=0)', "name-replaced"),)),
    Written("one_matrix", "s = sigmoid(z[:3 * H])", "s = z[:3 * H]", (("s = z[:3 * H]", "activation-wrong"),)),
    Written("spanish_lambdas", "do = da_next * h * dσ(o)", "do = da_next * h", (("do = da_next * h", "factor-dropped"),)),
    Written("terse", "np.split(W @ np.vstack([a_prev, xt]) + b, 4)", "np.split(W @ np.vstack([a_prev, xt]), 4)",
        (("zf, zi, zo, zc = np.split(W @ np.vstack([a_prev, xt]), 4)", "term-dropped"),)),
    Written("gate_dictionaries", 'if g == "c":\n            gate[g] = np.tanh(z)', 'if g == "i":\n            gate[g] = np.tanh(z)',
        (('if g == "i":', "gate-swapped"),)),
]  # fmt: skip
"""Several values that are wrong for one reason."""
LEFT_OUT = [
    Written("closures", "return upstream * partner * logistic(letter)", "return logistic(letter)",
        (("return logistic(letter)", "factor-dropped"),)),
    Written("helper_functions", "return np.dot(W, v) + b", "return np.dot(W, v)", (("return np.dot(W, v)", "term-dropped"),) * 2),
    Written("helper_functions", "return np.dot(W, v) + b", "return b", (("return b", "term-dropped"),) * 2),
    Written("classes", 'self.gate("o", concat, Activation.sigmoid)', 'self.gate("c", concat, Activation.sigmoid)',
        (('self.ot = self.gate("c", concat, Activation.sigmoid)', "gate-swapped"),)),
    Written("branches_and_asserts", "da_prev = da_prev + np.dot(W[:, :n_a].T, dgate)", "pass",
        (("da_prev = dxt = 0", "left-at-zero"),)),
    Written("spanish_lambdas", "M.sum(axis=1)[:, np.newaxis]", "M.sum(axis=0)[:, np.newaxis]",
        (("sumar = lambda M: M.sum(axis=0)[:, np.newaxis]", "sum-wrong"),) * 2),
]  # fmt: skip
"""What a helper does not use or is not given, what is never added, what is summed over another axis; twice where both cells are wrong."""


@pytest.mark.parametrize("one", LOST + SHARED + TOGETHER + LEFT_OUT, ids=lambda one: f"{one.style}: {one.said[0][0]}")
def test_each_is_told_once_where_it_is_made(one: Written) -> None:
    """One finding, at the line, with the mistake's name, and proved."""
    start = TEXTS[one.style].rindex(one.before)
    text = TEXTS[one.style][:start] + one.after + TEXTS[one.style][start + len(one.before) :]
    assert [told(said, text) for said in examined(text).findings] == [(line, id_, "proved") for line, id_ in one.said]


def told(said: Said, text: str) -> tuple[str, str | None, str | None]:
    """The finding's line, the mistake's name, and what stands behind it."""
    return text.split("\n")[(said.line or 1) - 1].strip(), said.id, said.proof


def test_a_wrong_slice_is_not_taken_for_what_it_is_cut_from() -> None:
    """Two results that are cut from one matrix at the wrong rows do not make the matrix wrong."""
    text = TEXTS["one_matrix"].replace('"dWo": dW[2 * H:3 * H],\n        "dWc": dW[3 * H:],', '"dWo": dW[:H],\n        "dWc": dW[:H],', 1)
    lines = {told(said, text)[0] for said in examined(text).findings}
    assert lines == {'"dWo": dW[:H],', '"dWc": dW[:H],'}


def test_two_wrong_branches_are_two_mistakes() -> None:
    """Where each branch is wrong at all of its visits, the condition is right."""
    text = TEXTS["gate_dictionaries"].replace("gate[g] = np.tanh(z)", "gate[g] = np.tanh(z) * 2").replace(
        "gate[g] = sigmoid(z)", "gate[g] = sigmoid(z) * 2"
    )  # fmt: skip
    assert [told(said, text)[0] for said in examined(text).findings] == ["gate[g] = np.tanh(z) * 2", "gate[g] = sigmoid(z) * 2"]
