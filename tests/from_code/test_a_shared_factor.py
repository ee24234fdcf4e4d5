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
FORMS = {
    "dcct": ("dcct = dc * it", "dcct = ({term}through * it{factor})"),
    "dit": ("dit = dc * cct", "dit = ({term}through * cct{factor})"),
    "dft": ("dft = dc * c_prev", "dft = ({term}through * c_prev{factor})"),
    "dc_prev": ("dc_prev = dc * ft", "dc_prev = {term}through * ft{factor}"),
}
OTHERS = {"dcct": "it", "dit": "cct", "dft": "c_prev", "dc_prev": "ft"}


def program(slipped: str | None = None, *, term: bool = True, factor: bool = True) -> str:
    """The LSTM whose backward cell shares the factor; one line may lack its term with ``dc_next``, or its factor ``da_next``."""
    edits = [("lstm_cell_backward", *FACTOR)]
    for name, (before, form) in FORMS.items():
        whole = name != slipped
        first = f"dc_next * {OTHERS[name]} + " if whole or term else ""
        edits.append(("lstm_cell_backward", before, form.format(term=first, factor=" * da_next" if whole or factor else "")))
    return edited(*edits)


def test_the_form_is_right(told: Tell) -> None:
    """Nothing is told of it."""
    assert told(program()) == []


@pytest.mark.parametrize("lacks", ["term", "factor"])
@pytest.mark.parametrize("name", FORMS)
def test_the_line_that_lacks_something_is_told(told: Tell, name: str, lacks: str) -> None:
    """With what is missing; three other lines make what is right of the shared factor."""
    text = program(name, term=lacks != "term", factor=lacks != "factor")
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"    {name} = "), f"{lacks}-dropped")
