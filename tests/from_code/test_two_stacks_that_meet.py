"""Two stacks that meet in a product, of which one has another order than the rest of the function: that one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

DA_PREV, DXT = (
    " + ".join(f"np.dot(W{gate}[:, {part}].T, d{letters})" for gate, letters in (("f", "ft"), ("i", "it"), ("c", "cct"), ("o", "ot")))
    for part in (":n_a", "n_a:")
)
WEIGHTS, GRADIENTS = "big_W = np.vstack([parameters[k] for k in ('Wf', 'Wi', 'Wc', 'Wo')])", "big_d = np.vstack([dft, dit, dcct, dot])"
SUMS = "dbf, dbi, dbc, dbo = [np.sum(d, axis=1, keepdims=True) for d in (dft, dit, dcct, dot)]"
SINGLE = "\n    ".join(
    f"db{gate} = np.sum(d{name}, axis=1, keepdims=True)" for gate, name in zip("fico", ("ft", "it", "cct", "ot"), strict=True)
)


def program(before: str = "", after: str = "") -> str:
    """The LSTM whose backward cell stacks weights and gradients, with one text in it written otherwise."""
    stacked = f"{WEIGHTS}\n    {GRADIENTS}\n    {SUMS}\n    both = np.dot(big_W.T, big_d)\n    da_prev = both[:n_a]".replace(before, after)
    return edited(
        ("lstm_cell_backward", SINGLE + "\n    ", ""),
        ("lstm_cell_backward", f"da_prev = {DA_PREV}", stacked),
        ("lstm_cell_backward", f"dxt = {DXT}", "dxt = both[n_a:]"),
    )


def test_the_form_is_right(told: Tell) -> None:
    """Nothing is told of it."""
    assert told(program()) == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [("[dft, dit, dcct, dot]", "[dft, dcct, dit, dot]", "    big_d = "), ("'Wi', 'Wc', 'Wo'", "'Wc', 'Wi', 'Wo'", "    big_W = ")],
)
def test_the_stack_that_differs_from_the_rest_is_told(told: Tell, before: str, after: str, line: str) -> None:
    """Either order of the other one would do as well; the gradients are listed once more, as the right weights are."""
    text = program(before, after)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, line), "gate-swapped")
