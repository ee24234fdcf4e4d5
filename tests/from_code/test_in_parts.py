"""Arrays that are filled in parts: the part that is wrong is told, whatever NumPy is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

TEXT = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_next)
    dc = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)
    dWf, dWi, dWc, dWo = (np.zeros(parameters[name].shape) for name in ("Wf", "Wi", "Wc", "Wo"))
    dWf[:, :n_a] = np.dot(dft, a_prev.T)
    dWf[:, n_a:] = np.dot(dft, xt.T)
    dWi[:, :n_a] = np.dot(dit, a_prev.T)
    dWi[:, n_a:] = np.dot(dit, xt.T)
    dWc[:, :n_a] = np.dot(dcct, a_prev.T)
    dWc[:, n_a:] = np.dot(dcct, xt.T)
    dWo[:, :n_a] = np.dot(dot, a_prev.T)
    dWo[:, n_a:] = np.dot(dot, xt.T)
    grads = {"dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo, "dc_prev": dc * ft, "da_prev": 0, "dxt": 0}
    for gate, d in (("f", dft), ("i", dit), ("c", dcct), ("o", dot)):
        grads["db" + gate] = np.sum(d, axis=1, keepdims=True)
        grads["da_prev"] = grads["da_prev"] + np.dot(parameters["W" + gate][:, :n_a].T, d)
        grads["dxt"] = grads["dxt"] + np.dot(parameters["W" + gate][:, n_a:].T, d)
    return grads
"""

SLIPS = [
    ("dWi[:, n_a:] = np.dot(dit, xt.T)", "dWi[:, n_a:] = np.dot(dft, xt.T)", "dWi[:, n_a:] has dft where another value belongs"),
    ("dWc[:, :n_a] = np.dot(dcct, a_prev.T)", "dWc[:, :n_a] = np.dot(dcct, a_next.T)", "a wrong name stands in dWc[:, :n_a]"),
    ("dWo[:, n_a:] = np.dot(dot, xt.T)", "dWc[:, n_a:] = np.dot(dot, xt.T)", "what belongs into dWo is stored in dWc[:, n_a:] here"),
    (
        "dWi[:, :n_a] = np.dot(dit, a_prev.T)",
        "dWf[:, :n_a] = np.dot(dit, a_prev.T)",
        "what belongs into dWi is stored in dWf[:, :n_a] here",
    ),
]


@pytest.mark.parametrize("library", ["np", "numpy"])
@pytest.mark.parametrize(("before", "after", "says"), SLIPS)
def test_the_line_that_stores_the_part_is_told(told: Callable[[str], list[Told]], before: str, after: str, says: str, library: str) -> None:
    """Once, by name and proved."""

    def spelled(text: str) -> str:
        return text.replace("import numpy as np", "import numpy").replace("np.", "numpy.") if library == "numpy" else text

    assert not told(spelled(TEXT))
    text = spelled(TEXT.replace(before, after))
    (said,) = told(text)
    assert spelled(after) in text.split("\n")[said.line - 1]
    assert said.proof == "proved"
    assert said.says.startswith(says) or says.startswith("a wrong name")


def test_a_part_that_is_wrong_for_each_gate_is_told_where_it_is_stored(told: Callable[[str], list[Told]]) -> None:
    """The whole is handed on under a computed key, at each turn of a loop over the gates."""
    before = "        dW[:, n_a:] = np.dot(dgate, xt.T)\n"
    text = TEXTS["branches_and_asserts"]
    assert before in text
    text = text.replace(before, before.replace("xt.T)", "xt.T) / xt.shape[1]"))
    (one,) = told(text)
    assert (one.id, one.proof) == ("mean-for-sum", "proved")
    assert text.split("\n")[one.line - 1].strip() == before.strip().replace("xt.T)", "xt.T) / xt.shape[1]")


@pytest.mark.parametrize(
    ("before", "after"),
    [("concat[: n_a, :] = a_prev", "concat[n_x :, :] = a_prev"), ("concat[n_a :, :] = xt", "concat[: n_x, :] = xt")],
    ids=["overwritten", "overwrites"],
)
def test_rows_of_another_part(before: str, after: str, told: Callable[[str], list[Told]]) -> None:
    """Of a stack that two lines fill the one that writes to other rows is told, whichever of them has the last word."""
    text = TEXTS["course_template"]
    assert before in text
    (said,) = told(text.replace(before, after, 1))
    assert (said.id, said.proof) == ("stack-wrong", "proved")
    assert after in text.replace(before, after, 1).split("\n")[said.line - 1]
