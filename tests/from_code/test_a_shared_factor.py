"""A factor that four lines share and that the reference has no name for: the one line that uses it wrongly is told, never the factor's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

FACTOR = "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "through = ot * (1 - np.tanh(c_next) ** 2)"
LINES = {"dcct": "it", "dit": "cct", "dft": "c_prev", "dc_prev": "ft"}
"""What each line is multiplied with that has the gradient of the cell state in it."""
PRODUCTS = "through * {}", "np.multiply(through, {})"


def program(product: str, slipped: str | None = None, *, term: bool = True, factor: bool = True) -> str:
    """The LSTM whose backward cell shares the factor; one line may lack its term with ``dc_next``, or its factor ``da_next``."""
    edits = [("lstm_cell_backward", *FACTOR)]
    for name, other in LINES.items():
        first = f"dc_next * {other} + " if name != slipped or term else ""
        last = " * da_next" if name != slipped or factor else ""
        whole = f"{first}{product.format(other)}{last}"
        edits.append(("lstm_cell_backward", f"{name} = dc * {other}", f"{name} = {whole if name == 'dc_prev' else f'({whole})'}"))
    return edited(*edits)


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_form_is_right(told: Tell, product: str) -> None:
    """Nothing is told of it."""
    assert told(program(product)) == []


@pytest.mark.parametrize("lacks", ["term", "factor"])
@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("product", PRODUCTS)
def test_the_line_that_lacks_something_is_told(told: Tell, product: str, name: str, lacks: str) -> None:
    """With what is missing; three other lines make what is right of the shared factor."""
    text = program(product, name, term=lacks != "term", factor=lacks != "factor")
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"    {name} = "), f"{lacks}-dropped")
