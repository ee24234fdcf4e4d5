"""More than one term of a sum, or half of a derivative in one term: how people lose pieces of a long line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

LCB, LB = "lstm_cell_backward", "lstm_backward"
F_DXT, C_DXT = "np.dot(Wf[:, n_a:].T, dft) + ", "np.dot(Wc[:, n_a:].T, dcct) + "
F_DA, C_DA = "np.dot(Wf[:, :n_a].T, dft) + ", "np.dot(Wc[:, :n_a].T, dcct) + "
DC = "da_next * ot * (1 - np.tanh(c_next) ** 2)"
ONE_TERM = "dit = dc_next * cct * it + " + DC + " * cct * it * (1 - it)"

SINGLE: dict[str, tuple[str, tuple[Change, ...], str, str]] = {
    "two gates are missing in dxt": (LB, ((LCB, F_DXT, ""), (LCB, C_DXT, "")), "term-dropped", "dxt"),
    "two gates are missing in both": (
        LB, ((LCB, F_DXT, ""), (LCB, C_DXT, ""), (LCB, F_DA, ""), (LCB, C_DA, "")), "term-dropped", "da_prev and dxt",
    ),
    "half a derivative in one term": (LCB, ((LCB, "dit = dc * cct * it * (1 - it)", ONE_TERM),), "factor-dropped", "dit"),
    "what each gate was multiplied by": (
        LCB, ((LCB, "dc * cct * it", "dc * it"), (LCB, "dc * c_prev * ft", "dc * ft")), "factor-dropped", "dit and dft",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_it_is_one_mistake(notebook: Notebook, answer: Answer, name: str) -> None:
    """All numbers are explained by one mistake at these quantities."""
    check, changes, wanted, quantity = SINGLE[name]
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert [(mistake.id, mistake.quantity) for mistake in result.mistakes] == [(wanted, quantity)]


def test_a_missing_product_is_called_by_its_weight(notebook: Notebook, answer: Answer) -> None:
    """Of the product of a weight and a gradient the weight is named, as it stands first."""
    text = notebook.printed(LCB, (LCB, " + np.dot(Wo[:, n_a:].T, dot)", ""))
    assert answer(text).mistakes[0].says.endswith("the product with the output gate's weight.")


def test_a_weights_gradient_for_the_weight_beside_a_mistake_in_all_gates(notebook: Notebook, answer: Answer) -> None:
    """What mixes examples is found beside a slip in what the gates share, with nothing else wrong."""
    weights = [(LCB, f"np.dot(W{gate}[:, {columns}]", f"np.dot(dW{gate}[:, {columns}]") for gate in "fico" for columns in (":n_a", "n_a:")]
    result = answer(notebook.printed(LB, (LCB, "np.tanh(c_next) ** 2", "c_next ** 2"), *weights))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.id for mistake in result.mistakes} == {"kind-replaced", "wrong-activation-derivative"}
